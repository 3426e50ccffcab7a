-- The search of the register by the same index. Of what very many have in common some are told, but none is left out
-- that is called exactly so.
SET LOCAL ROLE jinlin_owner;
GRANT CREATE ON SCHEMA view TO jinlin_follower;  -- for this step alone: whose functions these are makes them
SET LOCAL ROLE jinlin_follower;

CREATE OR REPLACE FUNCTION view.dwellings_holding(wanted text[], said text, most integer) RETURNS TABLE (key text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = view, pg_temp SET jit = off
    SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    mine text[] := view.my_estates(wanted);
    whole text := '|' || ltrim(said, '|') || '|';
    probe text[] := view.probe(ARRAY[said]);
    exactly text[] := view.probe(ARRAY[whole]);
BEGIN
    RETURN QUERY
    SELECT found.key FROM (
        SELECT d.key, d.place, 0 AS nearness FROM dwellings d
        WHERE d.estate = ANY (mine) AND view.grams(d.words) COLLATE "C" @> exactly AND strpos(d.words, whole) > 0
        UNION ALL (
            SELECT d.key, d.place, CASE WHEN strpos(d.words, '|' || said) > 0 THEN 1 ELSE 2 END FROM dwellings d
            WHERE d.estate = ANY (mine) AND view.grams(d.words) COLLATE "C" @> probe AND strpos(d.words, said) > 0
            LIMIT 2000
        )
        UNION ALL
        SELECT d.key, d.place, CASE WHEN o.whole THEN 0 ELSE 1 END
        FROM (
            SELECT each.key, strpos(each.words, whole) > 0 AS whole FROM owners each
            WHERE each.estate = ANY (mine) AND view.grams(each.words) COLLATE "C" @> probe AND strpos(each.words, said) > 0
            LIMIT 1000
        ) o
        JOIN dwellings d ON d.owner = o.key AND d.estate = ANY (mine) AND d.withdrawn = 'false'
    ) found
    GROUP BY found.key, found.place ORDER BY min(found.nearness), found.place LIMIT most;
END $$;

SET LOCAL ROLE jinlin_owner;
REVOKE CREATE ON SCHEMA view FROM jinlin_follower;
RESET ROLE;
