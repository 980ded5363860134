package export

import (
	"maps"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Parameters lists the names that ParseSelection takes.
func Parameters() []string {
	return []string{"kind", "id", "source", "role", "classification", "relation"}
}

// ParseSelection reads a selection as people write it: values by the names of
// Parameters, each a list parted by commas. A kind may be Facts too. It fails
// with store.ErrInvalid where a name or a kind is not known; Check says the
// rest.
func ParseSelection(values map[string][]string) (Selection, error) {
	var s Selection
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list := listOf(values[name])
		switch name {
		case "kind":
			if err := s.parseKinds(list); err != nil {
				return s, err
			}
		case "id":
			s.IDs = append(s.IDs, typed[store.ID](list)...)
		case "source":
			s.Sources = append(s.Sources, typed[store.ID](list)...)
		case "role":
			s.Roles = append(s.Roles, typed[string](upper(list))...)
		case "classification":
			s.Classifications = append(s.Classifications, typed[string](upper(list))...)
		case "relation":
			s.Relations = append(s.Relations, typed[store.Rel](upper(list))...)
		default:
			return s, invalid("there is no parameter %.40q; there are %s", name, joined(Parameters()))
		}
	}
	return s, nil
}

func (s *Selection) parseKinds(list []string) error {
	for _, name := range list {
		if strings.EqualFold(name, Facts) {
			s.Facts = true
			continue
		}
		kinds := ontology.Kinds()
		i := slices.IndexFunc(kinds, func(k store.Kind) bool { return strings.EqualFold(string(k), name) })
		if i < 0 {
			return invalid("there is no kind %.40q; there are %s, %s", name, joined(kinds), Facts)
		}
		s.Kinds = append(s.Kinds, kinds[i])
	}
	return nil
}

func listOf(values []string) []string {
	var list []string
	for _, v := range values {
		for s := range strings.SplitSeq(v, ",") {
			if s = strings.TrimSpace(s); s != "" {
				list = append(list, s)
			}
		}
	}
	return list
}

func upper(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToUpper(s)
	}
	return out
}

func typed[T ~string](list []string) []T {
	out := make([]T, len(list))
	for i, s := range list {
		out[i] = T(s)
	}
	return out
}

// FileName is a name for the file that the selection becomes.
func (s Selection) FileName(f Format) string {
	name, ending := "coopgraph", string(f)
	if tables := s.tables(); f == CSV || f == XLSX {
		if len(tables) == 1 {
			name += "-" + tableName(tables[0])
		} else if f == CSV {
			ending = "zip"
		}
	}
	return name + "." + ending
}
