-- Who signed in, from where and when, what was refused, and what was done to accounts: for people to read.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE access.journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    hour timestamptz NOT NULL,
    what text NOT NULL,
    username text NOT NULL,         -- empty: a name that no account has; what was typed is kept nowhere
    by uuid,                        -- the person whose act it was, where it was not the account's own
    address text NOT NULL,          -- empty: not known, or of refused tries one of many
    device text NOT NULL,           -- browser and machine in a word each
    times integer NOT NULL DEFAULT 1
);
CREATE INDEX ON access.journal (username, id);
CREATE INDEX ON access.journal (at);
-- refused tries at one account from one address stand in one row for each hour
CREATE UNIQUE INDEX refused_once ON access.journal (hour, username, address) WHERE what = 'REFUSED';

GRANT SELECT, INSERT, DELETE, UPDATE (times, last_at) ON access.journal TO jinlin_app;
RESET ROLE;
