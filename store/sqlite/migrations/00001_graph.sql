-- The tables that no schema changes. What depends on the schema (sort and walk
-- columns of node, the tables hop and search) is made at Open: see layout.go.

-- +goose Up
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Kinds, relations and properties by number.
CREATE TABLE name (
  code INTEGER PRIMARY KEY,
  what TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (what, name)
);

-- The properties of a node stand apart, so that what a walk reads of its far
-- ends is narrow.
CREATE TABLE node (
  n       INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  kind    INTEGER NOT NULL,
  version INTEGER NOT NULL,
  degree  INTEGER NOT NULL
);

CREATE TABLE body (
  n     INTEGER PRIMARY KEY,
  props TEXT NOT NULL
);

CREATE INDEX node_kind ON node (kind, id);

CREATE TABLE edge (
  e       INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  rel     INTEGER NOT NULL,
  src     INTEGER NOT NULL,
  dst     INTEGER NOT NULL,
  version INTEGER NOT NULL,
  props   TEXT NOT NULL
);

CREATE INDEX edge_rel ON edge (rel, id);

-- Values of the properties found by equality; item is a node.n or an edge.e.
CREATE TABLE lookup (
  prop  INTEGER NOT NULL,
  value NOT NULL,
  item  INTEGER NOT NULL,
  PRIMARY KEY (prop, value, item)
) WITHOUT ROWID;

-- What the search index holds of a node: a hash of its tokens, the version of
-- the analysis that made them, and the plain words.
CREATE TABLE text (
  n        INTEGER PRIMARY KEY,
  hash     BLOB NOT NULL,
  analysis INTEGER NOT NULL,
  words    TEXT NOT NULL
);

-- The distinct words of the first text field, with the number of nodes that
-- have each, and their trigrams.
CREATE TABLE word (
  w    INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE,
  refs INTEGER NOT NULL
);

CREATE VIRTUAL TABLE gram USING fts5 (
  grams,
  content = '',
  contentless_delete = 1,
  detail = none,
  tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
);
