-- What `jinlin check` found good: how far, and a chain of fingerprints by which later changes below are found.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE log.checked (
    upto bigint PRIMARY KEY,       -- from the row before this one up to here
    link bytea NOT NULL,           -- SHA-256 of the link before it and of the fingerprint of these events
    unread bigint[] NOT NULL,      -- positions of those among them that nobody can read
    checked_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.checked
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewriting();
GRANT SELECT ON log.checked TO jinlin_app, jinlin_follower;

CREATE TABLE view.checked (
    name text PRIMARY KEY,         -- of a view
    position bigint NOT NULL,      -- at which all its rows were what the log says
    shape text NOT NULL,           -- of the rows: those of another one are looked at anew
    checked_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON view.checked TO jinlin_app, jinlin_follower;
RESET ROLE;
