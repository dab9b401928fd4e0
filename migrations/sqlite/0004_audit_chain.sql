-- More about each audit record, and the chains that show when one was altered or removed.

ALTER TABLE audit_records ADD COLUMN identified_by TEXT;

ALTER TABLE audit_records ADD COLUMN target TEXT;

ALTER TABLE audit_records ADD COLUMN digest BLOB;

ALTER TABLE audit_records ADD COLUMN parameters TEXT;

ALTER TABLE audit_records ADD COLUMN event_count INTEGER NOT NULL DEFAULT 1;

-- The chain's number, the record's place in it, and the hash over the record and the hash before it. NULL in records that
-- were written before there were chains.
ALTER TABLE audit_records ADD COLUMN chain INTEGER;

ALTER TABLE audit_records ADD COLUMN chain_seq INTEGER;

ALTER TABLE audit_records ADD COLUMN chain_hash BLOB;

CREATE UNIQUE INDEX IF NOT EXISTS audit_records_chain ON audit_records (chain, chain_seq);

-- One row for each process that wrote records. The first retained record follows on (first_seq, first_hash), the last is
-- (head_seq, head_hash); both ends are authenticated with a key that is not in the store.
CREATE TABLE IF NOT EXISTS audit_chains (
    chain      INTEGER NOT NULL PRIMARY KEY,
    opened_at  INTEGER NOT NULL,
    first_seq  INTEGER NOT NULL,
    first_hash BLOB    NOT NULL,
    first_mac  BLOB    NOT NULL,
    head_seq   INTEGER NOT NULL,
    head_hash  BLOB    NOT NULL,
    head_mac   BLOB    NOT NULL
) STRICT;

-- One row: how many chains there are, so that a whole one cannot go unnoticed.
CREATE TABLE IF NOT EXISTS audit_ledger (
    id     INTEGER NOT NULL PRIMARY KEY,
    chains INTEGER NOT NULL,
    mac    BLOB    NOT NULL
) STRICT;

-- Keys with which nothing may be sealed any more.
CREATE TABLE IF NOT EXISTS retired_keys (
    key_id     TEXT    NOT NULL PRIMARY KEY,
    retired_at INTEGER NOT NULL
) STRICT;

INSERT OR IGNORE INTO audit_ledger (id, chains, mac) VALUES (1, 0, x'');
