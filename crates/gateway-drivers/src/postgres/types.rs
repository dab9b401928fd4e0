//! From PostgreSQL's types to standard types and to the way each is decoded.

use gateway_core::{Column, StandardType};
use tokio_postgres::types::{Kind, Type};

/// How a binary value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Text,
    /// One byte, shown as a character.
    Char,
    Bytea,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
    Json,
    /// A version byte before the JSON text.
    Jsonb,
    Uuid,
}

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decode {
    /// One value.
    Scalar(Scalar),
    /// An array of any dimension.
    Array(Scalar),
}

/// How values of `of` are read; `None` if only the server can put them into words.
pub(super) fn decode(of: &Type) -> Option<Decode> {
    match of.kind() {
        Kind::Array(element) => match decode(element)? {
            Decode::Scalar(scalar) => Some(Decode::Array(scalar)),
            Decode::Array(_) => None,
        },
        Kind::Domain(base) => decode(base),
        Kind::Enum(_) => Some(Decode::Scalar(Scalar::Text)),
        Kind::Simple => scalar(of).map(Decode::Scalar),
        _ => None,
    }
}

fn scalar(of: &Type) -> Option<Scalar> {
    Some(match *of {
        Type::BOOL => Scalar::Bool,
        Type::INT2 => Scalar::Int2,
        Type::INT4 => Scalar::Int4,
        Type::INT8 => Scalar::Int8,
        Type::OID => Scalar::Oid,
        Type::FLOAT4 => Scalar::Float4,
        Type::FLOAT8 => Scalar::Float8,
        Type::NUMERIC => Scalar::Numeric,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML => Scalar::Text,
        Type::CHAR => Scalar::Char,
        Type::BYTEA => Scalar::Bytea,
        Type::DATE => Scalar::Date,
        Type::TIME => Scalar::Time,
        Type::TIMETZ => Scalar::TimeTz,
        Type::TIMESTAMP => Scalar::Timestamp,
        Type::TIMESTAMPTZ => Scalar::TimestampTz,
        Type::INTERVAL => Scalar::Interval,
        Type::JSON => Scalar::Json,
        Type::JSONB => Scalar::Jsonb,
        Type::UUID => Scalar::Uuid,
        _ => return None,
    })
}

/// The standard type of values read as `decode`.
pub(super) fn standard(decode: Option<Decode>) -> StandardType {
    match decode {
        None => StandardType::String,
        Some(Decode::Array(_)) => StandardType::Array,
        Some(Decode::Scalar(scalar)) => match scalar {
            Scalar::Bool => StandardType::Boolean,
            Scalar::Int2 | Scalar::Int4 => StandardType::Integer,
            Scalar::Int8 | Scalar::Oid => StandardType::BigInt,
            Scalar::Float4 => StandardType::Float,
            Scalar::Float8 => StandardType::Double,
            Scalar::Numeric => StandardType::Decimal,
            Scalar::Text | Scalar::Char => StandardType::String,
            Scalar::Bytea => StandardType::Binary,
            Scalar::Date => StandardType::Date,
            Scalar::Time | Scalar::TimeTz => StandardType::Time,
            Scalar::Timestamp => StandardType::Timestamp,
            Scalar::TimestampTz => StandardType::TimestampTz,
            Scalar::Interval => StandardType::Interval,
            Scalar::Json | Scalar::Jsonb => StandardType::Json,
            Scalar::Uuid => StandardType::Uuid,
        },
    }
}

/// The description of a column of type `of` with the server's type modifier.
pub(super) fn column(name: &str, of: &Type, modifier: i32) -> Column {
    let native = match of.kind() {
        Kind::Array(element) => format!("{}[]", element.name()),
        _ => of.name().to_owned(),
    };
    let mut column = Column::new(name, standard(decode(of)), native);
    column.signed = match decode(of) {
        Some(Decode::Scalar(Scalar::Int2 | Scalar::Int4 | Scalar::Int8)) => Some(true),
        Some(Decode::Scalar(Scalar::Oid | Scalar::Time)) => Some(false),
        _ => None,
    };
    // Modifiers as in the server's `numerictypmodin` and `varchartypmodin`: both are offset by the header size 4.
    if modifier >= 4 {
        match *of {
            Type::NUMERIC => {
                let packed = modifier - 4;
                column.precision = u32::try_from(packed >> 16 & 0xffff).ok();
                // The scale is 11 bits, sign included.
                column.scale = Some((packed & 0x7ff ^ 1024) - 1024);
            }
            Type::VARCHAR | Type::BPCHAR => column.length = u64::try_from(modifier - 4).ok(),
            _ => {}
        }
    }
    if modifier >= 0
        && matches!(
            *of,
            Type::TIME | Type::TIMETZ | Type::TIMESTAMP | Type::TIMESTAMPTZ
        )
    {
        column.scale = Some(modifier);
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_are_unpacked() {
        let numeric = column("n", &Type::NUMERIC, (12 << 16 | 3) + 4);
        assert_eq!((numeric.precision, numeric.scale), (Some(12), Some(3)));
        let negative = column("n", &Type::NUMERIC, (5 << 16 | (-2 & 0x7ff)) + 4);
        assert_eq!((negative.precision, negative.scale), (Some(5), Some(-2)));
        assert_eq!(column("v", &Type::VARCHAR, 24).length, Some(20));
        assert_eq!(column("a", &Type::INT4_ARRAY, -1).native_type, "int4[]");
    }
}
