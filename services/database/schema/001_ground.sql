-- Schemas and what belongs to no library: numbers, photos, keys, positions of views.
CREATE SCHEMA log AUTHORIZATION jinlin_owner;
CREATE SCHEMA view AUTHORIZATION jinlin_owner;
CREATE SCHEMA vault AUTHORIZATION jinlin_vault;
CREATE SCHEMA access AUTHORIZATION jinlin_owner;
GRANT USAGE ON SCHEMA log TO jinlin_app, jinlin_follower;
GRANT USAGE ON SCHEMA view TO jinlin_app;
GRANT USAGE, CREATE ON SCHEMA view TO jinlin_follower;
GRANT USAGE ON SCHEMA access TO jinlin_app;

SET LOCAL ROLE jinlin_owner;

CREATE TABLE log.numbers (
    scope text NOT NULL,
    day date NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (scope, day)
);
GRANT SELECT, INSERT, UPDATE ON log.numbers TO jinlin_app;

CREATE TABLE log.photos (
    photo uuid PRIMARY KEY,
    estate text NOT NULL,
    taken_by uuid NOT NULL,
    sealed bytea NOT NULL,
    sealed_small bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON log.photos TO jinlin_app;

CREATE TABLE view.positions (
    name text PRIMARY KEY,
    position bigint NOT NULL,
    shape text NOT NULL,       -- of the rows: another shape after an upgrade means a rebuild
    halted_at bigint,          -- position of the event that the view could not take in
    halted_because text        -- type of the error, never its text
);
GRANT SELECT ON view.positions TO jinlin_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON view.positions TO jinlin_follower;

SET LOCAL ROLE jinlin_vault;

CREATE TABLE vault.keys (
    subject uuid PRIMARY KEY,   -- a case, a person or a photo
    wrapped bytea,              -- the data key under the key-encryption key; NULL once destroyed
    made_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz
);
RESET ROLE;
