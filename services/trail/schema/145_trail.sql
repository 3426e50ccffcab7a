-- The audit trail: a leaf for each event of the log in a tree that anybody may check. Nothing personal stands here.
-- That these tables only grow is good order, and no proof of it: a superuser gets past it, and the proofs tell.
CREATE SCHEMA trail AUTHORIZATION jinlin_owner;
GRANT USAGE ON SCHEMA trail TO jinlin_app, jinlin_follower;

SET LOCAL ROLE jinlin_owner;

CREATE TABLE trail.entry (
    idx bigint PRIMARY KEY,        -- from 0, without gaps: the event's position less one
    leaf bytea NOT NULL,           -- its hash
    entry bytea NOT NULL           -- the exact bytes that were hashed, never made anew
);

CREATE TABLE trail.tile (
    level smallint NOT NULL,
    n bigint NOT NULL,
    hashes bytea NOT NULL,         -- 256 of 32 bytes: written once, when it is full
    root bytea NOT NULL,           -- a hash of the tile above
    PRIMARY KEY (level, n)
);
ALTER TABLE trail.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE trail.head (
    size bigint NOT NULL,
    frontier bytea NOT NULL,       -- the complete subtrees, greatest first
    mark text NOT NULL,            -- fingerprint of the secret under which streams have their names here
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);

CREATE TABLE trail.subject (
    subject uuid PRIMARY KEY,      -- a case or person of whom something is sealed under a key of its own
    since bigint NOT NULL          -- the position from which on its leaves are salted from that key
);

CREATE TABLE trail.crowd (         -- among how many an event of a kind is one: never more are counted than are asked for
    kind text NOT NULL,
    month date NOT NULL,
    subject uuid NOT NULL,
    PRIMARY KEY (kind, month, subject)
);

CREATE TABLE trail.checkpoint (
    origin text NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL,            -- as it was signed by the log
    made_at timestamptz NOT NULL,
    PRIMARY KEY (origin, size)
);
CREATE INDEX ON trail.checkpoint (made_at);

CREATE TABLE trail.cosignature (
    origin text NOT NULL,
    size bigint NOT NULL,
    witness text NOT NULL,         -- the name of its key
    line text NOT NULL,
    at timestamptz NOT NULL,       -- by the witness's own clock
    PRIMARY KEY (origin, size, witness, line)
);

CREATE FUNCTION trail.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail only grows' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION trail.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size OR NEW.mark <> OLD.mark THEN
        RAISE EXCEPTION 'the trail only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER only_grows BEFORE UPDATE ON trail.head FOR EACH ROW EXECUTE FUNCTION trail.refuse_shrinking();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON trail.head
    FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse_rewriting();

DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY ARRAY['entry', 'tile', 'subject', 'crowd', 'checkpoint', 'cosignature']
    LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trail.%I'
            || ' FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse_rewriting()', each);
    END LOOP;
END $$;

-- Who serves people asks for one subject, whose id it knows: nothing lists them.
CREATE FUNCTION trail.salted_since(asked uuid) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = trail, pg_temp AS $$
    SELECT since FROM trail.subject WHERE subject = asked
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA trail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.salted_since TO jinlin_app, jinlin_follower;

GRANT SELECT ON ALL TABLES IN SCHEMA trail TO jinlin_follower;
GRANT SELECT ON trail.entry, trail.tile, trail.head, trail.checkpoint, trail.cosignature TO jinlin_app;
GRANT INSERT ON trail.entry, trail.tile, trail.head, trail.subject, trail.crowd TO jinlin_follower;
GRANT UPDATE ON trail.head TO jinlin_follower;
GRANT INSERT ON trail.checkpoint, trail.cosignature TO jinlin_app;
RESET ROLE;
