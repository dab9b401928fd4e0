//! Values on their way in: every style of placeholder, every kind of value, on every engine.

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Answer, Database, Failed, Gateway, Trials};
use reqwest::Method;
use serde_json::Value;

use super::values::{
    EVERYWHERE, Holds, MYSQL, POSTGRESQL, SQLITE, UNFIT, UNFIT_ON_MYSQL, UNFIT_ON_POSTGRESQL, UNFIT_ON_SQLITE,
};
use crate::query::{BoxedOutcome, on_every_engine};

pub(super) fn register(trials: &mut Trials) {
    on_every_engine(trials, "types::parameters", arriving);
    on_every_engine(trials, "types::unfit_parameters", refused);
}

/// Each kind of placeholder, and how the value is given for it.
const STYLES: [(&str, &str, &str); 3] = [("?", "[", "]"), ("$1", "[", "]"), (":value", "{\"value\": ", "}")];

fn arriving(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let own: &[Holds] = match database.engine() {
            Engine::PostgreSql => {
                prepare(&database, "arriving").await?;
                &POSTGRESQL
            }
            Engine::MySql | Engine::MariaDb => &MYSQL,
            Engine::Sqlite | Engine::Oracle => &SQLITE,
        };
        let mut wrong = Vec::new();
        for (condition, value) in EVERYWHERE.iter().chain(own) {
            for (placeholder, open, close) in STYLES {
                let condition = filled(condition, placeholder);
                let sql = format!("SELECT CASE WHEN {condition} THEN 'holds' END AS v");
                let sql = sql.replace("tp_", "tp_arriving.tp_");
                let answer = ask(&gateway, source, &sql, &format!("{open}{value}{close}")).await?;
                if answer.data()["rows"][0][0] != "holds" {
                    wrong.push(format!("{condition} with {value}: {}", answer.text));
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{} differences:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        Ok(())
    })
}

/// Only the last {} is a placeholder: those before it stand in text.
fn filled(condition: &str, placeholder: &str) -> String {
    let in_comment = condition.contains("/*");
    let (before, after) = if in_comment {
        let (before, comment) = condition.split_once("/*").expect("there is one");
        let (head, tail) = before.rsplit_once("{}").expect("a placeholder");
        (head.to_owned(), format!("{tail}/*{comment}"))
    } else {
        let (head, tail) = condition.rsplit_once("{}").expect("a placeholder");
        (head.to_owned(), tail.to_owned())
    };
    format!("{before}{placeholder}{after}")
}

async fn prepare(database: &Database, trial: &str) -> Result<(), Failed> {
    let schema = format!("tp_{trial}");
    database
        .execute(&[
            &format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
            &format!("CREATE SCHEMA {schema}"),
            &format!("CREATE TYPE {schema}.tp_mood AS ENUM ('sad', 'happy')"),
            &format!("CREATE DOMAIN {schema}.tp_positive AS integer CHECK (VALUE > 0)"),
            &format!("CREATE DOMAIN {schema}.tp_price AS numeric(12,2)"),
            &format!("CREATE TYPE {schema}.tp_pair AS (a integer, b text)"),
        ])
        .await
}

async fn ask(gateway: &Gateway, source: DataSourceId, sql: &str, parameters: &str) -> Result<Answer, Failed> {
    // The numerals must reach the gateway as they are written, so this is no JSON value here.
    let body = format!(
        r#"{{"dataSourceId": "{source}", "sql": {}, "parameters": {parameters}}}"#,
        serde_json::to_string(sql)?
    );
    gateway
        .answer(gateway.request(Method::POST, "/api/v1/query")?.body(body))
        .await
}

/// Whether an error's details are the path or the name of a parameter.
fn names(details: &Value, parameter: &str) -> bool {
    details
        .as_str()
        .is_some_and(|path| path.trim_start_matches("parameters.") == parameter)
}

fn refused(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let own: &[Holds] = match database.engine() {
            Engine::PostgreSql => {
                prepare(&database, "refused").await?;
                &UNFIT_ON_POSTGRESQL
            }
            Engine::MySql | Engine::MariaDb => &UNFIT_ON_MYSQL,
            Engine::Sqlite | Engine::Oracle => &UNFIT_ON_SQLITE,
        };
        let mut wrong = Vec::new();
        let mut check = |what: String, answer: &Answer, named: &str| {
            let error = &answer.body["error"];
            let said = format!("{} {}", error["message"], error["details"]);
            let reveals = said.contains("secret") || said.contains("717171717");
            if (answer.status, answer.code()) != (422, "VALIDATION_ERROR")
                || !names(&error["details"], named)
                || reveals
            {
                wrong.push(format!("{what}: {}", answer.text));
            }
        };
        for (sql, parameters, named) in UNFIT {
            let answer = ask(&gateway, source, sql, parameters).await?;
            check(format!("{sql} with {parameters}"), &answer, named);
        }
        for (condition, value) in own {
            let condition = filled(condition, ":wanted").replace("tp_", "tp_refused.tp_");
            let sql = format!("SELECT 1 AS v, :other AS w WHERE {condition}");
            let sql = sql.replace(":other AS w WHERE", "CAST(:other AS CHAR(5)) AS w WHERE");
            let answer = ask(
                &gateway,
                source,
                &sql,
                &format!("{{\"other\": \"x\", \"wanted\": {value}}}"),
            )
            .await?;
            check(format!("{condition} with {value}"), &answer, "wanted");
        }
        assert!(
            wrong.is_empty(),
            "{} differences:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        let log = gateway.stop().await?;
        assert!(!log.contains("secret") && !log.contains("717171717"), "{log}");
        Ok(())
    })
}
