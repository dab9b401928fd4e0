//! Values of both protocols, whole and broken.

use super::*;

fn reader(standard: StandardType, digits: u8, form: Form) -> Reader {
    Reader {
        standard,
        digits,
        is_bit: false,
        form,
    }
}

/// The only cell of a row, by the binary protocol.
fn shown(reader: Reader, value: &[u8]) -> String {
    let mut cells = BatchBuilder::new(1);
    let row = [&[0, 0], value].concat();
    push_row(&mut cells, &[reader], &row).unwrap();
    only(&mut cells)
}

fn only(cells: &mut BatchBuilder) -> String {
    let batch = cells.take();
    let cell = batch.rows().next().unwrap()[0];
    batch
        .text(cell)
        .map_or_else(|| format!("{cell:?}"), str::to_owned)
}

fn in_words(standard: StandardType, value: &str) -> String {
    let mut cells = BatchBuilder::new(1);
    let mut row = bytes::BytesMut::new();
    crate::mysql::lengths::put_bytes(&mut row, value.as_bytes());
    push_row_of_words(&mut cells, &[reader(standard, 0, Form::Bytes)], &row).unwrap();
    only(&mut cells)
}

#[test]
fn impossible_dates_go_out_verbatim() {
    let date = reader(StandardType::Date, 0, Form::Date);
    let timestamp = |digits| reader(StandardType::Timestamp, digits, Form::Date);
    assert_eq!(shown(date, &[0]), "0000-00-00");
    assert_eq!(shown(timestamp(3), &[0]), "0000-00-00 00:00:00.000");
    assert_eq!(shown(timestamp(0), &[0]), "0000-00-00 00:00:00");
    let february = [11, 0xea, 7, 2, 31, 1, 2, 3, 0x40, 0xe2, 1, 0];
    assert_eq!(shown(timestamp(6), &february), "2026-02-31 01:02:03.123456");
    assert_eq!(shown(timestamp(2), &february), "2026-02-31 01:02:03.12");
    assert_eq!(shown(date, &[4, 0xea, 7, 0, 9]), "2026-00-09");
    assert_eq!(
        in_words(StandardType::Timestamp, "0000-00-00 00:00:00"),
        "0000-00-00 00:00:00"
    );
}

#[test]
fn long_negative_times_keep_their_sign_and_hours() {
    let time = reader(StandardType::Time, 0, Form::Time);
    assert_eq!(
        shown(time, &[8, 1, 34, 0, 0, 0, 22, 59, 59]),
        "Time { nanos: -3020399000000000, digits: 0 }"
    );
    assert_eq!(shown(time, &[0]), "Time { nanos: 0, digits: 0 }");
    assert_eq!(
        shown(time, &[12, 1, 0, 0, 0, 0, 0, 0, 1, 0x20, 0xa1, 7, 0]),
        "Time { nanos: -1500000000, digits: 0 }"
    );
}

#[test]
fn numbers_have_their_sign_and_size() {
    for (form, value, expected) in [
        (Form::I8, &[0xff][..], "Int(-1)"),
        (Form::U8, &[0xff], "Int(255)"),
        (Form::I16, &[0xff, 0xff], "Int(-1)"),
        (Form::U16, &[0xff, 0xff], "Int(65535)"),
        (Form::I32, &[0, 0, 0, 0x80], "Int(-2147483648)"),
        (Form::U32, &[0, 0, 0, 0x80], "Int(2147483648)"),
        (Form::I64, &[0xff; 8], "Int(-1)"),
        (Form::U64, &[0xff; 8], "UInt(18446744073709551615)"),
        (Form::Float, &[0, 0, 0x80, 0x3f], "Float(1.0)"),
        (Form::Double, &[0, 0, 0, 0, 0, 0, 0xf0, 0x3f], "Double(1.0)"),
    ] {
        assert_eq!(shown(reader(StandardType::BigInt, 0, form), value), expected);
    }
}

#[test]
fn the_text_protocol_gives_the_same_cells() {
    assert_eq!(
        in_words(StandardType::BigInt, "18446744073709551615"),
        format!("UInt({})", u64::MAX)
    );
    assert_eq!(
        in_words(StandardType::Timestamp, "2026-01-31 12:00:00"),
        "2026-01-31T12:00:00"
    );
    assert_eq!(
        in_words(StandardType::TimestampTz, "2026-01-31 12:00:00.5"),
        "2026-01-31T12:00:00.5Z"
    );
}

#[test]
fn nulls_are_told_by_their_bits() {
    // Of 15 columns, those with an odd number; the bits begin with the third.
    let readers = [reader(StandardType::Integer, 0, Form::U8); 15];
    let nulls: u32 = (0..15)
        .filter(|index| index % 2 == 1)
        .map(|index| 1 << (index + 2))
        .sum();
    let [a, b, c, _] = nulls.to_le_bytes();
    let row = [&[0, a, b, c][..], &[0, 2, 4, 6, 8, 10, 12, 14]].concat();
    let mut cells = BatchBuilder::new(15);
    push_row(&mut cells, &readers, &row).unwrap();
    let batch = cells.take();
    let row = batch.rows().next().unwrap();
    for (index, cell) in row.iter().enumerate() {
        let expected = match index % 2 {
            1 => Cell::Null,
            _ => Cell::Int(index as i64),
        };
        assert_eq!(*cell, expected, "column {index}");
    }
}

#[test]
fn what_is_shorter_than_it_says_is_malformed() {
    let forms = [
        Form::I8,
        Form::I16,
        Form::I32,
        Form::I64,
        Form::Float,
        Form::Double,
        Form::Date,
        Form::Time,
        Form::Bytes,
        Form::Nothing,
    ];
    let rows: [&[u8]; 12] = [
        b"",
        b"\0",
        b"\0\0",
        b"\x01\0",
        b"\0\0\x0b\xea\x07\x02",
        b"\0\0\x05\xea\x07\x02\x01\x01",
        b"\0\0\x0b\xea\x07\x02\x01\x01\x01\x01\xff\xff\xff\xff",
        b"\0\0\x0c\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\x08\x01\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\x09\x01\0\0\0\0\0\0\0\0",
        b"\0\0\xfe\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\xff",
    ];
    for form in forms {
        for row in rows {
            for standard in [StandardType::Timestamp, StandardType::Date, StandardType::Binary] {
                let mut cells = BatchBuilder::new(1);
                // Not every form finds every row too short; none may panic.
                let _ = push_row(&mut cells, &[reader(standard, 6, form)], row);
            }
        }
    }
    for (form, row) in [
        (Form::I8, rows[2]),
        (Form::Date, rows[4]),
        (Form::Date, rows[5]),
        (Form::Date, rows[6]),
        (Form::Time, rows[7]),
        (Form::Time, rows[8]),
        (Form::Time, rows[9]),
        (Form::Bytes, rows[10]),
        (Form::Nothing, rows[11]),
    ] {
        let mut cells = BatchBuilder::new(1);
        let pushed = push_row(&mut cells, &[reader(StandardType::Timestamp, 6, form)], row);
        assert_eq!(pushed, Err(Malformed), "{form:?} {row:?}");
    }
}
