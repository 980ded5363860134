package contact_test

import (
	"context"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/store"
)

// counting is a store that counts the walks made in it.
type counting struct {
	store.Store
	walks int
}

func (c *counting) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	c.walks++
	return c.Store.Expand(ctx, from, tree)
}

func TestMemoryChangesNoAnswer(t *testing.T) {
	s := newSlate(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfNDistinct(lines(), 1, 14, func(l line) line { return l }).Draw(t, "facts")
		var err error
		if s.written, err = drawn(ontology.Kinds(), facts).Replace(context.Background(), s.store, s.written); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			q := contact.Question{
				About:    rapid.SampledFrom([]string{"hydrogen", "hydrogen ports", "Estonia hydrogen", "Anna", "Treaty with the Agency"}).Draw(t, "about"),
				AsOf:     rapid.SampledFrom([]ontology.Day{"", "2015-05-05"}).Draw(t, "asOf"),
				Today:    today,
				Language: "en",
			}
			with, err := contact.Find(context.Background(), s.store, s.memory, q)
			if err != nil {
				t.Fatal(err)
			}
			without, err := contact.Find(context.Background(), s.store, nil, q)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(with, without) {
				t.Fatalf("%+v:\nwith a memory    %+v\nwithout a memory %+v", q, with, without)
			}
		}
	})
}

func TestMemorySparesWalks(t *testing.T) {
	s := &counting{Store: load(t, crowded())}
	memory := &contact.Memory{}
	q := contact.Question{About: "hydrogen in Luxembourg", Today: today, Language: "en"}
	asked := func() int {
		t.Helper()
		s.walks = 0
		if _, err := contact.Find(t.Context(), s, memory, q); err != nil {
			t.Fatal(err)
		}
		return s.walks
	}
	first, second := asked(), asked()
	if second >= first {
		t.Errorf("the question takes %d walks first and %d when asked again, want fewer", first, second)
	}
	other := sketch.New()
	other.Thing(ontology.Theme, "Tides", nil)
	if err := other.Load(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if third := asked(); third != first {
		t.Errorf("the question takes %d walks first and %d after a write, want the same", first, third)
	}
}
