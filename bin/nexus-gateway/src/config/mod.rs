//! Settings: what was written (`raw`) and what it means (`checked`).

mod checked;
mod duration;
mod raw;
mod shown;
mod sources;

pub(crate) use checked::{
    AuthSettings, KeyRingSource, LogFormat, LogSettings, ServerSettings, Settings, StoreSettings, beside,
};
pub(crate) use duration::parse_duration;
pub(crate) use sources::load;
