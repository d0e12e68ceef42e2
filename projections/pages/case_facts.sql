-- One line per case, from the lines of the journal that are in force.  The same text is run live over the records a
-- page of events touched, over the journal as it was on a day and was known at a moment, and over everything in a
-- rebuild; in PostgreSQL and in DuckDB.  Steps, openers and words come from domain/case.py.
SELECT record, version, number, source, division, industry, channel, complainant, employer, employer_key, project, summary,
       received, received_on, assigned_on, office, offices, officers, filed_on, inspected_on, inspections,
       ordered_on, orders, due_on, served_on, paid_on, payments, referred_on, police_on, publicised_on,
       closed_on, close_reason, revisited_on, revisits, satisfaction, returns, reopenings, escalated_on,
       persons_claimed, persons_confirmed, persons_paid, claimed, confirmed, ordered, paid, current_paid, owed,
       CASE WHEN owed IS NULL THEN NULL ELSE greatest(owed - paid, 0) END                   AS balance,
       step,
       CASE WHEN floor(step / 10) < 9 AND paid_lately AND owed IS NOT NULL AND owed <= paid THEN 'paid'
            {words}
       END                                                                                  AS status,
       last_on, first_seq, last_seq, last_recorded_at
  FROM (SELECT *, coalesce(confirmed, stated, ordered) AS owed
          FROM (
          SELECT record,
                 max(version)                                                                            AS version,
                 max(number)       FILTER (WHERE event = 'CaseReceived')                                 AS number,
                 max(source)       FILTER (WHERE event = 'CaseReceived')                                 AS source,
                 max(division)     FILTER (WHERE event = 'CaseReceived')                                 AS division,
                 max(industry)     FILTER (WHERE event = 'CaseReceived')                                 AS industry,
                 max(kind)         FILTER (WHERE event = 'CaseReceived')                                 AS channel,
                 max(complainant)  FILTER (WHERE event = 'CaseReceived')                                 AS complainant,
                 max(employer)     FILTER (WHERE event = 'CaseReceived')                                 AS employer,
                 max(employer_key) FILTER (WHERE event = 'CaseReceived')                                 AS employer_key,
                 max(project)      FILTER (WHERE event = 'CaseReceived')                                 AS project,
                 max(summary)      FILTER (WHERE event = 'CaseReceived')                                 AS summary,
                 max(happened)     FILTER (WHERE event = 'CaseReceived')                                 AS received,
                 max(happened_on)  FILTER (WHERE event = 'CaseReceived')                                 AS received_on,
                 min(happened_on)  FILTER (WHERE event = 'CaseAssigned')                                 AS assigned_on,
                 CASE WHEN max(version) FILTER (WHERE event = 'CaseReturned')
                           > max(version) FILTER (WHERE event = 'CaseAssigned'
                                                    AND kind NOT IN ('lead_cadre', 'joint_team'))
                      THEN NULL
                      ELSE (array_agg(target ORDER BY version DESC)
                                   FILTER (WHERE event = 'CaseAssigned' AND kind NOT IN ('lead_cadre', 'joint_team')))[1]
                 END                                                                                     AS office,
                 string_agg(target, ',' ORDER BY version DESC)
                                   FILTER (WHERE event IN ('CaseReceived', 'CaseAssigned', 'CaseEscalated')) AS offices,
                 (array_agg(handlers ORDER BY version DESC)
                                   FILTER (WHERE event IN ('CaseAssigned', 'CaseFiled') AND handlers <> ''))[1] AS officers,
                 min(happened_on)  FILTER (WHERE event = 'CaseFiled')                                    AS filed_on,
                 max(happened_on)  FILTER (WHERE event = 'CaseInspected')                                AS inspected_on,
                 count(*)          FILTER (WHERE event = 'CaseInspected')                                AS inspections,
                 min(happened_on)  FILTER (WHERE event = 'CaseOrdered')                                  AS ordered_on,
                 count(*)          FILTER (WHERE event = 'CaseOrdered')                                  AS orders,
                 (array_agg(due_on ORDER BY version DESC)
                                   FILTER (WHERE event = 'CaseOrdered' AND due_on IS NOT NULL))[1]           AS due_on,
                 max(happened_on)  FILTER (WHERE event = 'CaseServed')                                   AS served_on,
                 max(happened_on)  FILTER (WHERE event = 'CasePaid' AND kind = 'arrears')                AS paid_on,
                 count(*)          FILTER (WHERE event = 'CasePaid')                                     AS payments,
                 max(happened_on)  FILTER (WHERE event = 'CaseReferred' AND kind <> 'discipline')        AS referred_on,
                 min(happened_on)  FILTER (WHERE event = 'CaseReferred' AND kind = 'police')             AS police_on,
                 max(happened_on)  FILTER (WHERE event = 'CasePublicised')                               AS publicised_on,
                 max(happened_on)  FILTER (WHERE event = 'CaseClosed')                                   AS closed_on,
                 (array_agg(kind ORDER BY version DESC)
                                   FILTER (WHERE event = 'CaseClosed'))[1]                         AS close_reason,
                 max(happened_on)  FILTER (WHERE event = 'CaseRevisited')                                AS revisited_on,
                 count(*)          FILTER (WHERE event = 'CaseRevisited')                                AS revisits,
                 (array_agg(answer ORDER BY version DESC)
                                   FILTER (WHERE event = 'CaseRevisited' AND answer IS NOT NULL))[1] AS satisfaction,
                 count(*)          FILTER (WHERE event = 'CaseReturned')                                 AS returns,
                 count(*)          FILTER (WHERE event = 'CaseReopened')                                 AS reopenings,
                 min(happened_on)  FILTER (WHERE event = 'CaseEscalated')                                AS escalated_on,
                 max(persons)      FILTER (WHERE event = 'CaseReceived')                                 AS persons_claimed,
                 (array_agg(found_persons ORDER BY version DESC)
                                   FILTER (WHERE found_persons IS NOT NULL))[1]           AS persons_confirmed,
                 coalesce(sum(persons) FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), 0)        AS persons_paid,
                 max(amount)       FILTER (WHERE event = 'CaseReceived')                                 AS claimed,
                 (array_agg(found ORDER BY version DESC)
                                   FILTER (WHERE found IS NOT NULL))[1]                           AS confirmed,
                 (array_agg(amount ORDER BY version DESC)
                                   FILTER (WHERE event = 'CaseNoted' AND amount IS NOT NULL))[1]             AS stated,
                 max(amount)       FILTER (WHERE event = 'CaseOrdered' AND kind <> 'penalty_decision')   AS ordered,
                 coalesce(sum(amount) FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), 0)         AS paid,
                 coalesce(sum(amount) FILTER (WHERE event = 'CasePaid' AND kind = 'current'), 0)         AS current_paid,
                 coalesce(bool_or(version >= opened) FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), false) AS paid_lately,
                 mod(max((step - mod(step, 10)) * 100000000 + version * 1000 + step) FILTER (WHERE version >= opened), 1000) AS step,
                 max(happened_on)                                                                        AS last_on,
                 min(seq)                                                                                AS first_seq,
                 max(seq)                                                                                AS last_seq,
                 max(recorded_at)                                                                        AS last_recorded_at
            FROM (SELECT record, version, seq, event, kind, happened, happened_on, recorded_at, division, amount, persons, found,
                         found_persons, CAST(step AS bigint) AS step, due_on, target, handlers, answer, complainant, employer,
                         employer_key, project, industry, number, source, summary,
                         max(version) FILTER (WHERE step IN ({openers})) OVER (PARTITION BY record) AS opened
                    FROM journal
                   WHERE sort = 'case') lines
           GROUP BY record
          ) sums
       ) found
