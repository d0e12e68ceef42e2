-- Warning and training (警示教育) in a window, and how many of the projects that started in it had their first lesson by now.
WITH journal AS NOT MATERIALIZED (
    {journal}
), lessons AS (
    SELECT DISTINCT unnest(string_to_array(related, ',')) AS project
      FROM journal
     WHERE event = 'TrainingHeld' AND kind = 'first_lesson'
), lines AS (
    SELECT j.event, j.kind, j.persons, j.leaflets, j.consultations, l.project IS NOT NULL AS trained,
           coalesce(({by})::text, '') AS grp
      FROM journal j
      LEFT JOIN lessons l ON j.event = 'ProjectRegistered' AND l.project = j.record::text
     WHERE j.event IN ('TrainingHeld', 'ProjectRegistered')
       AND j.happened_from >= %(from)s AND j.happened_by <= %(to)s
       AND j.division LIKE %(divisions)s
       AND {sight}
)
SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp,
       count(*)                    FILTER (WHERE event = 'TrainingHeld')                               AS sessions,
       count(*)                    FILTER (WHERE event = 'TrainingHeld' AND kind = 'first_lesson')     AS first_lesson,
       count(*)                    FILTER (WHERE event = 'TrainingHeld' AND kind = 'platform')         AS platform,
       count(*)                    FILTER (WHERE event = 'TrainingHeld' AND kind = 'typical_cases')    AS typical_cases,
       count(*)                    FILTER (WHERE event = 'TrainingHeld' AND kind = 'policy')           AS policy,
       coalesce(sum(persons)       FILTER (WHERE event = 'TrainingHeld'), 0)                           AS attendance,
       coalesce(sum(leaflets)      FILTER (WHERE event = 'TrainingHeld'), 0)                           AS leaflets,
       coalesce(sum(consultations) FILTER (WHERE event = 'TrainingHeld'), 0)                           AS consultations,
       count(*)                    FILTER (WHERE event = 'ProjectRegistered')                          AS projects_started,
       count(*)                    FILTER (WHERE event = 'ProjectRegistered' AND trained)              AS projects_trained
  FROM lines
 GROUP BY GROUPING SETS ((), (grp))
