-- Statement files on their way in: sealed under a key of their own until their lines are in the log or they are discarded.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE log.statement_files (
    file uuid PRIMARY KEY,      -- of the estate and the contents: the same file again is the same file
    estate text NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    key uuid NOT NULL,          -- subject in the vault
    sealed bytea                -- NULL once all lines are in the log
);
CREATE INDEX ON log.statement_files (estate, uploaded_at);

-- Which column is what in layouts that nobody knew, by the fingerprint of their heading. Nothing in it is personal.
CREATE TABLE log.statement_mappings (
    estate text NOT NULL,
    fingerprint text NOT NULL,
    columns jsonb NOT NULL,
    chosen_by uuid NOT NULL,
    chosen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (estate, fingerprint)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON log.statement_files, log.statement_mappings TO jinlin_app;
RESET ROLE;
