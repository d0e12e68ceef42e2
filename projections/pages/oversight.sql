-- What an auditor looks at (监督): steps past their day, cases that lay idle, entries made late, dated back or taken back - each from
-- the entries of the case alone, under the officer and the office it falls to.  What each kind means stands in
-- projections/reports/oversight.py.
WITH journal AS NOT MATERIALIZED (
    {journal}
), facts AS (
    {facts}
), {case_terms}, entries AS (
    SELECT l.record, l.seq, l.version, l.event, l.kind, l.happened_on, l.recorded_on, l.officer, l.office, l.division,
           {setting(idle_days, l.happened_on)}                                                AS idle_days,
           {setting(late_recording_days, l.happened_on)}                                      AS late_days,
           {counted(l.recorded_on)} - {counted(l.happened_on)}                                AS after,
           lag(l.happened_on) OVER before                                                     AS last_on,
           max(l.happened_on) OVER before                                                     AS latest_on,
           max(l.version) FILTER (WHERE l.step IN ({openers})) OVER before                    AS opened,
           max(l.version) FILTER (WHERE l.step IN ({endings})) OVER before                    AS ended,
           max(l.version) FILTER (WHERE l.event = 'CaseClosed') OVER before                   AS closed
      FROM (SELECT *, (recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS recorded_on FROM journal) l
     WHERE l.record IN (SELECT record FROM judged)
       AND l.sort = 'case' AND l.division LIKE %(divisions)s AND (%(confidant)s OR NOT l.confidential)
    WINDOW before AS (PARTITION BY l.record ORDER BY l.version ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), hidden AS (
    SELECT e.record, max(e.happened_on) AS last_on, max(e.seq) AS last_seq, max(e.version) AS version
      FROM entries e
     WHERE NOT %(confidant)s AND e.record IN (SELECT record FROM journal WHERE confidential)
     GROUP BY e.record
), stops AS (
    SELECT DISTINCT ON (r.record, r.clock) r.record, r.clock, r.due, r.last_day, r.started_on, e.seq,
           e.version, e.happened_on, e.recorded_on, e.officer, e.office, e.division
      FROM running r
      JOIN entries e ON e.record = r.record AND e.happened_on = r.stopped_on
     WHERE r.stopped
       AND CASE r.clock {stopping} END
     ORDER BY r.record, r.clock, e.version
), findings AS (
    SELECT 'past_due' AS kind, clock, record, seq, version, officer, office, division, happened_on AS day, started_on AS since,
           last_day AS until, {counted(happened_on)} - {counted(last_day)} AS days
      FROM stops
     WHERE happened_on > last_day
 UNION ALL
    SELECT 'past_due', r.clock, r.record, coalesce(h.last_seq, j.last_seq), coalesce(h.version, j.version), r.officer, r.office, r.division, r.last_day, r.started_on, r.last_day,
           {counted(today)} - {counted(r.last_day)}
      FROM running r
      JOIN judged j ON j.record = r.record
      LEFT JOIN hidden h ON h.record = r.record
     WHERE r.step < 95 AND NOT r.stopped AND NOT r.still AND r.last_day < %(today)s
 UNION ALL
    SELECT 'idle', NULL, e.record, e.seq, e.version, coalesce(nullif(j.officer, ''), e.officer), coalesce(j.office, e.office), e.division,
           e.happened_on, e.last_on, e.happened_on, {counted(e.happened_on)} - {counted(e.last_on)}
      FROM entries e
      JOIN judged j ON j.record = e.record
     WHERE {counted(e.happened_on)} - {counted(e.last_on)} > e.idle_days AND e.opened > coalesce(e.ended, 0)
 UNION ALL
    SELECT 'idle', NULL, record, last_seq, version, officer, office, division, last_on, last_on, %(today)s::date,
           {counted(today)} - {counted(last_on)}
      FROM (SELECT j.record, j.officer, j.office, j.division, j.step, coalesce(h.last_on, j.last_on) AS last_on,
                   coalesce(h.last_seq, j.last_seq) AS last_seq, coalesce(h.version, j.version) AS version
              FROM judged j
              LEFT JOIN hidden h ON h.record = j.record) j
     WHERE step < 95 AND {counted(today)} - {counted(last_on)} > {setting(idle_days, last_on)}
 UNION ALL
    SELECT 'returned', NULL, record, seq, version, officer, office, division, happened_on, NULL, NULL, NULL
      FROM entries
     WHERE event = 'CaseReturned'
 UNION ALL
    SELECT 'late_recording', NULL, record, seq, version, officer, office, division, happened_on, happened_on, recorded_on, after
      FROM entries
     WHERE after > late_days
 UNION ALL
    SELECT 'late_extension', r.clock, e.record, e.seq, e.version, e.officer, e.office, e.division, e.happened_on, r.started_on, r.due,
           {counted(e.happened_on)} - {counted(r.due)}
      FROM entries e
      JOIN running r ON r.record = e.record AND r.clock = e.kind
     WHERE e.event = 'CaseExtended' AND e.happened_on > r.due AND e.happened_on >= r.started_on
 UNION ALL
    SELECT 'reopened', NULL, e.record, e.seq, e.version, c.officer, c.office, e.division, e.happened_on, c.happened_on, e.happened_on,
           {counted(e.happened_on)} - {counted(c.happened_on)}
      FROM entries e
      JOIN entries c ON c.record = e.record AND c.version = e.closed
     WHERE e.event = 'CaseReopened' AND e.closed = e.ended
 UNION ALL
    SELECT 'suspended_before_due', r.clock, e.record, e.seq, e.version, e.officer, e.office, e.division, e.happened_on, r.started_on,
           r.due, {counted(r.due)} - {counted(e.happened_on)}
      FROM entries e
      JOIN (SELECT record, 'C01' AS clock, received_on AS started_on, {due(C01, received_on)} AS due FROM judged
         UNION ALL
            SELECT record, 'C02', c02_started_on, {due(C02, c02_started_on)} FROM judged) r
        ON r.record = e.record AND r.clock = e.kind
     WHERE e.event = 'CaseSuspended' AND {counted(r.due)} - {counted(e.happened_on)} BETWEEN 0 AND {near}
 UNION ALL
    SELECT 'backdated', NULL, record, seq, version, officer, office, division, happened_on, happened_on, recorded_on, after
      FROM entries
     WHERE happened_on < latest_on AND after > late_days
 UNION ALL
    SELECT 'backdated', clock, record, seq, version, officer, office, division, happened_on, last_day, recorded_on,
           {counted(recorded_on)} - {counted(last_day)}
      FROM stops
     WHERE happened_on <= last_day AND recorded_on > last_day
), found AS (
    SELECT f.*, seq * 1000 + {rank} AS place
      FROM findings f
     WHERE f.day >= %(from)s AND f.day <= %(to)s
       AND {wanted}
)
{answer}
