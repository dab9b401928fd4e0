//! Names of columns where each must be its own.

use std::collections::HashSet;

use gateway_core::Column;

/// The names of `columns`; one that is taken gets the first free of `name_2`, `name_3` and so on.
pub(super) fn distinct(columns: &[Column]) -> impl Iterator<Item = String> {
    let names: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut taken: HashSet<String> = HashSet::new();
    columns.iter().map(move |column| {
        let mut name = column.name.clone();
        let mut count = 1;
        while taken.contains(&name) || (count > 1 && names.contains(name.as_str())) {
            count += 1;
            name = format!("{}_{count}", column.name);
        }
        taken.insert(name.clone());
        name
    })
}
