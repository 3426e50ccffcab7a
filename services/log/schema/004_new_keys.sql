-- The log brings new keys along in the transaction of the events that they seal: it may add keys, and see none.
CREATE FUNCTION vault.keep(subjects uuid[], wrapped bytea[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
    INSERT INTO vault.keys (subject, wrapped) SELECT * FROM unnest(subjects, wrapped)
$$;
ALTER FUNCTION vault.keep OWNER TO jinlin_vault;
REVOKE ALL ON FUNCTION vault.keep FROM PUBLIC;
GRANT USAGE ON SCHEMA vault TO jinlin_app;
GRANT EXECUTE ON FUNCTION vault.keep TO jinlin_app;
