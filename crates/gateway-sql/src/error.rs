//! Why a text was not approved.

use std::borrow::Cow;
use std::fmt;

use gateway_core::{Classify, ErrorDetail, ErrorKind, Position};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $sentence:literal;)*) => {
        /// The rule that a text broke. The code ([`Rule::as_str`]) is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// Every rule, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The rule in a few words for a person.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

rules! {
    /// The text does not parse.
    Syntax = "syntax", "The statement does not parse";
    /// There is no statement in the text.
    Empty = "empty", "The text holds no statement";
    /// A string, comment or quoted name has no end.
    Unterminated = "unterminated", "A string, comment or quoted name is not closed";
    /// A character that no SQL text needs outside of strings.
    Character = "character", "This character is not permitted outside of strings";
    /// A spelling that servers or their settings read differently.
    Ambiguous = "ambiguous", "This spelling is read differently by different servers";
    /// A comment whose content MySQL or MariaDB executes.
    ExecutableComment = "executable_comment", "Comments that are executed are not permitted";
    /// An optimizer hint that changes more than the plan.
    Hint = "hint", "This optimizer hint is not permitted";
    /// More than one statement.
    MultipleStatements = "multiple_statements", "Only one statement is allowed";
    /// Not a SELECT, WITH, VALUES, TABLE, SHOW, DESCRIBE or EXPLAIN.
    StatementKind = "statement_kind", "Only read-only statements are allowed";
    /// INSERT, UPDATE, DELETE or MERGE inside a query.
    DataModification = "data_modification", "A query must not modify data";
    /// SELECT … INTO a table, a variable or a file.
    SelectInto = "select_into", "SELECT ... INTO is not permitted";
    /// FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE.
    Locking = "locking", "Locking reads are not permitted";
    /// An assignment to a variable.
    Assignment = "assignment", "Assignments to variables are not permitted";
    /// A sequence is advanced.
    Sequence = "sequence", "Sequences must not be advanced";
    /// A procedure or function is defined inside the statement, or a procedure is called.
    Procedure = "procedure", "Procedures and inline functions are not permitted";
    /// Another database is reached through a link.
    DatabaseLink = "database_link", "Database links are not permitted";
    /// EXPLAIN that executes the statement.
    ExplainAnalyze = "explain_analyze", "EXPLAIN must not execute the statement";
    /// A function that is not permitted.
    Function = "function", "This function is not permitted";
    /// An operator that is not built in.
    Operator = "operator", "This operator is not permitted";
    /// A construct that the validator does not know for this engine.
    Unsupported = "unsupported", "This construct is not supported";
    /// A placeholder that no value can be bound to.
    Placeholder = "placeholder", "This placeholder cannot be used";
    /// The text is too long.
    TextLength = "text_length", "The statement is too long";
    /// Too many brackets inside one another, or too long a chain of operators.
    Depth = "depth", "The statement is nested too deeply";
    /// Too many tokens.
    Size = "size", "The statement has too many parts";
    /// Too many elements in one list.
    ListSize = "list_size", "A list has too many elements";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A finding of one of the checks, before its place in the text is worked out.
#[derive(Debug, Clone)]
pub(crate) struct Denial {
    pub(crate) rule: Rule,
    pub(crate) what: Cow<'static, str>,
    /// Bytes from the start of the text.
    pub(crate) offset: Option<usize>,
}

impl Denial {
    pub(crate) fn new(
        rule: Rule,
        what: impl Into<Cow<'static, str>>,
        offset: impl Into<Option<usize>>,
    ) -> Self {
        Self {
            rule,
            what: what.into(),
            offset: offset.into(),
        }
    }
}

/// What every check answers.
pub(crate) type Verdict<T = ()> = Result<T, Denial>;

/// A text that was not approved, and why.
///
/// `Display` is one sentence for a person: the rule, and the part of the text that broke it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    rule: Rule,
    what: Cow<'static, str>,
    position: Option<Position>,
}

impl Rejection {
    pub(crate) fn locate(denial: Denial, text: &str) -> Self {
        Self {
            rule: denial.rule,
            what: denial.what,
            position: denial.offset.map(|offset| Position::of_offset(text, offset)),
        }
    }

    /// The rule that was broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Where in the text, if the fault has one place.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// The part of the text that broke the rule, or a remark about it; may be empty.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule.sentence())?;
        if !self.what.is_empty() {
            write!(f, ": {}", self.what)?;
        }
        Ok(())
    }
}

impl std::error::Error for Rejection {}

impl Classify for Rejection {
    fn kind(&self) -> ErrorKind {
        match self.rule {
            Rule::Syntax | Rule::Empty | Rule::Unterminated => ErrorKind::SqlSyntax,
            Rule::Character
            | Rule::Ambiguous
            | Rule::ExecutableComment
            | Rule::Hint
            | Rule::MultipleStatements
            | Rule::StatementKind
            | Rule::DataModification
            | Rule::SelectInto
            | Rule::Locking
            | Rule::Assignment
            | Rule::Sequence
            | Rule::Procedure
            | Rule::DatabaseLink
            | Rule::ExplainAnalyze
            | Rule::Function
            | Rule::Operator
            | Rule::Unsupported
            | Rule::Placeholder
            | Rule::TextLength
            | Rule::Depth
            | Rule::Size
            | Rule::ListSize => ErrorKind::InvalidSql,
        }
    }

    fn public_message(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn detail(&self) -> ErrorDetail {
        let details = match (self.position, self.what.is_empty()) {
            (Some(position), false) => format!("{} at {position}", self.what),
            (Some(position), true) => format!("rule {} at {position}", self.rule),
            (None, _) => format!("rule {}", self.rule),
        };
        ErrorDetail {
            details: Some(details),
            position: self.position,
            ..ErrorDetail::default()
        }
    }
}
