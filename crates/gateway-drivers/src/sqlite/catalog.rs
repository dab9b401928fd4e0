//! SQLite's schema, by its table-valued pragma functions (<https://www.sqlite.org/pragma.html#pragfunc>), which only report.

use gateway_core::Column;

use super::types::{self, Origin};
use crate::{Catalog, CatalogType};

pub(super) const CATALOG: Catalog = Catalog {
    schemas: "SELECT name, NULL FROM pragma_database_list WHERE name LIKE :schema ESCAPE '!' AND (name = :own OR name <> 'temp') ORDER BY name",
    tables: "SELECT t.schema, t.name, CASE t.type WHEN 'view' THEN 'view' ELSE 'table' END, NULL, NULL \
        FROM pragma_table_list t \
        WHERE t.schema LIKE :schema ESCAPE '!' AND t.name LIKE :table ESCAPE '!' AND (t.schema = :own OR t.schema <> 'temp') \
          AND t.type <> 'shadow' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' \
          AND (t.schema > :after_schema OR t.schema = :after_schema AND t.name > :after_table) \
        ORDER BY t.schema, t.name LIMIT :limit",
    table: None,
    columns: "SELECT t.schema, t.name, CAST(c.cid + 1 AS TEXT), c.name, c.type, NULL, c.type, \
          CASE WHEN c.\"notnull\" OR c.pk > 0 THEN 'false' ELSE 'true' END, c.dflt_value, NULL \
        FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, t.schema) c \
        WHERE t.schema IN (:schemas) AND t.name IN (:tables) AND c.hidden <> 1 \
        ORDER BY t.schema, t.name, c.cid",
    keys: "SELECT t.schema, t.name, 'primary', 'primary', CAST(c.pk AS TEXT), c.name, NULL, NULL, NULL \
        FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, t.schema) c \
        WHERE t.schema IN (:schemas) AND t.name IN (:tables) AND c.pk > 0 \
        UNION ALL \
        SELECT t.schema, t.name, i.name, 'unique', CAST(k.seqno + 1 AS TEXT), k.name, NULL, NULL, NULL \
        FROM pragma_table_list t JOIN pragma_index_list(t.name, t.schema) i JOIN pragma_index_info(i.name, t.schema) k \
        WHERE t.schema IN (:schemas) AND t.name IN (:tables) AND i.origin = 'u' \
        UNION ALL \
        SELECT t.schema, t.name, 'foreign_' || f.id, 'foreign', CAST(f.seq + 1 AS TEXT), f.\"from\", t.schema, f.\"table\", f.\"to\" \
        FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name, t.schema) f \
        WHERE t.schema IN (:schemas) AND t.name IN (:tables) \
        ORDER BY 1, 2, 3, 5",
    tables_at_once: 200,
    describe,
};

fn describe(of: &CatalogType<'_>) -> Column {
    types::column(Origin::declared(of.native), None)
}
