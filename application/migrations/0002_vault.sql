-- What is sealed, apart from the events: personal data, and the bytes of attachments.
-- Each person and each attachment has a key of its own, wrapped by the office's key, which is never in the database.

CREATE TABLE vault.persons (
    ref        uuid        PRIMARY KEY,
    standing   text        NOT NULL CHECK (standing IN ('complaint', 'report')),
    record     uuid        NOT NULL,
    key        bytea,
    sealed     bytea,
    sealed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_at  timestamptz,
    CHECK ((key IS NULL) = (erased_at IS NOT NULL) AND (sealed IS NULL) = (erased_at IS NOT NULL))
);

CREATE TABLE vault.attachments (
    record     uuid        NOT NULL,
    sha256     text        NOT NULL,
    key        bytea       NOT NULL,
    sealed     bytea       NOT NULL,
    sealed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (record, sha256)
);

GRANT SELECT, INSERT ON vault.persons, vault.attachments TO qingxin_web;
