-- Registered data sources, the keys that sealed their passwords, and the counter that replicas watch.

CREATE TABLE IF NOT EXISTS data_sources (
    id          BINARY(16)      NOT NULL PRIMARY KEY,
    name        VARCHAR(200)    NOT NULL,
    -- The name in lower case. Binary, so that its order and its uniqueness are the same in every store.
    name_key    VARBINARY(1600) NOT NULL,
    engine      VARCHAR(32)     NOT NULL,
    description TEXT            NOT NULL,
    status      VARCHAR(16)     NOT NULL,
    config      MEDIUMTEXT      NOT NULL,
    password    BLOB            NULL,
    version     BIGINT          NOT NULL,
    created_at  BIGINT          NOT NULL,
    updated_at  BIGINT          NOT NULL,
    UNIQUE KEY data_sources_name_key (name_key)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- For each key that seals: a known text sealed with it, which shows whether a key of that name is the right one.
CREATE TABLE IF NOT EXISTS sealing_keys (
    key_id      VARCHAR(64)     NOT NULL PRIMARY KEY,
    check_value VARBINARY(255)  NOT NULL,
    created_at  BIGINT          NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;

-- One row. Every change of anything adds one, in its own transaction.
CREATE TABLE IF NOT EXISTS store_revision (
    id          TINYINT         NOT NULL PRIMARY KEY,
    revision    BIGINT          NOT NULL
) ENGINE = InnoDB;

INSERT IGNORE INTO store_revision (id, revision) VALUES (1, 0);
