-- The audit log. Records are added and never changed.

CREATE TABLE IF NOT EXISTS audit_records (
    id             BLOB    NOT NULL PRIMARY KEY,
    decided_at     INTEGER NOT NULL,
    correlation_id TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    remote         TEXT,
    action         TEXT    NOT NULL,
    source         BLOB,
    statement      TEXT,
    decision       TEXT    NOT NULL,
    code           TEXT,
    rule           TEXT,
    row_count      INTEGER NOT NULL,
    byte_count     INTEGER NOT NULL,
    duration_us    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS audit_records_source ON audit_records (source, id);

CREATE INDEX IF NOT EXISTS audit_records_subject ON audit_records (subject, id);
