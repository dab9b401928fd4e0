//! How the caller wants rows to look.

use std::fmt;

use gateway_core::{BinaryStyle, NumberStyle};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::render::{RowFormat, Style};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema, Default)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RowFormatName {
    #[default]
    Array,
    Object,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema, Default)]
#[serde(rename_all = "lowercase")]
pub(crate) enum NumbersName {
    #[default]
    Exact,
    Native,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema, Default)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BinaryName {
    #[default]
    Base64,
    Hex,
}

/// The style in an address. What is left out has its default.
#[derive(Deserialize, IntoParams, Default)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct StyleQuery {
    /// As it was when the read began.
    #[param(inline)]
    row_format: RowFormatName,
    /// As it was when the read began.
    #[param(inline)]
    numbers: NumbersName,
    /// As it was when the read began.
    #[param(inline)]
    binary: BinaryName,
}

impl StyleQuery {
    pub(super) fn new(row_format: RowFormatName, numbers: NumbersName, binary: BinaryName) -> Self {
        Self {
            row_format,
            numbers,
            binary,
        }
    }

    /// The style that gave these names.
    pub(crate) fn of(style: Style) -> Self {
        Self {
            row_format: match style.rows {
                RowFormat::Array => RowFormatName::Array,
                RowFormat::Object => RowFormatName::Object,
            },
            numbers: match style.numbers {
                NumberStyle::Exact => NumbersName::Exact,
                NumberStyle::Native => NumbersName::Native,
            },
            binary: match style.binary {
                BinaryStyle::Base64 => BinaryName::Base64,
                BinaryStyle::Hex => BinaryName::Hex,
            },
        }
    }

    pub(crate) fn into_style(self) -> Style {
        Style {
            rows: match self.row_format {
                RowFormatName::Array => RowFormat::Array,
                RowFormatName::Object => RowFormat::Object,
            },
            numbers: match self.numbers {
                NumbersName::Exact => NumberStyle::Exact,
                NumbersName::Native => NumberStyle::Native,
            },
            binary: match self.binary {
                BinaryName::Base64 => BinaryStyle::Base64,
                BinaryName::Hex => BinaryStyle::Hex,
            },
        }
    }
}

/// The query part of an address, with its question mark; nothing if all is as by default.
impl fmt::Display for StyleQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = '?';
        let pairs = [
            (self.row_format == RowFormatName::Object, "rowFormat=object"),
            (self.numbers == NumbersName::Native, "numbers=native"),
            (self.binary == BinaryName::Hex, "binary=hex"),
        ];
        for (_, pair) in pairs.into_iter().filter(|(differs, _)| *differs) {
            write!(f, "{separator}{pair}")?;
            separator = '&';
        }
        Ok(())
    }
}
