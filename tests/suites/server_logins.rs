//! The ways in which servers let an account in, each with the right password and with a wrong one.

use gateway_core::Engine;
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

const TEST: &str = "/api/v1/datasources/test";

/// Accounts whose logins the test bed's pg_hba.conf treats each in a way of its own, and the form in which the server keeps
/// their passwords.
const ACCOUNTS: [(&str, &str); 3] = [
    ("nexus_in_clear", "scram-sha-256"),
    ("nexus_md5", "md5"),
    ("nexus_trusted", "scram-sha-256"),
];

pub(crate) fn register(trials: &mut Trials) {
    trials.engine("server_logins::each_way", Engine::PostgreSql, each_way);
    trials.engine("server_logins::each_way", Engine::MySql, |server| {
        each_method(server, &MYSQL_ACCOUNTS)
    });
    trials.engine("server_logins::each_way", Engine::MariaDb, |server| {
        each_method(server, &MARIADB_ACCOUNTS)
    });
}

/// An account, how it is to prove its password, that password, and whether it is let in by it.
type Login = (&'static str, &'static str, &'static str, bool);

const MYSQL_ACCOUNTS: [Login; 3] = [
    (
        "nexus_sha2",
        "IDENTIFIED WITH caching_sha2_password BY 'right'",
        "right",
        true,
    ),
    (
        "nexus_sha2_empty",
        "IDENTIFIED WITH caching_sha2_password BY ''",
        "",
        true,
    ),
    (
        "nexus_sha256",
        "IDENTIFIED WITH sha256_password BY 'right'",
        "right",
        false,
    ),
];

const MARIADB_ACCOUNTS: [Login; 3] = [
    (
        "nexus_native",
        "IDENTIFIED VIA mysql_native_password USING PASSWORD('right')",
        "right",
        true,
    ),
    (
        "nexus_native_empty",
        "IDENTIFIED VIA mysql_native_password USING ''",
        "",
        true,
    ),
    ("nexus_unix", "IDENTIFIED VIA unix_socket", "right", false),
];

async fn each_way(server: Server) -> Outcome {
    let admin = Database::Server(server.as_admin());
    for (account, kept_as) in ACCOUNTS {
        let make = [
            format!("DROP ROLE IF EXISTS {account}"),
            format!("SET password_encryption = '{kept_as}'; CREATE ROLE {account} LOGIN PASSWORD 'right'"),
        ];
        admin.execute(&make.each_ref().map(String::as_str)).await?;
    }
    let gateway = Gateway::start().await?;
    for tls in ["disable", "require"] {
        for (account, _) in ACCOUNTS {
            let right = connect(&gateway, &server, account, "right", tls).await?;
            assert_eq!(right.0, 200, "{account} over {tls}: {}", right.1);
            let (status, text) = connect(&gateway, &server, account, "wrong", tls).await?;
            let is_in = account == "nexus_trusted";
            assert_eq!(
                status,
                if is_in { 200 } else { 503 },
                "{account} over {tls}: {text}"
            );
            assert!(is_in || text.contains("refused the configured account"), "{text}");
        }
    }
    gateway.stop().await?;
    for (account, _) in ACCOUNTS {
        admin.execute(&[&format!("DROP ROLE {account}")]).await?;
    }
    Ok(())
}

/// An account that is made anew is one that the server does not remember: it wants to know the password itself once, and has it
/// proved from then on.
async fn each_method(server: Server, accounts: &'static [Login]) -> Outcome {
    let admin = Database::Server(server.as_admin());
    let gateway = Gateway::start().await?;
    for tls in ["disable", "prefer", "require"] {
        for (account, identified, password, is_let_in) in accounts {
            let make = [
                format!("DROP USER IF EXISTS {account}"),
                format!("CREATE USER {account} {identified}"),
                format!("GRANT SELECT ON nexus.* TO {account}"),
            ];
            admin.execute(&make.each_ref().map(String::as_str)).await?;
            let (status, text) = connect(&gateway, &server, account, "wrong", tls).await?;
            assert_eq!(status, 503, "{account} over {tls}: {text}");
            assert!(text.contains("refused the configured account"), "{text}");
            for time in ["first", "second"] {
                let (status, text) = connect(&gateway, &server, account, password, tls).await?;
                let expected = if *is_let_in { 200 } else { 503 };
                assert_eq!(status, expected, "{account} over {tls}, the {time} time: {text}");
                assert!(
                    *is_let_in || text.contains("refused the configured account"),
                    "{text}"
                );
            }
        }
    }
    gateway.stop().await?;
    for (account, ..) in accounts {
        admin.execute(&[&format!("DROP USER {account}")]).await?;
    }
    Ok(())
}

/// Tests a source of `account`; the status and the text of the answer.
async fn connect(
    gateway: &Gateway,
    server: &Server,
    account: &str,
    password: &str,
    tls: &str,
) -> Result<(u16, String), Failed> {
    let mut body = Database::Server(server.clone()).source(account);
    let known: &mut Value = &mut body["config"];
    known["username"] = json!(account);
    known["password"] = if password.is_empty() {
        Value::Null
    } else {
        json!(password)
    };
    known["tls"] = json!(tls);
    let answer = gateway.send(Method::POST, TEST, Some(&body)).await?;
    Ok((answer.status, answer.text))
}
