//! A double of Oracle Database: it speaks Oracle Net well enough that Oracle's own thin clients cannot tell, and answers from
//! a database of SQLite, or as a test has written.
//!
//! No real server can be had where the tests run; what this one does is checked by Oracle's own clients for Python and
//! Node.js, and against bytes that real servers have sent.
//!
//! ```no_run
//! use nexus_tests::oracle::{Answer, Column, Double, Kind, Mode, Value};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let double = Double::start(Mode::Fast)?;
//! double.execute("CREATE TABLE things (id NUMBER(9), name VARCHAR2(40))")?;
//! let column = Column::new("N", Kind::NUMBER);
//! double.script("SELECT n FROM many", Answer::made(vec![column], 1_000_000, |at| vec![Value::Integer(at as i64)]));
//! println!("scott/tiger@127.0.0.1:{}/testpdb, {:?}", double.port(), double.stats());
//! # Ok(())
//! # }
//! ```

mod answer;
mod binds;
#[cfg(test)]
mod captured;
mod column;
mod cursor;
mod database;
mod declared;
mod dictionary;
mod double;
mod encode;
mod error;
mod every;
mod execute;
mod facts;
mod failure;
mod faults;
mod functions;
mod handshake;
mod hints;
mod inbox;
mod json;
mod listener;
mod lob;
mod login;
mod number;
mod packet;
mod plsql;
mod query;
mod rewrite;
mod script;
mod session;
mod statement;
mod temporal;
mod tls;
mod token;
mod value;
mod vector;
mod wire;

pub use column::{Column, Kind};
pub use double::{Double, Mode, Settings};
pub use error::OraError;
pub use facts::{SessionFacts, Stats, Transaction};
pub use faults::{Fault, RedirectForm, RowFault};
pub use script::{Answer, Pattern};
pub use temporal::{DaySecond, Moment, YearMonth};
pub use tls::Tls;
pub use value::{RowId, Value};

use double::Shared;
use error::{Flow, Halt};
