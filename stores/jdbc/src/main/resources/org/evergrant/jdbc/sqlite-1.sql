-- Schema 1. docs/stored-format.md says what lies in each column.
CREATE TABLE record (
  app TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL UNIQUE,
  bytes BLOB NOT NULL,
  written_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE key_check (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL
) STRICT;

PRAGMA application_id = 0x45564752;
PRAGMA user_version = 1;
