-- What the office sees.  Everything here can be made again from the events; nothing here is the truth.

-- One typed line per event, in the official order; a corrected event has a second line that takes its place from the
-- moment the correction was known.  What statistics need is a column of its own; the rest stays in data.
CREATE TABLE journal (
    seq          bigint      NOT NULL,
    revision     integer     NOT NULL,  -- 0, or the version of the entry that corrected it
    record       uuid        NOT NULL,
    sort         text        NOT NULL,  -- case, person
    version      integer     NOT NULL,
    event        text        NOT NULL,
    kind         text,
    happened     text,                  -- the day as signed: to the day, the month, the year, or not at all
    happened_on  date,                  -- only when it is known to the day
    happened_from date,
    happened_by  date        NOT NULL,  -- by then it had surely happened
    recorded_at  timestamptz NOT NULL,
    known_from   timestamptz NOT NULL,
    known_until  timestamptz NOT NULL,
    officer      text        NOT NULL,
    role         text        NOT NULL,
    office       text        NOT NULL,
    division     text        NOT NULL,
    amount       numeric(14,2),
    persons      integer,
    found        numeric(14,2),         -- what was found to be owed, and to how many
    found_persons integer,
    step         integer,
    due_on       date,
    document     text,
    target       text,                  -- to whom: an office, an authority, a case
    handlers     text,                  -- officers named, comma separated
    answer       text,                  -- finding, result, satisfaction
    money        text,                  -- money_received
    final        boolean,
    contacted    boolean,
    rebound      boolean,
    complainant  text,
    employer     text,
    employer_key text,
    project      text,
    industry     text,
    number       text,
    source       text,
    summary      text,
    warnings     text,
    data         json        NOT NULL,
    PRIMARY KEY (seq, revision)
);
CREATE INDEX journal_of_record ON journal (record, version);
CREATE INDEX journal_of_officer ON journal (officer, seq);

CREATE FUNCTION bigrams(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower($1), i, 2)), '{}')
      FROM generate_series(1, greatest(length($1) - 1, 0)) i
$$;

-- One line per case: the page case_facts.sql, as it stands now.
CREATE TABLE case_facts (
    record            uuid PRIMARY KEY,
    version           integer NOT NULL,
    number            text,
    source            text,
    division          text,
    industry          text,
    channel           text,
    complainant       text,
    employer          text,
    employer_key      text,
    project           text,
    summary           text,
    received          text,
    received_on       date,
    assigned_on       date,
    office            text,
    offices           text,
    officers          text,
    filed_on          date,
    inspected_on      date,
    inspections       integer NOT NULL,
    ordered_on        date,
    orders            integer NOT NULL,
    due_on            date,
    served_on         date,
    paid_on           date,
    payments          integer NOT NULL,
    referred_on       date,
    police_on         date,
    publicised_on     date,
    closed_on         date,
    close_reason      text,
    revisited_on      date,
    revisits          integer NOT NULL,
    satisfaction      text,
    returns           integer NOT NULL,
    reopenings        integer NOT NULL,
    escalated_on      date,
    persons_claimed   integer,
    persons_confirmed integer,
    persons_paid      integer NOT NULL,
    claimed           numeric(14,2),
    confirmed         numeric(14,2),
    ordered           numeric(14,2),
    paid              numeric(14,2) NOT NULL,
    current_paid      numeric(14,2) NOT NULL,
    owed              numeric(14,2),
    balance           numeric(14,2),
    step              bigint NOT NULL,
    status            text NOT NULL,
    last_on           date,
    first_seq         bigint NOT NULL,
    last_seq          bigint NOT NULL,
    last_recorded_at  timestamptz NOT NULL,
    terms             text[] GENERATED ALWAYS AS (
        bigrams(coalesce(number, '') || ' ' || coalesce(source, '') || ' ' || coalesce(employer, '') || ' '
                || coalesce(project, '') || ' ' || coalesce(summary, ''))) STORED
) WITH (fillfactor = 70);  -- a case changes often, its indexed columns hardly ever: let the change stay on its page
CREATE UNIQUE INDEX case_facts_number ON case_facts (number);
CREATE UNIQUE INDEX case_facts_source ON case_facts (source);
CREATE INDEX case_facts_terms ON case_facts USING gin (terms);
CREATE INDEX case_facts_order ON case_facts (first_seq);
CREATE INDEX case_facts_division ON case_facts (division, first_seq);

-- How far the read models have come; and what could not be read, set aside so that the others go on.
CREATE TABLE projection (
    name  text   PRIMARY KEY,
    seq   bigint NOT NULL
);
INSERT INTO projection VALUES ('journal', 0);

CREATE TABLE set_aside (
    seq      bigint PRIMARY KEY,
    record   uuid        NOT NULL,
    version  integer     NOT NULL,
    event    text        NOT NULL,
    problem  text        NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT ON journal, case_facts, projection, set_aside TO qingxin_web, qingxin_reader, qingxin_projector;
GRANT INSERT, UPDATE, DELETE ON journal, case_facts, set_aside TO qingxin_projector;
GRANT UPDATE ON projection TO qingxin_projector;
