package loader

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"coopgraph/ontology"
	"coopgraph/store"
)

// repeats says whether a thing that is folded from fresh records alone says
// nothing that the thing as it stands does not say, on the same evidence.
// Folding unites, so that such records change nothing: a place that thousands
// of rows name the same way is folded once, whatever other lists say of it.
func repeats(fresh, before store.Node) (bool, error) {
	a, err := ontology.ThingOf(fresh)
	if err != nil {
		return false, err
	}
	b, err := ontology.ThingOf(before)
	if err != nil {
		return false, err
	}
	for name, v := range a.Props {
		if !holds(b.Props[name], v) {
			return false, nil
		}
	}
	return within(a.Names, b.Names, func(n ontology.Name) (statement, []ontology.Citation) {
		return statement{n.Value, n.Language, n.Type}, n.Cites
	}) && within(a.Descriptions, b.Descriptions, func(d ontology.Description) (statement, []ontology.Citation) {
		return statement{d.Value, d.Language}, d.Cites
	}) && within(a.Figures, b.Figures, func(f ontology.Figure) (statement, []ontology.Citation) {
		return statement{f.Property, strconv.FormatInt(f.Value, 10), f.Unit, string(f.AttestedOn)}, f.Cites
	}) && subset(a.Identifiers, b.Identifiers) && subset(a.Cites, b.Cites) && subset(a.Sources, b.Sources), nil
}

// holds says whether a property has the value, or a list all the values.
func holds(have, want any) bool {
	if list, ok := want.([]string); ok {
		all, _ := have.([]string)
		return subset(list, all)
	}
	return reflect.DeepEqual(have, want)
}

// statement is what a name, a text or a figure says, without its citations.
type statement [4]string

// within says whether each item is among the others, with all its citations.
func within[T any](items, others []T, split func(T) (statement, []ontology.Citation)) bool {
	at := map[statement][]ontology.Citation{}
	for _, o := range others {
		k, cites := split(o)
		at[k] = cites
	}
	for _, x := range items {
		k, cites := split(x)
		have, ok := at[k]
		if !ok || !subset(cites, have) {
			return false
		}
	}
	return true
}

func subset[T comparable](items, others []T) bool {
	if len(items) > 8 {
		set := map[T]bool{}
		for _, o := range others {
			set[o] = true
		}
		return !slices.ContainsFunc(items, func(x T) bool { return !set[x] })
	}
	return !slices.ContainsFunc(items, func(x T) bool { return !slices.Contains(others, x) })
}

// repeatsFacts says the same of the facts of a group.
func repeatsFacts(fresh, before []store.Edge) (bool, error) {
	at := map[store.ID]store.Edge{}
	for _, e := range before {
		at[e.ID] = e
	}
	for _, e := range fresh {
		b, ok := at[e.ID]
		if !ok {
			return false, nil
		}
		same, err := repeatsFact(e.Props, b.Props)
		if err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// weakened are the properties of a fact that more evidence can only raise: the
// key that sorts them falls with the date.
var weakened = map[string]int{"attestedOn": 1, "witnessed": 1, "fresh": -1}

func repeatsFact(fresh, before store.Props) (bool, error) {
	for name, v := range fresh {
		switch sign := weakened[name]; {
		case name == "cites" || name == "sources" || name == "formerIds":
		case sign != 0:
			have, _ := before[name].(string)
			text, _ := v.(string)
			if sign > 0 && text > have || sign < 0 && text < have {
				return false, nil
			}
		case !reflect.DeepEqual(before[name], v):
			return false, nil
		}
	}
	if planned, _ := before["planned"].(bool); planned && fresh["planned"] == nil {
		return false, nil
	}
	a, err := citesOf(fresh)
	if err != nil {
		return false, err
	}
	b, err := citesOf(before)
	return subset(a, b), err
}

func citesOf(p store.Props) ([]ontology.Citation, error) {
	var cites []ontology.Citation
	if s, _ := p["cites"].(string); s != "" {
		if err := json.Unmarshal([]byte(s), &cites); err != nil {
			return nil, fmt.Errorf("citations: %w", err)
		}
	}
	return cites, nil
}
