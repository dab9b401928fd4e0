//! How an engine spells what the cases need.

use gateway_core::ParamValue;

/// One engine's way of saying things. Every text is a single statement; `?` stands for a parameter.
pub struct Dialect {
    /// What the cases' own statements become in this engine's words.
    pub spell: fn(&str) -> String,
    /// Run from outside before each case. Makes table `things (id, name, price, day, seen, data)` with two rows: 1 with a
    /// value in each column (`data` holds the bytes 00 ff 10), and 2 with NULL in all others.
    pub prepare: &'static [&'static str],
    /// The columns `name`, `price`, `day`, `seen` and `data` of the first thing, as they come back.
    pub first_thing: [&'static str; 5],
    /// Asked from outside: a text that changes with whatever is written in the database.
    pub fingerprint: &'static str,
    /// Statements that would change the fingerprint, beside those that every engine knows.
    pub writes: &'static [&'static str],
    /// Ways to leave something behind in a session, and whether it outlives the rollback.
    pub traces: &'static [Trace],
    /// Questions about the session's own settings, and the answers that the validator relies on.
    pub pins: &'static [(&'static str, &'static str)],
    /// One value of each kind, at least.
    pub samples: fn() -> Vec<Sample>,
    /// Kinds that the engine has no type for, and refuses.
    pub missing_kinds: &'static [&'static str],
    /// A value and a statement with `:wanted` that cannot take it, where the engine is strict enough to have one.
    pub unfit: Option<fn() -> (ParamValue, &'static str)>,
    /// A statement that gives rows before it fails.
    pub fails_late: &'static str,
    /// An expression that names the session, where sessions have names.
    pub session_id: Option<&'static str>,
    /// Whether there is a network, with accounts and passwords, between the driver and the database.
    pub network: bool,
}

/// A parameter and how it comes back.
pub struct Sample {
    /// The value to bind.
    pub value: ParamValue,
    /// A statement with one `?`.
    pub sql: &'static str,
    /// The first cell of its answer, shown as text.
    pub expected: &'static str,
}

/// Something that a statement leaves in its session, were it ever let through.
pub struct Trace {
    /// What it is.
    pub what: &'static str,
    /// The statement that leaves it. It may be refused.
    pub leave: &'static str,
    /// Asks about it, in the next caller's place.
    pub look: &'static str,
    /// The answer if nothing is left; `refused` if the question itself makes no sense then.
    pub clean: &'static str,
    /// Whether the next caller sees it today. That it cannot be left at all is the validator's task alone, then.
    pub survives: bool,
}
