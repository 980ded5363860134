package loader

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// found is a thing that bears an identifier.
type found struct {
	id   store.ID
	kind store.Kind
}

// index knows who bears which identifier or anchor, in the store and in the
// batch.
type index struct {
	// bearers are kept by "Kind/SCHEME:value", and by "/SCHEME:value".
	bearers map[string][]found
	// keys are the identifiers of each thing.
	keys map[store.ID][]string
	// contested are the identifiers that different things of the batch claim.
	contested map[string]bool
	// settled are the things that were found otherwise than by identifiers: the
	// row was about them before, or their names and what else is known match.
	settled map[place]store.ID
	// notes say so, and why.
	notes map[place]string
	// withdrawn are the things of the batch that people deleted: nothing may
	// refer to them.
	withdrawn map[store.ID]bool
	// named are the things that references by name named before, by the row's
	// key and what the reference wants.
	named map[string]map[string]store.ID
}

// place is a thing's place in a batch: its row, and its number there.
type place struct {
	key string
	i   int
}

func newIndex() *index {
	return &index{bearers: map[string][]found{}, keys: map[store.ID][]string{}, contested: map[string]bool{}, settled: map[place]store.ID{}, notes: map[place]string{}, withdrawn: map[store.ID]bool{}, named: map[string]map[string]store.ID{}}
}

func (x *index) clone() *index {
	c := newIndex()
	c.settled, c.notes, c.withdrawn, c.named = x.settled, x.notes, x.withdrawn, x.named
	for k, v := range x.bearers {
		c.bearers[k] = slices.Clone(v)
	}
	for k, v := range x.keys {
		c.keys[k] = slices.Clone(v)
	}
	return c
}

func (x *index) add(f found, key string) {
	for _, want := range []string{string(f.kind) + "/" + key, "/" + key} {
		if !slices.Contains(x.bearers[want], f) {
			x.bearers[want] = append(x.bearers[want], f)
		}
	}
}

// identified notes that the thing bears the identifier.
func (x *index) identified(f found, key string) {
	x.add(f, key)
	if !slices.Contains(x.keys[f.id], key) {
		x.keys[f.id] = append(x.keys[f.id], key)
	}
}

// bearer gives the thing that a reference names, the one with the least id
// where several do. A name that several bear names the one that it named
// before, else none of them.
func (x *index) bearer(r ontology.Ref, named map[string]store.ID) (found, bool) {
	want := r.Want()
	all := x.bearers[want]
	if isName(r.Key) && len(all) > 1 {
		i := slices.IndexFunc(all, func(f found) bool { return f.id == named[want] })
		if i < 0 {
			return found{}, false
		}
		return all[i], true
	}
	return least(all)
}

func least(all []found) (found, bool) {
	if len(all) == 0 {
		return found{}, false
	}
	return slices.MinFunc(all, func(a, b found) int { return strings.Compare(string(a.id), string(b.id)) }), true
}

// names are the keys by which facts may refer to the thing.
func names(t ontology.ThingClaim) []string {
	keys := slices.Clone(t.Anchors)
	for _, i := range t.Identifiers {
		keys = append(keys, i.Key())
	}
	for _, n := range t.Names {
		keys = append(keys, nameKey(n.Value))
	}
	if t.ID != "" {
		keys = append(keys, idKey(t.ID))
	}
	return keys
}

// idKey is the key by which a reference of a list names a thing by its id: it
// waits for the thing like any other.
func idKey(id store.ID) string { return "ID:" + string(id) }

// nameKey is the key by which a reference names a thing by a name of it.
func nameKey(name string) string { return ontology.NameScheme + ":" + text.NameKey(name) }

// isName says whether a reference's key is a name.
func isName(key string) bool { return strings.HasPrefix(key, ontology.NameScheme+":") }

// lookup reads from the store who bears the identifiers and anchors that the
// items at these places name.
func lookup(ctx context.Context, r store.Reader, items []*rows.Item, places []int) (*index, error) {
	keys, refs, ids := map[string]bool{}, map[string]bool{}, map[store.ID]bool{}
	for _, i := range places {
		for _, t := range items[i].Claims.Things {
			for _, ident := range t.Identifiers {
				keys[ident.Key()] = true
			}
		}
		for _, f := range items[i].Claims.Facts {
			for _, ref := range f.Refs() {
				if ref.ID != "" {
					ids[ref.ID] = true
				} else if !strings.HasPrefix(ref.Key, "#") {
					keys[ref.Key], refs[ref.Key] = true, true
				}
			}
		}
	}
	x := newIndex()
	if err := x.lookupThings(ctx, r, keys); err != nil {
		return nil, err
	}
	if err := x.lookupIDs(ctx, r, ids); err != nil {
		return nil, err
	}
	return x, x.lookupAnchors(ctx, r, refs)
}

// lookupIDs reads from the store which things have the ids.
func (x *index) lookupIDs(ctx context.Context, r store.Reader, ids map[store.ID]bool) error {
	if len(ids) == 0 {
		return nil
	}
	nodes, err := r.Nodes(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return fmt.Errorf("look up %d ids: %w", len(ids), err)
	}
	for id, n := range nodes {
		if ontology.IsThing(n.Kind) {
			x.add(found{id, n.Kind}, idKey(id))
		}
	}
	return nil
}

// lookupThings reads from the store which things bear the identifiers and
// names, whatever their kind.
func (x *index) lookupThings(ctx context.Context, r store.Reader, keys map[string]bool) error {
	byProp := map[string][]any{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if isName(key) {
			byProp["nameKeys"] = append(byProp["nameKeys"], strings.TrimPrefix(key, ontology.NameScheme+":"))
		} else {
			byProp["identifiers"] = append(byProp["identifiers"], key)
		}
	}
	for _, prop := range slices.Sorted(maps.Keys(byProp)) {
		for chunk := range chunks(byProp[prop]) {
			page, err := r.Find(ctx, nil, anyOf(prop, chunk), store.Paging{})
			if err != nil {
				return fmt.Errorf("look up %d %s: %w", len(chunk), prop, err)
			}
			for _, n := range page.Items {
				x.stored(n, keys)
			}
		}
	}
	return nil
}

// lookupNames reads from the store what else bears the names for which the facts
// wait: a name that several bear answers none of them.
func (x *index) lookupNames(ctx context.Context, r store.Reader, facts []ontology.FactClaim) error {
	keys := map[string]bool{}
	for i := range facts {
		for _, ref := range facts[i].Refs() {
			if ref.ID == "" && isName(ref.Key) && len(x.bearers[ref.Want()]) > 0 {
				keys[ref.Key] = true
			}
		}
	}
	return x.lookupThings(ctx, r, keys)
}

// remember notes what the items' references by name named before.
func (x *index) remember(f *folding, b Batch, places []int) error {
	byName := func(c ontology.FactClaim) bool {
		return slices.ContainsFunc(c.Refs(), func(r *ontology.Ref) bool { return isName(r.Key) })
	}
	for _, p := range places {
		it := b.Items[p]
		node, known := f.prior[ontology.SourceRecord{Source: b.Source.ID, Key: it.Key}.ID()]
		if !known || !slices.ContainsFunc(it.Claims.Facts, byName) {
			continue
		}
		r, err := ontology.RecordOf(node)
		if err != nil {
			return err
		}
		x.named[it.Key] = namedBy(r.Claims)
	}
	return nil
}

// namedBy gives the things that the claims' references by name name, by what
// these want.
func namedBy(c ontology.Claims) map[string]store.ID {
	named := map[string]store.ID{}
	for i := range c.Facts {
		for _, ref := range c.Facts[i].Refs() {
			if ref.ID != "" && isName(ref.Key) {
				named[ref.Want()] = ref.ID
			}
		}
	}
	return named
}

// stored notes a thing of the store: all its identifiers, and its names as far
// as they are looked for.
func (x *index) stored(n store.Node, keys map[string]bool) {
	f := found{n.ID, n.Kind}
	list, _ := n.Props["identifiers"].([]string)
	for _, key := range list {
		x.identified(f, key)
	}
	list, _ = n.Props["nameKeys"].([]string)
	for _, key := range list {
		if key = ontology.NameScheme + ":" + key; keys[key] {
			x.add(f, key)
		}
	}
}

// lookupAnchors reads from the store's records which things have the anchors.
func (x *index) lookupAnchors(ctx context.Context, r store.Reader, refs map[string]bool) error {
	for chunk := range chunks(anySorted(refs)) {
		page, err := r.Find(ctx, []store.Kind{ontology.Record}, anyOf("anchors", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("look up %d anchors: %w", len(chunk), err)
		}
		for _, n := range page.Items {
			rec, err := ontology.RecordOf(n)
			if err != nil {
				return err
			}
			for _, t := range rec.Claims.Things {
				for _, a := range t.Anchors {
					x.add(found{t.ID, t.Kind}, a)
				}
			}
		}
	}
	return nil
}

// own gives the identifier that the item's source itself gives the thing, ""
// where it gives none.
func own(it *rows.Item, t ontology.ThingClaim) string {
	for _, i := range t.Identifiers {
		if i.Scheme == it.Scheme {
			return i.Key()
		}
	}
	return ""
}

// contest finds the identifiers that things of the batch share although their
// source tells them apart.
func (x *index) contest(items []*rows.Item) {
	owner := map[string]string{}
	for _, it := range items {
		for _, t := range it.Claims.Things {
			mine := own(it, t)
			if mine == "" {
				continue
			}
			for _, i := range t.Identifiers {
				want := ontology.Ref{Kind: t.Kind, Key: i.Key()}.Want()
				if other, ok := owner[want]; ok && other != mine {
					x.contested[want] = true
				}
				owner[want] = mine
			}
		}
	}
}

// identify gives each thing of the item its id: that of the thing that already
// bears one of its identifiers, its source's own first, else one made from its
// first identifier that nothing else bears, or from its name. It reports
// identifiers that belong to different things.
func (x *index) identify(it *rows.Item) (notes []string) {
	for i := range it.Claims.Things {
		t := &it.Claims.Things[i]
		mine := own(it, *t)
		bearers, shared := x.matches(*t, mine)
		switch {
		case t.ID != "":
		case len(bearers) > 0:
			t.ID = bearers[0]
		case x.settled[place{it.Key, i}] != "":
			t.ID = x.settled[place{it.Key, i}]
		default:
			t.ID = x.fresh(*t, mine)
		}
		if len(bearers) > 1 {
			notes = append(notes, fmt.Sprintf("its identifiers belong to %d different things", len(bearers)))
		}
		if len(shared) > 0 {
			notes = append(notes, "another thing of the list has the same "+strings.Join(shared, ", "))
		}
		if x.withdrawn[t.ID] {
			notes = append(notes, "not shown: a person deleted it")
			continue
		}
		for _, ident := range t.Identifiers {
			x.identified(found{t.ID, t.Kind}, ident.Key())
		}
		for _, key := range names(*t) {
			x.add(found{t.ID, t.Kind}, key)
		}
	}
	return notes
}

// matches gives the things that bear the claim's identifiers, and the
// identifiers that it shares with what its source holds to be another thing.
func (x *index) matches(t ontology.ThingClaim, mine string) (bearers []store.ID, shared []string) {
	var keys []string
	if mine != "" {
		keys = append(keys, mine)
	}
	for _, i := range t.Identifiers {
		if i.Key() != mine {
			keys = append(keys, i.Key())
		}
	}
	for _, key := range keys {
		want := ontology.Ref{Kind: t.Kind, Key: key}.Want()
		var same []found
		for _, f := range x.bearers[want] {
			if mine == "" || x.compatible(f.id, mine) {
				same = append(same, f)
			}
		}
		if x.contested[want] || len(same) < len(x.bearers[want]) {
			shared = append(shared, key)
		}
		if f, ok := least(same); ok && !x.contested[want] && !slices.Contains(bearers, f.id) {
			bearers = append(bearers, f.id)
		}
	}
	return bearers, shared
}

// compatible says whether the thing can be the one that the source knows by
// the identifier: it bears it, or none of its scheme.
func (x *index) compatible(id store.ID, mine string) bool {
	scheme := mine[:strings.IndexByte(mine, ':')+1]
	other := false
	for _, key := range x.keys[id] {
		if key == mine {
			return true
		}
		other = other || strings.HasPrefix(key, scheme)
	}
	return !other
}

// fresh makes an id from the first identifier that is the thing's alone, or
// from its name.
func (x *index) fresh(t ontology.ThingClaim, mine string) store.ID {
	if len(t.Identifiers) == 0 {
		return ontology.NodeID(t.Kind, "name", text.NameKey(t.Names[0].Value))
	}
	for _, i := range t.Identifiers {
		want := ontology.Ref{Kind: t.Kind, Key: i.Key()}.Want()
		if i.Key() == mine || !x.contested[want] && len(x.bearers[want]) == 0 {
			return ontology.NodeID(t.Kind, i.Scheme, i.Value)
		}
	}
	return ontology.NodeID(t.Kind, t.Identifiers[0].Scheme, t.Identifiers[0].Value)
}

// join resolves the references of the item's facts, as far as what they name
// is known. Facts whose ends turn out not to be allowed are barred and reported,
// as they are when an end arrives later; an item of which nothing remains is
// refused.
func (x *index) join(key string, claims *ontology.Claims) (notes []string, err error) {
	var last error
	whole := false
	kept := claims.Facts[:0]
	for _, f := range claims.Facts {
		kinds := map[store.ID]store.Kind{}
		for _, ref := range f.Refs() {
			k, err := x.resolve(ref, claims.Things, x.named[key])
			if err != nil {
				return nil, err
			}
			kinds[ref.ID] = k
		}
		if err := checkEnds(f, kinds); err != nil {
			last = err
			notes = append(notes, "left out: "+rows.Reason(err))
			if !bar(&f) {
				continue
			}
		}
		whole = whole || !f.Barred
		kept = append(kept, f)
	}
	claims.Facts = kept
	if len(claims.Things) == 0 && !whole && last != nil {
		return nil, last
	}
	return notes, nil
}

// bar notes that the fact may not be, and says whether it is to be kept: it is
// where it names a thing by a key, which may go again.
func bar(f *ontology.FactClaim) bool {
	f.Barred = slices.ContainsFunc(f.Refs(), func(r *ontology.Ref) bool { return r.ID != "" && r.Key != "" })
	return f.Barred
}

// checkEnds reports ends that the relation does not join, once all are known.
func checkEnds(f ontology.FactClaim, kinds map[store.ID]store.Kind) error {
	if len(f.Wants()) > 0 {
		return nil
	}
	basis := store.Kind("")
	if f.Basis != nil {
		basis = kinds[f.Basis.ID]
	}
	return f.ValidateEnds(kinds[f.Subject.ID], kinds[f.Object.ID], basis)
}

// resolve sets the reference's id where what it names is known, and gives its
// kind. named is what names named before.
func (x *index) resolve(ref *ontology.Ref, own []ontology.ThingClaim, named map[string]store.ID) (store.Kind, error) {
	if place, ok := strings.CutPrefix(ref.Key, "#"); ok {
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 || i >= len(own) {
			return "", fmt.Errorf("%w: the row has no thing %s", store.ErrInvalid, ref.Key)
		}
		*ref = ontology.Ref{ID: own[i].ID}
		return own[i].Kind, nil
	}
	if ref.ID != "" && ref.Key != "" {
		return ref.Kind, nil
	}
	if ref.ID != "" {
		*ref = ontology.Ref{Kind: ref.Kind, Key: idKey(ref.ID)}
	}
	f, ok := x.bearer(*ref, named)
	if !ok {
		return "", nil
	}
	ref.ID = f.id
	return f.kind, nil
}
