//! From MySQL's column definitions to standard types.

use gateway_core::{Column, Encoding, StandardType};
use mysql_common::constants::{ColumnFlags, ColumnType};
use mysql_common::packets::Column as Definition;

/// The character set number that means "bytes".
const BINARY: u16 = 63;

/// Bytes a character takes at most in utf8mb4, the character set of every session; lengths are declared in bytes.
const BYTES_PER_CHARACTER: u32 = 4;

/// `decimals` of a column whose fractional digits are not fixed.
const NOT_FIXED: u8 = 31;

/// The description of a column.
pub(super) fn column(definition: &Definition) -> Column {
    let (standard, native) = classify(definition);
    let flags = definition.flags();
    let mut column = Column::new(definition.name_str(), standard, native);
    column.nullable = Some(!flags.contains(ColumnFlags::NOT_NULL_FLAG));
    let table = definition.org_table_str();
    column.table = (!table.is_empty()).then(|| table.into_owned());
    let decimals = definition.decimals();
    column.signed = match standard {
        StandardType::Integer | StandardType::BigInt => Some(!flags.contains(ColumnFlags::UNSIGNED_FLAG)),
        StandardType::Time => Some(true),
        _ => None,
    };
    match standard {
        StandardType::Decimal => {
            // The length counts the digits, the point and the sign.
            let signs = u32::from(decimals > 0) + u32::from(!flags.contains(ColumnFlags::UNSIGNED_FLAG));
            column.precision = Some(definition.column_length().saturating_sub(signs));
            column.scale = Some(i32::from(decimals));
        }
        StandardType::Time | StandardType::Timestamp | StandardType::TimestampTz if decimals != NOT_FIXED => {
            column.scale = Some(i32::from(decimals));
        }
        StandardType::String => {
            column.length = Some(u64::from(definition.column_length() / BYTES_PER_CHARACTER));
            column.encoding = Some(Encoding::Utf8);
        }
        StandardType::Binary => {
            column.length = Some(u64::from(definition.column_length()));
            column.encoding = Some(Encoding::Binary);
        }
        _ => {}
    }
    column
}

fn classify(definition: &Definition) -> (StandardType, String) {
    use ColumnType as T;
    let flags = definition.flags();
    let whole = |name: &str| {
        let unsigned = if flags.contains(ColumnFlags::UNSIGNED_FLAG) {
            " unsigned"
        } else {
            ""
        };
        format!("{name}{unsigned}")
    };
    let binary = definition.character_set() == BINARY;
    let text_or_bytes = |text: &str, bytes: &str| {
        if flags.contains(ColumnFlags::ENUM_FLAG) {
            (StandardType::String, "enum".to_owned())
        } else if flags.contains(ColumnFlags::SET_FLAG) {
            (StandardType::String, "set".to_owned())
        } else if binary {
            (StandardType::Binary, bytes.to_owned())
        } else {
            (StandardType::String, text.to_owned())
        }
    };
    match definition.column_type() {
        T::MYSQL_TYPE_TINY => (StandardType::Integer, whole("tinyint")),
        T::MYSQL_TYPE_SHORT => (StandardType::Integer, whole("smallint")),
        T::MYSQL_TYPE_INT24 => (StandardType::Integer, whole("mediumint")),
        T::MYSQL_TYPE_LONG => (StandardType::Integer, whole("int")),
        T::MYSQL_TYPE_LONGLONG => (StandardType::BigInt, whole("bigint")),
        T::MYSQL_TYPE_YEAR => (StandardType::Integer, "year".to_owned()),
        T::MYSQL_TYPE_FLOAT => (StandardType::Float, "float".to_owned()),
        T::MYSQL_TYPE_DOUBLE => (StandardType::Double, "double".to_owned()),
        T::MYSQL_TYPE_DECIMAL | T::MYSQL_TYPE_NEWDECIMAL => (StandardType::Decimal, whole("decimal")),
        T::MYSQL_TYPE_DATE | T::MYSQL_TYPE_NEWDATE => (StandardType::Date, "date".to_owned()),
        T::MYSQL_TYPE_TIME | T::MYSQL_TYPE_TIME2 => (StandardType::Time, "time".to_owned()),
        T::MYSQL_TYPE_DATETIME | T::MYSQL_TYPE_DATETIME2 => (StandardType::Timestamp, "datetime".to_owned()),
        T::MYSQL_TYPE_TIMESTAMP | T::MYSQL_TYPE_TIMESTAMP2 => {
            (StandardType::TimestampTz, "timestamp".to_owned())
        }
        T::MYSQL_TYPE_BIT if definition.column_length() <= 1 => (StandardType::Integer, "bit".to_owned()),
        T::MYSQL_TYPE_BIT => (StandardType::Binary, "bit".to_owned()),
        T::MYSQL_TYPE_JSON => (StandardType::Json, "json".to_owned()),
        T::MYSQL_TYPE_GEOMETRY => (StandardType::Binary, "geometry".to_owned()),
        T::MYSQL_TYPE_VECTOR => (StandardType::Binary, "vector".to_owned()),
        T::MYSQL_TYPE_STRING => text_or_bytes("char", "binary"),
        T::MYSQL_TYPE_VAR_STRING | T::MYSQL_TYPE_VARCHAR => text_or_bytes("varchar", "varbinary"),
        T::MYSQL_TYPE_TINY_BLOB => text_or_bytes("tinytext", "tinyblob"),
        T::MYSQL_TYPE_BLOB => text_or_bytes("text", "blob"),
        T::MYSQL_TYPE_MEDIUM_BLOB => text_or_bytes("mediumtext", "mediumblob"),
        T::MYSQL_TYPE_LONG_BLOB => text_or_bytes("longtext", "longblob"),
        T::MYSQL_TYPE_ENUM => (StandardType::String, "enum".to_owned()),
        T::MYSQL_TYPE_SET => (StandardType::String, "set".to_owned()),
        T::MYSQL_TYPE_NULL => (StandardType::String, "null".to_owned()),
        T::MYSQL_TYPE_TYPED_ARRAY | T::MYSQL_TYPE_UNKNOWN => text_or_bytes("unknown", "unknown"),
    }
}
