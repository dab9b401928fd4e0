//! Judges statements given as JSON lines `{"id","dialect","sql"}`, with `--standard` at that level; answers `{"id","allowed","code","reason","line","column"}`.

use std::io::{BufRead as _, BufWriter, Write as _};

use gateway_core::{Classify as _, Engine};
use gateway_sql::{Level, Policy, Validator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let level = match std::env::args().any(|arg| arg == "--standard") {
        true => Level::Standard,
        false => Level::Strict,
    };
    let validators = Engine::ALL.map(|engine| Validator::new(engine, Policy::default().with_level(level)));
    for line in std::io::stdin().lock().lines() {
        let request: serde_json::Value = serde_json::from_str(&line?)?;
        let engine: Engine = request["dialect"].as_str().unwrap_or_default().parse()?;
        let validator = validators
            .iter()
            .find(|validator| validator.engine() == engine)
            .ok_or("no validator")?;
        let sql = request["sql"].as_str().unwrap_or_default();
        let answer = match validator.approve(sql) {
            Ok(_) => serde_json::json!({"id": request["id"], "allowed": true}),
            Err(rejection) => {
                let position = rejection.position();
                serde_json::json!({
                    "id": request["id"],
                    "allowed": false,
                    "code": rejection.kind().code(),
                    "rule": rejection.rule().as_str(),
                    "reason": rejection.to_string(),
                    "line": position.map(|p| p.line),
                    "column": position.map(|p| p.column),
                })
            }
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
