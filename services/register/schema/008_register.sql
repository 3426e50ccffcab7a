-- A search of the register by any fragment, under the same rule of estates as every reader's: a condition that is not
-- leakproof may use no index under row-level security, and the rule itself costs more per row than the look at it.
CREATE FUNCTION view.dwellings_holding(wanted text[], said text, most integer) RETURNS TABLE (key text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = view, pg_temp AS $$
DECLARE
    mine text[] := ARRAY(
        SELECT unnest(string_to_array(nullif(current_setting('jinlin.estates', true), ''), ',')) INTERSECT SELECT unnest(wanted)
    );
BEGIN
    RETURN QUERY
    SELECT found.key FROM (
        SELECT d.key, d.place,
            CASE WHEN strpos(d.words, '|' || said || '|') > 0 THEN 0 WHEN strpos(d.words, '|' || said) > 0 THEN 1 ELSE 2 END
            AS nearness
        FROM dwellings d WHERE d.estate = ANY (mine) AND strpos(d.words, said) > 0
        UNION ALL
        SELECT d.key, d.place, CASE WHEN o.whole THEN 0 ELSE 1 END
        FROM (
            SELECT each.key, strpos(each.words, '|' || said || '|') > 0 AS whole
            FROM owners each WHERE each.estate = ANY (mine) AND strpos(each.words, said) > 0 LIMIT 1000
        ) o
        JOIN dwellings d ON d.owner = o.key AND d.estate = ANY (mine) AND d.withdrawn = 'false'
    ) found
    GROUP BY found.key, found.place ORDER BY min(found.nearness), found.place LIMIT most;
END $$;
ALTER FUNCTION view.dwellings_holding OWNER TO jinlin_follower;
REVOKE ALL ON FUNCTION view.dwellings_holding FROM PUBLIC;
GRANT EXECUTE ON FUNCTION view.dwellings_holding TO jinlin_app;
