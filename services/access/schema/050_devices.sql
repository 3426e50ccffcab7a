-- Browsers in which an account has signed in before, and what tells most wrong passwords at once.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE access.devices (
    device bytea NOT NULL,      -- the digest of what the browser keeps
    username text NOT NULL REFERENCES access.accounts,
    first_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (device, username)
);

ALTER TABLE access.accounts ADD COLUMN sieve bytea;
TRUNCATE access.attempts;       -- their keys are digests from now on

GRANT SELECT, INSERT, UPDATE, DELETE ON access.devices TO jinlin_app;
RESET ROLE;
