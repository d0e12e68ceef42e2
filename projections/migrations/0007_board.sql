-- What the escalation rules look at, of every open case (projections/escalation.py): a pass over the index of the few that are open,
-- and over that of the links, instead of a page of the table for each.

DROP INDEX case_facts_open;
CREATE INDEX case_facts_open ON case_facts (due_on, first_seq) INCLUDE (
    record, division, industry, offices, office, step, channel, finding, inspections, first_inspected_on, persons_claimed, persons_confirmed,
    claimed, owed, balance, escalated_on, suspensions, c02_started_on, c02_extended_on, c02_stopped) WHERE step < 95;

DROP INDEX journal_of_links;
CREATE INDEX journal_of_links ON journal (target) INCLUDE (happened_on, known_until) WHERE event = 'CaseLinked';

-- A list of a past day that asks only what receipts say is a pass over the indexes of lists: they say by when a case was received.
DROP INDEX case_facts_lists, case_facts_sight;
CREATE INDEX case_facts_lists ON case_facts (first_seq) INCLUDE (
    division, industry, received_on, due_on, last_on, step, persons_claimed, persons_confirmed, claimed, balance, status, channel,
    offices, officers, number, employer, employer_key, source, project, summary, record, first_by, last_by, first_recorded_at,
    last_recorded_at, received_by);
CREATE INDEX case_facts_sight ON case_facts (first_seq) INCLUDE (
    division, step, received_on, due_on, last_on, persons_claimed, persons_confirmed, industry, status, claimed, balance, offices, channel,
    number, record, received_by);
