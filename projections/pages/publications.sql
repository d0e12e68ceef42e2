-- What was publicised in a window (社会公布): cases, and listings of employers; by quarter it shows the rhythm of clock C29.
WITH journal AS NOT MATERIALIZED (
    {journal}
), lines AS (
    SELECT j.record, j.event, j.kind, j.document, coalesce(({by})::text, '') AS grp
      FROM journal j
     WHERE j.event IN ('CasePublicised', 'EmployerPublicised', 'EmployerListed', 'EmployerDelisted', 'CaseListed')
       AND j.happened_from >= %(from)s AND j.happened_by <= %(to)s
       AND j.division LIKE %(divisions)s
       AND {sight}
)
SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp,
       count(DISTINCT record) FILTER (WHERE event = 'CasePublicised')                                   AS cases,
       count(DISTINCT record) FILTER (WHERE event = 'CasePublicised' AND kind IN ('county', 'city'))    AS cases_here,
       count(DISTINCT coalesce(document, record::text)) FILTER (WHERE event IN ('EmployerListed', 'CaseListed')) AS listed,
       count(DISTINCT record) FILTER (WHERE event = 'EmployerPublicised')                               AS listings_publicised,
       count(DISTINCT record) FILTER (WHERE event = 'EmployerDelisted')                                 AS delisted
  FROM lines
 GROUP BY GROUPING SETS ((), (grp))
