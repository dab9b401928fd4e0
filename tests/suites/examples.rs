//! The libraries' examples do what their first lines say.

use std::path::Path;
use std::process::{Command, Output};

use nexus_tests::{Failed, Outcome, Trials};

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    trials.plain("examples::check_approves_and_refuses", check);
    trials.plain("examples::query_streams_and_cancels", query);
    trials.plain("examples::query_runs_what_it_is_given", query_given);
}

/// Runs an example of `package`, built beside this program.
fn example(package: &str, name: &str, arguments: &[&str]) -> Result<Output, Failed> {
    let test = std::env::current_exe()?;
    let target = test
        .parent()
        .and_then(Path::parent)
        .ok_or("this program is not in a target folder")?;
    let program = target
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let build = format!("cargo build -p {package} --example {name}");
        return Err(format!("{} is not there: run `{build}`", program.display()).into());
    }
    Ok(Command::new(program).args(arguments).output()?)
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn check() -> Outcome {
    let check = |sql: &[&str]| example("gateway-sql", "check", sql);
    assert_eq!(printed(&check(&[])?), "approved, with 1 placeholder(s)\n");
    let refused = printed(&check(&["SELECT pg_sleep(1)"])?);
    assert!(refused.starts_with("refused ("), "{refused}");
    Ok(())
}

fn query() -> Outcome {
    let output = example("gateway-drivers", "query", &[])?;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        printed(&output),
        "2 column(s)\nstopped: cancelled: Requested\n",
        "it has a million rows and reads ten thousand"
    );
    Ok(())
}

fn query_given() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    rusqlite::Connection::open(&path)?.execute_batch(
        "CREATE TABLE orders (id INTEGER, total DECIMAL(12,2)); INSERT INTO orders VALUES (1, 9.5), (2, 20)",
    )?;
    let path = path.display().to_string();
    let query = |sql| example("gateway-drivers", "query", &[&path, sql]);
    assert_eq!(
        printed(&query("SELECT id, total FROM orders WHERE total > 5")?),
        "2 column(s)\ncomplete: 2 row(s)\n"
    );
    let refused = query("DELETE FROM orders")?;
    assert!(
        !refused.status.success() && printed(&refused).is_empty(),
        "{refused:?}"
    );
    assert_eq!(
        printed(&query("SELECT id FROM orders")?),
        "1 column(s)\ncomplete: 2 row(s)\n"
    );
    Ok(())
}
