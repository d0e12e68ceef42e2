-- A case as of a past moment is the case as it stands, unless something happened or was recorded since: from when to when its
-- entries reach says which (projections/past.py).  Who handles a case is named before whoever leads a joint team.  The projector
-- reads everything anew, and so fills them.

TRUNCATE journal, case_facts, record_facts;
DELETE FROM set_aside;
UPDATE projection SET seq = 0 WHERE name = 'journal';

ALTER TABLE case_facts
    ADD COLUMN first_by          date        NOT NULL,
    ADD COLUMN last_by           date        NOT NULL,
    ADD COLUMN first_recorded_at timestamptz NOT NULL;

DROP INDEX case_facts_lists;
CREATE INDEX case_facts_lists ON case_facts (first_seq) INCLUDE (
    division, industry, received_on, due_on, last_on, step, persons_claimed, persons_confirmed, claimed, balance, status, channel,
    offices, officers, number, employer, employer_key, source, project, summary, record, first_by, last_by, first_recorded_at,
    last_recorded_at);
