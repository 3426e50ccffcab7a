-- What there is to tell people, and each try to tell it. Nothing personal stands here but addresses that people left,
-- sealed under their own keys: texts are written when they are sent.
SET LOCAL ROLE jinlin_owner;

CREATE TABLE log.occasions (
    id uuid PRIMARY KEY,        -- of the event, or of the deadline: it comes up once
    what text NOT NULL,
    estate text NOT NULL,
    case_id uuid NOT NULL,
    order_id uuid,
    person uuid,                -- the steward it is about
    at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'NEW'  -- NEW, MADE: its letters are there, SKIPPED: too old to be news
);
CREATE INDEX ON log.occasions (at) WHERE state = 'NEW';

CREATE TABLE log.letters (
    id uuid PRIMARY KEY,        -- of the occasion, the channel and whom it is for: sent with every try
    occasion uuid NOT NULL REFERENCES log.occasions,
    what text NOT NULL,
    estate text NOT NULL,
    order_id uuid,
    channel text NOT NULL,
    person uuid,                -- somebody of the station; the group of a robot where nobody is named
    line uuid,                  -- the line of the notebook whose reporter it is for
    state text NOT NULL,        -- WAITING, SENT, FAILED, DROPPED: nobody to send it to any more
    tries integer NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    sent_at timestamptz,
    read_at timestamptz,        -- of the bell
    error text                  -- its kind, never its text
);
CREATE INDEX ON log.letters (next_at) WHERE state = 'WAITING';
CREATE INDEX ON log.letters (person, made_at) WHERE channel = 'BELL';
CREATE INDEX ON log.letters (estate, made_at);

CREATE TABLE log.addresses (
    person uuid PRIMARY KEY,
    sealed bytea NOT NULL       -- an address for e-mail, under the person's key
);

ALTER TABLE log.occasions ENABLE ROW LEVEL SECURITY;
ALTER TABLE log.letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_estates ON log.occasions TO jinlin_app USING (estate = ANY (string_to_array(
    current_setting('jinlin.estates', true), ',')) OR current_setting('jinlin.estates', true) = '*');
CREATE POLICY own_estates ON log.letters TO jinlin_app USING (estate = ANY (string_to_array(
    current_setting('jinlin.estates', true), ',')) OR current_setting('jinlin.estates', true) = '*');
CREATE POLICY follower ON log.occasions TO jinlin_follower USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON log.occasions, log.letters, log.addresses TO jinlin_app;
GRANT SELECT, INSERT ON log.occasions TO jinlin_follower;
RESET ROLE;

-- An installation with a history begins at its end.
INSERT INTO view.positions (name, position, shape)
SELECT 'telling', max(notification_id), '' FROM log.stored_events HAVING max(notification_id) > 0
ON CONFLICT DO NOTHING;
