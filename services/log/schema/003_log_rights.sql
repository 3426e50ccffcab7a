-- The log only grows: nobody but a superuser who switches the triggers off can change what stands in it.
GRANT SELECT, INSERT ON log.stored_events, log.stored_events_answers TO jinlin_app;
GRANT SELECT ON log.stored_events TO jinlin_follower;

CREATE FUNCTION log.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.stored_events_answers
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewriting();
