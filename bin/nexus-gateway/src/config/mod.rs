//! Settings: what was written (`raw`) and what it means (`checked`).

mod audit;
mod auth;
mod auth_shown;
mod checked;
mod duration;
mod faults;
mod health;
mod limits;
mod list;
mod metrics;
mod network;
mod oracle;
mod own_files;
mod raw;
mod reading;
mod schema;
mod secrets;
mod server;
mod shown;
mod sources;
mod tracing;

pub(crate) use audit::{AuditLogSettings, AuditTargets};
pub(crate) use auth::{AuthSettings, JwtKeys, JwtSettings};
pub(crate) use checked::{KeyRingSource, LogFormat, LogSettings, Settings, StoreSettings, beside};
pub(crate) use duration::parse_duration;
pub(crate) use faults::Faults;
pub(crate) use health::HealthSettings;
pub(crate) use limits::LimitSettings;
pub(crate) use metrics::MetricsListener;
pub(crate) use network::NetworkSettings;
pub(crate) use oracle::OracleSettings;
pub(crate) use schema::schema;
pub(crate) use secrets::SecretSettings;
pub(crate) use server::ServerSettings;
pub(crate) use sources::{Flag, file_in_use, load};
pub(crate) use tracing::TracingSettings;
