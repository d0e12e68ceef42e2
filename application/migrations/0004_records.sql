-- What the six mechanisms need of the store and the vault.

CREATE SEQUENCE record_numbers;
GRANT USAGE ON SEQUENCE record_numbers TO qingxin_web;

-- A phone or an ID number as a keyed hash: the same one is found again, and nothing is learned from it.
CREATE TABLE vault.hashes (
    record  uuid  NOT NULL,
    kind    text  NOT NULL CHECK (kind IN ('phone', 'id_number')),
    hash    bytea NOT NULL,
    PRIMARY KEY (record, kind)
);
CREATE INDEX hashes_alike ON vault.hashes (hash);
GRANT SELECT, INSERT ON vault.hashes TO qingxin_web;

-- How often somebody asked what became of a complaint: the counter for strangers is throttled across all workers.
CREATE TABLE lookups (
    asker   text        NOT NULL,
    minute  timestamptz NOT NULL,
    times   integer     NOT NULL,
    PRIMARY KEY (asker, minute)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON lookups TO qingxin_web;
