-- The numbers of the six mechanisms (六项机制) over a window, from the lines of the journal that are in force.
-- What has no records yet counts nothing.  Days that are not known to the day count only when all they can mean lies in the window.
SELECT count(DISTINCT j.division)     FILTER (WHERE event = 'CaseInspected')                              AS divisions_inspected,
       0                                                                                                  AS sites_supervised,
       count(DISTINCT c.employer_key) FILTER (WHERE event = 'CaseInspected')                              AS employers_inspected,
       count(*)                       FILTER (WHERE event = 'CaseInspected')                              AS inspection_visits,
       count(*)                       FILTER (WHERE event = 'CaseOrdered' AND kind = 'rectification')     AS rectification_orders,
       count(DISTINCT j.record)       FILTER (WHERE event = 'CasePublicised' AND kind IN ('county', 'city')) AS cases_publicised,
       count(DISTINCT c.employer_key) FILTER (WHERE event = 'CaseListed')                                 AS employers_listed,
       count(*)                       FILTER (WHERE event = 'CaseReceived')                               AS clues_received,
       count(DISTINCT j.record)       FILTER (WHERE event = 'CaseClosed' AND c.channel = 'petition')      AS petitions_closed,
       count(*)                       FILTER (WHERE event = 'CaseRevisited' AND j.version = c.first_revisit
                                                AND answer IN ('satisfied', 'basically'))                 AS satisfied,
       count(*)                       FILTER (WHERE event = 'CaseRevisited' AND j.version = c.first_revisit
                                                AND answer IN ('satisfied', 'basically', 'dissatisfied')) AS answered,
       count(*)                       FILTER (WHERE event = 'CaseRevisited' AND j.version = c.first_revisit) AS asked,
       0                                                                                                  AS trainings,
       0                                                                                                  AS leaflets,
       0                                                                                                  AS consultations,
       count(DISTINCT j.record)       FILTER (WHERE event = 'CaseReferred' AND kind = 'discipline')       AS discipline_referrals,
       count(DISTINCT j.record)       FILTER (WHERE event = 'CaseReferred' AND kind = 'police')           AS police_referrals,
       coalesce(sum(amount)           FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), 0)          AS arrears_recovered,
       coalesce(sum(persons)          FILTER (WHERE event = 'CasePaid' AND kind = 'arrears'), 0)          AS persons_paid
  FROM journal j
  JOIN (SELECT record,
               max(employer_key) FILTER (WHERE event = 'CaseReceived')  AS employer_key,
               max(kind)         FILTER (WHERE event = 'CaseReceived')  AS channel,
               min(version)      FILTER (WHERE event = 'CaseRevisited') AS first_revisit
          FROM journal
         WHERE sort = 'case'
         GROUP BY record) c ON c.record = j.record
 WHERE j.sort = 'case'
   AND j.happened_from >= %(from)s AND j.happened_by <= %(to)s
   AND j.division LIKE %(divisions)s
