//! The commands that check and show the settings.

use nexus_tests::{Failed, Outcome, SECRET, Trials, gateway_binary, python};
use serde_json::{Value, json};

use crate::cli::{err, out, run};

pub(crate) fn register(trials: &mut Trials) {
    trials.plain("cli_config::check_and_show", config);
    trials.plain("cli_config::every_fault", config_tells_every_fault);
    trials.simple("cli_config::schema", schema);
}

fn config() -> Outcome {
    let folder = tempfile::tempdir()?;
    let usable = run(folder.path(), &["config", "check"], "")?;
    assert!(usable.status.success(), "{}", err(&usable));
    std::fs::write(
        folder.path().join("nexus.toml"),
        "[store]\nurl = \"mysql://u:hidden-password@h/d\"\nkeyring = \"k:x\"\n",
    )?;
    let shown = run(folder.path(), &["config", "show"], "")?;
    assert!(shown.status.success(), "{}", err(&shown));
    for secret in ["hidden-password", "k:x", SECRET] {
        assert!(!out(&shown).contains(secret), "{secret} is shown");
    }
    std::fs::write(folder.path().join("nexus.toml"), "[sever]\nlisten = 1\n")?;
    let wrong = run(folder.path(), &["config", "check"], "")?;
    assert_eq!(wrong.status.code(), Some(1));
    assert!(err(&wrong).contains("server"), "{}", err(&wrong));
    let missing = run(
        folder.path(),
        &["config", "check", "--config", "nowhere.toml"],
        "",
    )?;
    assert!(err(&missing).contains("nowhere.toml"), "{}", err(&missing));
    for (settings, arguments, reason) in [
        (
            "auth.jwt.leeway = \"1h\"",
            &["config", "check"][..],
            "auth.jwt.leeway",
        ),
        (
            "limits.per_caller = 9223372036854775807",
            &["config", "check"],
            "limits.per_caller",
        ),
        (
            "server.tls.cert_file = \"nowhere.crt\"\nserver.tls.key_file = \"nowhere.key\"",
            &["config", "check"],
            "nowhere.crt",
        ),
        // A flag is judged like a setting: it would open the gateway to everybody.
        (
            "auth.enabled = false",
            &["serve", "--listen", "0.0.0.0:0"],
            "loopback",
        ),
    ] {
        std::fs::write(folder.path().join("nexus.toml"), settings)?;
        let refused = run(folder.path(), arguments, "")?;
        assert_eq!(refused.status.code(), Some(1), "{settings}");
        assert!(err(&refused).contains(reason), "{settings}: {}", err(&refused));
    }
    Ok(())
}

/// Everything that is wrong is said at once, with where it comes from, by the check and by the start alike.
fn config_tells_every_fault() -> Outcome {
    let folder = tempfile::tempdir()?;
    let in_folder = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = std::process::Command::new(gateway_binary()?);
        command
            .args(arguments)
            .current_dir(folder.path())
            .env("NEXUS_AUTH__JWT__SECRET", SECRET);
        Ok::<_, Failed>(command.env(variable.0, variable.1).output()?)
    };
    std::fs::write(
        folder.path().join("nexus.toml"),
        "[log]\nlevl = \"info\"\n[fetch]\nper_source = 0\n[audit]\nqueue = \"many\"\n",
    )?;
    for arguments in [&["config", "check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let told = in_folder(arguments, ("NEXUS_SERVER__WORKERS", "0"))?;
        assert_eq!(told.status.code(), Some(1));
        for part in [
            "the settings are not usable: 4 faults\n",
            "\n  - unknown setting log.levl; did you mean log.level? (nexus.toml)",
            "\n  - fetch.per_source must be above 0 (nexus.toml)",
            "\n  - audit.queue: invalid type: found string \"many\", expected usize (nexus.toml)",
            "\n  - server.workers must be between 1 and 512 (NEXUS_SERVER__WORKERS)",
        ] {
            assert!(err(&told).contains(part), "{part:?} is not in {}", err(&told));
        }
    }
    std::fs::write(
        folder.path().join("nexus.toml"),
        "store.keyring_file = \"nowhere.keys\"\n[server.tls]\ncert_file = \"nowhere.crt\"\nkey_file = \"nowhere.key\"\n",
    )?;
    let told = in_folder(&["config", "check"], ("NEXUS_LOG__LEVEL", "info"))?;
    for part in ["2 faults", "nowhere.crt", "nowhere.keys"] {
        assert!(err(&told).contains(part), "{part:?} is not in {}", err(&told));
    }
    Ok(())
}

/// Another implementation's verdicts: on texts of settings, by a schema.
const JUDGE: &str = "
import json, sys, tomllib, jsonschema_rs
asked = json.load(sys.stdin)
judge = jsonschema_rs.Draft7Validator(asked['schema'])
def faults(text):
    return [str(fault) for fault in judge.iter_errors(tomllib.loads(text))]
print(json.dumps([faults(text) for text in asked['texts']]))
";

/// The example fits with all that is commented out in it, and what the check refuses for its form does not.
async fn schema() -> Outcome {
    let folder = tempfile::tempdir()?;
    let printed = run(folder.path(), &["config", "schema"], "")?;
    assert!(printed.status.success(), "{}", err(&printed));
    let schema: Value = serde_json::from_str(&out(&printed))?;
    let example = std::fs::read_to_string("../deploy/nexus.example.toml")?;
    let is_setting = |line: &str| {
        let key = line.split_once(" = ").map(|(key, _)| key);
        key.is_some_and(|key| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    };
    let lines = example.lines().map(|line| match line.strip_prefix("# ") {
        Some(setting) if is_setting(setting) => setting,
        Some(_) | None => line,
    });
    let whole = lines.collect::<Vec<_>>().join("\n");
    assert!(whole.matches(" = ").count() > 60, "{whole}");
    let wrong = [
        "sever.listen = \"127.0.0.1:1\"",
        "server.lsten = \"127.0.0.1:1\"",
        "server.workers = \"many\"",
        "server.tls.client_auth = \"perhaps\"",
        "limits.rate = -1",
        "query.timeout = \"soon\"",
        "log.level = \"loud\"",
        "tracing.sample_ratio = 2.0",
        "audit.to = [\"paper\"]",
        "auth.jwt.algorithms = [\"none\"]",
    ];
    let mut texts = vec![
        example.as_str(),
        &whole,
        "query.timeout = 500\n[auth.jwt]\nalgorithms = \"HS256,HS384\"",
    ];
    texts.extend(wrong);
    let asked = json!({"schema": schema, "texts": texts}).to_string();
    let faults: Vec<Vec<String>> = serde_json::from_slice(&python(JUDGE, asked.as_bytes()).await?)?;
    let (fitting, others) = faults.split_at(texts.len() - wrong.len());
    assert!(fitting.iter().all(Vec::is_empty), "{fitting:?}");
    for (text, faults) in wrong.iter().zip(others) {
        assert!(!faults.is_empty(), "{text} passes");
        std::fs::write(folder.path().join("nexus.toml"), text)?;
        let refused = run(folder.path(), &["config", "check"], "")?;
        assert_eq!(refused.status.code(), Some(1), "{text}");
    }
    Ok(())
}
