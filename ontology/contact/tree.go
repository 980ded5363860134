package contact

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// reading is one way to understand a facet: things that are taken as one, such
// as a state and its country.
type reading struct {
	roots []store.ID
	// open are the things asked for and the trees around them, each with the
	// chain that leads there.
	open map[store.ID]*link
	// cut says that a bound left something out.
	cut   bool
	found map[store.ID]*finding
}

func newReading(roots ...store.ID) *reading {
	r := &reading{roots: roots, open: map[store.ID]*link{}, found: map[store.ID]*finding{}}
	for _, id := range roots {
		r.open[id] = &link{at: id, product: 1, age: evidence.Ageless}
	}
	return r
}

func (r *reading) isRoot(id store.ID) bool { return slices.Contains(r.roots, id) }

// leads says whether the reading has evidence about anybody.
func (r *reading) leads() bool {
	for _, found := range r.found {
		if !lacks(found.evidence()) {
			return true
		}
	}
	return false
}

// at gives the finding about a contact, made where there is none.
func (r *reading) at(id store.ID) *finding {
	f := r.found[id]
	if f == nil {
		f = &finding{}
		r.found[id] = f
	}
	return f
}

// The places of the tree's steps in treeSteps.
const (
	treeNarrower = iota
	treeBroader
	treeRelated
	treeInner
	treeAround
	treeCovered
	treeCovering
	treeThemes
	treeDocument
)

// treeSteps open the trees: all narrower themes and inner places, the places
// around, one step up from a theme, related themes, what an organisation covers
// with the places inside, who governs a place, themes and document of a project,
// instrument or event.
func (g *graph) treeSteps() []store.Step {
	deep := func(leg store.Leg, kind store.Kind) store.Step {
		s := g.step(treeNodes, leg)
		s.Through = &leg
		s.Kinds = []store.Kind{kind}
		return s
	}
	within := store.Leg{Rel: ontology.PartOf, Dir: store.In}
	flat := func(leg store.Leg, kinds ...store.Kind) store.Step {
		s := g.step(treeNodes, leg)
		s.Kinds = kinds
		return s
	}
	covers := flat(store.Leg{Rel: ontology.Covers, Dir: store.Out}, ontology.Place)
	covers.Then = []store.Step{deep(within, ontology.Place)}
	return []store.Step{
		treeNarrower: deep(store.Leg{Rel: ontology.Broader, Dir: store.In}, ontology.Theme),
		treeBroader:  flat(store.Leg{Rel: ontology.Broader, Dir: store.Out}, ontology.Theme),
		treeRelated:  flat(store.Leg{Rel: ontology.Related, Dir: store.Both}, ontology.Theme),
		treeInner:    deep(within, ontology.Place),
		treeAround:   deep(within.Turned(), ontology.Place),
		treeCovered:  covers,
		treeCovering: flat(store.Leg{Rel: ontology.Covers, Dir: store.In}, ontology.Organisation),
		treeThemes:   flat(store.Leg{Rel: ontology.WorksOn, Dir: store.Out}, ontology.Theme),
		treeDocument: flat(store.Leg{Rel: ontology.NamedIn, Dir: store.Out}, ontology.Instrument),
	}
}

// openTrees opens the trees of all readings in one question.
func (g *graph) openTrees(ctx context.Context, readings []*reading) error {
	var roots []store.ID
	for _, r := range readings {
		roots = append(roots, r.roots...)
	}
	slices.Sort(roots)
	answers, err := g.reader.Expand(ctx, slices.Compact(roots), g.treeSteps())
	if err != nil {
		return fmt.Errorf("open the trees of %d things: %w", len(roots), err)
	}
	for _, r := range readings {
		for _, root := range slices.Clone(r.roots) {
			if err := g.openTree(r, root, answers[root]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *graph) openTree(r *reading, root store.ID, pages []store.Page[store.Hop]) error {
	if len(pages) == 0 {
		return nil
	}
	start, t := r.open[root], g.things[root]
	b := branch{graph: g, reading: r}
	b.deep(start, pages[treeNarrower], evidence.Narrower, narrower)
	b.flat(start, pages[treeBroader], evidence.Wider, wider)
	b.flat(start, pages[treeRelated], evidence.RelatedTheme, related)
	b.deep(start, pages[treeInner], evidence.Inner, inner)
	b.deep(start, pages[treeAround], evidence.Wider, around)
	switch t.kind {
	case ontology.Place:
		b.governors(pages[treeCovering])
	case ontology.Organisation:
		b.territory(start, pages[treeCovered], t.territory)
	case ontology.Project, ontology.Instrument, ontology.Event:
		b.flat(start, pages[treeThemes], evidence.Substance, substance)
		b.flat(start, pages[treeDocument], evidence.Substance, document)
	}
	return b.err
}

// branch grows the trees of a reading; the first error stops it.
type branch struct {
	graph   *graph
	reading *reading
	err     error
}

// add puts a thing into the trees, by its heaviest chain.
func (b *branch) add(from *link, h store.Hop, weight float64, n note) *link {
	if b.err != nil {
		return nil
	}
	f, err := b.graph.factOf(h.Edge)
	if err != nil {
		b.err = err
		return nil
	}
	t := b.graph.meet(h.Node)
	dir := store.Out
	if h.Edge.To == from.at && h.Edge.From == t.id {
		dir = store.In
	}
	l := from.grow(t.id, f, store.Leg{Rel: h.Edge.Rel, Dir: dir}, weight, n)
	if l.weight() < evidence.Floor || from.passes(t.id) {
		return nil
	}
	if have := b.reading.open[t.id]; have == nil || better(l, have) < 0 {
		b.reading.open[t.id] = l
	}
	return l
}

func (b *branch) flat(from *link, page store.Page[store.Hop], weight float64, n note) {
	b.reading.cut = b.reading.cut || page.More
	for _, h := range page.Items {
		b.add(from, h, weight, n)
	}
}

// deep grows a whole tree from a page that gives each thing once with the fact
// that joins it to its parent in the tree.
func (b *branch) deep(from *link, page store.Page[store.Hop], weight float64, n note) {
	b.reading.cut = b.reading.cut || page.More
	children := map[store.ID][]store.Hop{}
	for _, h := range page.Items {
		parent := h.Edge.To
		if parent == h.Node.ID {
			parent = h.Edge.From
		}
		children[parent] = append(children[parent], h)
	}
	seen := map[store.ID]bool{from.at: true}
	for level := []*link{from}; len(level) > 0; {
		var next []*link
		for _, parent := range level {
			for _, h := range children[parent.at] {
				if seen[h.Node.ID] {
					continue
				}
				seen[h.Node.ID] = true
				if l := b.add(parent, h, weight, n); l != nil {
					next = append(next, l)
				}
			}
		}
		level = next
	}
}

// governors takes the organisations of a state or region as one with it.
func (b *branch) governors(page store.Page[store.Hop]) {
	for _, h := range page.Items {
		if b.graph.meet(h.Node).territory {
			b.same(h)
		}
	}
}

// territory opens the places an organisation covers, and the places inside.
func (b *branch) territory(from *link, page store.Page[store.Hop], one bool) {
	b.reading.cut = b.reading.cut || page.More
	for _, h := range page.Items {
		var place *link
		if one {
			place = b.same(h)
		} else {
			place = b.add(from, h, evidence.Covered, covered)
		}
		if place != nil && len(h.Then) == 1 {
			b.deep(place, h.Then[0], evidence.Inner, inner)
		}
	}
}

// same makes the thing at the end of the hop a root of the reading.
func (b *branch) same(h store.Hop) *link {
	id := b.graph.meet(h.Node).id
	if !b.reading.isRoot(id) {
		b.reading.roots = append(b.reading.roots, id)
		b.reading.open[id] = &link{at: id, product: 1, age: evidence.Ageless}
	}
	return b.reading.open[id]
}

// join drops the readings of a facet that are one with an earlier one, as a
// country is with its state once the trees are open.
func (f *facet) join() {
	seen := map[store.ID]bool{}
	f.readings = slices.DeleteFunc(f.readings, func(r *reading) bool {
		one := slices.ContainsFunc(r.roots, func(id store.ID) bool { return seen[id] })
		for _, id := range r.roots {
			seen[id] = true
		}
		return one
	})
}
