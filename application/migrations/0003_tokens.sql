-- Who may speak to the counter.  A token is shown once and kept as a hash; revoking takes effect at the next request.

CREATE TABLE tokens (
    id          integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash        bytea       NOT NULL UNIQUE,
    officer     text        NOT NULL,
    role        text        NOT NULL,
    office      text        NOT NULL,
    division    text        NOT NULL,
    issued_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at  timestamptz
);

GRANT SELECT ON tokens TO qingxin_web;
