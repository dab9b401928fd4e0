//! Compares statements given as JSON lines `{"sql"}`: prints every disagreement, and figures at the end.

use std::io::BufRead as _;

use gateway_sql_second_opinion::{Opinion, opinion};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut refused, mut unknown, mut same, mut different) = (0, 0, 0, 0);
    for line in std::io::stdin().lock().lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let sql = line["sql"].as_str().unwrap_or_default();
        match opinion(sql) {
            Opinion::Refused => refused += 1,
            Opinion::Same => same += 1,
            Opinion::Unknown => {
                unknown += 1;
                println!("PostgreSQL does not parse it:\n    {sql}");
            }
            Opinion::Different(what) => {
                different += 1;
                println!("{what}\n    {sql}");
            }
        }
    }
    println!(
        "{refused} refused, {same} the same, {different} different, {unknown} that only the validator parses"
    );
    Ok(())
}
