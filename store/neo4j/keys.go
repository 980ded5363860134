package neo4j

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"coopgraph/store"
)

// keyIndex is the full-text index over keysProp, of migration 2.
const keyIndex = "coop_keys"

// keyDigits are those of a key: Lucene's syntax has no meaning for them.
var keyDigits = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// keyOf stands for a value of a list property in the index: Lucene takes no
// term of more than 32,766 bytes. Whoever finds a node by it reads the property
// too, so that it need not be the value's alone.
//
// It is short, as Lucene reads each letter of a query several times, and starts
// with the first letters of the property's name: where no node has the property
// Lucene sees from these that there is no such term, without reading any.
func keyOf(prop, value string) string {
	sum := sha256.Sum256([]byte(prop + "=" + value))
	return prop[:min(len(prop), 2)] + keyDigits.EncodeToString(sum[:5])
}

// keys gives those of a node's lists as the text that is indexed, "" where
// there are none.
func (c *catalog) keys(n nodeState) string {
	var keys []string
	for _, p := range c.kinds[n.kind].Props {
		if values, ok := n.props[p.Name].([]string); ok && p.Lookup {
			for _, v := range values {
				keys = append(keys, keyOf(p.Name, v))
			}
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), " ")
}

// keyQueries asks the index for nodes that have any of the keys.
func keyQueries(keys []string) []string {
	queries := []string{}
	for chunk := range slices.Chunk(keys, maxClauses) {
		queries = append(queries, keysProp+":("+strings.Join(chunk, " ")+")")
	}
	return queries
}

// keysOf gives the keys of the first condition that they can answer; nil where
// there is none.
func (c *catalog) keysOf(cs []store.Cond) []string {
	for _, cond := range cs {
		p := c.nodeProps[cond.Prop]
		if !p.Lookup || p.Type != store.Strings || cond.Op != store.Any || cond.OrAbsent {
			continue
		}
		keys := []string{}
		for _, v := range cond.Values {
			if s, ok := v.(string); ok {
				keys = append(keys, keyOf(cond.Prop, s))
			}
		}
		return keys
	}
	return nil
}
