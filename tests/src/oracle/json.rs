//! JSON in Oracle's binary form, OSON: the names of fields once, then a tree of nodes that refer to each other by offset.

use std::collections::BTreeSet;

use serde_json::Value;

use super::number;
use super::wire::Out;

const MAGIC: [u8; 3] = [0xff, 0x4a, 0x5a];
const VERSION: u8 = 1;
const IS_SCALAR: u16 = 0x10;
const INLINE_LEAVES: u16 = 0x02;
const LARGE_TREE: u16 = 0x1000;
const LARGE_NAMES: u16 = 0x0800;
const MANY_NAMES: u16 = 0x08;
const SHORT_HASHES: u16 = 0x0100;

const NULL: u8 = 0x30;
const TRUE: u8 = 0x31;
const FALSE: u8 = 0x32;
const NUMBER: u8 = 0x34;
const TEXT: u8 = 0x38;
/// Containers with counts and offsets of four bytes.
const OBJECT: u8 = 0x84 | 0x10 | 0x20;
const ARRAY: u8 = 0xc0 | 0x10 | 0x20;

/// The image of a document.
pub(super) fn image(document: &Value) -> Vec<u8> {
    let mut out = Out::default();
    out.raw(&MAGIC).u8(VERSION);
    let mut names = BTreeSet::new();
    collect_names(document, &mut names);
    // The names are in the order of their hashes, those with the same one by length and content.
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by_key(|name| (hash(name), name.len(), *name));
    let mut tree = Out::default();
    write_node(&mut tree, document, &names);
    if !matches!(document, Value::Object(_) | Value::Array(_)) {
        out.u16(IS_SCALAR | INLINE_LEAVES | LARGE_TREE);
        out.u32(tree.0.len() as u32).raw(&tree.0);
        return out.0;
    }
    out.u16(INLINE_LEAVES | LARGE_TREE | LARGE_NAMES | MANY_NAMES | SHORT_HASHES);
    let mut segment = Out::default();
    let mut offsets = Out::default();
    for name in &names {
        offsets.u32(segment.0.len() as u32);
        segment.u8(name.len() as u8).raw(name.as_bytes());
    }
    out.u32(names.len() as u32).u32(segment.0.len() as u32);
    // The size of the tree, and no tiny nodes.
    out.u32(tree.0.len() as u32).u16(0);
    for name in &names {
        out.u8(hash(name));
    }
    out.raw(&offsets.0).raw(&segment.0).raw(&tree.0);
    out.0
}

fn collect_names<'a>(value: &'a Value, names: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names.insert(name);
                collect_names(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// FNV, of which one byte counts.
fn hash(name: &str) -> u8 {
    name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    }) as u8
}

fn write_node(tree: &mut Out, value: &Value, names: &[&str]) {
    match value {
        Value::Null => {
            tree.u8(NULL);
        }
        Value::Bool(flag) => {
            tree.u8(if *flag { TRUE } else { FALSE });
        }
        Value::Number(number) => {
            tree.u8(NUMBER);
            number::write_text(tree, &number.to_string());
        }
        Value::String(text) => {
            tree.u8(TEXT).u32(text.len() as u32).raw(text.as_bytes());
        }
        Value::Array(items) => {
            tree.u8(ARRAY).u32(items.len() as u32);
            write_children(tree, items.iter(), names);
        }
        Value::Object(fields) => {
            tree.u8(OBJECT).u32(fields.len() as u32);
            for name in fields.keys() {
                let index = names.iter().position(|known| known == name);
                // Counted from one.
                tree.u32(index.map_or(0, |index| index as u32 + 1));
            }
            write_children(tree, fields.values(), names);
        }
    }
}

/// The offsets of the children, and then they.
fn write_children<'a>(tree: &mut Out, children: impl ExactSizeIterator<Item = &'a Value>, names: &[&str]) {
    let mut slot = tree.0.len();
    tree.zeros(4 * children.len());
    for child in children {
        let offset = tree.0.len() as u32;
        tree.0[slot..slot + 4].copy_from_slice(&offset.to_be_bytes());
        slot += 4;
        write_node(tree, child, names);
    }
}
