-- The follower fills the views and makes none. Their owner builds them anew, and takes the last events in itself.
REVOKE CREATE ON SCHEMA view FROM jinlin_follower;

DO $$
DECLARE
    each regclass;
BEGIN
    FOR each IN SELECT c.oid FROM pg_class c WHERE relnamespace = 'view'::regnamespace AND relrowsecurity
        AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'owner')
    LOOP
        EXECUTE format('CREATE POLICY owner ON %s TO jinlin_owner USING (true) WITH CHECK (true)', each);
    END LOOP;
END $$;
