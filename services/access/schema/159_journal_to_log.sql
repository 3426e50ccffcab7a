-- What of the journal the log of events is told of: as what somebody did it, why, and whether it was told.
SET LOCAL ROLE jinlin_owner;

ALTER TABLE access.journal
    ADD COLUMN acting_as text,                          -- a capacity; the product itself where it is null
    ADD COLUMN why text NOT NULL DEFAULT 'NOT_SAID',
    ADD COLUMN known boolean NOT NULL DEFAULT false,    -- the browser had signed in with this account before
    ADD COLUMN logged boolean NOT NULL DEFAULT true;    -- told, or nothing that is told
UPDATE access.journal SET logged = false
    WHERE what IN ('MADE', 'DISABLED', 'ENABLED', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SESSIONS_ENDED', 'ADMITTED',
        'WALL_MADE', 'WALL_REVOKED');
UPDATE access.journal SET acting_as = 'ADMINISTRATOR' WHERE by IS NOT NULL;
CREATE INDEX to_be_told ON access.journal (id) WHERE NOT logged;

GRANT UPDATE (logged) ON access.journal TO jinlin_app;

CREATE TABLE access.restored (  -- backups that were put back here, until the log tells of it, and after
    entry text PRIMARY KEY,
    at timestamptz NOT NULL,
    position bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    put_back_by text NOT NULL   -- user of the operating system
);
GRANT SELECT ON access.restored TO jinlin_app;
RESET ROLE;
