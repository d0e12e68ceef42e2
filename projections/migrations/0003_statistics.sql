-- What the statistics ask of a case: when each of its clocks started, was extended and was answered, what came of a
-- referral, whether it rebounded.  The projector reads everything anew, and so fills them.

TRUNCATE journal, case_facts, record_facts;
DELETE FROM set_aside;
UPDATE projection SET seq = 0 WHERE name = 'journal';

ALTER TABLE case_facts
    ADD COLUMN received_from     date,
    ADD COLUMN received_by       date,
    ADD COLUMN filings           integer NOT NULL,
    ADD COLUMN declines          integer NOT NULL,
    ADD COLUMN declined_on       date,
    ADD COLUMN closings          integer NOT NULL,
    ADD COLUMN rebounded         boolean NOT NULL,  -- closed, and taken up again
    ADD COLUMN escalations       integer NOT NULL,
    ADD COLUMN first_inspected_on date,
    ADD COLUMN finding           text,              -- of the last inspection
    ADD COLUMN police_referrals  integer NOT NULL,
    ADD COLUMN police_filed      integer NOT NULL,
    ADD COLUMN linked_to         text,
    ADD COLUMN reached           integer NOT NULL,  -- revisits that reached somebody
    ADD COLUMN suspensions       integer NOT NULL,
    ADD COLUMN order_due_on      date,              -- of the last order that demands wages
    ADD COLUMN c01_stopped       boolean NOT NULL,  -- answered, on whatever day
    ADD COLUMN c01_stopped_on    date,              -- where that day is known to the day
    ADD COLUMN c02_started_on    date,
    ADD COLUMN c02_extended_on   date,
    ADD COLUMN c02_stopped       boolean NOT NULL,
    ADD COLUMN c02_stopped_on    date,
    ADD COLUMN c03_started_on    date,
    ADD COLUMN c03_extended_on   date,
    ADD COLUMN c03_stopped       boolean NOT NULL,
    ADD COLUMN c03_stopped_on    date,
    ADD COLUMN c19_started_on    date,
    ADD COLUMN c19_extended_on   date,
    ADD COLUMN c19_stopped       boolean NOT NULL,
    ADD COLUMN c19_stopped_on    date,
    ADD COLUMN c21_stopped       boolean NOT NULL,
    ADD COLUMN c21_stopped_on    date;
CREATE INDEX journal_of_pauses ON journal (record, version) WHERE event IN ('CaseSuspended', 'CaseResumed');
