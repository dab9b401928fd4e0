//! The test program: every suite registers its trials here.
//!
//! Run it with `cargo xtask test`, which provides the servers; see the crate's documentation for how trials are written.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is a test; a panic is a failure with a place"
)]

mod access;
mod arrow;
mod audit;
mod audit_actions;
mod audit_chain;
mod audit_settings;
mod balancer;
mod breaker;
mod chaos;
mod cli;
mod cli_client;
mod cli_config;
mod client_certificates;
mod contract;
mod docs;
mod drivers;
mod edges;
mod endless;
mod examples;
mod faults;
mod fetch;
mod formats;
mod keys;
mod kills;
mod leaks;
mod limits;
mod log_lines;
mod logins;
mod matrix;
mod metrics;
mod monitoring;
mod names;
mod network;
mod never_told;
mod oracle;
mod oracle_double;
mod places;
mod plans;
mod probes;
mod query;
mod references;
mod reload;
mod replicas;
mod requests;
mod schema;
mod server_logins;
mod source_edits;
mod source_rules;
mod sources;
mod sql_truth;
mod store;
mod store_place;
mod tidy;
mod tls;
mod tokens;
mod tracing;
mod types;
mod wire;

use nexus_tests::{Arguments, Trials};

fn main() {
    let mut trials = Trials::default();
    access::register(&mut trials);
    arrow::register(&mut trials);
    audit::register(&mut trials);
    audit_actions::register(&mut trials);
    audit_chain::register(&mut trials);
    audit_settings::register(&mut trials);
    balancer::register(&mut trials);
    breaker::register(&mut trials);
    chaos::register(&mut trials);
    cli::register(&mut trials);
    cli_client::register(&mut trials);
    cli_config::register(&mut trials);
    client_certificates::register(&mut trials);
    contract::register(&mut trials);
    docs::register(&mut trials);
    drivers::register(&mut trials);
    edges::register(&mut trials);
    examples::register(&mut trials);
    faults::register(&mut trials);
    fetch::register(&mut trials);
    formats::register(&mut trials);
    keys::register(&mut trials);
    kills::register(&mut trials);
    leaks::register(&mut trials);
    limits::register(&mut trials);
    log_lines::register(&mut trials);
    logins::register(&mut trials);
    matrix::register(&mut trials);
    metrics::register(&mut trials);
    monitoring::register(&mut trials);
    names::register(&mut trials);
    network::register(&mut trials);
    never_told::register(&mut trials);
    oracle::register(&mut trials);
    oracle_double::register(&mut trials);
    places::register(&mut trials);
    plans::register(&mut trials);
    probes::register(&mut trials);
    query::register(&mut trials);
    references::register(&mut trials);
    reload::register(&mut trials);
    replicas::register(&mut trials);
    requests::register(&mut trials);
    schema::register(&mut trials);
    server_logins::register(&mut trials);
    source_edits::register(&mut trials);
    source_rules::register(&mut trials);
    sources::register(&mut trials);
    sql_truth::register(&mut trials);
    store::register(&mut trials);
    tidy::register(&mut trials);
    tls::register(&mut trials);
    tokens::register(&mut trials);
    tracing::register(&mut trials);
    types::register(&mut trials);
    wire::register(&mut trials);
    trials.run(&Arguments::from_args()).exit();
}
