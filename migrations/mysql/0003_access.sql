-- Who may do what: API keys and roles.

CREATE TABLE IF NOT EXISTS api_keys (
    prefix       VARCHAR(32)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    -- SHA-256 of the secret part, which has 256 random bits and so needs no slower hash.
    hash         BINARY(32)    NOT NULL,
    name         VARCHAR(256)  NOT NULL,
    scopes       VARCHAR(256)  NOT NULL,
    sources      MEDIUMTEXT    NOT NULL,
    created_by   VARCHAR(256)  NOT NULL,
    created_at   BIGINT        NOT NULL,
    expires_at   BIGINT        NULL,
    last_used_at BIGINT        NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS roles (
    name        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    definition  MEDIUMTEXT   NOT NULL,
    version     BIGINT       NOT NULL,
    created_at  BIGINT       NOT NULL,
    updated_at  BIGINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
