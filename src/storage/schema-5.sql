-- Version 5: what a bundle is judged by when its key is withdrawn.

PRAGMA user_version = 5;

ALTER TABLE bundles ADD COLUMN signer BLOB;      -- NULL: not looked up yet, and so the next two
ALTER TABLE bundles ADD COLUMN seq INTEGER;      -- 64 bits without a sign
ALTER TABLE bundles ADD COLUMN time INTEGER;
ALTER TABLE bundles ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;  -- Arrival in keyring.h
ALTER TABLE bundles ADD COLUMN listed_by BLOB;

-- When the file was last written: not later than it came, where nobody else writes.
UPDATE bundles SET arrived = coalesce(
    (SELECT h.modified / 1000000000 FROM held_files h JOIN feeds f ON f.id = h.feed
     WHERE h.feed = bundles.feed AND h.volume = bundles.volume AND h.name = bundles.name
     AND NOT f.in_place), 0);
