//! The script: what statements are answered with, by the table they read.

use super::moments::{Interval, Moment};
use super::types;

/// An error of the server's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) code: i32,
    pub(crate) message: &'static str,
}

impl Fault {
    pub(crate) const LOST: Self = Self {
        code: 3113,
        message: "end-of-file on communication channel",
    };
    pub(crate) const TIMED_OUT: Self = Self {
        code: 3136,
        message: "inbound connection timed out",
    };
    pub(crate) const TRUNCATED: Self = Self {
        code: 1406,
        message: "fetched column value was truncated",
    };
}

/// A column, as it is described.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: u16,
    /// In bytes.
    pub(crate) size: u16,
    pub(crate) precision: i16,
    pub(crate) scale: i8,
    pub(crate) nullable: bool,
    /// 1 for the database's character set, 2 for the national one.
    pub(crate) form: u8,
}

/// A value of a row.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Text(String),
    Number(&'static str),
    Moment(Moment),
    Interval(Interval),
    Float(f32),
    Double(f64),
    Bytes(&'static [u8]),
    Rowid(&'static str),
}

/// What comes after the rows of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// No more rows.
    Done,
    /// An error.
    Fails(Fault),
    /// The first row again, for ever.
    Never,
}

/// What a statement is answered with.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Rows {
        columns: Vec<Column>,
        rows: Vec<Vec<Value>>,
        end: End,
    },
    /// One row with the statement's binds as text.
    Binds,
    Fails(Fault),
    /// The server says nothing more.
    Silence,
    /// The connection breaks.
    Lost,
}

/// Whether there is such a database, and such a user.
pub(crate) fn log_in(database: &str, user: &str, password: &str) -> Result<(), Fault> {
    if !database.contains("testpdb") {
        return Err(Fault {
            code: 12514,
            message: "TNS:listener does not currently know of service requested in connect descriptor",
        });
    }
    if (user, password) == ("scott", "tiger") {
        Ok(())
    } else {
        Err(Fault {
            code: 1017,
            message: "invalid username/password; logon denied",
        })
    }
}

/// The answer to a query, by the innermost table that it names.
pub(crate) fn answer(sql: &str, database: &str) -> Answer {
    let capitals = sql.to_ascii_uppercase();
    if let Some(fact) = fact(&capitals, database) {
        return fact;
    }
    let table = capitals.rsplit("FROM ").next().unwrap_or_default();
    let table = table.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    match table.into_iter().next().unwrap_or_default() {
        "DUAL" => Answer::Binds,
        "PEOPLE" => rows(people_columns(), people(), End::Done),
        "BROKEN" => rows(
            people_columns(),
            people(),
            End::Fails(Fault {
                code: 1555,
                message: "snapshot too old: rollback segment number 9 with name \"_SYSSMU9$\" too small",
            }),
        ),
        "ENDLESS" => rows(people_columns(), people(), End::Never),
        "NUMBERS" => rows(
            vec![column("N", types::NUMBER, 22)],
            numbers()
                .into_iter()
                .map(|number| vec![Value::Number(number)])
                .collect(),
            End::Done,
        ),
        "EVERYTHING" => everything(),
        "LENGTHY" => lengthy(),
        "TRUTHS" => rows(
            vec![column("B", types::BOOLEAN, 1)],
            vec![vec![Value::Null]],
            End::Done,
        ),
        "STUCK" => Answer::Silence,
        "CUT" => Answer::Lost,
        _ => Answer::Fails(Fault {
            code: 942,
            message: "table or view does not exist",
        }),
    }
}

/// What a server says about itself, if that is what is asked.
fn fact(capitals: &str, database: &str) -> Option<Answer> {
    let text = |text: &str| (column("VALUE", types::VARCHAR2, 64), Value::Text(text.to_owned()));
    let number = |number| (column("COUNT", types::NUMBER, 22), Value::Number(number));
    let (column, value) = if capitals.contains("FROM NLS_DATABASE_PARAMETERS") {
        let is_latin = database.contains("latin");
        text(if is_latin { "WE8MSWIN1252" } else { "AL32UTF8" })
    } else if capitals.contains("FROM PRODUCT_COMPONENT_VERSION") {
        text("99.0.0.0.0")
    } else if capitals.contains("FROM V$SESSION_CONNECT_INFO") {
        number("1")
    } else if capitals.contains("FROM SESSION_PRIVS") {
        number("0")
    } else {
        return None;
    };
    Some(rows(vec![column], vec![vec![value]], End::Done))
}

fn rows(columns: Vec<Column>, rows: Vec<Vec<Value>>, end: End) -> Answer {
    Answer::Rows { columns, rows, end }
}

pub(crate) fn column(name: &str, kind: u16, size: u16) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        size,
        precision: 0,
        scale: -127,
        nullable: true,
        form: 1,
    }
}

fn people_columns() -> Vec<Column> {
    let id = Column {
        precision: 10,
        scale: 0,
        nullable: false,
        ..column("ID", types::NUMBER, 22)
    };
    vec![
        id,
        column("NAME", types::VARCHAR2, 40),
        column("BORN", types::DATE, 7),
    ]
}

fn people() -> Vec<Vec<Value>> {
    vec![
        vec![
            Value::Number("1"),
            Value::Text("Ada".to_owned()),
            Value::Moment(Moment::date(1815, 12, 10).at(13, 45, 59, 0)),
        ],
        vec![Value::Number("2"), Value::Null, Value::Null],
        vec![
            Value::Number("3"),
            Value::Text("Žofie 🌷".to_owned()),
            Value::Moment(Moment::date(-4712, 1, 1)),
        ],
    ]
}

/// What a NUMBER can be at most, at least, and in between.
fn numbers() -> [&'static str; 9] {
    [
        "0",
        "-1",
        "100",
        "12345678901234567890123456789012345678",
        "-99999999999999999999999999999999999999",
        "0.00000000000000000000000000000000000001",
        "-1234.5678",
        "1E-130",
        "9.9999999999999999999999999999999999999E125",
    ]
}

/// Eight characters in each type that has no limit of its own, then in none.
fn lengthy() -> Answer {
    let text = || Value::Text("12345678".to_owned());
    let bytes = || Value::Bytes(b"12345678");
    let columns = vec![
        column("C_LONG", types::LONG, 0),
        column("C_LONG_RAW", types::LONG_RAW, 0),
        column("C_CLOB", types::CLOB, 4000),
        column("C_BLOB", types::BLOB, 4000),
    ];
    let values = vec![text(), bytes(), text(), bytes()];
    rows(columns, vec![values, vec![Value::Null; 4]], End::Done)
}

fn everything() -> Answer {
    let fractional = |name, kind, size| Column {
        scale: 9,
        ..column(name, kind, size)
    };
    let moment = Moment::date(2024, 2, 29).at(23, 59, 58, 123_456_789);
    let national = |name, kind, size| Column {
        form: 2,
        ..column(name, kind, size)
    };
    let cells = vec![
        (
            column("C_CHAR", types::CHAR, 8),
            Value::Text("ab      ".to_owned()),
        ),
        (
            national("C_NVARCHAR2", types::VARCHAR2, 80),
            Value::Text("příliš".to_owned()),
        ),
        (
            column("C_LONG", types::LONG, 0),
            Value::Text("long ago".to_owned()),
        ),
        (column("C_FLOAT", types::BINARY_FLOAT, 4), Value::Float(1.5)),
        (
            column("C_DOUBLE", types::BINARY_DOUBLE, 8),
            Value::Double(f64::MIN_POSITIVE),
        ),
        (
            fractional("C_TIMESTAMP", types::TIMESTAMP, 11),
            Value::Moment(moment),
        ),
        (
            fractional("C_TIMESTAMP_TZ", types::TIMESTAMP_TZ, 13),
            Value::Moment(moment.zone(-3, -30)),
        ),
        (
            fractional("C_TIMESTAMP_LTZ", types::TIMESTAMP_LTZ, 11),
            Value::Moment(moment.zone(2, 0)),
        ),
        (
            column("C_INTERVAL_YM", types::INTERVAL_YM, 5),
            Value::Interval(Interval([-3, -1, 0, 0, 0])),
        ),
        (
            column("C_INTERVAL_DS", types::INTERVAL_DS, 11),
            Value::Interval(Interval([4, 5, 6, 7, 890_000_000])),
        ),
        (column("C_RAW", types::RAW, 16), Value::Bytes(&[0, 0xff, 0x7f])),
        (column("C_LONG_RAW", types::LONG_RAW, 0), Value::Bytes(&[1, 2])),
        (
            column("C_CLOB", types::CLOB, 4000),
            Value::Text("čtyři".to_owned()),
        ),
        (column("C_BLOB", types::BLOB, 4000), Value::Bytes(b"\0blob")),
        (
            column("C_ROWID", types::ROWID, 10),
            Value::Rowid("AAAR3sAAEAAAACXAAA"),
        ),
    ];
    let (columns, values): (Vec<_>, Vec<_>) = cells.into_iter().unzip();
    let nulls = vec![Value::Null; columns.len()];
    rows(columns, vec![values, nulls], End::Done)
}
