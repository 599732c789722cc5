-- Version 2: what the daemon keeps between runs besides articles.

PRAGMA user_version = 2;

-- Older volumes were asked for from then on; the default: none.
ALTER TABLE feeds ADD COLUMN history_since INTEGER NOT NULL DEFAULT 9223372036854775807;

-- Where peers of a feed were met, for the next start.
CREATE TABLE known_peers (
    feed INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    address TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (feed, address)
) STRICT, WITHOUT ROWID;

-- By names of the daemon's own.
CREATE TABLE memory (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
