//! The sample database: a small shop with customers, products, orders and their items. The figures are made by a fixed
//! rule, so every demo has the same ones.

use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, Transaction, params};

const CUSTOMERS: i64 = 400;
const PRODUCTS: i64 = 120;
const ORDERS: i64 = 3000;

const SCHEMA: &str = "
    CREATE TABLE customers (
        id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, email VARCHAR(120) NOT NULL UNIQUE,
        country CHAR(2) NOT NULL, newsletter BOOLEAN NOT NULL, joined_on DATE NOT NULL);
    CREATE TABLE products (
        id INTEGER PRIMARY KEY, sku VARCHAR(12) NOT NULL UNIQUE, name VARCHAR(80) NOT NULL,
        category VARCHAR(40) NOT NULL, price DECIMAL(10,2) NOT NULL, weight_kg DOUBLE, in_stock INTEGER NOT NULL);
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
        status VARCHAR(10) NOT NULL, ordered_at DATETIME NOT NULL, note TEXT);
    CREATE TABLE order_items (
        order_id INTEGER NOT NULL REFERENCES orders (id), line INTEGER NOT NULL,
        product_id INTEGER NOT NULL REFERENCES products (id), quantity INTEGER NOT NULL,
        unit_price DECIMAL(10,2) NOT NULL, PRIMARY KEY (order_id, line));
    CREATE INDEX orders_by_customer ON orders (customer_id, ordered_at);
    CREATE INDEX items_by_product ON order_items (product_id);
    CREATE VIEW order_totals AS
        SELECT o.id AS order_id, o.customer_id, o.status, o.ordered_at,
               CAST(round(sum(i.quantity * i.unit_price), 2) AS NUMERIC) AS total
        FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY o.id;";

const FIRST: [&str; 20] = [
    "Ada", "Björn", "Chiara", "Dmitri", "Elif", "Fatou", "Grace", "Hiro", "Ines", "Jamal", "Kofi", "Lena",
    "Miguel", "Noor", "Olga", "Priya", "Quentin", "Rosa", "Søren", "Tomás",
];
const LAST: [&str; 20] = [
    "Almeida",
    "Berg",
    "Costa",
    "Diallo",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jensen",
    "Kaya",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Rossi",
    "Singh",
    "Tanaka",
    "Weber",
];
const COUNTRIES: [&str; 8] = ["DE", "FR", "IT", "JP", "NG", "SE", "TR", "BR"];
const CATEGORIES: [(&str, [&str; 6]); 5] = [
    ("Kitchen", ["Kettle", "Pan", "Knife", "Grater", "Teapot", "Scale"]),
    (
        "Office",
        [
            "Lamp",
            "Notebook",
            "Stapler",
            "Desk Pad",
            "Pen Set",
            "Monitor Arm",
        ],
    ),
    (
        "Garden",
        ["Trowel", "Hose", "Planter", "Rake", "Lantern", "Bird Feeder"],
    ),
    (
        "Travel",
        ["Backpack", "Adapter", "Bottle", "Pillow", "Pouch", "Umbrella"],
    ),
    (
        "Music",
        [
            "Metronome",
            "Tuner",
            "Capo",
            "Music Stand",
            "Strings",
            "Headphones",
        ],
    ),
];
const FINISHES: [&str; 4] = ["Classic", "Compact", "Pro", "Travel"];
const STATUSES: [&str; 5] = ["paid", "shipped", "shipped", "delivered", "cancelled"];

/// A small generator (Knuth's MMIX linear congruential one), so that the figures are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = self.below(i64::try_from(from.len()).unwrap_or(1));
        usize::try_from(index)
            .ok()
            .and_then(|index| from.get(index).copied())
            .unwrap_or("")
    }
}

/// Makes the sample database at `path`, whole or not at all.
pub(crate) fn create(path: &Path) -> anyhow::Result<()> {
    let unfinished = path.with_extension("db.new");
    if unfinished.exists() {
        std::fs::remove_file(&unfinished).context("removing an unfinished sample database")?;
    }
    let mut connection = Connection::open(&unfinished).context("making the sample database")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    let mut dice = Dice(2026);
    fill_customers(&transaction, &mut dice)?;
    let prices = fill_products(&transaction, &mut dice)?;
    fill_orders(&transaction, &mut dice, &prices)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    std::fs::rename(&unfinished, path).context("putting the sample database in its place")
}

fn fill_customers(transaction: &Transaction<'_>, dice: &mut Dice) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare(
        "INSERT INTO customers VALUES (?1, ?2, ?3, ?4, ?5, date('2023-01-01', '+' || ?6 || ' days'))",
    )?;
    for id in 1..=CUSTOMERS {
        let (first, last) = (dice.pick(&FIRST), dice.pick(&LAST));
        let name = format!("{first} {last}");
        let email = format!("customer{id}@example.com");
        insert.execute(params![
            id,
            name,
            email,
            dice.pick(&COUNTRIES),
            dice.below(2),
            dice.below(1100)
        ])?;
    }
    Ok(())
}

/// Prices are kept in hundredths; the last step of each insert turns them into decimals.
fn fill_products(transaction: &Transaction<'_>, dice: &mut Dice) -> rusqlite::Result<Vec<i64>> {
    let mut insert =
        transaction.prepare("INSERT INTO products VALUES (?1, ?2, ?3, ?4, ?5 / 100.0, ?6 / 1000.0, ?7)")?;
    let mut prices = Vec::new();
    let goods = CATEGORIES
        .iter()
        .flat_map(|(category, names)| names.iter().map(move |name| (category, name)));
    let variants = goods.flat_map(|good| FINISHES.iter().map(move |finish| (good, finish)));
    for (id, ((category, name), finish)) in (1..=PRODUCTS).zip(variants) {
        let price = 450 + dice.below(18_000);
        let sku = format!("NX-{:04}", 1000 + id);
        let weight = (dice.below(10) > 0).then(|| 80 + dice.below(4000));
        let title = format!("{name} {finish}");
        insert.execute(params![id, sku, title, category, price, weight, dice.below(250)])?;
        prices.push(price);
    }
    Ok(prices)
}

fn fill_orders(transaction: &Transaction<'_>, dice: &mut Dice, prices: &[i64]) -> rusqlite::Result<()> {
    let mut order = transaction.prepare(
        "INSERT INTO orders VALUES (?1, ?2, ?3, datetime('2024-01-01', '+' || ?4 || ' minutes'), ?5)",
    )?;
    let mut item = transaction.prepare("INSERT INTO order_items VALUES (?1, ?2, ?3, ?4, ?5 / 100.0)")?;
    let known = i64::try_from(prices.len()).unwrap_or(1);
    for id in 1..=ORDERS {
        let minute = id * 350 + dice.below(300);
        let note =
            (dice.below(8) == 0).then_some("Please leave it with the neighbours – they're home all day.");
        order.execute(params![
            id,
            1 + dice.below(CUSTOMERS),
            dice.pick(&STATUSES),
            minute,
            note
        ])?;
        for line in 1..=1 + dice.below(4) {
            let product = 1 + dice.below(known);
            let price = usize::try_from(product - 1)
                .ok()
                .and_then(|index| prices.get(index))
                .copied();
            item.execute(params![id, line, product, 1 + dice.below(5), price.unwrap_or(0)])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_is_complete_and_the_same_every_time() {
        let folder = tempfile::tempdir().unwrap();
        let figures: Vec<(i64, i64, i64, f64)> = ["one.db", "other.db"]
            .iter()
            .map(|name| {
                let path = folder.path().join(name);
                create(&path).unwrap();
                let ask = "SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM products), \
                     (SELECT count(*) FROM orders), (SELECT sum(total) FROM order_totals)";
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
                Connection::open(&path).unwrap().query_row(ask, [], read).unwrap()
            })
            .collect();
        assert_eq!(figures[0], figures[1]);
        assert_eq!(
            (figures[0].0, figures[0].1, figures[0].2),
            (CUSTOMERS, PRODUCTS, ORDERS)
        );
        assert!(!folder.path().join("one.db.new").exists());
    }
}
