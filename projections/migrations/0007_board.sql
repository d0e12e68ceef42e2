-- What the escalation rules look at, of every open case (projections/escalation.py): a pass over the index of the few that are open,
-- and over that of the links, instead of a page of the table for each.

DROP INDEX case_facts_open;
CREATE INDEX case_facts_open ON case_facts (due_on, first_seq) INCLUDE (
    record, division, industry, offices, office, step, channel, finding, inspections, first_inspected_on, persons_claimed, persons_confirmed,
    claimed, owed, balance, escalated_on, suspensions, c02_started_on, c02_extended_on, c02_stopped) WHERE step < 95;

DROP INDEX journal_of_links;
CREATE INDEX journal_of_links ON journal (target) INCLUDE (happened_on, known_until) WHERE event = 'CaseLinked';
