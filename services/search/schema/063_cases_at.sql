-- The newest cases of a building are read in the order of its index, as many as are wanted: of a list of estates, even of
-- one, all of them would be read and sorted first.
SET LOCAL ROLE jinlin_owner;
GRANT CREATE ON SCHEMA view TO jinlin_follower;  -- for this step alone: whose functions these are makes them
SET LOCAL ROLE jinlin_follower;

CREATE OR REPLACE FUNCTION view.cases_at(
    own text, at_building text, at_stairwell text, at_room text, said text[], sight integer, most integer
) RETURNS TABLE (key text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = view, pg_temp SET jit = off
    SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    mine text := (view.my_estates(ARRAY[own]))[1];
BEGIN
    IF at_room IS NULL THEN
        RETURN QUERY
        SELECT c.key FROM case_words c
        WHERE c.estate = mine AND c.building = at_building AND (at_stairwell IS NULL OR c.stairwell = at_stairwell)
            AND view.holds_all(said, sight, c.numbers, c.words, c.who)
        ORDER BY c.noted_at DESC LIMIT most;
    ELSIF sight >= 1 THEN
        RETURN QUERY
        SELECT c.key FROM case_words c
        WHERE c.estate = mine AND c.building = at_building AND c.room = at_room
            AND (at_stairwell IS NULL OR c.stairwell = at_stairwell OR c.stairwell IS NULL)
            AND view.holds_all(said, sight, c.numbers, c.words, c.who)
        ORDER BY c.noted_at DESC LIMIT most;
    END IF;
END $$;

SET LOCAL ROLE jinlin_owner;
REVOKE CREATE ON SCHEMA view FROM jinlin_follower;
RESET ROLE;
