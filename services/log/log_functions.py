"""What the log is asked by: one function that appends and a few that read, in SQL with names to be filled in."""

ANSWERS_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.{answers} (
    actor uuid NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, answer jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (actor, key))
"""

APPEND_FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.{append}(
    ids {id_type}[], versions bigint[], topics text[], states bytea[], event_groups integer[],
    standing_ids {id_type}[], standing_versions bigint[], standing_groups integer[],
    actors uuid[], keys text[], prints bytea[], bodies jsonb[], answer_groups integer[],
    subjects uuid[], wrapped bytea[], key_groups integer[],
    quiet_names text[], quiet_after bigint[], quiet_groups integer[], group_count integer
) RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- planned once: planning anew for the very arrays takes longer than everything else together
SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
    newest bigint;
    grown bigint;
    conflicting integer[];
    answered integer[];
    turned integer[];
    outcomes bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock({lock});  -- held until the commit: positions are drawn in commit order
    SELECT coalesce(max(notification_id), 0) INTO newest FROM {schema}.{table};
    SELECT coalesce(array_agg(place), '{{}}') INTO conflicting
        FROM unnest(standing_ids, standing_versions, standing_groups) AS s (id, version, place)
        WHERE version <> (SELECT coalesce(max(originator_version), 0) FROM {schema}.{table} WHERE originator_id = id);
    IF cardinality(quiet_names) > 0 THEN  -- seldom, and about the last moments: few rows lie after those positions
        conflicting := conflicting || ARRAY(
            SELECT place FROM unnest(quiet_names, quiet_after, quiet_groups) AS q (name, after, place)
            WHERE EXISTS (SELECT 1 FROM {schema}.{table} WHERE notification_id > after AND topic = name));
    END IF;
    SELECT coalesce(array_agg(place), '{{}}') INTO answered
        FROM unnest(actors, keys, answer_groups) AS a (who, said, place)
        WHERE EXISTS (SELECT 1 FROM {schema}.{answers} WHERE actor = who AND key = said);
    turned := conflicting || answered;
    SELECT array_agg(CASE WHEN place = ANY (answered) THEN -2 WHEN place = ANY (conflicting) THEN -1
                     ELSE newest + added END ORDER BY place)
        INTO outcomes
        FROM (SELECT place, sum(CASE WHEN place = ANY (turned) THEN 0 ELSE coalesce(n, 0) END)
                     OVER (ORDER BY place)::bigint AS added
              FROM generate_series(1, group_count) AS place
              LEFT JOIN (SELECT g, count(*) AS n FROM unnest(event_groups) AS g GROUP BY g) AS counted ON g = place
             ) AS placed;
    IF cardinality(turned) = 0 THEN  -- nearly always: no need to count who is left
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state, notification_id)
        SELECT id, version, topic, state, newest + place
        FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS e (id, version, topic, state, place);
    ELSE
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state, notification_id)
        SELECT id, version, topic, state, newest + row_number() OVER (ORDER BY place)
        FROM unnest(ids, versions, topics, states, event_groups) WITH ORDINALITY
             AS e (id, version, topic, state, of_group, place)
        WHERE of_group <> ALL (turned);
    END IF;
    GET DIAGNOSTICS grown = ROW_COUNT;
    IF grown > 0 THEN
        PERFORM pg_notify('{channel}', (newest + grown)::text);
    END IF;
    IF cardinality(subjects) > 0 THEN  -- a key of a turned group seals nothing, and its command may come again
        PERFORM vault.keep(array_agg(subject), array_agg(wrap))
        FROM unnest(subjects, wrapped, key_groups) AS k (subject, wrap, place)
        WHERE place <> ALL (turned);
    END IF;
    INSERT INTO {schema}.{answers} (actor, key, fingerprint, answer)
        SELECT who, said, print, body || jsonb_build_object('position', outcomes[place])
        FROM unnest(actors, keys, prints, bodies, answer_groups) AS a (who, said, print, body, place)
        WHERE place <> ALL (turned);
    RETURN outcomes;
END $body$
"""

# By ids that one has to know, so that nobody who only asks can go through the log.
READING_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION {schema}.{of_stream}(
    wanted {id_type}, after_version bigint, until_version bigint, most bigint, newest_first boolean
) RETURNS SETOF {schema}.{table}
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF newest_first THEN
        RETURN QUERY SELECT * FROM {schema}.{table} AS t
            WHERE t.originator_id = wanted AND t.originator_version > after_version
            AND t.originator_version <= until_version ORDER BY t.originator_version DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT * FROM {schema}.{table} AS t
            WHERE t.originator_id = wanted AND t.originator_version > after_version
            AND t.originator_version <= until_version ORDER BY t.originator_version LIMIT most;
    END IF;
END $body$
""",
    """
CREATE OR REPLACE FUNCTION {schema}.{of_streams}(wanted {id_type}[], until_position bigint)
RETURNS SETOF {schema}.{table}
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RETURN QUERY SELECT * FROM {schema}.{table} AS t
        WHERE t.originator_id = ANY (wanted) AND t.notification_id <= until_position ORDER BY t.notification_id;
END $body$
""",
    """
CREATE OR REPLACE FUNCTION {schema}.{standing}(wanted {id_type}[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RETURN ARRAY(
        SELECT (SELECT coalesce(max(t.originator_version), 0) FROM {schema}.{table} AS t WHERE t.originator_id = id)
        FROM unnest(wanted) WITH ORDINALITY AS w (id, place) ORDER BY place
    );
END $body$
""",
    """
CREATE OR REPLACE FUNCTION {schema}.{end}() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RETURN (SELECT max(notification_id) FROM {schema}.{table});
END $body$
""",
    """
CREATE OR REPLACE FUNCTION {schema}.{answers_of}(who uuid, said text)
RETURNS TABLE (key text, fingerprint bytea, answer jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF said IS NULL THEN
        RETURN QUERY SELECT a.key, a.fingerprint, a.answer FROM {schema}.{answers} AS a WHERE a.actor = who;
    ELSE
        RETURN QUERY SELECT a.key, a.fingerprint, a.answer FROM {schema}.{answers} AS a
            WHERE a.actor = who AND a.key = said;
    END IF;
END $body$
""",
)
