//! Why credentials are not accepted.

use std::fmt;

use gateway_core::IdentifiedBy;

/// Why a caller is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No credentials at all.
    Missing,
    /// An `Authorization` header of another scheme than Bearer.
    NotBearer,
    /// Not a token that one of our keys signed.
    Invalid,
    /// Longer than any token.
    TooLong,
    /// Signed with a key that we do not have, or with an algorithm that the key is not for.
    UnknownKey,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    Immature,
    /// Issued by or for somebody else.
    NotForUs,
    /// Not an API key that we gave out, or one that was removed. Carries the public prefix, if it has the form of a key.
    ApiKey(Option<String>),
    /// An API key whose time is over.
    ExpiredApiKey(String),
    /// Credentials of a kind that is switched off.
    SwitchedOff,
    /// A client certificate that names nobody.
    Nameless,
    /// The keys that verify tokens have not been had yet.
    NoKeys,
    /// Too many wrong credentials came from the caller's address.
    Throttled {
        /// After how many seconds to try again.
        seconds: u32,
        /// Which kind of credentials these were.
        tried: IdentifiedBy,
    },
}

impl Refusal {
    /// The reason in words for the caller.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Missing => "Send a token or an API key in the header \"Authorization: Bearer …\"",
            Self::NotBearer => "The Authorization header must have the form \"Bearer …\"",
            Self::Invalid => "The token is not valid",
            Self::TooLong => "The token is too long",
            Self::UnknownKey => "The token was not signed with a key and algorithm that are accepted here",
            Self::Expired => "The token has expired",
            Self::Immature => "The token is not valid yet",
            Self::NotForUs => "The token was issued by or for somebody else",
            Self::ApiKey(_) => "The API key is not valid",
            Self::ExpiredApiKey(_) => "The API key has expired",
            Self::SwitchedOff => "Credentials of this kind are not accepted here",
            Self::Nameless => "The client certificate names nobody",
            Self::NoKeys => "The keys that verify tokens cannot be had at present",
            Self::Throttled { .. } => "Too many wrong credentials came from this address",
        }
    }

    /// The short name for records and metrics.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotBearer => "not_bearer",
            Self::Invalid => "invalid",
            Self::TooLong => "too_long",
            Self::UnknownKey => "unknown_key",
            Self::Expired => "expired",
            Self::Immature => "immature",
            Self::NotForUs => "not_for_us",
            Self::ApiKey(_) => "api_key",
            Self::ExpiredApiKey(_) => "expired_api_key",
            Self::SwitchedOff => "switched_off",
            Self::Nameless => "nameless",
            Self::NoKeys => "no_keys",
            Self::Throttled { .. } => "throttled",
        }
    }

    /// The public part of an API key, if one was presented.
    #[must_use]
    pub fn key_prefix(&self) -> Option<&str> {
        match self {
            Self::ApiKey(prefix) => prefix.as_deref(),
            Self::ExpiredApiKey(prefix) => Some(prefix),
            _ => None,
        }
    }

    /// Which kind of credentials they were.
    #[must_use]
    pub const fn tried(&self) -> IdentifiedBy {
        match self {
            Self::ApiKey(_) | Self::ExpiredApiKey(_) => IdentifiedBy::ApiKey,
            Self::Nameless => IdentifiedBy::Certificate,
            Self::Missing | Self::SwitchedOff => IdentifiedBy::Nothing,
            Self::Throttled { tried, .. } => *tried,
            Self::NotBearer
            | Self::Invalid
            | Self::TooLong
            | Self::UnknownKey
            | Self::Expired
            | Self::Immature
            | Self::NotForUs
            | Self::NoKeys => IdentifiedBy::Token,
        }
    }

    /// Whether it is a failed login: credentials were presented and are wrong.
    #[must_use]
    pub const fn is_failed_login(&self) -> bool {
        !matches!(self, Self::Missing | Self::NoKeys)
    }

    /// The `error` of the challenge (RFC 6750, section 3.1); none if no credentials were sent.
    #[must_use]
    pub const fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::Missing => None,
            Self::NotBearer => Some("invalid_request"),
            _ => Some("invalid_token"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
