package ontology

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"coopgraph/store"
)

// Citation is the place in a source that supports something.
type Citation struct {
	Source store.ID `json:"s"`
	// Locator finds the place: a sentence number, a row's key, an article.
	Locator string `json:"l,omitempty"`
	// Quote is the supporting text, word for word.
	Quote string `json:"q,omitempty"`
}

// The types of names, in the order in which they are preferred for display.
const (
	OfficialName    = "OFFICIAL"
	ShortName       = "SHORT"
	TranslatedName  = "TRANSLATION"
	AlternativeName = "ALTERNATIVE"
	Acronym         = "ACRONYM"
	FormerName      = "FORMER"
)

// Name is a name of a thing.
type Name struct {
	Value string `json:"v"`
	// Language is a BCP 47 tag, "" where the source gives none.
	Language string     `json:"l,omitempty"`
	Type     string     `json:"t"`
	Cites    []Citation `json:"c,omitempty"`
}

// Identifier is a thing's name in a scheme: ROR, ISO3166, ORCID, a list's own.
type Identifier struct {
	Scheme string `json:"s"`
	Value  string `json:"v"`
}

// Key is the form in which identifiers are kept and looked up.
func (i Identifier) Key() string { return i.Scheme + ":" + i.Value }

// Description is a text about a thing in one language.
type Description struct {
	Value    string     `json:"v"`
	Language string     `json:"l,omitempty"`
	Cites    []Citation `json:"c,omitempty"`
}

// Figure is a number that a source gives about a thing.
type Figure struct {
	// Property says what is counted, for example "size".
	Property   string      `json:"p"`
	Value      int64       `json:"v"`
	Unit       string      `json:"u,omitempty"`
	AttestedOn PartialDate `json:"a,omitempty"`
	Cites      []Citation  `json:"c,omitempty"`
}

// ThingClaim is what one record says of one thing.
type ThingClaim struct {
	ID          store.ID     `json:"id"`
	Kind        store.Kind   `json:"kind"`
	Names       []Name       `json:"names,omitempty"`
	Identifiers []Identifier `json:"identifiers,omitempty"`
	// Anchors are names, in the form of Identifier.Key, by which other rows of
	// the source may refer to the thing although they do not identify it: two
	// things may share one.
	Anchors      []string      `json:"anchors,omitempty"`
	Descriptions []Description `json:"descriptions,omitempty"`
	Figures      []Figure      `json:"figures,omitempty"`
	// Props are plain properties, as declared by Properties.
	Props Values     `json:"props,omitempty"`
	Cites []Citation `json:"cites,omitempty"`
	// Replaces names fields of which only this claim, and those that are to be
	// believed before it, count: "names", "identifiers", "descriptions",
	// "figures" or a plain property. A field that is named and not given is
	// removed.
	Replaces []string `json:"replaces,omitempty"`
	// Deleted says that the thing is not to be shown, whatever others claim.
	Deleted bool `json:"deleted,omitempty"`
}

// NameScheme, in a Ref's key, names a thing by its folded name: see
// text.NameKey. It resolves where exactly one thing of the kind bears the name.
const NameScheme = "NAME"

// Ref names an end of a fact: by id, or by an identifier. ID is set where what
// the key names is known; the key is kept beside it, so that the reference can
// wait again when the thing is taken back.
type Ref struct {
	ID store.ID `json:"id,omitempty"`
	// Kind, when given, is the kind of the thing that Key names: a state and
	// its country may share an identifier.
	Kind store.Kind `json:"kind,omitempty"`
	Key  string     `json:"key,omitempty"`
}

// Want is the form in which a record keeps a reference that nothing bears yet.
func (r Ref) Want() string { return string(r.Kind) + "/" + r.Key }

// FactClaim is what one record says of one relation.
type FactClaim struct {
	Relation   store.Rel   `json:"r"`
	Subject    Ref         `json:"s"`
	Object     Ref         `json:"o"`
	Role       string      `json:"role,omitempty"`
	Basis      *Ref        `json:"basis,omitempty"`
	From       PartialDate `json:"from,omitempty"`
	To         PartialDate `json:"to,omitempty"`
	AttestedOn PartialDate `json:"on,omitempty"`
	Planned    bool        `json:"planned,omitempty"`
	Cites      []Citation  `json:"c,omitempty"`
	// Deleted says that the fact with these ends, role, basis and dates is not
	// to be shown, whatever others claim.
	Deleted bool `json:"deleted,omitempty"`
	// Barred says that the things which the claim's keys name are known, and
	// that the relation does not join them. The claim is no fact; it is kept
	// because it waits again when one of the things goes.
	Barred bool `json:"barred,omitempty"`
}

// Span is when the claim says the fact holds.
func (c FactClaim) Span() Span {
	return Span{From: c.From, To: c.To, AttestedOn: c.AttestedOn, Planned: c.Planned}
}

// Wants lists the identifiers of the claim's ends that have not been found.
func (c *FactClaim) Wants() []string {
	var wants []string
	for _, r := range c.Refs() {
		if r.ID == "" {
			wants = append(wants, r.Want())
		}
	}
	return wants
}

// Whole says whether the claim is one of a fact: all its ends are known and may
// be joined.
func (c *FactClaim) Whole() bool { return !c.Barred && len(c.Wants()) == 0 }

// BarredBy is the form in which a record keeps the id of a thing that an end of
// it names and may not: beside its wants, since it waits for the thing to go.
func BarredBy(id store.ID) string { return "!" + string(id) }

// Refs gives the claim's references, to be read or set.
func (c *FactClaim) Refs() []*Ref {
	refs := []*Ref{&c.Subject, &c.Object}
	if c.Basis != nil {
		refs = append(refs, c.Basis)
	}
	return refs
}

// Group is the id that the facts of one relation between the same ends, with
// the same role and basis, share, whatever their dates.
func (c FactClaim) Group() string { return string(hashID(otherPrefix, c.parts()...)) }

// FactID is the id of the fact with the claim's dates.
func (c FactClaim) FactID() store.ID {
	return hashID(factPrefix, append(c.parts(), string(c.From), string(c.To))...)
}

func (c FactClaim) parts() []string {
	s, o := c.ends()
	basis := ""
	if c.Basis != nil {
		basis = string(c.Basis.ID)
	}
	return []string{string(c.Relation), string(s), string(o), c.Role, basis}
}

// ends gives subject and object, those of symmetric relations by id.
func (c FactClaim) ends() (store.ID, store.ID) {
	s, o := c.Subject.ID, c.Object.ID
	if r, ok := RelationOf(c.Relation); ok && r.Symmetric && o < s {
		return o, s
	}
	return s, o
}

// Claims is the body of a record.
type Claims struct {
	Things []ThingClaim `json:"things,omitempty"`
	Facts  []FactClaim  `json:"facts,omitempty"`
}

// Wants lists the identifiers that facts of the record name and nothing bears.
func (c Claims) Wants() []string {
	var wants []string
	for _, f := range c.Facts {
		wants = append(wants, f.Wants()...)
	}
	return sortedSet(wants)
}

// bars lists the things that ends of the record's facts name and may not.
func (c Claims) bars() []string {
	var bars []string
	for _, f := range c.Facts {
		for _, r := range f.Refs() {
			if f.Barred && r.ID != "" && r.Key != "" {
				bars = append(bars, BarredBy(r.ID))
			}
		}
	}
	return sortedSet(bars)
}

// Anchors lists the anchors of the record's things.
func (c Claims) Anchors() []string {
	var anchors []string
	for _, t := range c.Things {
		anchors = append(anchors, t.Anchors...)
	}
	return sortedSet(anchors)
}

// About lists the ids of the things and the groups of facts that the claims
// speak of: what must be folded anew when they change.
func (c Claims) About() []string {
	var about []string
	for _, t := range c.Things {
		about = append(about, string(t.ID))
	}
	for _, f := range c.Facts {
		if f.Whole() {
			about = append(about, f.Group())
		}
	}
	return sortedSet(about)
}

// SourceRecord is what one source last said in one of its rows.
type SourceRecord struct {
	Source store.ID
	// Key names the row within the source.
	Key string
	// Standing orders sources that disagree: the greater wins.
	Standing int64
	// Run is the import run that last changed the record.
	Run store.ID
	// At is when it was last changed, By who did it, "" for a run.
	At time.Time
	By string
	// Previous is the Revision that holds what the record said before.
	Previous store.ID
	Claims   Claims
}

// ID is the record's id.
func (r SourceRecord) ID() store.ID { return NodeID(Record, string(r.Source), r.Key) }

// Node gives the record as it is stored.
func (r SourceRecord) Node() (store.Node, error) {
	body, err := json.Marshal(r.Claims)
	if err != nil {
		return store.Node{}, fmt.Errorf("encode record %s: %w", r.Key, err)
	}
	p := store.Props{"source": string(r.Source), "key": r.Key, "standing": r.Standing, "body": string(body), "at": r.At}
	setText(p, "run", string(r.Run))
	setText(p, "by", r.By)
	setText(p, "previous", string(r.Previous))
	setList(p, "about", r.Claims.About())
	setList(p, "wants", append(r.Claims.Wants(), r.Claims.bars()...))
	setList(p, "anchors", r.Claims.Anchors())
	return store.Node{ID: r.ID(), Kind: Record, Props: p}, nil
}

// RecordOf reads a record as it is stored.
func RecordOf(n store.Node) (SourceRecord, error) {
	r := SourceRecord{
		Source: store.ID(text0(n.Props, "source")), Key: text0(n.Props, "key"),
		Run: store.ID(text0(n.Props, "run")), By: text0(n.Props, "by"), Previous: store.ID(text0(n.Props, "previous")),
	}
	r.Standing, _ = n.Props["standing"].(int64)
	r.At, _ = n.Props["at"].(time.Time)
	if err := json.Unmarshal([]byte(text0(n.Props, "body")), &r.Claims); err != nil {
		return r, fmt.Errorf("record %s: %w", n.ID, err)
	}
	return r, nil
}

// Values are plain properties that keep their types in JSON: the type of each
// is the one that Properties declares.
type Values map[string]any

// MarshalJSON writes whole floating-point numbers with a point, so that they
// are read as such.
func (v Values) MarshalJSON() ([]byte, error) {
	out := make(map[string]any, len(v))
	for name, x := range v {
		if f, ok := x.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1e15 {
			x = json.RawMessage(strconv.FormatFloat(f, 'f', 1, 64))
		}
		out[name] = x
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads numbers as int64 or float64, as they are written, and
// lists as []string.
func (v *Values) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var raw map[string]any
	if err := d.Decode(&raw); err != nil {
		return err
	}
	out := Values{}
	for name, x := range raw {
		y, err := plainValue(x)
		if err != nil {
			return fmt.Errorf("property %s: %w", name, err)
		}
		out[name] = y
	}
	*v = out
	return nil
}

func plainValue(x any) (any, error) {
	switch x := x.(type) {
	case string, bool:
		return x, nil
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return n, nil
		}
		return x.Float64()
	case []any:
		list := make([]string, 0, len(x))
		for _, e := range x {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("%w: a list holds text only", store.ErrInvalid)
			}
			list = append(list, s)
		}
		return list, nil
	}
	return nil, fmt.Errorf("%w: a %T is no property", store.ErrInvalid, x)
}

func text0(p store.Props, name string) string {
	s, _ := p[name].(string)
	return s
}

func setText(p store.Props, name, v string) {
	if v != "" {
		p[name] = v
	}
}

func setList(p store.Props, name string, v []string) {
	if len(v) > 0 {
		p[name] = v
	}
}
