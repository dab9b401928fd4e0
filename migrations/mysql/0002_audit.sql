-- The audit log. Records are added and never changed.

CREATE TABLE IF NOT EXISTS audit_records (
    id             BINARY(16)   NOT NULL PRIMARY KEY,
    decided_at     BIGINT       NOT NULL,
    correlation_id VARCHAR(128) NOT NULL,
    subject        VARCHAR(255) NOT NULL,
    remote         VARCHAR(64)  NULL,
    action         VARCHAR(32)  NOT NULL,
    source         BINARY(16)   NULL,
    statement      MEDIUMTEXT   NULL,
    decision       VARCHAR(16)  NOT NULL,
    code           VARCHAR(32)  NULL,
    rule           VARCHAR(64)  NULL,
    row_count      BIGINT       NOT NULL,
    byte_count     BIGINT       NOT NULL,
    duration_us    BIGINT       NOT NULL,
    KEY audit_records_source (source, id),
    KEY audit_records_subject (subject, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
