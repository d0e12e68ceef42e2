-- A list is counted and sorted over every case in sight, by whatever column an officer likes.  One index holds what lists filter
-- and sort by, so that this is a pass over a tenth of the table; with each event of a case one entry of it changes, and so a
-- changed case need no longer find room on its own page.

CREATE INDEX case_facts_lists ON case_facts (first_seq) INCLUDE (
    division, industry, received_on, due_on, last_on, step, persons_claimed, persons_confirmed, claimed, balance, status, channel,
    offices, officers, number, employer, employer_key, source, project, summary, record);
DROP INDEX case_facts_order, case_facts_division;

-- What waits for somebody: open cases, a few in a hundred; and closed ones that nobody has revisited.
CREATE INDEX case_facts_open ON case_facts (due_on, first_seq) WHERE step < 95;
CREATE INDEX case_facts_unvisited ON case_facts (closed_on, first_seq) WHERE step = 100;

-- An index answers by itself only for pages that were vacuumed since they last changed.
ALTER TABLE case_facts RESET (fillfactor);
ALTER TABLE case_facts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
