-- Paper notebooks on their way in: sealed under a key of their own until their lines are taken over or they are discarded.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE log.notebook_imports (
    import uuid PRIMARY KEY,    -- of the estate and the contents: the same file again is the same import
    estate text NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    key uuid NOT NULL,          -- subject in the vault
    sealed bytea                -- NULL once all lines are in the log
);
CREATE INDEX ON log.notebook_imports (estate, uploaded_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON log.notebook_imports TO jinlin_app;
RESET ROLE;
