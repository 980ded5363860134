package ontology

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// Thing is a node of one of Kinds, its structures decoded.
type Thing struct {
	ID           store.ID
	Kind         store.Kind
	Version      int64
	Names        []Name
	Descriptions []Description
	Identifiers  []Identifier
	Figures      []Figure
	Cites        []Citation
	// Sources are the ids of every source that supports something here.
	Sources []string
	// FormerIDs still resolve to this thing.
	FormerIDs []string
	// Props are the plain properties.
	Props                store.Props
	CreatedAt, UpdatedAt time.Time
	ConfirmedAt          time.Time
	ConfirmedBy          string
}

// ThingOf decodes a node.
func ThingOf(n store.Node) (Thing, error) {
	t := Thing{ID: n.ID, Kind: n.Kind, Version: n.Version, Props: store.Props{}}
	for name, to := range map[string]any{"names": &t.Names, "descriptions": &t.Descriptions, "figures": &t.Figures, "cites": &t.Cites} {
		if s := text0(n.Props, name); s != "" {
			if err := json.Unmarshal([]byte(s), to); err != nil {
				return t, fmt.Errorf("%s of %s: %w", name, n.ID, err)
			}
		}
	}
	for _, key := range listOf(n.Props, "identifiers") {
		t.Identifiers = append(t.Identifiers, IdentifierOf(key))
	}
	t.Sources, t.FormerIDs = listOf(n.Props, "sources"), listOf(n.Props, "formerIds")
	for _, p := range Properties(n.Kind) {
		if v, ok := n.Props[p.Name]; ok {
			t.Props[p.Name] = v
		}
	}
	t.CreatedAt, _ = n.Props["createdAt"].(time.Time)
	t.UpdatedAt, _ = n.Props["updatedAt"].(time.Time)
	t.ConfirmedAt, _ = n.Props["confirmedAt"].(time.Time)
	t.ConfirmedBy = text0(n.Props, "confirmedBy")
	return t, nil
}

// IdentifierOf reads the form of Identifier.Key.
func IdentifierOf(key string) Identifier {
	for i := range len(key) {
		if key[i] == ':' {
			return Identifier{Scheme: key[:i], Value: key[i+1:]}
		}
	}
	return Identifier{Scheme: key}
}

// Span is when the thing itself is, where its kind has dates.
func (t Thing) Span() Span {
	planned, _ := t.Props["planned"].(bool)
	return Span{From: PartialDate(text0(t.Props, "from")), To: PartialDate(text0(t.Props, "to")), Planned: planned}
}

// displayed are the types that may stand for the thing on a page; the others
// do only where there is none of these.
var displayed = []string{OfficialName, ShortName, TranslatedName}

// Name gives the name to show to a reader of the language ("nl", "fr", "de",
// "en"): the best in it, then in English, Dutch, French, German, any; official
// before short before translated.
func (t Thing) Name(language string) string { return BestName(t.Names, language).Value }

// BestName is Thing.Name's choice among names.
func BestName(names []Name, language string) Name {
	order := []string{language, "en", "nl", "fr", "de"}
	for _, shown := range []bool{true, false} {
		for _, l := range order {
			for _, n := range names {
				if slices.Contains(displayed, n.Type) == shown && baseLanguage(n.Language) == l {
					return n
				}
			}
		}
		for _, n := range names {
			if slices.Contains(displayed, n.Type) == shown {
				return n
			}
		}
	}
	return Name{}
}

func baseLanguage(tag string) string {
	if i := slices.Index([]byte(tag), '-'); i >= 0 {
		return tag[:i]
	}
	return tag
}

// Description gives the description in the language, or the first of the
// order of Name; "" where there is none.
func (t Thing) Description(language string) string {
	for _, l := range []string{language, "en", "nl", "fr", "de"} {
		for _, d := range t.Descriptions {
			if baseLanguage(d.Language) == l {
				return d.Value
			}
		}
	}
	if len(t.Descriptions) > 0 {
		return t.Descriptions[0].Value
	}
	return ""
}

func (t Thing) labels() []text.Label {
	labels := make([]text.Label, 0, len(t.Names))
	for _, n := range t.Names {
		labels = append(labels, text.Label{Value: n.Value, Language: n.Language, Type: text.Type(n.Type)})
	}
	return labels
}

func (t Thing) descriptionLabels() []text.Label {
	var labels []text.Label
	for _, d := range t.Descriptions {
		labels = append(labels, text.Label{Value: d.Value, Language: d.Language})
	}
	return labels
}

// readings are texts that are read once.
type readings map[string]text.Reading

func (r readings) of(s string) text.Reading {
	t, ok := r[s]
	if !ok {
		t = text.Read(s)
		r[s] = t
	}
	return t
}

// node encodes the thing, without its times of writing.
func (t Thing) node(labels text.Labels, read readings) (store.Node, error) {
	p := store.Props{}
	for name, v := range t.Props {
		p[name] = v
	}
	err := errors.Join(setJSON(p, "names", t.Names), setJSON(p, "descriptions", t.Descriptions), setJSON(p, "figures", t.Figures), setJSON(p, "cites", t.Cites))
	if err != nil {
		return store.Node{}, fmt.Errorf("encode %s: %w", t.ID, err)
	}
	var identifiers, keys []string
	for _, i := range t.Identifiers {
		identifiers = append(identifiers, i.Key())
	}
	for _, n := range t.Names {
		keys = append(keys, read.of(n.Value).NameKey())
	}
	setList(p, "identifiers", identifiers)
	setList(p, "nameKeys", sortedSet(keys))
	setList(p, "sources", t.Sources)
	setList(p, "formerIds", t.FormerIDs)
	p["labels"] = labels.Encode()
	for _, l := range Languages() {
		p[NameSort(l)] = read.of(t.sortName(l)).SortKey()
	}
	return store.Node{ID: t.ID, Kind: t.Kind, Props: p}, nil
}

// setJSON sets a property to a list as JSON; nil is left out.
func setJSON[T any](p store.Props, name string, list []T) error {
	if list == nil {
		return nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p[name] = string(b)
	return nil
}

// sortName is what the thing is ordered by: people by family name.
func (t Thing) sortName(language string) string {
	if family := text0(t.Props, "familyName"); family != "" {
		return family + " " + text0(t.Props, "givenName")
	}
	return t.Name(language)
}

// TokensOf gives the tokens under which search finds a thing that is stored.
func TokensOf(n store.Node) (map[string]string, error) {
	t, err := ThingOf(n)
	if err != nil {
		return nil, err
	}
	return text.Tokens(string(t.ID), t.labels(), t.descriptionLabels()), nil
}

func listOf(p store.Props, name string) []string {
	v, _ := p[name].([]string)
	return v
}

// identifierPages gives the address of an identifier's page, by scheme; "%"
// stands for the value.
var identifierPages = map[string]string{
	"ROR":      "https://ror.org/%",
	"ORCID":    "https://orcid.org/%",
	"WIKIDATA": "https://www.wikidata.org/entity/%",
	"EUROVOC":  "http://eurovoc.europa.eu/%",
	"GEONAMES": "https://www.geonames.org/%",
	"ISNI":     "https://isni.org/isni/%",
}

// IdentifierURL is a page about the identifier; "" where its scheme has none.
func IdentifierURL(i Identifier) string {
	if strings.HasPrefix(i.Value, "https://") || strings.HasPrefix(i.Value, "http://") {
		return i.Value
	}
	return strings.ReplaceAll(identifierPages[i.Scheme], "%", strings.ReplaceAll(i.Value, " ", ""))
}
