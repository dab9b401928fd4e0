//! Decides whether a SQL text is one read-only statement, for MySQL, MariaDB, PostgreSQL, Oracle and SQLite.
//!
//! ```
//! use gateway_core::Engine;
//! use gateway_sql::{Policy, Validator};
//!
//! let validator = Validator::new(Engine::PostgreSql, Policy::default());
//! assert!(validator.approve("SELECT name FROM customers WHERE id = $1").is_ok());
//! let rejection = validator.approve("SELECT \"pg_sleep\"(10)").unwrap_err();
//! assert_eq!(rejection.to_string(), "This function is not permitted: PG_SLEEP");
//! ```
//!
//! # Threat model
//!
//! The text comes from a stranger who knows this code. The server behind is real, its account may have more rights than
//! it should, and every hole in this crate will be tried. So:
//!
//! * **One reading.** The text is read by a scanner of ours that follows each engine's lexer under the session settings
//!   that the drivers pin (`standard_conforming_strings = on`; no `ANSI_QUOTES`, no `NO_BACKSLASH_ESCAPES`; UTF-8). The
//!   parser gets our tokens and never the text. A spelling that a server could read otherwise is refused. Those settings are
//!   not trusted with everything: a text that would be two statements under any other of them is refused, too.
//! * **An allow-list.** Every node of the syntax tree is visited; what is not known to be harmless is refused. A new kind of
//!   node in the parser is a compiler error here.
//! * **Functions by the engine's own resolution**: after unquoting, Unicode escapes, case folding and schema
//!   qualification, against lists per engine ([`Level`]). At [`Level::Strict`], only functions known to be pure pass.
//! * **Two independent looks.** Word sequences such as `INTO`, `FOR UPDATE` and calls of denied functions are refused
//!   from the tokens alone, whatever the parser makes of them.
//! * **Limits before work.** Length, depth and size are checked before the parser runs; no text makes it panic or
//!   exhausts the stack.
//!
//! # What it does not promise
//!
//! * It does not know the database. A view, a user-defined type, cast or operator under a built-in name, or a row
//!   security policy may call what it likes; a function in the search path may shadow a built-in one. On Oracle, an
//!   unqualified name may be a call of a function without brackets.
//! * It does not judge what may be *read*, or what it costs: rights, deadlines and row limits are for others.
//! * It is one of several locks. Statements belong into a READ ONLY transaction that is rolled back, by an account that
//!   may only read.
//!
//! # How it is built
//!
//! `scan` (text to tokens) → `tripwires` → `bridge` (what the parser lacks for an engine) → the parser → `rules`
//! (the walk) → `row_cap`. The function lists are text files in `src/rules/functions`, with their reasons; the README
//! tells what they were made from.

mod bridge;
mod cache;
mod dialect;
mod error;
mod explain;
mod fnv;
mod params;
mod policy;
mod row_cap;
mod rules;
mod scan;
mod show;
mod survey;
mod tripwires;
mod verdict;
mod xquery;

pub use cache::CachedValidator;
pub use error::{Rejection, Rule};
pub use policy::{Explain, Level, Limits, Policy};
pub use survey::Survey;
pub use verdict::Validator;

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
