//! Keys that others keep: a JSON Web Key Set in a file or behind a URL.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use gateway_core::trace::Trace;
use tokio::sync::Mutex;

use super::jwt::{KeyError, KeySet};
use super::key_request::get;

/// Longest time that a server may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where a key set is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLocation {
    /// A file, read again when asked.
    File(PathBuf),
    /// An `https` URL, or `http` on a loopback address.
    Url(String),
}

/// How often a set is had again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshTimes {
    /// At the latest.
    pub every: Duration,
    /// At the earliest, whatever tokens come along: a token that names an unknown key asks for the set anew.
    pub floor: Duration,
}

impl Default for RefreshTimes {
    fn default() -> Self {
        Self {
            every: Duration::from_mins(5),
            floor: Duration::from_secs(10),
        }
    }
}

/// Why a key set could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// The file cannot be read.
    #[error("reading {}: {reason}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The URL is not one that keys may come from.
    #[error("{0:?} is not an https URL (http is for loopback addresses)")]
    Url(String),
    /// The URL holds a name or a password, which would be shown with it.
    #[error("the URL must not hold a user name or a password")]
    Userinfo,
    /// The server did not give it.
    #[error("getting {url}: {reason}")]
    Fetch {
        /// From where.
        url: String,
        /// What happened.
        reason: String,
    },
    /// It is no key set.
    #[error("{place}: {reason}")]
    Content {
        /// Where it is.
        place: String,
        /// What is wrong.
        reason: KeyError,
    },
}

/// A key set that is had again and again. While it cannot be had, the keys of the last time stay in use.
#[derive(Debug)]
pub struct KeySource {
    location: KeyLocation,
    times: RefreshTimes,
    client: reqwest::Client,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    asked: Option<Instant>,
    content: Vec<u8>,
}

impl KeySource {
    /// The set at `location`; nothing is had before it is asked for.
    ///
    /// # Errors
    ///
    /// [`KeySourceError::Url`].
    pub fn new(location: KeyLocation, times: RefreshTimes) -> Result<Self, KeySourceError> {
        if let KeyLocation::Url(url) = &location {
            require_safe(url)?;
        }
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            // A redirect could lead from https to anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| KeySourceError::Fetch {
                url: "any URL".to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            location,
            times,
            client,
            last: Mutex::default(),
        })
    }

    pub(super) fn location(&self) -> &KeyLocation {
        &self.location
    }

    /// How long to wait before it is had again without a reason.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.times.every
    }

    /// Gives the keys to `install` if they are others than the last time, unless that was a moment ago; whether it did. A
    /// server that is asked for them is asked as a part of `trace`.
    pub(super) async fn fetch_if_changed(
        &self,
        trace: &Trace,
        install: impl FnOnce(KeySet),
    ) -> Result<bool, KeySourceError> {
        // Whoever waits here for another's answer is served by it: the keys are installed before the next may look.
        let mut last = self.last.lock().await;
        if last.asked.is_some_and(|asked| asked.elapsed() < self.times.floor) {
            return Ok(false);
        }
        last.asked = Some(Instant::now());
        let content = self.content(trace).await?;
        if content == last.content {
            return Ok(false);
        }
        let keys = KeySet::from_jwks(&content).map_err(|reason| KeySourceError::Content {
            place: self.place(),
            reason,
        })?;
        last.content = content;
        install(keys);
        Ok(true)
    }

    async fn content(&self, trace: &Trace) -> Result<Vec<u8>, KeySourceError> {
        match &self.location {
            KeyLocation::File(file) => tokio::fs::read(file)
                .await
                .map_err(|reason| KeySourceError::File {
                    file: file.clone(),
                    reason,
                }),
            KeyLocation::Url(url) => {
                let got = get(&self.client, url, trace).await;
                got.map_err(|reason| KeySourceError::Fetch {
                    url: url.clone(),
                    reason,
                })
            }
        }
    }

    fn place(&self) -> String {
        match &self.location {
            KeyLocation::File(file) => file.display().to_string(),
            KeyLocation::Url(url) => url.clone(),
        }
    }
}

fn require_safe(text: &str) -> Result<(), KeySourceError> {
    let unsafe_url = || KeySourceError::Url(text.to_owned());
    let url = reqwest::Url::parse(text).map_err(|_| unsafe_url())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(KeySourceError::Userinfo);
    }
    let is_loopback = url.host_str().is_some_and(|host| {
        let host = host.trim_matches(['[', ']']);
        host == "localhost"
            || host
                .parse()
                .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    });
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback => Ok(()),
        _ => Err(unsafe_url()),
    }
}
