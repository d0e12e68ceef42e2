-- Sessions that count no more - ended, or begun thirty days ago - are let go, a hundred at a time, whenever one begins.  The
-- counter may call this; it may not delete a session of its own choice, and so none that still counts.

CREATE FUNCTION forget_sessions() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM qingxin.sessions s
     USING (SELECT hash FROM qingxin.sessions
             WHERE ended_at IS NOT NULL OR started_at < clock_timestamp() - interval '30 days'
             LIMIT 100
             FOR UPDATE SKIP LOCKED) gone
     WHERE s.hash = gone.hash
$$;
REVOKE ALL ON FUNCTION forget_sessions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_sessions() TO qingxin_web;
