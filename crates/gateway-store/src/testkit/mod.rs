//! The suite that every implementation of [`Store`] must pass, one case a rule of the trait's contract.
//!
//! A test program runs each of [`cases`] on a [`Scratch`] database of its own:
//!
//! ```
//! use gateway_store::testkit::{Scratch, cases};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! for case in cases().into_iter().take(2) {
//!     let scratch = Scratch::sqlite().unwrap();
//!     (case.run)(scratch.clone()).await;
//!     scratch.remove().await.unwrap();
//! }
//! # }
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a case fails by panicking, where it fails"
)]

mod access;
mod audit;
mod chains;
mod keys;
mod replicas;
mod rotation;
mod schema;
mod scratch;
mod sources;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use gateway_core::{Engine, Secret, SourceConfig, SourceDraft, SourceStatus};

pub use scratch::Scratch;

use crate::{KeyRing, Store, StoreOptions, open};

/// One rule of the contract.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// Checks it on an empty database; panics if it does not hold.
    pub run: fn(Scratch) -> Pin<Box<dyn Future<Output = ()> + Send>>,
}

macro_rules! cases {
    ($($module:ident: $($case:ident),+;)+) => {
        /// Every rule.
        #[must_use]
        pub fn cases() -> Vec<Case> {
            vec![$($(Case {
                name: concat!(stringify!($module), "::", stringify!($case)),
                run: |scratch| Box::pin($module::$case(scratch)),
            }),+),+]
        }
    };
}

cases! {
    sources:
        every_field_survives,
        names_are_unique_without_regard_to_case,
        a_change_counts_and_can_be_conditional,
        a_change_without_a_password_keeps_it,
        a_removed_source_is_gone,
        lists_are_filtered,
        lists_are_paged;
    access:
        keys_survive_until_removed,
        roles_change_under_their_version;
    audit:
        records_survive,
        records_are_paged,
        records_are_filtered,
        old_records_are_forgotten;
    chains:
        an_untouched_log_holds,
        every_changed_field_shows,
        every_removed_record_shows,
        a_record_put_in_between_shows,
        a_whole_chain_cannot_go,
        a_chain_that_was_recomputed_shows,
        what_is_forgotten_leaves_the_rest_whole,
        a_record_that_was_made_to_look_old_is_not_forgotten,
        a_changed_end_does_not_stop_the_log;
    rotation:
        everything_is_sealed_anew_a_little_at_a_time,
        chains_are_authenticated_anew,
        what_was_altered_is_not_authenticated_anew,
        a_replica_finds_the_new_key_by_itself,
        a_retired_key_seals_nothing;
    keys:
        passwords_are_sealed_at_rest,
        a_password_does_not_open_for_another_source,
        a_ring_without_the_key_is_refused,
        another_key_of_the_same_name_is_refused,
        old_passwords_open_after_a_key_is_added;
    replicas:
        every_change_bumps_the_revision,
        a_change_is_seen_by_others,
        one_of_many_conditional_changes_wins,
        one_of_many_equal_names_wins,
        many_may_start_at_once;
    schema:
        migrations_run_once,
        outdated_tables_are_refused_when_told,
        a_newer_schema_is_refused,
        a_changed_migration_is_refused;
}

const KEY_A: &str = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const OTHER_KEY_A: &str = "a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const KEY_B: &str = "b:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn ring(text: &str) -> KeyRing {
    KeyRing::from_text(text).unwrap()
}

async fn opened(scratch: &Scratch) -> Arc<dyn Store> {
    open(scratch.url(), ring(KEY_A), &StoreOptions::default())
        .await
        .unwrap()
}

fn draft(name: &str) -> SourceDraft {
    SourceDraft {
        name: name.to_owned(),
        engine: Engine::PostgreSql,
        description: String::new(),
        status: SourceStatus::Active,
        config: SourceConfig {
            host: Some("db.example.com".to_owned()),
            database: Some("shop".to_owned()),
            username: Some("reader".to_owned()),
            ..SourceConfig::default()
        },
        password: Some(Secret::new(PASSWORD)),
    }
}

/// Found nowhere else, so that it can be searched for.
const PASSWORD: &str = "correct-horse-battery-staple";
