//! The suite that every engine must pass, one case a rule of the contracts of [`Driver`], of its sessions and of
//! [`SourcePool`].
//!
//! A test program gives each of [`cases`] a [`Bench`]: the driver, an empty database of the case's own, the engine's
//! [`Dialect`], and a [`Backstage`] that looks at the database from outside the pool. What an engine spells differently is
//! data in its dialect; the cases are the same for all. A new engine is done when they pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a case fails by panicking, where it fails"
)]

mod bench;
mod cancelling;
mod connecting;
mod dialect;
mod dialects;
mod failures;
mod limits;
mod parameters;
mod pooling;
mod proxy;
mod read_only;
mod results;

use std::future::Future;
use std::pin::Pin;

pub use bench::{Backstage, Bench};
pub use dialect::{Dialect, Sample, Trace};
pub use dialects::{MARIADB, MYSQL, ORACLE, POSTGRESQL, SQLITE};

#[cfg(doc)]
use crate::{Driver, SourcePool};

/// One rule of the contract.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// Checks it on a database of its own; panics if it does not hold.
    pub run: fn(Bench) -> Pin<Box<dyn Future<Output = ()> + Send>>,
    network: bool,
}

macro_rules! cases {
    ($($module:ident($network:literal): $($case:ident),+;)+) => {
        fn all() -> Vec<Case> {
            vec![$($(Case {
                name: concat!(stringify!($module), "::", stringify!($case)),
                run: |bench| Box::pin($module::$case(bench)),
                network: $network,
            }),+),+]
        }
    };
}

/// Every rule that applies to an engine: all of them, or those without a network for one that has none.
#[must_use]
pub fn cases(dialect: &Dialect) -> Vec<Case> {
    let mut cases = all();
    cases.retain(|case| dialect.network || !case.network);
    cases
}

cases! {
    results(false):
        columns_then_rows_then_one_end,
        an_empty_result_has_columns,
        labels_may_repeat,
        nulls_are_nulls,
        rows_flow_before_the_statement_ends;
    limits(false):
        rows_are_capped_exactly,
        the_offset_comes_before_the_limit,
        bytes_are_capped_exactly,
        a_cell_that_is_too_large_ends_the_result,
        a_limit_that_leaves_rows_unread_spoils_nothing;
    parameters(false):
        every_kind_arrives,
        one_kind_follows_another,
        lists_become_values,
        one_that_does_not_fit_is_named;
    failures(false):
        a_refused_statement_leaves_the_session_usable,
        a_failure_between_rows_leaves_the_session_usable,
        a_statement_for_another_engine_opens_nothing;
    read_only(false):
        the_session_is_as_the_validator_believes,
        nothing_is_written,
        what_outlives_a_rollback_is_known;
    cancelling(false):
        a_cancelled_statement_ends_on_the_server,
        a_statement_is_cancelled_however_early,
        cancelling_after_the_end_is_harmless,
        the_deadline_ends_the_statement,
        the_deadline_holds_for_a_reader_that_does_not_read,
        a_deadline_in_the_past_runs_nothing,
        a_reader_that_leaves_while_waiting_ends_the_statement,
        a_reader_that_leaves_while_reading_ends_the_statement,
        a_reader_that_leaves_however_early_ends_the_statement,
        draining_ends_what_does_not_end;
    pooling(false):
        one_session_serves_one_query_after_another,
        as_many_at_once_as_allowed_and_no_more,
        a_finished_query_keeps_no_session_for_its_reader,
        a_closed_pool_lets_its_queries_end,
        idle_sessions_are_closed,
        old_sessions_are_not_used_again;
    pooling(true):
        a_slow_reader_makes_the_server_wait,
        a_connection_lost_while_reading_is_reported,
        a_connection_lost_while_idle_is_replaced,
        a_connection_lost_before_a_new_statement_is_replaced;
    connecting(false):
        the_server_tells_about_itself;
    connecting(true):
        a_wrong_password_is_refused,
        an_unknown_account_is_refused,
        an_unknown_database_is_refused,
        a_closed_port_is_unreachable,
        a_silent_server_is_a_timeout,
        an_address_that_swallows_packets_is_a_timeout;
}
