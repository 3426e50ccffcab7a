-- Who may sign in. Nothing here is part of the log: credentials are no facts of the business.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE access.accounts (
    username text PRIMARY KEY,
    person uuid NOT NULL,
    password_hash text NOT NULL,
    language text,
    disabled_at timestamptz,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE access.sessions (
    session uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    username text NOT NULL REFERENCES access.accounts,
    capacity text,
    address text NOT NULL,
    agent text NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ON access.sessions (username);

CREATE TABLE access.attempts (
    key text PRIMARY KEY,       -- account and address, or an address alone
    failures integer NOT NULL,
    last_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON access.accounts, access.sessions, access.attempts TO jinlin_app;
RESET ROLE;
