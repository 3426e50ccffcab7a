-- What very many rows hold is looked for among the first that come, what is rarer by the index: an index that names half of
-- a table says nothing, and takes longest. Of what very many have in common some are told, but none is left out that is
-- called exactly so. A single Latin sign or digit is found where a word begins with it.
SET LOCAL ROLE jinlin_owner;
GRANT CREATE ON SCHEMA view TO jinlin_follower;  -- for this step alone: whose functions these are makes them
SET LOCAL ROLE jinlin_follower;

CREATE OR REPLACE FUNCTION view.dwellings_holding(wanted text[], said text, most integer) RETURNS TABLE (key text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = view, pg_temp SET jit = off
    SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    mine text[] := view.my_estates(wanted);
    whole text := '|' || ltrim(said, '|') || '|';
    held text := CASE WHEN cardinality(view.probe(ARRAY[said])) > 0 THEN said ELSE '|' || ltrim(said, '|') END;
    probe text[] := view.probe(ARRAY[held]);
    exactly text[] := view.probe(ARRAY[whole]);
    enough integer := greatest(most * 10, 200);
    homes text[];
    whose text[];
BEGIN
    homes := ARRAY(
        SELECT early.key FROM (
            SELECT d.key, d.words FROM dwellings d WHERE d.estate = ANY (mine) AND d.words IS NOT NULL LIMIT 2000
        ) early
        WHERE strpos(early.words, held) > 0 LIMIT enough
    );
    IF cardinality(homes) < most THEN
        homes := ARRAY(
            SELECT d.key FROM dwellings d
            WHERE d.estate = ANY (mine) AND view.grams(d.words) COLLATE "C" @> probe AND strpos(d.words, held) > 0 LIMIT 2000
        );
    END IF;
    whose := ARRAY(
        SELECT early.key FROM (SELECT o.key, o.words FROM owners o WHERE o.estate = ANY (mine) LIMIT 2000) early
        WHERE strpos(early.words, held) > 0 LIMIT enough
    );
    IF cardinality(whose) < most THEN
        whose := ARRAY(
            SELECT o.key FROM owners o
            WHERE o.estate = ANY (mine) AND view.grams(o.words) COLLATE "C" @> probe AND strpos(o.words, held) > 0 LIMIT 1000
        );
    END IF;
    RETURN QUERY
    SELECT found.key FROM (
        SELECT d.key, d.place, 0 AS nearness FROM dwellings d
        WHERE d.estate = ANY (mine) AND view.grams(d.words) COLLATE "C" @> exactly AND strpos(d.words, whole) > 0
        UNION ALL
        SELECT d.key, d.place, CASE WHEN strpos(d.words, '|' || said) > 0 THEN 1 ELSE 2 END FROM dwellings d
        WHERE d.key = ANY (homes)
        UNION ALL
        SELECT d.key, d.place, owner.nearness FROM (
            SELECT o.key, 1 AS nearness FROM owners o WHERE o.key = ANY (whose)
            UNION ALL (
                SELECT o.key, 0 FROM owners o
                WHERE o.estate = ANY (mine) AND view.grams(o.words) COLLATE "C" @> exactly AND strpos(o.words, whole) > 0
                    AND said !~ '^[0-9]{1,6}$'  -- nobody is called so, and every phone holds it
                LIMIT 1000
            )
        ) owner
        JOIN dwellings d ON d.owner = owner.key AND d.estate = ANY (mine) AND d.withdrawn = 'false'
    ) found
    GROUP BY found.key, found.place ORDER BY min(found.nearness), found.place LIMIT most;
END $$;

-- What many cases of a building hold is found among its newest; only what is rarer is looked up.
CREATE OR REPLACE FUNCTION view.cases_at(
    own text, at_building text, at_stairwell text, at_room text, said text[], sight integer, most integer
) RETURNS TABLE (key text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = view, pg_temp SET jit = off
    SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    mine text := (view.my_estates(ARRAY[own]))[1];
    probe text[] := view.probe(said);
    found text[];
BEGIN
    IF at_room IS NULL THEN
        found := ARRAY(
            SELECT newest.key FROM (
                SELECT c.* FROM case_words c WHERE c.estate = mine AND c.building = at_building
                ORDER BY c.noted_at DESC LIMIT CASE WHEN cardinality(probe) > 0 THEN 1000 END
            ) newest
            WHERE (at_stairwell IS NULL OR newest.stairwell = at_stairwell)
                AND view.holds_all(said, sight, newest.numbers, newest.words, newest.who)
            ORDER BY newest.noted_at DESC LIMIT most
        );
        IF cardinality(found) < most AND cardinality(probe) > 0 THEN
            found := ARRAY(
                SELECT c.key FROM case_words c
                WHERE c.estate = mine AND view.grams(c.numbers || c.words || c.who) COLLATE "C" @> probe
                    AND c.building = at_building AND (at_stairwell IS NULL OR c.stairwell = at_stairwell)
                    AND view.holds_all(said, sight, c.numbers, c.words, c.who)
                ORDER BY c.noted_at DESC LIMIT most
            );
        END IF;
        RETURN QUERY SELECT unnest(found);
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
