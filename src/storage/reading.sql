-- What a reader did with articles. A file of its own beside the archive: no copy
-- for others takes it along, and all of it can be erased at once.

PRAGMA application_id = 0x436f6c52;  -- "ColR"
PRAGMA user_version = 2;

-- An article is named by its feed too: any feed can publish under any id.
CREATE TABLE opened (
    article BLOB NOT NULL CHECK (length(article) = 16),
    feed BLOB NOT NULL CHECK (length(feed) = 32),
    time INTEGER NOT NULL,         -- seconds since 1970, the last time
    PRIMARY KEY (article, feed)
) STRICT, WITHOUT ROWID;
CREATE INDEX opened_by_time ON opened (time);

CREATE TABLE starred (
    article BLOB NOT NULL CHECK (length(article) = 16),
    feed BLOB NOT NULL CHECK (length(feed) = 32),
    time INTEGER NOT NULL,
    PRIMARY KEY (article, feed)
) STRICT, WITHOUT ROWID;
CREATE INDEX starred_by_time ON starred (time);

CREATE TABLE searches (
    query TEXT NOT NULL PRIMARY KEY,  -- as typed
    time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
