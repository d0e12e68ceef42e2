-- The truth: events are appended, and never updated or deleted.
--
-- Order without a lock: each event keeps its transaction id; readers see only transactions below the oldest one still
-- running, in (xid, position) order, so nothing can appear behind a cursor.

CREATE TABLE events (
    position     bigint      GENERATED ALWAYS AS IDENTITY,
    xid          xid8        NOT NULL,
    record       uuid        NOT NULL,
    version      integer     NOT NULL,
    event        text        NOT NULL,
    state        bytea       NOT NULL,
    recorded_at  timestamptz NOT NULL,
    command      uuid        NOT NULL,
    fingerprint  bytea,
    chain        bytea       NOT NULL,
    PRIMARY KEY (record, version)
);
CREATE INDEX events_in_order ON events (xid, position);  -- the identity is unique by itself

COMMENT ON COLUMN events.command     IS 'the command that recorded it: sent again, it is answered again and not done again';
COMMENT ON COLUMN events.fingerprint IS 'SHA-256 of what the command asked';
COMMENT ON COLUMN events.chain       IS 'SHA-256 over the chain of the entry before, the columns and SHA-256 of the state: see link()';

CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is recorded is never changed or removed (%)', TG_TABLE_NAME USING ERRCODE = 'QX001';
END $$;

CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION never();
CREATE TRIGGER events_never_vanish BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION never();

-- The link of one entry to the one before it: SHA-256 over that link (nothing before the first), the record (16 bytes),
-- the version (4), the stamp (8: microseconds since 2000-01-01 UTC), the command (16), the name, and SHA-256 of the state.
-- Only what is stored goes in, so anyone can work it out again; application/office.py does.
CREATE FUNCTION link(before bytea, record uuid, version integer, event text, recorded_at timestamptz, command uuid, state bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(before || uuid_send(record) || int4send(version) || timestamptz_send(recorded_at) || uuid_send(command)
                  || convert_to(event, 'UTF8') || sha256(state))
$$;

-- The one way to record: check, stamp, chain, insert.  One call, one statement, one transaction.
--   Answers the position, and the stamp in microseconds since 1970-01-01 UTC.
--   An entry that does not follow the last one of its record is refused as a unique violation of events_pkey; whoever
--   sent it looks whether the entry that is there bears the same command, and so was its own (application/store.py).
-- Every name is qualified: the function runs as the owner, whoever calls it.
CREATE FUNCTION append(asked uuid, print bytea, entering uuid, at_version integer, named text, bytes bytea)
RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    stamp timestamptz := pg_catalog.clock_timestamp();
    place bigint;
BEGIN
    IF at_version < 2 THEN
        INSERT INTO qingxin.events AS e (xid, record, version, event, state, recorded_at, command, fingerprint, chain)
        VALUES (pg_catalog.pg_current_xact_id(), entering, at_version, named, bytes, stamp, asked, print,
                qingxin.link('', entering, at_version, named, stamp, asked, bytes))
        RETURNING e.position INTO place;
    ELSE
        INSERT INTO qingxin.events AS e (xid, record, version, event, state, recorded_at, command, fingerprint, chain)
        SELECT pg_catalog.pg_current_xact_id(), entering, at_version, named, bytes, greatest(stamp, b.recorded_at), asked, print,
               qingxin.link(b.chain, entering, at_version, named, greatest(stamp, b.recorded_at), asked, bytes)
          FROM qingxin.events b
         WHERE b.record = entering AND b.version = at_version - 1
        RETURNING e.position, e.recorded_at INTO place, stamp;
        IF place IS NULL THEN
            RAISE EXCEPTION 'entry % does not follow the last one of record %', at_version, entering
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'events_pkey';
        END IF;
    END IF;
    RETURN ARRAY[place, (pg_catalog.date_part('epoch', stamp) * 1000000)::bigint];
END $$;

-- The same for any number of entries, of one record or of many: all or none.
CREATE FUNCTION append(asked uuid, print bytea, records uuid[], versions integer[], names text[], states bytea[])
RETURNS SETOF bigint[] LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    FOR i IN 1 .. pg_catalog.cardinality(records) LOOP
        RETURN NEXT qingxin.append(asked, print, records[i], versions[i], names[i], states[i]);
    END LOOP;
END $$;

-- What comes after a cursor and can no longer be overtaken.  ``since`` is the first position recorded in this
-- cluster: after a dump was restored elsewhere, transaction ids start lower, and what came before is numbered already.
CREATE FUNCTION read_after(after_xid xid8, after_position bigint, since bigint, most integer)
RETURNS SETOF events LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT * FROM events
     WHERE (xid, position) > (after_xid, after_position)
       AND xid < pg_snapshot_xmin(pg_current_snapshot())
       AND position >= since
     ORDER BY xid, position
     LIMIT most
$$;

-- The official order of record.  Written once by the projector as it reads, and kept: a rebuild uses it again.
CREATE TABLE numbering (
    seq       bigint PRIMARY KEY,
    position  bigint NOT NULL UNIQUE,
    record    uuid   NOT NULL,
    version   integer NOT NULL,
    UNIQUE (record, version)
);
CREATE TRIGGER numbering_never_changes BEFORE UPDATE OR DELETE ON numbering FOR EACH ROW EXECUTE FUNCTION never();
CREATE TRIGGER numbering_never_vanishes BEFORE TRUNCATE ON numbering FOR EACH STATEMENT EXECUTE FUNCTION never();

CREATE TABLE reading (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    cluster   bigint  NOT NULL,
    xid       xid8    NOT NULL,
    position  bigint  NOT NULL,
    since     bigint  NOT NULL,
    seq       bigint  NOT NULL
);
COMMENT ON TABLE reading IS 'how far the official order has come, and in which cluster';

INSERT INTO reading (cluster, xid, position, since, seq)
SELECT system_identifier, '0', 0, 0, 0 FROM pg_control_system();

-- Called when the projector connects.  In another cluster than last time, everything recorded so far is numbered by
-- looking for what has no number yet, and reading starts anew behind it.
CREATE FUNCTION settle() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    last bigint;
BEGIN
    PERFORM FROM reading WHERE cluster = here;
    IF FOUND THEN RETURN false; END IF;

    LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE;  -- once in a cluster's life: no writer is half-way
    SELECT seq INTO last FROM reading WHERE cluster <> here FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;

    INSERT INTO numbering (seq, position, record, version)
    SELECT last + row_number() OVER (ORDER BY e.xid, e.position), e.position, e.record, e.version
      FROM events e WHERE NOT EXISTS (SELECT FROM numbering n WHERE n.position = e.position);

    UPDATE reading
       SET cluster = here, xid = pg_current_xact_id(), position = 0,
           since = (SELECT coalesce(max(e.position), 0) + 1 FROM events e),
           seq = (SELECT coalesce(max(n.seq), 0) FROM numbering n);
    RETURN true;
END $$;

CREATE SEQUENCE case_numbers;

GRANT SELECT ON events, numbering, reading TO qingxin_web, qingxin_reader, qingxin_projector;
GRANT USAGE ON SEQUENCE case_numbers TO qingxin_web;
REVOKE ALL ON FUNCTION append(uuid, bytea, uuid[], integer[], text[], bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION append(uuid, bytea, uuid, integer, text, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION settle() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append(uuid, bytea, uuid[], integer[], text[], bytea[]) TO qingxin_web;
GRANT EXECUTE ON FUNCTION append(uuid, bytea, uuid, integer, text, bytea) TO qingxin_web;
GRANT EXECUTE ON FUNCTION settle() TO qingxin_projector;
GRANT INSERT ON numbering TO qingxin_projector;
GRANT UPDATE ON reading TO qingxin_projector;
