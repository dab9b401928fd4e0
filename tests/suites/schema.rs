//! What a source holds, from the catalogs of the real engines.

use gateway_core::{DataSourceId, Engine, Scope, SourceGrant};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::query::{BoxedOutcome, on_every_engine};

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "schema::tables_columns_keys", tables_columns_keys);
    on_every_engine(trials, "schema::pages", pages);
    on_every_engine(trials, "schema::types_agree_with_queries", types_agree);
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("schema::rights", engine, rights);
    }
    trials.simple("schema::requests", requests);
    trials.engine("schema::postgres_kinds", Engine::PostgreSql, postgres_kinds);
}

async fn ask(gateway: &Gateway, source: DataSourceId, query: &str) -> Result<Answer, Failed> {
    let path = format!("/api/v1/datasources/{source}/schema?{query}");
    gateway.send(Method::GET, &path, None).await
}

fn mark() -> String {
    format!("s{}", &DataSourceId::new().0.simple().to_string()[..12])
}

/// The default schema of the test database.
fn home(engine: Engine) -> &'static str {
    match engine {
        Engine::PostgreSql => "public",
        Engine::Sqlite => "main",
        Engine::MySql | Engine::MariaDb | Engine::Oracle => "nexus",
    }
}

fn tables_columns_keys(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let (engine, mark) = (database.engine(), mark());
        let customers = format!("{mark}_customers");
        let orders = format!("{mark}_orders");
        let view = format!("{mark}_view");
        database
            .execute(&[
                &format!("CREATE TABLE {customers} (region integer NOT NULL, id integer NOT NULL, name varchar(40) NOT NULL, PRIMARY KEY (region, id))"),
                &format!(
                    "CREATE TABLE {orders} (id bigint NOT NULL PRIMARY KEY, number varchar(20) DEFAULT 'none', region integer, \
                     customer integer, price decimal(12,2), CONSTRAINT {mark}_uq UNIQUE (number), \
                     CONSTRAINT {mark}_fk FOREIGN KEY (region, customer) REFERENCES {customers} (region, id))"
                ),
                &format!("CREATE VIEW {view} AS SELECT id, price FROM {orders}"),
            ])
            .await?;
        let answer = ask(&gateway, source, &format!("table={mark}_*")).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.data()["items"].as_array().ok_or("no items")?;
        let names: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
        assert_eq!(
            names,
            [customers.as_str(), orders.as_str(), view.as_str()],
            "{}",
            answer.text
        );
        assert_eq!(answer.data()["nextCursor"], Value::Null);
        let (parent, child, seen) = (&items[0], &items[1], &items[2]);
        assert_eq!(parent["schema"], home(engine));
        assert_eq!(
            (&parent["kind"], &seen["kind"]),
            (&json!("table"), &json!("view"))
        );
        assert_eq!(parent["primaryKey"], json!(["region", "id"]));
        assert_eq!(child["primaryKey"], json!(["id"]));
        assert_eq!(child["uniqueKeys"][0]["columns"], json!(["number"]), "{child}");
        let reference = &child["foreignKeys"][0];
        assert_eq!(reference["columns"], json!(["region", "customer"]), "{child}");
        assert_eq!(
            reference["references"],
            json!({"schema": home(engine), "table": customers, "columns": ["region", "id"]})
        );
        let columns = child["columns"].as_array().ok_or("no columns")?;
        let shown: Vec<Value> = columns
            .iter()
            .map(|column| {
                json!([
                    column["ordinal"],
                    column["name"],
                    column["type"],
                    column["nullable"]
                ])
            })
            .collect();
        assert_eq!(
            json!(shown),
            json!([
                [1, "id", "BIGINT", false],
                [2, "number", "STRING", true],
                [3, "region", "INTEGER", true],
                [4, "customer", "INTEGER", true],
                [5, "price", "DECIMAL", true]
            ])
        );
        assert!(
            columns[1]["default"]
                .as_str()
                .is_some_and(|text| text.contains("none")),
            "{child}"
        );
        assert_eq!(
            (&columns[4]["precision"], &columns[4]["scale"]),
            (&json!(12), &json!(2))
        );
        assert_eq!(seen["columns"].as_array().map(Vec::len), Some(2));
        let answer = ask(&gateway, source, &format!("depth=tables&table={orders}")).await?;
        assert_eq!(answer.data()["items"][0]["name"], orders, "{}", answer.text);
        assert_eq!(answer.data()["items"][0].get("columns"), None);
        let answer = ask(&gateway, source, "depth=schemas").await?;
        let schemas = answer.data()["items"].as_array().ok_or("no items")?;
        assert!(
            schemas.iter().any(|item| item["schema"] == home(engine)),
            "{}",
            answer.text
        );
        for own in ["pg_catalog", "information_schema", "mysql", "sys"] {
            assert!(
                !schemas.iter().any(|item| item["schema"] == own),
                "{}",
                answer.text
            );
        }
        database
            .execute(&[
                &format!("DROP VIEW {view}"),
                &format!("DROP TABLE {orders}"),
                &format!("DROP TABLE {customers}"),
            ])
            .await
    })
}

/// Every table once, whatever the size of the page; patterns take only the star for special.
fn pages(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let mark = mark();
        let tables: Vec<String> = (0..7).map(|n| format!("{mark}_t{n}")).collect();
        let odd = format!("{mark}xt0");
        for table in tables.iter().chain([&odd]) {
            database
                .execute(&[&format!("CREATE TABLE {table} (id integer)")])
                .await?;
        }
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = ask(&gateway, source, &format!("table={mark}_*&limit=3{cursor}")).await?;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let items = answer.data()["items"].as_array().ok_or("no items")?;
            seen.extend(items.iter().map(|item| item["name"].clone()));
            match answer.data()["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(json!(seen), json!(tables));
        for table in tables.iter().chain([&odd]) {
            database.execute(&[&format!("DROP TABLE {table}")]).await?;
        }
        Ok(())
    })
}

/// The catalog and the result of a query say the same of a column.
fn types_agree(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let table = mark();
        let own: &[&str] = match database.engine() {
            Engine::PostgreSql => &[
                "boolean",
                "real",
                "numeric(20,4)",
                "timestamptz(3)",
                "timestamp",
                "bytea",
                "uuid",
                "jsonb",
                "int4[]",
                "interval",
                "inet",
                "money",
                "bit(3)",
                "int4range",
                "oid",
                "name",
                "xml",
                "tsvector",
            ],
            Engine::Sqlite => &["boolean", "datetime", "blob", "text", "json", "real"],
            Engine::MariaDb => &[
                "timestamp(3) NULL",
                "datetime(6)",
                "time(1)",
                "bit(1)",
                "bit(9)",
                "year",
                "blob",
                "enum('a')",
                "uuid",
                "inet6",
            ],
            Engine::MySql | Engine::Oracle => &[
                "bigint unsigned",
                "timestamp(3) NULL",
                "datetime(6)",
                "time(1)",
                "bit(1)",
                "bit(9)",
                "year",
                "blob",
                "varbinary(9)",
                "json",
                "enum('a')",
                "set('a')",
                "point",
                "tinytext",
                "float",
                "binary(3)",
            ],
        };
        let common = [
            "integer",
            "bigint",
            "decimal(12,2)",
            "varchar(20)",
            "char(3)",
            "date",
            "double precision",
            "smallint",
        ];
        let columns: Vec<String> = common
            .iter()
            .chain(own)
            .enumerate()
            .map(|(index, declared)| format!("c{index} {declared}"))
            .collect();
        database
            .execute(&[&format!("CREATE TABLE {table} ({})", columns.join(", "))])
            .await?;
        let found = ask(&gateway, source, &format!("table={table}")).await?;
        let found = found.data()["items"][0]["columns"]
            .as_array()
            .ok_or("no columns")?
            .clone();
        let answer = gateway
            .query(source, &format!("SELECT * FROM {table}"), json!({}))
            .await?;
        let given = answer.data()["columns"].as_array().ok_or("no columns")?;
        assert_eq!(found.len(), given.len());
        for (index, (found, given)) in found.iter().zip(given).enumerate() {
            assert_eq!(found["name"], given["name"]);
            assert_eq!(
                found["type"], given["type"],
                "{}: {found} {given}",
                columns[index]
            );
            if given.get("precision").is_some() {
                assert_eq!(found["precision"], given["precision"], "{}", columns[index]);
            }
        }
        database.execute(&[&format!("DROP TABLE {table}")]).await
    })
}

/// An account sees what it may read, and no more.
async fn rights(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::Server(server.as_admin());
    let mark = mark();
    // Outside of the database that readers may read.
    let (schema, create, drop) = match server.engine {
        Engine::PostgreSql => {
            let create = vec![
                format!("CREATE SCHEMA {mark}"),
                format!("CREATE TABLE {mark}.hidden (id integer)"),
            ];
            (mark.clone(), create, format!("DROP SCHEMA {mark} CASCADE"))
        }
        _ => {
            let create = vec![
                format!("CREATE DATABASE {mark}"),
                format!("CREATE TABLE {mark}.hidden (id integer)"),
            ];
            (mark.clone(), create, format!("DROP DATABASE {mark}"))
        }
    };
    let create: Vec<&str> = create.iter().map(String::as_str).collect();
    database.execute(&create).await?;
    let own = gateway.register(&database).await?;
    let reader = gateway.register(&Database::Server(server.as_reader())).await?;
    let found = ask(&gateway, own, &format!("schema={schema}&depth=tables")).await?;
    assert_eq!(found.data()["items"][0]["name"], "hidden", "{}", found.text);
    let found = ask(&gateway, reader, &format!("schema={schema}&depth=tables")).await?;
    assert_eq!(found.data()["items"], json!([]), "{}", found.text);
    database.execute(&[&drop]).await
}

async fn requests() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    for query in ["depth=rows", "limit=0", "limit=1001", "cursor=zzz"] {
        let answer = ask(&gateway, source, query).await?;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text);
    }
    assert_eq!(ask(&gateway, source, "nonsense=1").await?.status, 400);
    assert_eq!(ask(&gateway, source, "schema=%27%3B%20DROP").await?.status, 200);
    let path = format!("/api/v1/datasources/{source}/schema");
    let none = gateway.token(Scope::SourcesRead.as_str(), SourceGrant::All)?;
    let request = gateway.bare_request(Method::GET, &path).bearer_auth(none);
    assert_eq!(gateway.answer(request).await?.status, 403);
    let other = gateway.token(
        Scope::Query.as_str(),
        SourceGrant::Only([DataSourceId::new()].into()),
    )?;
    let request = gateway.bare_request(Method::GET, &path).bearer_auth(other);
    let answer = gateway.answer(request).await?;
    assert_eq!((answer.status, answer.code()), (404, "INVALID_DATA_SOURCE"));
    Ok(())
}

/// Materialized views, partitions, comments, types of one's own.
async fn postgres_kinds(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let mark = mark();
    database
        .execute(&[
            &format!("CREATE SCHEMA {mark}"),
            &format!("COMMENT ON SCHEMA {mark} IS 'orders of the shop'"),
            &format!("CREATE TYPE {mark}.mood AS ENUM ('fine')"),
            &format!("CREATE TYPE {mark}.pair AS (a int, b text)"),
            &format!("CREATE DOMAIN {mark}.price AS numeric(8,3) NOT NULL"),
            &format!("CREATE TABLE {mark}.parted (id int, m {mark}.mood, p {mark}.pair, d {mark}.price, l {mark}.mood[]) PARTITION BY RANGE (id)"),
            &format!("CREATE TABLE {mark}.part PARTITION OF {mark}.parted FOR VALUES FROM (1) TO (9)"),
            &format!("COMMENT ON COLUMN {mark}.parted.m IS 'how it felt'"),
            &format!("CREATE MATERIALIZED VIEW {mark}.summary AS SELECT count(*) AS n FROM {mark}.parted"),
        ])
        .await?;
    let answer = ask(&gateway, source, &format!("schema={mark}")).await?;
    let items = answer.data()["items"].as_array().ok_or("no items")?;
    assert_eq!(items.len(), 2, "{}", answer.text);
    assert_eq!(items[1]["kind"], "materialized view");
    let columns = items[0]["columns"].as_array().ok_or("no columns")?;
    let shown: Vec<Value> = columns
        .iter()
        .map(|column| {
            json!([
                column["name"],
                column["type"],
                column["nullable"],
                column["comment"]
            ])
        })
        .collect();
    assert_eq!(
        json!(shown),
        json!([
            ["id", "INTEGER", true, null],
            ["m", "STRING", true, "how it felt"],
            ["p", "STRUCT", true, null],
            ["d", "DECIMAL", false, null],
            ["l", "ARRAY", true, null]
        ])
    );
    assert_eq!(
        (&columns[3]["precision"], &columns[3]["scale"]),
        (&json!(8), &json!(3))
    );
    let answer = ask(&gateway, source, &format!("schema={mark}&depth=schemas")).await?;
    assert_eq!(
        answer.data()["items"],
        json!([{"schema": mark, "comment": "orders of the shop"}])
    );
    let answer = ask(&gateway, source, "schema=pg_catalog&table=pg_class").await?;
    assert_eq!(
        answer.data()["items"][0]["name"],
        "pg_class",
        "an engine's own schema by its name"
    );
    database.execute(&[&format!("DROP SCHEMA {mark} CASCADE")]).await
}
