//! Whether a result column that comes from a NOT NULL column can hold NULL all the same.

/// Words that let a statement put NULLs where a table has none: outer joins, grouping sets and set operations.
const PADDING: [&str; 9] = [
    "left",
    "right",
    "full",
    "rollup",
    "cube",
    "grouping",
    "union",
    "intersect",
    "except",
];

/// Whether one of them is anywhere in `text`, if only as a name: then nothing can be said about its columns.
pub(crate) fn may_pad_with_nulls(text: &str) -> bool {
    words(text).any(|word| PADDING.iter().any(|padding| word.eq_ignore_ascii_case(padding)))
}

/// How often `wanted` occurs in `text` as a word, in any case.
#[cfg(feature = "sqlite")]
pub(crate) fn occurrences(text: &str, wanted: &str) -> usize {
    words(text)
        .filter(|word| word.eq_ignore_ascii_case(wanted))
        .count()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_count() {
        assert!(may_pad_with_nulls("SELECT a.id FROM a Left JOIN b USING (id)"));
        assert!(!may_pad_with_nulls(
            "SELECT left_hand, unions FROM a JOIN b USING (id)"
        ));
        assert_eq!(occurrences("SELECT 1 FROM (select 2), selects", "select"), 2);
    }
}
