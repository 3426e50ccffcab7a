-- Who serves people appends and reads by functions only, of streams and answers whose ids it knows: it cannot go through
-- the log, write at a position of its choice, or bring a key without the event that it seals. The functions run as the
-- tables' owner, whom row-level security does not bind; of all others only those named here see a row.
REVOKE ALL ON log.stored_events, log.stored_events_answers FROM jinlin_app;
ALTER TABLE log.stored_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE log.stored_events_answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY follower ON log.stored_events FOR SELECT TO jinlin_follower USING (true);

-- An earlier release appended by a function of the same name with fewer arguments.
DO $$
DECLARE
    earlier regprocedure;
BEGIN
    FOR earlier IN SELECT oid FROM pg_proc WHERE pronamespace = 'log'::regnamespace
        AND proname = 'stored_events_append' AND pronargs <> 20
    LOOP
        EXECUTE format('DROP FUNCTION %s', earlier);
    END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.stored_events_append, log.stored_events_of_stream, log.stored_events_of_streams,
    log.stored_events_standing, log.stored_events_answers_of, log.stored_events_end TO jinlin_app;
GRANT EXECUTE ON FUNCTION log.stored_events_end TO jinlin_follower;

REVOKE ALL ON FUNCTION vault.keep FROM jinlin_app;
REVOKE ALL ON SCHEMA vault FROM jinlin_app;
GRANT USAGE ON SCHEMA vault TO jinlin_owner;
GRANT EXECUTE ON FUNCTION vault.keep TO jinlin_owner;

ALTER TABLE log.snapshots OWNER TO jinlin_owner;
ALTER FUNCTION log.refuse_rewriting OWNER TO jinlin_owner;
