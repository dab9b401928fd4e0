//! Which grammar the parser uses for each engine.

use gateway_core::Engine;
use sqlparser::dialect::{Dialect, MySqlDialect, OracleDialect, PostgreSqlDialect, SQLiteDialect};

static MYSQL: MySqlDialect = MySqlDialect {};
static POSTGRESQL: PostgreSqlDialect = PostgreSqlDialect {};
static ORACLE: OracleDialect = OracleDialect;
static SQLITE: SQLiteDialect = SQLiteDialect {};

/// The grammar of `engine`.
pub(crate) fn grammar(engine: Engine) -> &'static dyn Dialect {
    match engine {
        Engine::MySql | Engine::MariaDb => &MYSQL,
        Engine::PostgreSql => &POSTGRESQL,
        Engine::Oracle => &ORACLE,
        Engine::Sqlite => &SQLITE,
    }
}
