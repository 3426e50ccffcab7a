-- Screens on walls: each has a token of its own that shows the masked board of one estate until it is revoked.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE access.walls (
    wall uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    estate text NOT NULL,
    name text NOT NULL,             -- where it hangs
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz,
    revoked_by uuid,
    revoked_at timestamptz
);
CREATE INDEX ON access.walls (estate);

GRANT SELECT, INSERT, UPDATE (seen_at, revoked_by, revoked_at) ON access.walls TO jinlin_app;
RESET ROLE;
