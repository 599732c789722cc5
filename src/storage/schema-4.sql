-- Version 4: two keyrings that contradict each other.

PRAGMA user_version = 4;

ALTER TABLE feeds ADD COLUMN fork_keyring BLOB NOT NULL DEFAULT x'';
