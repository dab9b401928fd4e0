//! What a source holds, from the data dictionary.

use nexus_tests::oracle::Mode;
use nexus_tests::{Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use super::desk::Desk;

pub(super) fn register(trials: &mut Trials) {
    super::on_both(trials, "schema::tables_columns_keys", tables_columns_keys);
    super::on_both(trials, "schema::plans_are_refused", plans_are_refused);
}

async fn tables_columns_keys(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    for statement in [
        "CREATE TABLE customers (region number(4) NOT NULL, id number(9) NOT NULL, name varchar2(40) NOT NULL, \
         PRIMARY KEY (region, id))",
        "CREATE TABLE orders (id number(18) PRIMARY KEY, label varchar2(20) DEFAULT 'none' UNIQUE, region number(4), \
         customer number(9), price number(12,2), made timestamp(9) with time zone, \
         FOREIGN KEY (region, customer) REFERENCES customers (region, id))",
        "CREATE VIEW prices AS SELECT id, price FROM orders",
        "INSERT INTO all_tab_comments VALUES ('SCOTT', 'ORDERS', 'what was sold')",
        "INSERT INTO all_col_comments VALUES ('SCOTT', 'ORDERS', 'PRICE', 'with tax')",
    ] {
        desk.double
            .execute(statement)
            .map_err(|failure| failure.to_string())?;
    }
    let ask = async |query: &str| {
        let path = format!("/api/v1/datasources/{}/schema?{query}", desk.source);
        desk.gateway.send(Method::GET, &path, None).await
    };
    let answer = ask("").await?;
    let items = answer.data()["items"].as_array().ok_or(answer.text.clone())?;
    let names: Vec<Value> = items
        .iter()
        .map(|item| json!([item["schema"], item["name"], item["kind"], item["comment"]]))
        .collect();
    assert_eq!(
        json!(names),
        json!([
            ["SCOTT", "CUSTOMERS", "table", null],
            ["SCOTT", "ORDERS", "table", "what was sold"],
            ["SCOTT", "PRICES", "view", null]
        ]),
        "{}",
        answer.text
    );
    let orders = &items[1];
    assert_eq!(items[0]["primaryKey"], json!(["REGION", "ID"]));
    assert_eq!(orders["primaryKey"], json!(["ID"]));
    assert_eq!(orders["uniqueKeys"][0]["columns"], json!(["LABEL"]));
    assert_eq!(orders["foreignKeys"][0]["columns"], json!(["REGION", "CUSTOMER"]));
    assert_eq!(
        orders["foreignKeys"][0]["references"],
        json!({"schema": "SCOTT", "table": "CUSTOMERS", "columns": ["REGION", "ID"]})
    );
    let columns: Vec<Value> = orders["columns"]
        .as_array()
        .ok_or("no columns")?
        .iter()
        .map(|column| {
            json!([
                column["name"],
                column["type"],
                column["precision"],
                column["scale"],
                column["nullable"],
                column["comment"]
            ])
        })
        .collect();
    assert_eq!(
        json!(columns),
        json!([
            ["ID", "DECIMAL", 18, 0, false, null],
            ["LABEL", "STRING", null, null, true, null],
            ["REGION", "INTEGER", 4, 0, true, null],
            ["CUSTOMER", "INTEGER", 9, 0, true, null],
            ["PRICE", "DECIMAL", 12, 2, true, "with tax"],
            ["MADE", "TIMESTAMP_TZ", null, 9, true, null]
        ])
    );
    // Pages go on after the last name of the one before.
    let first = ask("limit=1&depth=tables").await?;
    let cursor = first.data()["nextCursor"].as_str().ok_or("one page only")?;
    let second = ask(&format!("limit=1&depth=tables&cursor={cursor}")).await?;
    assert_eq!(second.data()["items"][0]["name"], "ORDERS", "{}", second.text);
    let schemas = ask("depth=schemas").await?;
    assert_eq!(schemas.data()["items"][0]["schema"], "SCOTT", "{}", schemas.text);
    Ok(())
}

/// A plan would have to be written into a table first.
async fn plans_are_refused(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let body = json!({"dataSourceId": desk.source.to_string(), "sql": "SELECT 1 FROM dual"});
    let answer = desk
        .gateway
        .send(Method::POST, "/api/v1/query/explain", Some(&body))
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "VALIDATION_ERROR"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("EXPLAIN PLAN stores"), "{}", answer.text);
    let answer = desk
        .query("EXPLAIN PLAN FOR SELECT 1 FROM dual", json!({}))
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (403, "INVALID_SQL"),
        "{}",
        answer.text
    );
    assert!(!desk.double.statements().iter().any(|sql| sql.contains("EXPLAIN")));
    Ok(())
}
