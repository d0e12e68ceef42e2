-- Who may sign in to the pages, and who is signed in.  A session's secret is in the officer's browser alone; its hash is here.
-- Only the owner keeps accounts; the counter reads them, opens sessions and ends them.

CREATE TABLE accounts (
    id           integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text        NOT NULL UNIQUE,
    hash         text,
    subject      text        UNIQUE,
    officer      text        NOT NULL,
    role         text        NOT NULL,
    office       text        NOT NULL,
    division     text        NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    disabled_at  timestamptz,
    CHECK (hash IS NOT NULL OR subject IS NOT NULL)
);
COMMENT ON COLUMN accounts.hash    IS 'the password by argon2id; none for who signs in elsewhere';
COMMENT ON COLUMN accounts.subject IS 'issuer|subject: who it is at the office''s OpenID provider';

CREATE TABLE sessions (
    hash        bytea       PRIMARY KEY,
    account     integer     NOT NULL REFERENCES accounts,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz
);
CREATE INDEX sessions_of_an_account ON sessions (account) WHERE ended_at IS NULL;

-- How often somebody tried to sign in, across all workers.  Who it was is kept as a hash: a password typed into the wrong field
-- must not lie here.
CREATE TABLE attempts (
    asker   bytea       NOT NULL,
    since   timestamptz NOT NULL,
    times   integer     NOT NULL,
    PRIMARY KEY (asker, since)
);

GRANT SELECT ON accounts, sessions TO qingxin_web;
GRANT INSERT (hash, account), UPDATE (seen_at, ended_at) ON sessions TO qingxin_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON attempts TO qingxin_web;
