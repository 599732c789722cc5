-- Version 3: an index that can be made anew beside the old one, and bundles that
-- come in piece by piece.

PRAGMA user_version = 3;

DROP VIEW article_text;
DELETE FROM settings;
ALTER TABLE articles DROP COLUMN indexed;

-- Where the article lies in its bundle (bodies.h), so that the bundle's index need
-- not be read for it; NULL: not known.
ALTER TABLE articles ADD COLUMN place BLOB;
ALTER TABLE bundles ADD COLUMN dictionary BLOB;  -- hash of what its frames need

-- 0: its import has begun, and goes on after a break.
ALTER TABLE bundles ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;

-- One that is searched, one that may be in the making, and what is left of old
-- ones. Each has two tables of its own, made in index.cpp: article_index_ID and
-- article_words_ID. An index holds all articles that are not retracted, up to the
-- row `filled`, but for its gaps. AUTOINCREMENT: readers keep what they know of
-- an index by its id.
CREATE TABLE indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state INTEGER NOT NULL,        -- 0 in the making, 1 searched, 2 to be erased
    signature TEXT NOT NULL,       -- of the code that made it
    filled INTEGER NOT NULL,
    articles INTEGER NOT NULL,     -- that there were when it was begun
    average_words INTEGER NOT NULL,
    common BLOB NOT NULL,          -- CommonWords
    tidy INTEGER NOT NULL          -- all its parts into one: 0 no need, 1 to be begun, 2 under way
) STRICT;

-- The index of earlier versions, article_index, may be half as large as the archive:
-- it is erased piece by piece.
INSERT INTO indexes
    SELECT 0, 2, '', 0, 0, 1, x'', 0 FROM sqlite_schema WHERE name = 'article_index';

-- Articles that could not be read when their turn came.
CREATE TABLE index_gaps (
    index_id INTEGER NOT NULL REFERENCES indexes ON DELETE CASCADE,
    article INTEGER NOT NULL,
    PRIMARY KEY (index_id, article)
) STRICT, WITHOUT ROWID;

-- How often languages came, about: which of them to try on a word of a query.
CREATE TABLE languages (
    feed INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    language TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (feed, language)
) STRICT, WITHOUT ROWID;
INSERT INTO languages
    SELECT feed, lower(language), count(*) FROM articles
    WHERE retracted = 0 AND language <> '' GROUP BY 1, 2;
