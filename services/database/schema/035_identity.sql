-- Whose database this is, in one row: the data folder that belongs to it says the same, and its keys have these marks.
CREATE TABLE IF NOT EXISTS jinlin.identity (
    installation uuid PRIMARY KEY,
    vault_key text NOT NULL,      -- fingerprint of the key that opens the vault
    product_key text NOT NULL,    -- fingerprint of the key that signs, and that names dwellings and lines of statements
    recovery bytea,               -- public half of the recovery key, for which backups seal the two keys
    begun_at timestamptz NOT NULL DEFAULT now(),
    only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one)
);
GRANT USAGE ON SCHEMA jinlin TO jinlin_follower;
GRANT SELECT ON jinlin.identity TO jinlin_follower;
