//! Finding the placeholders of a statement.

/// The names of the placeholders in order, in capitals, without the colon; one that stands twice is there twice.
pub(crate) fn find(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(place) = rest.find([':', '\'', '"']) {
        let (mark, behind) = (&rest[place..=place], &rest[place + 1..]);
        if mark != ":" {
            // A literal or a quoted name: nothing in it counts.
            let Some(end) = behind.find(mark) else {
                break;
            };
            rest = &behind[end + 1..];
            continue;
        }
        let end = behind
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .unwrap_or(behind.len());
        if end > 0 {
            found.push(behind[..end].to_ascii_uppercase());
        }
        rest = &behind[end..];
    }
    found
}
