-- Previews of bill runs: exactly these lines are issued when the run is confirmed. Pseudonyms and amounts, no names.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE log.bill_runs (
    run uuid PRIMARY KEY,
    estate text NOT NULL,
    prepared_at timestamptz NOT NULL DEFAULT now(),
    basis_version bigint NOT NULL,      -- of the estate's fee basis: what the preview rests on
    register_position bigint NOT NULL,  -- last change of the estate's register in it
    reckoned bytea NOT NULL
);
CREATE INDEX ON log.bill_runs (estate, prepared_at);
GRANT SELECT, INSERT, DELETE ON log.bill_runs TO jinlin_app;
RESET ROLE;
