//! `[limits]`: how much one caller, and all callers of one source, may ask at once.

use std::num::NonZeroU32;
use std::time::Duration;

use gateway_http::HttpSettings;
use gateway_service::AdmissionSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration;
use super::faults::Faults;

/// Failed logins from one address within a minute before further attempts are refused.
const LOGIN_FAILURES: u32 = 30;

/// More than any machine has under way.
const MOST: usize = 1_000_000;

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawLimits {
    rate: Option<u32>,
    burst: Option<u32>,
    per_caller: Option<usize>,
    per_source: Option<usize>,
    queue: Option<usize>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    queue_timeout: Option<Duration>,
    login_failures: Option<u32>,
}

/// Bounds on what goes on at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LimitSettings {
    pub(crate) admission: AdmissionSettings,
    /// Failed logins from one address within a minute; `None` for any number.
    pub(crate) login_failures: Option<NonZeroU32>,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            admission: AdmissionSettings::default(),
            login_failures: NonZeroU32::new(LOGIN_FAILURES),
        }
    }
}

impl LimitSettings {
    /// Checks `raw`; what it says of rates goes into `http`.
    pub(super) fn check(raw: &RawLimits, http: HttpSettings, faults: &mut Faults) -> (Self, HttpSettings) {
        let rate = match raw.rate {
            Some(0) => None,
            Some(rate) => Some(rate),
            None => http.rate_per_second,
        };
        let burst = raw
            .burst
            .unwrap_or_else(|| rate.map_or(http.rate_burst, |rate| rate.saturating_mul(2)));
        faults.require(
            burst > 0,
            "limits.burst",
            "must be above 0; to switch the limit off set limits.rate = 0",
        );
        let defaults = AdmissionSettings::default();
        let admission = AdmissionSettings {
            per_caller: raw.per_caller.unwrap_or(defaults.per_caller),
            per_source: raw.per_source.unwrap_or(defaults.per_source),
            queue: raw.queue.unwrap_or(defaults.queue),
            queue_timeout: raw.queue_timeout.unwrap_or(defaults.queue_timeout),
        };
        for (name, bound) in [
            ("limits.per_caller", admission.per_caller),
            ("limits.per_source", admission.per_source),
        ] {
            let rule = format_args!("must be between 1 and {MOST}");
            faults.require((1..=MOST).contains(&bound), name, rule);
        }
        let rule = format_args!("must be at most {MOST}");
        faults.require(admission.queue <= MOST, "limits.queue", rule);
        let settings = Self {
            admission,
            login_failures: NonZeroU32::new(raw.login_failures.unwrap_or(LOGIN_FAILURES)),
        };
        let http = HttpSettings {
            rate_per_second: rate,
            rate_burst: burst,
            ..http
        };
        (settings, http)
    }
}

#[derive(Serialize)]
pub(super) struct ShownLimits {
    rate: u32,
    burst: u32,
    per_caller: usize,
    per_source: usize,
    queue: usize,
    queue_timeout: String,
    login_failures: u32,
}

impl ShownLimits {
    pub(super) fn of(limits: &LimitSettings, http: &HttpSettings) -> Self {
        let admission = &limits.admission;
        Self {
            rate: http.rate_per_second.unwrap_or(0),
            burst: http.rate_burst,
            per_caller: admission.per_caller,
            per_source: admission.per_source,
            queue: admission.queue,
            queue_timeout: duration::show(admission.queue_timeout),
            login_failures: limits.login_failures.map_or(0, NonZeroU32::get),
        }
    }
}
