//! Runs a double of Oracle Database, to be tried by hand: `oracle_double [classic|fast] [port]`. An empty line asks for
//! counts.

use std::error::Error;

use nexus_tests::oracle::{Double, Mode, Settings};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mode = match arguments.next().as_deref() {
        Some("classic") => Mode::Classic,
        Some("fast") | None => Mode::Fast,
        Some(other) => return Err(format!("no such mode: {other}").into()),
    };
    let mut settings = Settings::new(mode);
    settings
        .address
        .set_port(arguments.next().map_or(Ok(0), |port| port.parse())?);
    let double = Double::start_with(settings)?;
    println!("{}", double.port());
    // Until it is interrupted, or there is no line to read.
    for line in std::io::stdin().lines() {
        if line?.is_empty() {
            println!("{:#?} {:#?}", double.stats(), double.complaints());
        }
    }
    Ok(())
}
