-- The commonest passes - how many cases are in sight, sorted by a day or a sum, of one status - need no text.  An index without any is
-- a third as long, and an entry of it a third of the work.

CREATE INDEX case_facts_sight ON case_facts (first_seq) INCLUDE (
    division, step, received_on, due_on, last_on, persons_claimed, persons_confirmed, industry, status, claimed, balance, offices);
