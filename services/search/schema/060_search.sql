-- A search looks for fragments. Two signs that stand side by side are looked up by an index without any extension, and
-- single ones where they say something, as in Chinese.
SET LOCAL ROLE jinlin_owner;
GRANT CREATE ON SCHEMA view TO jinlin_follower;  -- for this step alone: whose functions these are makes them
SET LOCAL ROLE jinlin_follower;

CREATE FUNCTION view.grams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT gram) FROM (
        SELECT substr(said, n, 2) COLLATE "C" AS gram FROM generate_series(1, length(said) - 1) AS n
        UNION ALL
        SELECT sign FROM string_to_table(said, NULL) AS sign WHERE octet_length(sign) > 1
    ) found
$$;
-- What a row must have of a fragment to hold it perhaps; nothing where no index could tell.
CREATE FUNCTION view.probe(said text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM unnest(said) AS word, unnest(view.grams(word)) AS gram
$$;

-- Under the rule of estates that every reader's queries have: a condition that is not leakproof may use no index under
-- row-level security. What a reader may not find a case by is no condition of his: 0 numbers, 1 texts, 2 reporters.
CREATE FUNCTION view.my_estates(wanted text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT unnest(string_to_array(nullif(current_setting('jinlin.estates', true), ''), ',')) INTERSECT SELECT unnest(wanted)
    )
$$;
CREATE FUNCTION view.holds_all(said text[], sight integer, numbers text, words text, who text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    word text;
BEGIN
    FOREACH word IN ARRAY said LOOP
        IF strpos(numbers, word) = 0 AND (sight < 1 OR strpos(words, word) = 0) AND (sight < 2 OR strpos(who, word) = 0) THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END $$;

-- What many cases hold is found among the last ones; only what is rarer is looked up.
CREATE FUNCTION view.cases_holding(wanted text[], said text[], sight integer, most integer) RETURNS TABLE (key text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = view, pg_temp SET jit = off
    SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    mine text[] := view.my_estates(wanted);
    probe text[] := view.probe(said);
    last integer := 20 + 1500 / greatest(cardinality(mine), 1);
    found text[];
BEGIN
    IF cardinality(said) = 0 THEN
        RETURN;
    END IF;
    found := ARRAY(
        SELECT recent.key FROM unnest(mine) AS own, LATERAL (
            SELECT c.* FROM case_words c WHERE c.estate = own ORDER BY c.noted_at DESC LIMIT last
        ) recent
        WHERE view.holds_all(said, sight, recent.numbers, recent.words, recent.who)
        ORDER BY recent.noted_at DESC LIMIT most
    );
    IF cardinality(found) < most AND cardinality(probe) > 0 THEN
        found := ARRAY(
            SELECT c.key FROM case_words c
            WHERE c.estate = ANY (mine) AND view.grams(c.numbers || c.words || c.who) COLLATE "C" @> probe
                AND view.holds_all(said, sight, c.numbers, c.words, c.who)
            ORDER BY c.noted_at DESC LIMIT most
        );
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$;

-- The cases of one room are looked up by it, not among all of the building.
-- The newest cases of a building are read in the order of its index, as many as are wanted: of a list of estates, even of
-- one, all of them would be read and sorted first.
CREATE FUNCTION view.cases_at(
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

REVOKE ALL ON FUNCTION view.cases_holding, view.cases_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION view.cases_holding, view.cases_at TO jinlin_app;

SET LOCAL ROLE jinlin_owner;
REVOKE CREATE ON SCHEMA view FROM jinlin_follower;
RESET ROLE;
