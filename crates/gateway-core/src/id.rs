//! Identifiers. Each is its own type, so that one cannot be passed for another.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

macro_rules! uuid_newtype {
    ($(#[$doc:meta])* $name:ident, $make:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new, unique identifier.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "a default identifier would suggest a constant")]
            pub fn new() -> Self {
                Self($make)
            }

            /// The 16 bytes in network order.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_newtype!(
    /// Names a registered data source (a version 4 UUID when the gateway makes it).
    DataSourceId,
    Uuid::new_v4()
);
uuid_newtype!(
    /// Names one execution of a statement (a version 7 UUID, so that sorting by it sorts by start).
    QueryId,
    Uuid::now_v7()
);
uuid_newtype!(
    /// Names one entry of the audit log (a version 7 UUID, so that sorting by it sorts by time).
    AuditId,
    Uuid::now_v7()
);
