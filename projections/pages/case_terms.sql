-- Each case in sight with the due day of every clock the statistics judge it by, as the law counts it and as it was extended.
-- A clock that stands still is not judged while it does; what it stood still for moves its due day.
pauses AS (
    SELECT record, clock,
           coalesce(sum({counted(until)} - {counted(since)}), 0)::integer AS paused,
           bool_or(until IS NULL)                                         AS still
      FROM (SELECT record, kind AS clock, event, happened_on AS since,
                   lead(happened_on) OVER (PARTITION BY record, kind ORDER BY version) AS until
              FROM journal
             WHERE event IN ('CaseSuspended', 'CaseResumed')) pairs
     WHERE event = 'CaseSuspended'
     GROUP BY record, clock
), judged AS (
    SELECT f.*, split_part(f.officers, ',', 1)                            AS officer,
           to_char(f.received_by, 'YYYY-MM')                              AS month,
           {due(C01, f.received_on, p01.paused)}                          AS c01_due,
           {due(C02, f.c02_started_on, p02.paused)}                       AS c02_due,
           {due(C03, f.c03_started_on)}                                   AS c03_due,
           {due(C19, f.c19_started_on)}                                   AS c19_due,
           {due(C21, f.received_on)}                                      AS c21_due,
           {due(C22, f.received_on)}                                      AS c22_due,
           coalesce(p01.still, false)                                     AS c01_still,
           coalesce(p02.still, false)                                     AS c02_still
      FROM facts f
      LEFT JOIN pauses p01 ON f.suspensions > 0 AND p01.record = f.record AND p01.clock = 'C01'
      LEFT JOIN pauses p02 ON f.suspensions > 0 AND p02.record = f.record AND p02.clock = 'C02'
     WHERE f.division LIKE %(divisions)s
       AND {sight}
       AND {touched}
), running AS (
    SELECT j.record, j.officer, j.office, j.division, j.step, c.*, coalesce(c.extended_on, c.due) AS last_day
      FROM judged j,
           LATERAL (VALUES ('C01', j.received_on,    j.c01_due,      NULL::date,        j.c01_stopped, j.c01_stopped_on, j.c01_still),
                           ('C02', j.c02_started_on, j.c02_due,      j.c02_extended_on, j.c02_stopped, j.c02_stopped_on, j.c02_still),
                           ('C03', j.c03_started_on, j.c03_due,      j.c03_extended_on, j.c03_stopped, j.c03_stopped_on, false),
                           ('C07', j.ordered_on,     j.order_due_on, NULL::date,        coalesce(j.balance <= 0, false),
                            CASE WHEN j.balance <= 0 THEN j.paid_on END, false),
                           ('C19', j.c19_started_on, j.c19_due,      j.c19_extended_on, j.c19_stopped, j.c19_stopped_on, false),
                           ('C21', j.received_on,    j.c21_due,      NULL::date,        j.c21_stopped, j.c21_stopped_on, false),
                           ('C22', j.received_on,    j.c22_due,      NULL::date,        j.c21_stopped, j.c21_stopped_on, false))
             AS c (clock, started_on, due, extended_on, stopped, stopped_on, still)
     WHERE c.due IS NOT NULL
)
