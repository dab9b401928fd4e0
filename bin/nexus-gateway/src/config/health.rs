//! The section `health`: how data sources are watched, and when one that fails is left alone.

use std::time::Duration;

use gateway_drivers::BreakerSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Faults, duration};

const PROBE_INTERVAL: Duration = Duration::from_secs(15);

/// Checks that come more often would be a load of their own.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// As it may be written.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawHealth {
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    probe_interval: Option<Duration>,
    breaker_failures: Option<u32>,
}

/// Checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HealthSettings {
    /// How long a source that is used may show nothing before it is checked; `None` for ever.
    pub(crate) probe_interval: Option<Duration>,
    pub(crate) breaker: BreakerSettings,
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self {
            probe_interval: Some(PROBE_INTERVAL),
            breaker: BreakerSettings::default(),
        }
    }
}

impl HealthSettings {
    pub(super) fn check(raw: &RawHealth, faults: &mut Faults) -> Self {
        let interval = raw.probe_interval.unwrap_or(PROBE_INTERVAL);
        faults.require(
            interval.is_zero() || interval >= SHORTEST_INTERVAL,
            "health.probe_interval",
            "must be at least 1s, or 0 to switch the checks off",
        );
        let defaults = BreakerSettings::default();
        Self {
            probe_interval: (!interval.is_zero()).then_some(interval),
            breaker: BreakerSettings {
                failures: raw.breaker_failures.unwrap_or(defaults.failures),
                ..defaults
            },
        }
    }
}

#[derive(Serialize)]
pub(super) struct ShownHealth {
    probe_interval: String,
    breaker_failures: u32,
}

impl From<&HealthSettings> for ShownHealth {
    fn from(settings: &HealthSettings) -> Self {
        Self {
            probe_interval: duration::show(settings.probe_interval.unwrap_or_default()),
            breaker_failures: settings.breaker.failures,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_can_be_switched_off_but_not_be_a_load() {
        let check = |probe_interval| {
            let raw = RawHealth {
                probe_interval,
                ..RawHealth::default()
            };
            let mut faults = Faults::default();
            let settings = HealthSettings::check(&raw, &mut faults);
            faults.into_result(|_| None).map(|()| settings.probe_interval)
        };
        assert_eq!(check(None).unwrap(), Some(PROBE_INTERVAL));
        assert_eq!(check(Some(Duration::ZERO)).unwrap(), None);
        let message = check(Some(Duration::from_millis(10))).unwrap_err().to_string();
        assert!(message.contains("health.probe_interval"), "{message}");
    }
}
