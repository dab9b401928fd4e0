//! The commands that check and show the settings.

use nexus_tests::{Failed, Outcome, SECRET, Trials, gateway_binary};

use crate::cli::{err, out, run};

pub(crate) fn register(trials: &mut Trials) {
    trials.plain("cli_config::check_and_show", config);
    trials.plain("cli_config::every_fault", config_tells_every_fault);
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
