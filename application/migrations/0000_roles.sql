-- Who may touch what in the database.  The owner owns; nobody logs in as it.
--   web        SELECT, and EXECUTE of append(): it can add to the truth, never change it
--   projector  reads the truth, writes the read models
--   reader     reads the truth and the read models; for auditors and reporting jobs; never the vault
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['qingxin_owner', 'qingxin_web', 'qingxin_projector', 'qingxin_reader'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- roles belong to the cluster; another database, or another migration, made it
        END;
        EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END LOOP;
END $$;

CREATE SCHEMA qingxin AUTHORIZATION qingxin_owner;
CREATE SCHEMA vault AUTHORIZATION qingxin_owner;
CREATE SCHEMA rebuilt AUTHORIZATION qingxin_owner;  -- where read models are made again, beside the live ones
GRANT USAGE ON SCHEMA qingxin TO qingxin_web, qingxin_projector, qingxin_reader;
GRANT USAGE ON SCHEMA vault TO qingxin_web;
