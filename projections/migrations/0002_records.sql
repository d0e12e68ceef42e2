-- The journal keeps more of each event in columns of its own, and every sort of record has a line of facts.  Read models can
-- be made again from the events, and are: the projector reads everything anew.

DROP TABLE journal;
CREATE TABLE journal (
    seq          bigint      NOT NULL,
    revision     integer     NOT NULL,  -- 0, or the version of the entry that corrected it
    record       uuid        NOT NULL,
    sort         text        NOT NULL,  -- case, person, project, campaign, inspection, employer, training, draw, period, rulebook
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
    document     text,                  -- what ties an entry to the one it answers: a paper, a problem, a signal
    target       text,                  -- to whom: an office, an authority, a case
    handlers     text,                  -- officers named, comma separated
    answer       text,                  -- finding, result, satisfaction
    money        text,                  -- money_received
    final        boolean,               -- an inspection that ends the investigation; a problem that is mended
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
    word         text,                  -- the step the record takes
    title        text,                  -- what people call the record
    team         text,                  -- offices that take part, comma separated
    related      text,                  -- other records it names, comma separated
    severity     text,                  -- G, S, M of a checklist; the level of a signal or a flag
    outcome      text,                  -- what came back after a referral
    leaflets     integer,
    consultations integer,
    results      text,                  -- a checklist: item:result, comma separated
    confidential boolean     NOT NULL,  -- only for the discipline office and the auditors
    data         json        NOT NULL,
    PRIMARY KEY (seq, revision)
);
CREATE INDEX journal_of_record ON journal (record, version);
CREATE INDEX journal_of_officer ON journal (officer, seq);
CREATE INDEX journal_of_rare ON journal (event, record) WHERE event IN ('CaseFlagged', 'CaseLinked', 'CaseProposed', 'CaseKept', 'CaseEscalated');
CREATE INDEX journal_of_links ON journal (target) WHERE event = 'CaseLinked';
CREATE INDEX journal_of_sort ON journal (sort, event, seq) WHERE sort <> 'case';

-- One line per record that is no case: the page record_facts.sql, as it stands now.
CREATE TABLE record_facts (
    record           uuid PRIMARY KEY,
    sort             text    NOT NULL,
    version          integer NOT NULL,
    number           text,
    source           text,
    title            text,
    division         text,
    industry         text,
    offices          text,
    employer         text,
    employer_key     text,
    kind             text,
    status           text,
    opened           text,
    opened_on        date,
    last_on          date,
    amount           numeric(14,2),
    persons          integer,
    due_on           date,
    severity         text,
    tier_1           text,
    tier_2           text,
    tier_3           text,
    visits           integer NOT NULL,
    visited_on       date,
    problems         integer NOT NULL,
    problems_open    integer NOT NULL,
    problem_due_on   date,
    signals_open     integer NOT NULL,
    signals          text,
    orders           integer NOT NULL,
    related          text,
    listed_on        date,
    listed_until     date,
    delisted_on      date,
    first_seq        bigint NOT NULL,
    last_seq         bigint NOT NULL,
    last_recorded_at timestamptz NOT NULL
);
CREATE INDEX record_facts_order ON record_facts (sort, first_seq);
CREATE UNIQUE INDEX record_facts_number ON record_facts (number) WHERE sort <> 'employer';

TRUNCATE case_facts;
DELETE FROM set_aside;
UPDATE projection SET seq = 0 WHERE name = 'journal';

GRANT SELECT ON journal, record_facts TO qingxin_web, qingxin_reader, qingxin_projector;
GRANT INSERT, UPDATE, DELETE ON journal, record_facts TO qingxin_projector;
