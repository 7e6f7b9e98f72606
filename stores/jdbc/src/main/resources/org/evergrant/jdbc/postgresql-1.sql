-- Schema 1. docs/stored-format.md says what lies in each column.
CREATE TABLE "${schema}".record (
  app text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  revision xid8 NOT NULL,
  bytes bytea NOT NULL,
  written_at_ms bigint NOT NULL
);

-- Sealed bytes do not get smaller.
ALTER TABLE "${schema}".record ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE INDEX record_revision ON "${schema}".record (revision);

CREATE TABLE "${schema}".layout (
  id integer PRIMARY KEY CHECK (id = 1),
  version integer NOT NULL,
  key_check bytea NOT NULL
);
