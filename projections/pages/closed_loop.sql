-- The closed loop (闭环) F1-F20: a cohort of cases received in the window, followed to the day; what flowed in the window; what
-- stands on the day.  Numerators and denominators only: nothing is divided here.  Each definition in words stands in
-- projections/reports/closed_loop.py.
WITH journal AS NOT MATERIALIZED (
    {journal}
), facts AS (
    {facts}
), {case_terms}, cohort AS NOT MATERIALIZED (
    SELECT j.*, coalesce(({by})::text, '')                                                  AS grp,
           coalesce(confirmed > 0, false) OR coalesce(persons_confirmed > 0, false)
               OR coalesce(finding IN ('true_arrears', 'partly'), false)                    AS true_arrears,
           filings > 0 OR (closings > 0 AND declines = 0)                                   AS accepted,
           CASE WHEN {applies(C19)} THEN coalesce(c19_extended_on, c19_due)
                WHEN {applies(C21)} THEN c21_due
                WHEN {applies(C22)} THEN c22_due
                ELSE coalesce(c02_extended_on, c02_due) END                                 AS closing_due,
           ({applies(C21)} AND c21_due IS NULL OR {applies(C22)} AND c22_due IS NULL)
               AND received_on IS NOT NULL                                                  AS unjudged,
           {within(received_on, first_assign_days)}                                         AS assign_due,
           coalesce(order_due_on < %(today)s AND (balance IS NULL OR balance > 0 OR paid_on > order_due_on), false) AS unmet,
           {setting(repeat_rate_window_days, received_on)}                                  AS repeat_days
      FROM judged j
     WHERE received_from >= %(from)s AND received_by <= %(to)s
), repeats AS (
    SELECT c.record
      FROM cohort c
      JOIN facts e ON e.record::text = c.linked_to
     WHERE coalesce(e.first_inspected_on, e.c21_stopped_on) BETWEEN c.received_on - c.repeat_days AND c.received_on
), lasted AS (
    SELECT c.*,
           {counted(filed_on)} - {counted(received_on)}                                     AS to_filed,
           CASE WHEN filings = 0 AND step < 95 THEN {counted(today)} - {counted(received_on)} END AS to_filed_yet,
           CASE WHEN ordered_on >= filed_on THEN {counted(ordered_on)} - {counted(filed_on)} END AS to_ordered,
           CASE WHEN filings > 0 AND orders = 0 AND step < 95 THEN {counted(today)} - {counted(filed_on)} END AS to_ordered_yet,
           CASE WHEN balance <= 0 AND paid_on >= ordered_on THEN {counted(paid_on)} - {counted(ordered_on)} END AS to_paid,
           CASE WHEN orders > 0 AND coalesce(balance > 0, true) AND step < 95
                THEN {counted(today)} - {counted(ordered_on)} END                       AS to_paid_yet,
           CASE WHEN step >= 100 THEN {counted(closed_on)} - {counted(received_on)} END     AS to_closed,
           CASE WHEN step < 95 THEN {counted(today)} - {counted(received_on)} END       AS to_closed_yet
      FROM cohort c
), counted AS (
    SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp,
           count(*)                                                                         AS f7d,
           count(*) FILTER (WHERE accepted)                                                 AS f1n,
           count(*) FILTER (WHERE accepted OR declines > 0)                                 AS f1d,
           count(*) FILTER (WHERE assigned_on <= assign_due)                                AS f2n,
           count(*) FILTER (WHERE assigned_on IS NOT NULL AND assign_due IS NOT NULL)       AS f2d,
           count(*) FILTER (WHERE c01_stopped_on <= c01_due)                                AS f3n,
           count(*) FILTER (WHERE c01_due IS NOT NULL AND (c01_stopped_on IS NOT NULL
                                    OR (NOT c01_stopped AND NOT c01_still AND c01_due < %(today)s))) AS f3d,
           count(*) FILTER (WHERE inspections > 0)                                          AS f4n,
           count(*) FILTER (WHERE inspections > 0 AND true_arrears)                         AS f5n,
           count(*) FILTER (WHERE true_arrears AND (balance <= 0 OR (step >= 100
                               AND close_reason IN ('paid_in_full', 'settled_by_agreement')))) AS f6n,
           count(*) FILTER (WHERE true_arrears)                                             AS f6d,
           count(*) FILTER (WHERE step >= 100)                                              AS f7n,
           count(*) FILTER (WHERE step >= 100 AND closed_on <= closing_due)                 AS f8n,
           count(*) FILTER (WHERE (step >= 100 AND closed_on IS NOT NULL AND closing_due IS NOT NULL)
                               OR (step < 95 AND closing_due < %(today)s))                  AS f8d,
           count(*) FILTER (WHERE unjudged)                                                 AS f8_unjudged,
           coalesce(sum(paid)      FILTER (WHERE confirmed IS NOT NULL), 0)                 AS f9n,
           coalesce(sum(confirmed), 0)                                                      AS f9d,
           coalesce(sum(least(persons_paid, persons_confirmed)), 0)                         AS f9_persons_n,
           coalesce(sum(persons_confirmed), 0)                                              AS f9_persons_d,
           count(*) FILTER (WHERE repeat_days IS NOT NULL AND record IN (SELECT record FROM repeats)) AS f12n,
           count(*) FILTER (WHERE repeat_days IS NOT NULL)                                  AS f12d,
           count(*) FILTER (WHERE rebounded)                                                AS f13n,
           count(*) FILTER (WHERE closings > 0)                                             AS f13d,
           count(*) FILTER (WHERE filings > 0 AND escalations > 0)                          AS f14n,
           count(*) FILTER (WHERE filings > 0)                                              AS f14d,
           count(*) FILTER (WHERE unmet AND police_referrals > 0)                           AS f15n,
           count(*) FILTER (WHERE unmet)                                                    AS f15d,
           count(*) FILTER (WHERE police_referrals > 0 AND police_filed > 0)                AS f15_filed_n,
           count(*) FILTER (WHERE police_referrals > 0)                                     AS f15_filed_d,
           {lasting}
      FROM lasted
     GROUP BY GROUPING SETS ((), (grp))
), flowed AS (
    SELECT j.record, j.reached, l.event, l.answer, coalesce(l.contacted, true) AS contacted, l.contacted IS NOT NULL AS told,
           l.answer IN ('satisfied', 'basically', 'dissatisfied')                           AS answered,
           coalesce(({flow_by})::text, '')                                                  AS grp
      FROM journal l
      JOIN judged j ON j.record = l.record
     WHERE l.event IN ('CaseClosed', 'CaseRevisited') AND l.happened_from >= %(from)s AND l.happened_by <= %(to)s
), flow_counted AS (
    SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp,
           count(DISTINCT record) FILTER (WHERE event = 'CaseClosed' AND reached > 0)       AS f10n,
           count(DISTINCT record) FILTER (WHERE event = 'CaseClosed')                       AS f10d,
           count(*) FILTER (WHERE event = 'CaseRevisited' AND told AND contacted)           AS f10b_n,
           count(*) FILTER (WHERE event = 'CaseRevisited' AND told)                         AS f10b_d,
           count(*) FILTER (WHERE event = 'CaseRevisited' AND contacted AND answer IN ('satisfied', 'basically')) AS f11n,
           count(*) FILTER (WHERE event = 'CaseRevisited' AND contacted AND answered)       AS f11d,
           count(*) FILTER (WHERE event = 'CaseRevisited' AND contacted AND answered IS NOT TRUE) AS f11_no_answer_n,
           count(*) FILTER (WHERE event = 'CaseRevisited' AND contacted)                    AS f11_no_answer_d
      FROM flowed
     GROUP BY GROUPING SETS ((), (grp))
), entered AS (
    SELECT grp, count(*) FILTER (WHERE after > most) AS late, count(most) AS entries
      FROM (SELECT coalesce(({entry_by})::text, '')                                         AS grp,
                   {setting(late_recording_days, l.happened_on)}                            AS most,
                   {counted(l.recorded_on)} - {counted(l.happened_on)}                      AS after
              FROM (SELECT *, (recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS recorded_on FROM journal) l
              {of_cases}
             WHERE l.sort = 'case' AND NOT l.confidential AND l.happened_on BETWEEN %(from)s AND %(to)s
               AND l.division LIKE %(divisions)s) each_entry
     GROUP BY grp
), entered_counted AS (
    SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp, sum(late) AS f19n, sum(entries) AS f19d
      FROM entered
     GROUP BY GROUPING SETS ((), (grp))
), unpaid AS (
    SELECT coalesce(({by})::text, '') AS grp, balance, persons_confirmed, %(today)s - received_by AS age
      FROM judged j
     WHERE balance > 0
), unpaid_counted AS (
    SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp, {unpaid}
      FROM unpaid
     GROUP BY GROUPING SETS ((), (grp))
), overdue AS (
    SELECT coalesce(({by})::text, '') AS grp, r.record, r.clock, %(today)s - r.last_day AS age
      FROM running r
      JOIN judged j ON j.record = r.record
     WHERE r.step < 95 AND NOT r.stopped AND NOT r.still AND r.last_day < %(today)s
), overdue_counted AS (
    SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp, count(DISTINCT record) AS f18_cases, {overdue}
      FROM overdue
     GROUP BY GROUPING SETS ((), (grp))
), visits AS (
    SELECT coalesce(({check_by})::text, '') AS grp, l.seq, l.happened_by,
           {site} AS site,
           left(result, 3) AS system, bool_and(result LIKE '%%:pass') AS passed
      FROM journal l
      JOIN journal h ON h.record = l.record AND h.version = 1,
           LATERAL unnest(string_to_array(l.results, ',')) AS result
     WHERE l.sort IN ('project', 'inspection') AND l.event IN ('ProjectSupervised', 'InspectionMade') AND l.results IS NOT NULL
       AND l.happened_from >= %(from)s AND l.happened_by <= %(to)s
       AND l.division LIKE %(divisions)s
       AND {line_sight}
       AND (result LIKE '%%:pass' OR result LIKE '%%:fail')
     GROUP BY 1, 2, 3, 4, 5
), checked AS (
    SELECT DISTINCT ON (grp, site, system) grp, system, passed
      FROM visits
     WHERE site IS NOT NULL
     ORDER BY grp, site, system, happened_by DESC, seq DESC
), checked_counted AS (
    SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp, {checked}
      FROM checked
     GROUP BY GROUPING SETS ((), (grp))
)
SELECT *
  FROM counted
  FULL JOIN flow_counted      USING (total, grp)
  FULL JOIN entered_counted   USING (total, grp)
  FULL JOIN unpaid_counted    USING (total, grp)
  FULL JOIN overdue_counted   USING (total, grp)
  FULL JOIN checked_counted   USING (total, grp)
 WHERE total = 1 OR grp BETWEEN {first} AND {last} -- by month, what stands is told of the months of the window alone
