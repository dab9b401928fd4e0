//! How statements and their parameters are put on record.

use aws_lc_rs::digest::{SHA256, digest};
use gateway_core::json::{write_bytes, write_int, write_string};
use gateway_core::{BinaryStyle, ParamValue, Parameters};

/// The longest text that is kept whole, in bytes. The validator refuses longer statements anyway.
const LONGEST_STATEMENT: usize = 128 << 10;

/// The longest parameters that are kept, in bytes.
const LONGEST_PARAMETERS: usize = 64 << 10;

/// What is recorded of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementRecord {
    /// Its text.
    Text,
    /// The SHA-256 digest of its text: enough to recognize it, not to read it.
    Digest,
    /// Both.
    Both,
}

/// The text and the digest to record. The digest is there whenever the text is not there whole.
pub(super) fn statement(sql: &str, keep: StatementRecord) -> (Option<String>, Option<[u8; 32]>) {
    let is_long = sql.len() > LONGEST_STATEMENT;
    let text = || sql[..sql.floor_char_boundary(LONGEST_STATEMENT)].to_owned();
    let digest = || sha256(sql);
    match keep {
        StatementRecord::Text => (Some(text()), is_long.then(digest)),
        StatementRecord::Digest => (None, Some(digest())),
        StatementRecord::Both => (Some(text()), Some(digest())),
    }
}

fn sha256(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    bytes
}

/// The values as JSON: an array or an object, as they were given. Values that are too long altogether are left out, and
/// that is said.
pub(super) fn parameters(values: &Parameters) -> Option<String> {
    let mut out = Vec::new();
    match values {
        Parameters::None => return None,
        Parameters::Positional(values) => write_list(&mut out, values),
        Parameters::Named(values) => {
            out.push(b'{');
            for (index, (name, value)) in values.iter().enumerate() {
                separate(&mut out, index);
                write_string(&mut out, name);
                out.push(b':');
                write_value(&mut out, value);
            }
            out.push(b'}');
        }
    }
    if out.len() > LONGEST_PARAMETERS {
        return Some(format!("{{\"omittedBytes\":{}}}", out.len()));
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}

fn write_list(out: &mut Vec<u8>, values: &[ParamValue]) {
    out.push(b'[');
    for (index, value) in values.iter().enumerate() {
        separate(out, index);
        write_value(out, value);
    }
    out.push(b']');
}

fn write_value(out: &mut Vec<u8>, value: &ParamValue) {
    match value {
        ParamValue::Null => out.extend(b"null"),
        ParamValue::Bool(value) => out.extend(value.to_string().as_bytes()),
        ParamValue::Int(number) => write_int(out, *number),
        ParamValue::UInt(number) => write_int(out, *number),
        ParamValue::Number(digits) => out.extend(digits.as_bytes()),
        ParamValue::Text(text) => write_string(out, text),
        ParamValue::Typed(declared, text) => {
            write_typed(out, declared.as_str(), |out| write_string(out, text));
        }
        ParamValue::Binary(bytes) => {
            write_typed(out, "binary", |out| {
                out.push(b'"');
                write_bytes(out, bytes, BinaryStyle::Base64);
                out.push(b'"');
            });
        }
        ParamValue::Array(values) => write_list(out, values),
    }
}

fn write_typed(out: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
    out.extend(b"{\"type\":");
    write_string(out, name);
    out.extend(b",\"value\":");
    value(out);
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gateway_core::ParamType;

    use super::*;

    #[test]
    fn a_statement_is_kept_as_told() {
        let digest = Some(sha256("SELECT 1"));
        let text = Some("SELECT 1".to_owned());
        assert_eq!(statement("SELECT 1", StatementRecord::Text), (text.clone(), None));
        assert_eq!(statement("SELECT 1", StatementRecord::Digest), (None, digest));
        assert_eq!(statement("SELECT 1", StatementRecord::Both), (text, digest));
        let long = "ü".repeat(LONGEST_STATEMENT);
        let (kept, digest) = statement(&long, StatementRecord::Text);
        assert_eq!(kept.map(|text| text.len()), Some(LONGEST_STATEMENT));
        assert_eq!(digest, Some(sha256(&long)));
    }

    #[test]
    fn values_are_kept_as_json() {
        assert_eq!(parameters(&Parameters::None), None);
        let list = vec![
            ParamValue::Null,
            ParamValue::Bool(true),
            ParamValue::Int(-1),
            ParamValue::UInt(u64::MAX),
            ParamValue::Number("1.50".to_owned()),
            ParamValue::Text("a\"b".to_owned()),
            ParamValue::Typed(ParamType::Date, "2026-01-31".to_owned()),
            ParamValue::Binary(vec![0, 255]),
            ParamValue::Array(vec![ParamValue::Int(1), ParamValue::Int(2)]),
        ];
        assert_eq!(
            parameters(&Parameters::Positional(list)).as_deref(),
            Some(
                "[null,true,-1,18446744073709551615,1.50,\"a\\\"b\",{\"type\":\"date\",\"value\":\"2026-01-31\"},\
                 {\"type\":\"binary\",\"value\":\"AP8=\"},[1,2]]"
            )
        );
        let named = BTreeMap::from([("x".to_owned(), ParamValue::Int(1))]);
        assert_eq!(
            parameters(&Parameters::Named(named)).as_deref(),
            Some("{\"x\":1}")
        );
        let long = vec![ParamValue::Text("x".repeat(LONGEST_PARAMETERS))];
        assert_eq!(
            parameters(&Parameters::Positional(long)).as_deref(),
            Some("{\"omittedBytes\":65540}")
        );
    }
}
