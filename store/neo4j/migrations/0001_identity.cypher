// Every node has an id of its own, whatever its kind. The two labels have two
// constraints, so that internal records are no burden on things.
CREATE CONSTRAINT coop_thing IF NOT EXISTS
FOR (n:Thing)
REQUIRE n.id IS UNIQUE;

CREATE CONSTRAINT coop_internal IF NOT EXISTS
FOR (n:Internal)
REQUIRE n.id IS UNIQUE;

// One node stands for each value of a list property that is looked up.
CREATE CONSTRAINT coop_lookup_key IF NOT EXISTS
FOR (n:LookupKey)
REQUIRE n.key IS UNIQUE;

// The distinct words of the search index. Neo4j keeps a text index by
// trigrams, so that it finds the words that hold one.
CREATE CONSTRAINT coop_search_word IF NOT EXISTS
FOR (n:SearchWord)
REQUIRE n.word IS UNIQUE;

CREATE TEXT INDEX coop_search_spaced IF NOT EXISTS
FOR (n:SearchWord)
ON (n.spaced);

// The one node that a writer holds while it writes, with the receipts of the
// last writes.
CREATE CONSTRAINT coop_writer IF NOT EXISTS
FOR (n:Writer)
REQUIRE n.id IS UNIQUE;

CREATE CONSTRAINT coop_migration IF NOT EXISTS
FOR (n:Migration)
REQUIRE n.number IS UNIQUE;
