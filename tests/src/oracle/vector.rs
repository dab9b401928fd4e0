//! The image of a VECTOR.

use super::encode::sortable;
use super::wire::Out;

const MAGIC: u8 = 0xdb;
const VERSION: u8 = 0;
/// The length of the vector is part of the image, and where it came from.
const FLAGS: u16 = 0x0012;
const FLOAT32: u8 = 2;

/// A vector of FLOAT32.
pub(super) fn image(numbers: &[f32]) -> Vec<u8> {
    let mut out = Out::default();
    out.u8(MAGIC).u8(VERSION).u16(FLAGS).u8(FLOAT32);
    out.u32(numbers.len() as u32);
    let norm = numbers
        .iter()
        .map(|number| f64::from(*number).powi(2))
        .sum::<f64>()
        .sqrt();
    out.raw(&sortable(norm.to_be_bytes()));
    for number in numbers {
        out.raw(&sortable(number.to_be_bytes()));
    }
    out.0
}
