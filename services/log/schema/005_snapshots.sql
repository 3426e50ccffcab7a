-- States of long streams: copies of what the log says, each of which can be thrown away at any moment.
CREATE TABLE log.snapshots (
    stream uuid PRIMARY KEY, version bigint NOT NULL, fold text NOT NULL, state bytea NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON log.snapshots TO jinlin_app;
