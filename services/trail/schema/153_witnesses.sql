-- What is known of each witness of the trail, and what speaks against the log or a witness. Nothing personal.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE trail.witness (
    key text PRIMARY KEY,          -- its public key
    size bigint NOT NULL,          -- that it told when it was last asked, as far as it did
    code text NOT NULL,            -- how the last try went
    tried_at timestamptz NOT NULL,
    since timestamptz NOT NULL,    -- when it first went so
    failures integer NOT NULL      -- tries in a row that brought no cosignature
);

CREATE TABLE trail.evidence (      -- two signed checkpoints that do not go together
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    witness text NOT NULL,         -- the name of its key
    code text NOT NULL,
    ours text NOT NULL,            -- what the log signed and was refused
    theirs text NOT NULL,          -- what the witness had cosigned, as far as it could be had
    UNIQUE (witness, code, ours)
);
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trail.evidence
    FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse_rewriting();

GRANT SELECT, INSERT, UPDATE ON trail.witness TO jinlin_app;
GRANT SELECT, INSERT ON trail.evidence TO jinlin_app;
RESET ROLE;
