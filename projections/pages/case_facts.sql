-- One line per case, from the lines of the journal that are in force.  The same text is run live over the records a
-- page of events touched, over the journal as it was on a day and was known at a moment, and over everything in a
-- rebuild; in PostgreSQL and in DuckDB.  Steps, openers, endings and words come from domain/case_lifecycle.py.
--
-- Which entry came first is packed into a number with the day it happened on: ``place`` is the version, then the day, and
-- {day(place)} unpacks it.  What starts and stops a clock is as domain/rules/clocks.toml has it; by when it is due is not
-- said here, for that hangs on the calendar: see projections/reports/due.py.
SELECT record, version, number, source, division, industry, channel, complainant, employer, employer_key, project, summary,
       received, received_on, assigned_on, office, offices, officers, filed_on, inspected_on, inspections,
       ordered_on, orders, {day(ordered_until)} AS due_on, served_on, paid_on, payments, referred_on, police_on, publicised_on,
       closed_on, close_reason, revisited_on, revisits, satisfaction, returns, reopenings, escalated_on,
       persons_claimed, persons_confirmed, persons_paid, claimed, confirmed, ordered, paid, current_paid, owed,
       CASE WHEN owed IS NULL THEN NULL ELSE greatest(owed - paid, 0) END                   AS balance,
       step,
       CASE WHEN floor(step / 10) < 9 AND paid_lately AND owed IS NOT NULL AND owed <= paid THEN 'paid'
            {words}
       END                                                                                  AS status,
       last_on, first_seq, last_seq, last_recorded_at,
       received_from, received_by, filings, declines, declined_on, closings, rebounded, escalations, first_inspected_on,
       finding, police_referrals, police_filed, linked_to, reached, suspensions, {day(order_until)} AS order_due_on,
       c01_stopped IS NOT NULL                                                              AS c01_stopped,
       {day(c01_stopped)}                                                                   AS c01_stopped_on,
       {day(c02_started)}                                                                   AS c02_started_on,
       {day(extended_c02, c02_started)}                                                     AS c02_extended_on,
       c02_stopped IS NOT NULL                                                              AS c02_stopped,
       {day(c02_stopped)}                                                                   AS c02_stopped_on,
       {day(c03_started)}                                                                   AS c03_started_on,
       {day(extended_c03, c03_started)}                                                     AS c03_extended_on,
       coalesce(c03_stopped > c03_started, false)                                           AS c03_stopped,
       {day(c03_stopped, c03_started)}                                                      AS c03_stopped_on,
       {day(c19_started)}                                                                   AS c19_started_on,
       {day(extended_c19, c19_started)}                                                     AS c19_extended_on,
       coalesce(c19_stopped > c19_started, false)                                           AS c19_stopped,
       {day(c19_stopped, c19_started)}                                                      AS c19_stopped_on,
       ended_first IS NOT NULL                                                              AS c21_stopped,
       {day(ended_first)}                                                                   AS c21_stopped_on,
       first_by, last_by, first_recorded_at
  FROM (SELECT *, coalesce(confirmed, stated, ordered)                                      AS owed,
               coalesce(c03_started_now, c03_started_first)                                 AS c03_started,
               CASE WHEN determined > coalesce(c03_started_now, c03_started_first) THEN determined
                    ELSE determined_last END                                                AS c03_stopped,
               coalesce(c19_started_now, c19_started_first)                                 AS c19_started,
               CASE WHEN c19_started_now IS NULL THEN ended_first ELSE ended END            AS c19_stopped
          FROM (
          SELECT record,
                 max(version)                                                                            AS version,
                 max(number)                                                                             AS number,
                 max(source)                                                                             AS source,
                 max(division)     FILTER (WHERE receipt)                                                AS division,
                 max(industry)                                                                           AS industry,
                 max(kind)         FILTER (WHERE receipt)                                                AS channel,
                 max(complainant)                                                                        AS complainant,
                 max(employer)                                                                           AS employer,
                 max(employer_key)                                                                       AS employer_key,
                 max(project)                                                                            AS project,
                 max(summary)                                                                            AS summary,
                 max(happened)     FILTER (WHERE receipt)                                                AS received,
                 max(happened_on)  FILTER (WHERE receipt)                                                AS received_on,
                 min(happened_on)  FILTER (WHERE assignment)                                             AS assigned_on,
                 CASE WHEN max(version) FILTER (WHERE event = 'CaseReturned')
                           > max(version) FILTER (WHERE assignment
                                                    AND kind NOT IN ('lead_cadre', 'joint_team'))
                      THEN NULL
                      ELSE (array_agg(target ORDER BY version DESC)
                                   FILTER (WHERE assignment AND kind NOT IN ('lead_cadre', 'joint_team')))[1]
                 END                                                                                     AS office,
                 string_agg(target, ',' ORDER BY version DESC)
                                   FILTER (WHERE receipt OR assignment OR escalation)                    AS offices,
                 nullif(concat_ws(',',
                        (array_agg(handlers ORDER BY version DESC)
                                   FILTER (WHERE (filing OR (assignment AND kind NOT IN ('lead_cadre', 'joint_team')))
                                             AND handlers <> ''))[1],
                        (array_agg(handlers ORDER BY version DESC)
                                   FILTER (WHERE assignment AND kind IN ('lead_cadre', 'joint_team')
                                             AND handlers <> ''))[1]), '')                               AS officers,
                 min(happened_on)  FILTER (WHERE filing)                                                 AS filed_on,
                 max(happened_on)  FILTER (WHERE inspection)                                             AS inspected_on,
                 count(*)          FILTER (WHERE inspection)                                             AS inspections,
                 min(happened_on)  FILTER (WHERE ordering)                                               AS ordered_on,
                 count(*)          FILTER (WHERE ordering)                                               AS orders,
                 max(until)        FILTER (WHERE ordering)                                               AS ordered_until,
                 max(happened_on)  FILTER (WHERE event = 'CaseServed')                                   AS served_on,
                 max(happened_on)  FILTER (WHERE arrears)                                                AS paid_on,
                 count(*)          FILTER (WHERE event = 'CasePaid')                                     AS payments,
                 max(happened_on)  FILTER (WHERE referral AND kind <> 'discipline')                      AS referred_on,
                 min(happened_on)  FILTER (WHERE referral AND kind = 'police')                           AS police_on,
                 max(happened_on)  FILTER (WHERE event = 'CasePublicised')                               AS publicised_on,
                 max(happened_on)  FILTER (WHERE closing)                                                AS closed_on,
                 (array_agg(kind ORDER BY version DESC)
                                   FILTER (WHERE closing))[1]                                            AS close_reason,
                 max(happened_on)  FILTER (WHERE revisit)                                                AS revisited_on,
                 count(*)          FILTER (WHERE revisit)                                                AS revisits,
                 (array_agg(answer ORDER BY version DESC)
                                   FILTER (WHERE revisit AND answer IS NOT NULL))[1]                     AS satisfaction,
                 count(*)          FILTER (WHERE event = 'CaseReturned')                                 AS returns,
                 count(*)          FILTER (WHERE reopening)                                              AS reopenings,
                 min(happened_on)  FILTER (WHERE escalation)                                             AS escalated_on,
                 max(persons)      FILTER (WHERE receipt)                                                AS persons_claimed,
                 (array_agg(found_persons ORDER BY version DESC)
                                   FILTER (WHERE found_persons IS NOT NULL))[1]                          AS persons_confirmed,
                 coalesce(sum(persons) FILTER (WHERE arrears), 0)                                        AS persons_paid,
                 max(amount)       FILTER (WHERE receipt)                                                AS claimed,
                 (array_agg(found ORDER BY version DESC)
                                   FILTER (WHERE found IS NOT NULL))[1]                                  AS confirmed,
                 (array_agg(amount ORDER BY version DESC)
                                   FILTER (WHERE event = 'CaseNoted' AND amount IS NOT NULL))[1]         AS stated,
                 max(amount)       FILTER (WHERE ordering AND kind <> 'penalty_decision')                AS ordered,
                 coalesce(sum(amount) FILTER (WHERE arrears), 0)                                         AS paid,
                 coalesce(sum(amount) FILTER (WHERE event = 'CasePaid' AND kind = 'current'), 0)         AS current_paid,
                 coalesce(bool_or(version >= opened) FILTER (WHERE arrears), false)                      AS paid_lately,
                 mod(max((step - mod(step, 10)) * 100000000 + version * 1000 + step) FILTER (WHERE version >= opened), 1000) AS step,
                 max(happened_on)                                                                        AS last_on,
                 min(seq)                                                                                AS first_seq,
                 max(seq)                                                                                AS last_seq,
                 max(recorded_at)                                                                        AS last_recorded_at,
                 min(happened_by)                                                                        AS first_by,
                 max(happened_by)                                                                        AS last_by,
                 min(recorded_at)                                                                        AS first_recorded_at,
                 max(happened_from) FILTER (WHERE receipt)                                               AS received_from,
                 max(happened_by)  FILTER (WHERE receipt)                                                AS received_by,
                 count(*)          FILTER (WHERE filing)                                                 AS filings,
                 count(*)          FILTER (WHERE declining)                                              AS declines,
                 max(happened_on)  FILTER (WHERE declining)                                              AS declined_on,
                 count(*)          FILTER (WHERE closing)                                                AS closings,
                 coalesce(max(version) FILTER (WHERE reopening)
                          > min(version) FILTER (WHERE closing), false)                                  AS rebounded,
                 count(*)          FILTER (WHERE escalation)                                             AS escalations,
                 min(happened_on)  FILTER (WHERE inspection)                                             AS first_inspected_on,
                 (array_agg(answer ORDER BY version DESC) FILTER (WHERE inspection))[1]                  AS finding,
                 count(*)          FILTER (WHERE referral AND kind = 'police')                           AS police_referrals,
                 count(*)          FILTER (WHERE event = 'CaseAnswered' AND NOT confidential
                                             AND (outcome IN ('filed', 'captured', 'indicted', 'judged')
                                                  OR (outcome IS NULL
                                                      AND (answer = 'filed'
                                                           OR (position('立案' IN answer) > 0 AND position('不' IN answer) = 0
                                                               AND position('未' IN answer) = 0)))))      AS police_filed,
                 (array_agg(target ORDER BY version DESC) FILTER (WHERE event = 'CaseLinked'))[1]        AS linked_to,
                 count(*)          FILTER (WHERE revisit AND coalesce(contacted, true))                  AS reached,
                 count(*)          FILTER (WHERE event = 'CaseSuspended')                                AS suspensions,
                 max(until)        FILTER (WHERE ordering AND kind <> 'penalty_decision')                AS order_until,
                 min(place)        FILTER (WHERE filing OR declining OR closing)                         AS c01_stopped,
                 max(place)        FILTER (WHERE filing)                                                 AS c02_started,
                 min(place)        FILTER (WHERE version > filed AND (final OR (ending AND NOT declining))) AS c02_stopped,
                 min(place)        FILTER (WHERE final AND version > filed_first AND version > begun)   AS c03_started_now,
                 min(place)        FILTER (WHERE final AND version > filed_first)                        AS c03_started_first,
                 min(place)        FILTER (WHERE version > begun  AND determining)                       AS determined,
                 max(place)        FILTER (WHERE determining)                                            AS determined_last,
                 min(place)        FILTER (WHERE (filing OR assignment) AND version > begun)            AS c19_started_now,
                 min(place)        FILTER (WHERE filing OR assignment)                                   AS c19_started_first,
                 min(place)        FILTER (WHERE ending)                                                 AS ended_first,
                 min(place)        FILTER (WHERE ending AND version > begun)                            AS ended,
                 max(until)        FILTER (WHERE extension AND kind = 'C02')                             AS extended_c02,
                 max(until)        FILTER (WHERE extension AND kind = 'C03')                             AS extended_c03,
                 max(until)        FILTER (WHERE extension AND kind = 'C19')                             AS extended_c19
            FROM (SELECT record, version, seq, event, kind, happened, happened_on, happened_from, happened_by, recorded_at, division,
                         amount, persons, found, found_persons, CAST(step AS bigint) AS step, target, handlers, answer, complainant,
                         employer, employer_key, project, industry, number, source, summary, outcome, contacted, confidential,
                         event = 'CaseReceived'                                                           AS receipt,
                         event = 'CaseFiled'                                                              AS filing,
                         event = 'CaseInspected'                                                          AS inspection,
                         event = 'CaseOrdered'                                                            AS ordering,
                         event = 'CasePaid' AND kind = 'arrears'                                          AS arrears,
                         event = 'CaseClosed'                                                             AS closing,
                         event = 'CaseRevisited'                                                          AS revisit,
                         event = 'CaseReopened'                                                           AS reopening,
                         event = 'CaseDeclined'                                                           AS declining,
                         event = 'CaseExtended'                                                           AS extension,
                         event = 'CaseAssigned'                                                           AS assignment,
                         event = 'CaseEscalated'                                                          AS escalation,
                         event = 'CaseReferred'                                                           AS referral,
                         coalesce(final, false)                                                          AS final,
                         step IN ({endings})                                                             AS ending,
                         step IN ({endings}) AND event <> 'CaseDeclined'
                         OR (event = 'CaseOrdered' AND kind IN ('treatment_decision', 'penalty_decision')) AS determining,
                         CAST(version AS bigint) * 100000 + coalesce(happened_on - DATE '1900-01-01', 99999) AS place,
                         CAST(version AS bigint) * 100000 + (due_on - DATE '1900-01-01')                 AS until,
                         max(version) FILTER (WHERE step IN ({openers})) OVER whole                      AS opened,
                         max(version) FILTER (WHERE event IN ('CaseReceived', 'CaseReopened')) OVER whole AS begun,
                         max(version) FILTER (WHERE event = 'CaseFiled') OVER whole                      AS filed,
                         min(version) FILTER (WHERE event = 'CaseFiled') OVER whole                      AS filed_first
                    FROM journal
                   WHERE sort = 'case'
                  WINDOW whole AS (PARTITION BY record ORDER BY version DESC
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) lines
           GROUP BY record
          ) sums
       ) found
