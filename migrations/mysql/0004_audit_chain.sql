-- More about each audit record, and the chains that show when one was altered or removed.

-- One change of the table, made whole or not at all, and skipped when the file is run again.
--   chain, chain_seq, chain_hash: the chain's number, the record's place in it, and the hash over the record and the hash
--   before it. NULL in records that were written before there were chains.
SET @change = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'audit_records' AND column_name = 'chain') = 0,
    'ALTER TABLE audit_records
        ADD COLUMN identified_by VARCHAR(16)   NULL,
        ADD COLUMN target        VARCHAR(255)  NULL,
        ADD COLUMN digest        VARBINARY(32) NULL,
        ADD COLUMN parameters    MEDIUMTEXT    NULL,
        ADD COLUMN event_count   BIGINT        NOT NULL DEFAULT 1,
        ADD COLUMN chain         BIGINT        NULL,
        ADD COLUMN chain_seq     BIGINT        NULL,
        ADD COLUMN chain_hash    VARBINARY(32) NULL,
        ADD UNIQUE KEY audit_records_chain (chain, chain_seq)',
    'DO 0');

PREPARE change_audit_records FROM @change;

EXECUTE change_audit_records;

DEALLOCATE PREPARE change_audit_records;

-- One row for each process that wrote records. The first retained record follows on (first_seq, first_hash), the last is
-- (head_seq, head_hash); both ends are authenticated with a key that is not in the store.
CREATE TABLE IF NOT EXISTS audit_chains (
    chain      BIGINT         NOT NULL PRIMARY KEY,
    opened_at  BIGINT         NOT NULL,
    first_seq  BIGINT         NOT NULL,
    first_hash VARBINARY(32)  NOT NULL,
    first_mac  VARBINARY(128) NOT NULL,
    head_seq   BIGINT         NOT NULL,
    head_hash  VARBINARY(32)  NOT NULL,
    head_mac   VARBINARY(128) NOT NULL
) ENGINE = InnoDB;

-- One row: how many chains there are, so that a whole one cannot go unnoticed.
CREATE TABLE IF NOT EXISTS audit_ledger (
    id         TINYINT        NOT NULL PRIMARY KEY,
    chains     BIGINT         NOT NULL,
    mac        VARBINARY(128) NOT NULL
) ENGINE = InnoDB;

-- Keys with which nothing may be sealed any more.
CREATE TABLE IF NOT EXISTS retired_keys (
    key_id     VARCHAR(64)    NOT NULL PRIMARY KEY,
    retired_at BIGINT         NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;

INSERT IGNORE INTO audit_ledger (id, chains, mac) VALUES (1, 0, '');
