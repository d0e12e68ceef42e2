-- A case as of a past moment is the case as it stands, unless something happened or was recorded since: from when to when its
-- entries reach says which (projections/past.py).

ALTER TABLE case_facts
    ADD COLUMN first_by          date,
    ADD COLUMN last_by           date,
    ADD COLUMN first_recorded_at timestamptz;
UPDATE case_facts f
   SET first_by = reach.first_by, last_by = reach.last_by, first_recorded_at = reach.first_recorded_at
  FROM (SELECT record, min(happened_by) AS first_by, max(happened_by) AS last_by, min(recorded_at) AS first_recorded_at
          FROM journal
         WHERE sort = 'case' AND known_until > now() + interval '1 year'
         GROUP BY record) reach
 WHERE f.record = reach.record;
ALTER TABLE case_facts
    ALTER COLUMN first_by          SET NOT NULL,
    ALTER COLUMN last_by           SET NOT NULL,
    ALTER COLUMN first_recorded_at SET NOT NULL;

DROP INDEX case_facts_lists;
CREATE INDEX case_facts_lists ON case_facts (first_seq) INCLUDE (
    division, industry, received_on, due_on, last_on, step, persons_claimed, persons_confirmed, claimed, balance, status, channel,
    offices, officers, number, employer, employer_key, source, project, summary, record, first_by, last_by, first_recorded_at,
    last_recorded_at);
