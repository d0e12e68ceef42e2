-- The numbers of the six mechanisms (六项机制) over a window, from the lines of the journal that are in force.
-- Days that are not known to the day count only when all they can mean lies in the window.  What only the entry that opened a
-- record says (its employer, industry, channel) is joined from there.
WITH journal AS NOT MATERIALIZED (
    {journal}
), heads AS (
    SELECT record, employer_key, industry, CASE WHEN sort = 'case' THEN kind END AS channel
      FROM journal
     WHERE version = 1
), revisits AS (
    SELECT record, min(version) AS first
      FROM journal
     WHERE event = 'CaseRevisited'
     GROUP BY record
), lines AS (
    SELECT j.record, j.event, j.kind, j.happened_from, j.happened_by, j.division, j.answer, j.amount, j.persons, j.leaflets, j.consultations, h.employer_key, h.channel,
           event IN ('CaseInspected', 'InspectionMade')    AS inspected,
           event = 'CaseRevisited' AND j.version = r.first AS first_revisit,
           coalesce(({by})::text, '')                      AS grp
      FROM journal j
      JOIN heads h ON h.record = j.record
      LEFT JOIN revisits r ON j.event = 'CaseRevisited' AND r.record = j.record
     WHERE j.event IN ('CaseReceived', 'CaseInspected', 'CaseOrdered', 'CasePublicised', 'CaseListed', 'CaseClosed', 'CaseRevisited',
                       'CaseReferred', 'CasePaid', 'InspectionMade', 'InspectionOrdered', 'ProjectSupervised', 'EmployerListed',
                       'TrainingHeld')
       AND j.happened_from >= %(from)s AND j.happened_by <= %(to)s
       AND j.division LIKE %(divisions)s
       AND {sight}
)
SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp,
       count(DISTINCT division)      FILTER (WHERE inspected)                                             AS divisions_inspected,
       count(DISTINCT record)        FILTER (WHERE event = 'ProjectSupervised')                           AS sites_supervised,
       count(DISTINCT employer_key)  FILTER (WHERE inspected)                                             AS employers_inspected,
       count(*)                      FILTER (WHERE inspected)                                             AS inspection_visits,
       count(*)                      FILTER (WHERE event = 'InspectionOrdered'
                                                OR (event = 'CaseOrdered' AND kind = 'rectification'))    AS rectification_orders,
       count(DISTINCT record)        FILTER (WHERE event = 'CasePublicised' AND kind IN ('county', 'city')) AS cases_publicised,
       count(DISTINCT employer_key)  FILTER (WHERE event IN ('CaseListed', 'EmployerListed'))             AS employers_listed,
       count(*)                      FILTER (WHERE event = 'CaseReceived')                                AS clues_received,
       count(DISTINCT record)        FILTER (WHERE event = 'CaseClosed' AND channel = 'petition')         AS petitions_closed,
       count(*)                      FILTER (WHERE first_revisit AND answer IN ('satisfied', 'basically')) AS satisfied,
       count(*)                      FILTER (WHERE first_revisit
                                               AND answer IN ('satisfied', 'basically', 'dissatisfied'))  AS answered,
       count(*)                      FILTER (WHERE first_revisit)                                         AS asked,
       count(*)                      FILTER (WHERE event = 'TrainingHeld')                                AS trainings,
       coalesce(sum(leaflets)        FILTER (WHERE event = 'TrainingHeld'), 0)                            AS leaflets,
       coalesce(sum(consultations)   FILTER (WHERE event = 'TrainingHeld'), 0)                            AS consultations,
       count(DISTINCT record)        FILTER (WHERE event = 'CaseReferred' AND kind = 'discipline'
                                               AND happened_from >= %(told_from)s AND happened_by <= %(told_to)s) AS discipline_referrals,
       count(DISTINCT record)        FILTER (WHERE event = 'CaseReferred' AND kind = 'police')            AS police_referrals,
       coalesce(sum(amount)          FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), 0)           AS arrears_recovered,
       coalesce(sum(persons)         FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), 0)           AS persons_paid
  FROM lines
 GROUP BY GROUPING SETS ((), (grp))
