-- Registered data sources, the keys that sealed their passwords, and the counter that replicas watch.

CREATE TABLE IF NOT EXISTS data_sources (
    id          BLOB    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    -- The name in lower case. Compared byte by byte, so that its order and its uniqueness are the same in every store.
    name_key    TEXT    NOT NULL UNIQUE,
    engine      TEXT    NOT NULL,
    description TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    config      TEXT    NOT NULL,
    password    BLOB,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

-- For each key that seals: a known text sealed with it, which shows whether a key of that name is the right one.
CREATE TABLE IF NOT EXISTS sealing_keys (
    key_id      TEXT    NOT NULL PRIMARY KEY,
    check_value BLOB    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

-- One row. Every change of anything adds one, in its own transaction.
CREATE TABLE IF NOT EXISTS store_revision (
    id          INTEGER NOT NULL PRIMARY KEY,
    revision    INTEGER NOT NULL
) STRICT;

INSERT OR IGNORE INTO store_revision (id, revision) VALUES (1, 0);
