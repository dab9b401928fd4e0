//! Rows in columns, for people.

use std::io::{self, Write};

/// Longest text shown of a value, in characters.
const WIDEST: usize = 80;

/// Writes `rows` under `head`. Columns that `to_right` names are of numbers.
pub(super) fn write(
    out: &mut impl Write,
    head: &[String],
    to_right: &[bool],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|text| in_a_line(text)).collect())
        .collect();
    let width = |at: usize| {
        let of = |row: &Vec<String>| row.get(at).map_or(0, |text| text.chars().count());
        rows.iter().chain([&head.to_vec()]).map(of).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .zip(to_right)
            .map(|((text, width), is_right)| {
                if *is_right {
                    format!("{text:>width$}")
                } else {
                    format!("{text:<width$}")
                }
            });
        let padded: Vec<String> = padded.collect();
        writeln!(out, "{}", padded.join("  ").trim_end())
    };
    line(head)?;
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    line(&rule)?;
    rows.iter().try_for_each(|row| line(row))
}

/// A terminal obeys control characters, and a table has one line a row.
fn in_a_line(text: &str) -> String {
    let mut shown: String = text.chars().take(WIDEST + 1).flat_map(visible).collect();
    if let Some((end, _)) = shown.char_indices().nth(WIDEST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default());
    let plain = (!character.is_control()).then_some(character);
    plain.into_iter().chain(escaped.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_control_characters_are_shown() {
        let text = |text: &str| text.to_owned();
        let rows = [vec![text("1"), text("a\nb")], vec![text("20"), "x".repeat(200)]];
        let mut out = Vec::new();
        write(&mut out, &[text("id"), text("name")], &[true, false], &rows).unwrap();
        let written = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert_eq!((lines[0], lines[2]), ("id  name", " 1  a\\nb"));
        assert!(
            lines[3].starts_with("20  xxx") && lines[3].ends_with("x…"),
            "{written}"
        );
        assert_eq!(lines[3].chars().count(), 4 + WIDEST + 1);
    }
}
