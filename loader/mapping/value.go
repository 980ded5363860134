package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// propValue reads a property's value, of the type that the ontology declares,
// from texts: all of them for a list, else the first.
func propValue(p ontology.Property, texts []string) (any, error) {
	if p.Type == store.Strings {
		return texts, nil
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%w: %s has no value", store.ErrInvalid, p.Name)
	}
	s := strings.TrimSpace(texts[0])
	switch p.Type {
	case store.Int:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, nil
		}
	case store.Float:
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			return x, nil
		}
	case store.Bool:
		if b, err := strconv.ParseBool(s); err == nil {
			return b, nil
		}
	default:
		return s, nil
	}
	return nil, fmt.Errorf("%w: %s cannot be %.40q", store.ErrInvalid, p.Name, s)
}
