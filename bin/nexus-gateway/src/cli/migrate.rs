//! `migrate`: bring the metadata store's tables up to date.

use std::process::ExitCode;

use gateway_store::StoreOptions;

use super::Common;

pub(super) fn run(common: &Common) -> anyhow::Result<ExitCode> {
    let settings = common.settings()?;
    let options = StoreOptions::default();
    let migrating = gateway_store::migrate(&settings.store.url, &options);
    let report = actix_web::rt::System::new().block_on(migrating)?;
    for change in &report.applied {
        println!("applied {change}");
    }
    println!("{} is at version {}", settings.store.shown_url, report.version);
    Ok(ExitCode::SUCCESS)
}
