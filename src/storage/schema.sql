-- The archive, version 1; schema-2.sql and those after it bring it up to date, so
-- this file stays as it is. The full-text index stands in index.cpp, since it names
-- the tokenizer and is made again when that changes.

PRAGMA application_id = 0x436f6c70;  -- "Colp"
PRAGMA user_version = 1;

CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
    name TEXT NOT NULL,
    directory BLOB NOT NULL,       -- a path need not be UTF-8
    in_place INTEGER NOT NULL,
    link TEXT NOT NULL,
    seen_seq INTEGER NOT NULL,     -- 64 bits without a sign
    keyring BLOB NOT NULL,
    head BLOB NOT NULL,
    pending_head BLOB NOT NULL,
    shelf BLOB NOT NULL,
    fork_head BLOB NOT NULL,
    updated INTEGER NOT NULL,
    articles INTEGER NOT NULL DEFAULT 0  -- rows of `articles` that are not retracted
) STRICT;

CREATE TABLE held_files (
    feed INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    volume INTEGER NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (feed, volume, name)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: readers keep bundles open by id, so an id is never used again.
CREATE TABLE bundles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    volume INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (feed, volume, name)
) STRICT;

-- A retracted article keeps its row, so that a lower revision stays away.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,        -- also its row in the index
    feed INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    article BLOB NOT NULL CHECK (length(article) = 16),
    revision INTEGER NOT NULL,
    bundle INTEGER NOT NULL REFERENCES bundles ON DELETE CASCADE,
    entry INTEGER NOT NULL,
    published INTEGER NOT NULL,
    zone INTEGER NOT NULL,
    language TEXT NOT NULL,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    retracted INTEGER NOT NULL,
    indexed INTEGER NOT NULL,      -- the index holds it
    UNIQUE (article, feed)
) STRICT;
CREATE INDEX articles_by_time ON articles (published) WHERE retracted = 0;
CREATE INDEX articles_by_feed ON articles (feed, published) WHERE retracted = 0;
CREATE INDEX articles_by_bundle ON articles (bundle);

CREATE TABLE pictures (
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bundle INTEGER NOT NULL REFERENCES bundles ON DELETE CASCADE,
    entry INTEGER NOT NULL,
    PRIMARY KEY (sha256, bundle)
) STRICT, WITHOUT ROWID;
CREATE INDEX pictures_by_bundle ON pictures (bundle);

-- What this archive's index was made with.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the index was made from; the functions read the bundle.
CREATE VIEW article_text (id, title, body, about) AS
    SELECT id, title, colport_body(bundle, entry), colport_about(bundle, entry)
    FROM articles WHERE indexed;
