// Package neo4j is the adapter of the store port for Neo4j 5.26 and later.
//
// A node carries its kind and Thing as labels (Internal for internal kinds), a
// relationship's type is its relation, and declared properties are plain
// properties of the same name. Whatever the adapter keeps besides, to find
// things fast, are nodes labelled Bookkeeping, relationship types and
// properties that start with an underscore: easy to leave out when somebody
// explores the graph by hand.
//
// Package neo4j must not import anything of the project but store. No type or
// error of the driver crosses the port.
package neo4j
