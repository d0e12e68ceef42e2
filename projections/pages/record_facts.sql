-- One line per record that is not a case - project, campaign, inspection, employer, training, draw - from the lines in force.
-- What is open of a project's problems and signals: those whose last entry raised them rather than ended them.
-- Of a record whose opening was revoked, what it was called stands in the line that opened it.
SELECT record, sort, version, coalesce(number, was_number) AS number, coalesce(source, was_source) AS source,
       coalesce(title, employer, was_title, was_employer) AS title, division, industry, concat_ws(',', parties, split_part(tier_1, '/', 1), split_part(tier_2, '/', 1), split_part(tier_3, '/', 1)) AS offices, employer, employer_key,
       coalesce(kind, was_kind) AS kind, CASE WHEN stands THEN status ELSE 'revoked' END AS status, opened,
       opened_on, last_on, amount, persons, due_on, severity, tier_1, tier_2, tier_3, visits, visited_on, problems,
       problems_open, problem_due_on, signals_open, signals, orders, related, listed_on, listed_until, delisted_on,
       first_seq, last_seq, last_recorded_at
  FROM (SELECT record, sort,
               max(version)                                                                              AS version,
               bool_or(version = 1)                                                                      AS stands,
               max(number)                                                                               AS number,
               max(source)                                                                               AS source,
               (array_agg(title ORDER BY version DESC)
                      FILTER (WHERE title IS NOT NULL AND right(event, 8) <> 'Attached'))[1]             AS title,
               (array_agg(division ORDER BY version))[1]                                                 AS division,
               (array_agg(industry ORDER BY version DESC) FILTER (WHERE industry IS NOT NULL))[1]        AS industry,
               string_agg(CASE WHEN version = 1 THEN concat_ws(',', office, target, team) ELSE concat_ws(',', target, team) END, ','
                          ORDER BY version) FILTER (WHERE event <> 'ProjectEntrusted')                   AS parties,
               (array_agg(employer ORDER BY version DESC) FILTER (WHERE employer IS NOT NULL))[1]        AS employer,
               (array_agg(employer_key ORDER BY version DESC) FILTER (WHERE employer_key IS NOT NULL))[1] AS employer_key,
               (array_agg(kind ORDER BY version) FILTER (WHERE version = 1))[1]                          AS kind,
               (array_agg(word ORDER BY version DESC) FILTER (WHERE word IS NOT NULL))[1]                AS status,
               max(happened)     FILTER (WHERE version = 1)                                              AS opened,
               max(happened_on)  FILTER (WHERE version = 1)                                              AS opened_on,
               max(happened_on)                                                                          AS last_on,
               (array_agg(amount ORDER BY version DESC)
                      FILTER (WHERE amount IS NOT NULL AND event IN ('ProjectRegistered', 'ProjectChanged', 'InspectionMade')))[1] AS amount,
               (array_agg(persons ORDER BY version DESC)
                      FILTER (WHERE persons IS NOT NULL AND event IN ('ProjectRegistered', 'ProjectChanged', 'InspectionMade', 'TrainingHeld')))[1] AS persons,
               CASE WHEN max(version) FILTER (WHERE event IN ('InspectionMended', 'InspectionPunished'))
                         > coalesce(max(version) FILTER (WHERE event IN ('InspectionWarned', 'InspectionOrdered', 'InspectionSummoned')), 0)
                    THEN NULL
                    ELSE (array_agg(due_on ORDER BY version DESC)
                              FILTER (WHERE due_on IS NOT NULL AND event IN ('InspectionWarned', 'InspectionOrdered', 'InspectionSummoned')))[1]
               END                                                                                       AS due_on,
               (array_agg(severity ORDER BY version DESC)
                      FILTER (WHERE event IN ('ProjectSupervised', 'InspectionMade') AND severity IS NOT NULL))[1] AS severity,
               (array_agg(concat_ws('/', target, handlers) ORDER BY version DESC) FILTER (WHERE kind = 'tier_1' AND event = 'ProjectEntrusted'))[1] AS tier_1,
               (array_agg(concat_ws('/', target, handlers) ORDER BY version DESC) FILTER (WHERE kind = 'tier_2' AND event = 'ProjectEntrusted'))[1] AS tier_2,
               (array_agg(concat_ws('/', target, handlers) ORDER BY version DESC) FILTER (WHERE kind = 'tier_3' AND event = 'ProjectEntrusted'))[1] AS tier_3,
               count(*)          FILTER (WHERE event = 'ProjectSupervised')                              AS visits,
               max(happened_on)  FILTER (WHERE event = 'ProjectSupervised')                              AS visited_on,
               count(*)          FILTER (WHERE event = 'ProjectFaulted')                                 AS problems,
               count(DISTINCT document) FILTER (WHERE event = 'ProjectFaulted' AND version_ended < version_raised)  AS problems_open,
               min(due_on)       FILTER (WHERE event IN ('ProjectFaulted', 'ProjectFollowed') AND version = version_raised
                                           AND version_ended < version_raised)                           AS problem_due_on,
               count(DISTINCT document) FILTER (WHERE event = 'ProjectSignalled' AND version_ended < version_raised) AS signals_open,
               string_agg(concat(document, ':', severity), ',' ORDER BY document)
                                 FILTER (WHERE event = 'ProjectSignalled' AND version = version_raised
                                           AND version_ended < version_raised)                           AS signals,
               count(*)          FILTER (WHERE event = 'InspectionOrdered')                              AS orders,
               max(related)      FILTER (WHERE version = 1)                                              AS related,
               max(happened_on)  FILTER (WHERE event = 'EmployerListed')                                 AS listed_on,
               (array_agg(due_on ORDER BY version DESC) FILTER (WHERE event = 'EmployerListed'))[1]      AS listed_until,
               max(happened_on)  FILTER (WHERE event = 'EmployerDelisted')                               AS delisted_on,
               min(seq)                                                                                  AS first_seq,
               max(seq)                                                                                  AS last_seq,
               max(recorded_at)                                                                          AS last_recorded_at
          FROM (SELECT *,
                       coalesce(max(version) FILTER (WHERE event IN ('ProjectFaulted', 'ProjectSignalled')
                                                        OR (event = 'ProjectFollowed' AND NOT final AND due_on IS NOT NULL))
                                             OVER (PARTITION BY record, document), 0) AS version_raised,
                       coalesce(max(version) FILTER (WHERE event = 'ProjectCleared' OR (event = 'ProjectFollowed' AND final))
                                             OVER (PARTITION BY record, document), 0) AS version_ended
                  FROM journal
                 WHERE sort NOT IN ('case', 'person', 'rulebook', 'period', 'number')) lines
         GROUP BY record, sort) facts
  LEFT JOIN LATERAL (SELECT number AS was_number, source AS was_source, title AS was_title, employer AS was_employer, kind AS was_kind
                       FROM {journal} first
                      WHERE NOT stands AND first.record = facts.record AND first.version = 1
                      ORDER BY revision DESC LIMIT 1) opening ON true
