//! From PostgreSQL's types to standard types and to the way each is decoded.

use std::sync::Arc;

use gateway_core::{Column, Encoding, StandardType, json};
use postgres_types::{Kind, Type};

/// How a value that has no parts is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Bool,
    Int2,
    Int4,
    Int8,
    /// 32 bits, unsigned: oid, xid, cid.
    UInt4,
    /// 64 bits, unsigned: xid8.
    UInt8,
    Float4,
    Float8,
    Numeric,
    Text,
    /// One byte, shown as a character.
    Char,
    Bytea,
    /// Bits, shown as zeros and ones: bytes could not say how many there are.
    Bits,
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
    /// inet and cidr. The server's own cast of inet to text adds a mask that its clients do not show.
    Network,
    /// Only the server can put it into words.
    Words,
}

/// How a column is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decode {
    /// One value.
    Scalar(Scalar),
    /// An array of any dimension.
    Array(Arc<Array>),
    /// A composite value.
    Struct(Arc<[Field]>),
}

/// What an array is made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Array {
    pub(super) element: Decode,
    /// What stands between elements in the server's words: nearly always a comma.
    pub(super) delimiter: u8,
}

/// A part of a composite value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// `"name":` in JSON.
    pub(super) key: Box<[u8]>,
    /// Its type, to notice that the composite type was changed behind our back.
    pub(super) oid: u32,
    pub(super) decode: Decode,
}

impl Decode {
    /// Whether the server must be asked for words, because it or a part of it has no other form that we know.
    pub(super) fn needs_words(&self) -> bool {
        match self {
            Self::Scalar(scalar) => *scalar == Scalar::Words,
            Self::Array(array) => array.element.needs_words(),
            Self::Struct(fields) => fields.iter().any(|field| field.decode.needs_words()),
        }
    }
}

/// How values of `of` are read.
pub(super) fn decode(of: &Type) -> Decode {
    match of.kind() {
        Kind::Array(element) => Decode::Array(Arc::new(Array {
            element: decode(element),
            delimiter: match (of, base(element)) {
                (&(Type::INT2_VECTOR | Type::OID_VECTOR), _) => b' ',
                (_, &Type::BOX) => b';',
                _ => b',',
            },
        })),
        Kind::Domain(base) => decode(base),
        Kind::Composite(fields) => Decode::Struct(
            fields
                .iter()
                .map(|field| {
                    let mut key = Vec::new();
                    json::write_string(&mut key, field.name());
                    key.push(b':');
                    Field {
                        key: key.into(),
                        oid: field.type_().oid(),
                        decode: decode(field.type_()),
                    }
                })
                .collect(),
        ),
        Kind::Enum(_) => Decode::Scalar(Scalar::Text),
        Kind::Simple => Decode::Scalar(scalar(of)),
        // A pseudo-type to the server.
        _ if *of == Type::RECORD_ARRAY => Decode::Array(Arc::new(Array {
            element: Decode::Scalar(Scalar::Words),
            delimiter: b',',
        })),
        // Ranges, multiranges, pseudo-types, and whatever kinds are still to come.
        _ => Decode::Scalar(Scalar::Words),
    }
}

/// What a domain is made of.
pub(super) fn base(of: &Type) -> &Type {
    match of.kind() {
        Kind::Domain(inner) => base(inner),
        _ => of,
    }
}

fn scalar(of: &Type) -> Scalar {
    match *of {
        Type::BOOL => Scalar::Bool,
        Type::INT2 => Scalar::Int2,
        Type::INT4 => Scalar::Int4,
        Type::INT8 => Scalar::Int8,
        Type::OID | Type::XID | Type::CID => Scalar::UInt4,
        Type::XID8 => Scalar::UInt8,
        Type::FLOAT4 => Scalar::Float4,
        Type::FLOAT8 => Scalar::Float8,
        Type::NUMERIC => Scalar::Numeric,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML => Scalar::Text,
        Type::CHAR => Scalar::Char,
        Type::BYTEA => Scalar::Bytea,
        Type::BIT | Type::VARBIT => Scalar::Bits,
        Type::DATE => Scalar::Date,
        Type::TIME => Scalar::Time,
        Type::TIMETZ => Scalar::TimeTz,
        Type::TIMESTAMP => Scalar::Timestamp,
        Type::TIMESTAMPTZ => Scalar::TimestampTz,
        Type::INTERVAL => Scalar::Interval,
        Type::JSON => Scalar::Json,
        Type::JSONB => Scalar::Jsonb,
        Type::UUID => Scalar::Uuid,
        Type::INET | Type::CIDR => Scalar::Network,
        _ => Scalar::Words,
    }
}

/// The standard type of values read as `decode`.
pub(super) fn standard(decode: &Decode) -> StandardType {
    match decode {
        Decode::Array(_) => StandardType::Array,
        Decode::Struct(_) => StandardType::Struct,
        Decode::Scalar(scalar) => match scalar {
            Scalar::Bool => StandardType::Boolean,
            Scalar::Int2 | Scalar::Int4 | Scalar::UInt4 => StandardType::Integer,
            Scalar::Int8 | Scalar::UInt8 => StandardType::BigInt,
            Scalar::Float4 => StandardType::Float,
            Scalar::Float8 => StandardType::Double,
            Scalar::Numeric => StandardType::Decimal,
            Scalar::Text | Scalar::Char | Scalar::Bits | Scalar::Network | Scalar::Words => {
                StandardType::String
            }
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
pub(super) fn column(name: &str, of: &Type, decode: &Decode, modifier: i32) -> Column {
    let native = match of.kind() {
        Kind::Array(element) => format!("{}[]", element.name()),
        _ => of.name().to_owned(),
    };
    let mut column = Column::new(name, standard(decode), native);
    column.signed = match decode {
        Decode::Scalar(Scalar::Int2 | Scalar::Int4 | Scalar::Int8) => Some(true),
        Decode::Scalar(Scalar::UInt4 | Scalar::UInt8 | Scalar::Time) => Some(false),
        _ => None,
    };
    column.encoding = match column.standard_type {
        // The session's encoding is pinned, whatever the database's is.
        StandardType::String => Some(Encoding::Utf8),
        StandardType::Binary => Some(Encoding::Binary),
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
    if modifier >= 0 {
        match *of {
            Type::TIME | Type::TIMETZ | Type::TIMESTAMP | Type::TIMESTAMPTZ => column.scale = Some(modifier),
            // The lower half; all its bits stand for "not declared".
            Type::INTERVAL if modifier & 0xffff != 0xffff => column.scale = Some(modifier & 0xffff),
            Type::BIT | Type::VARBIT => column.length = u64::try_from(modifier).ok(),
            _ => {}
        }
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, of: &Type, modifier: i32) -> Column {
        super::column(name, of, &decode(of), modifier)
    }

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
