-- Events that a view goes on past: where it halted, somebody said why it may. Kept for good, also when withdrawn.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE IF NOT EXISTS view.skipped (
    view text NOT NULL,
    position bigint NOT NULL,
    because text NOT NULL,         -- for those who run the machine; never anything personal
    skipped_by text NOT NULL,      -- user of the operating system
    skipped_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_by text,
    withdrawn_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS skipped_once ON view.skipped (view, position) WHERE withdrawn_at IS NULL;
GRANT SELECT ON view.skipped TO jinlin_app, jinlin_follower;
RESET ROLE;
