package search_test

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// thing is a node of a test.
type thing struct {
	key                  string
	kind                 store.Kind
	labels, descriptions []text.Label
	links                []string // keys
}

func idOf(key string) store.ID {
	sum := sha256.Sum256([]byte(key))
	return store.ID("n_" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:26])
}

func schema() store.Schema {
	s := store.Schema{Rels: []store.Rel{"LINKED_TO"}, Text: text.Fields(), Analysis: text.Version}
	for _, k := range []store.Kind{"Region", "City", "Organisation", "Theme", "Project", "Person", "Instrument", "Post", "Event"} {
		s.Kinds = append(s.Kinds, store.KindDef{Kind: k, Props: []store.Prop{{Name: search.LabelsProp, Type: store.String}}})
	}
	return s
}

// fill puts things into a store, in batches.
func fill(ctx context.Context, s store.Store, things []thing) error {
	var batch []store.Change
	flush := func() error {
		_, err := s.Apply(ctx, batch)
		batch = batch[:0]
		return err
	}
	for _, n := range things {
		id := idOf(n.key)
		c := store.Change{Op: store.PutNode, Node: store.Node{ID: id, Kind: n.kind}, Tokens: text.Tokens(string(id), n.labels, n.descriptions)}
		if l := text.Encode(n.labels); l != "" {
			c.Node.Props = store.Props{search.LabelsProp: l}
		}
		if batch = append(batch, c); len(batch) == 2000 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	for _, n := range things {
		for _, to := range n.links {
			batch = append(batch, store.Change{Op: store.PutEdge, Edge: store.Edge{
				ID: store.ID("f_" + n.key + to), Rel: "LINKED_TO", From: idOf(n.key), To: idOf(to),
			}})
		}
	}
	return flush()
}

// world is a store with the labelled things among others.
type world struct {
	store store.Store
	keys  map[store.ID]string
}

// among holds the labelled things among ten thousand others, for tests that only
// read.
var among world

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run fills the stores once for all tests that only read.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "search")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(dir, "world.db"), schema())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer s.Close(ctx)
	among = world{store: s, keys: map[store.ID]string{}}
	things, err := labelled()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	things = append(others(10000), things...)
	if err := fill(ctx, s, things); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, n := range things {
		among.keys[idOf(n.key)] = n.key
	}
	return m.Run()
}

// The words of the other things: near the labelled ones, and none of them.
var (
	subjects = map[string][]string{
		"nl": strings.Fields("Waterstoftankstations Waterbouw Circulaire Havenlogistiek Energiemarkt Politieopleiding Verkeersdrukte Klimaatbeleid Milieuvergunning Landschapsbeheer Zorgverzekering Bouwafval Spoorbrug Kustlijn Taalonderwijs Douanecontrole Datadeling Luchtvaart Bosbeheer Jeugdwerk"),
		"fr": strings.Fields("Hydrogénoduc Hydraulique Circulaires Logistique Énergétique Policiers Circulation Climatologie Environnement Paysages Mutuelles Gravats Ferroviaires Littoral Langues Douanes Données Aviation Forêts Jeunesse"),
		"de": strings.Fields("Wasserstofftankstellen Wasserbau Kreisverkehre Hafenlogistik Energiemarkt Polizeiausbildung Verkehrsdichte Klimapolitik Umweltgenehmigung Landschaftspflege Krankenkassen Bauschutt Eisenbahnbrücke Küstenlinie Sprachunterricht Zollkontrolle Datenaustausch Luftfahrt Waldpflege Jugendarbeit"),
		"en": strings.Fields("Refuelling Hydraulics Circularity Logistics Markets Constabulary Congestion Climatology Permitting Landscapes Insurance Rubble Railways Coastline Languages Clearance Datasets Aviation Forestry Youthwork"),
	}
	forms = map[string][]string{
		"nl": strings.Fields("Raad Dienst Netwerk Werkgroep Platform Stichting Instituut Programma"),
		"fr": strings.Fields("Conseil Service Réseau Groupe Plateforme Fondation Institut Programme"),
		"de": strings.Fields("Rat Dienststelle Netzwerk Arbeitsgruppe Plattform Stiftung Institut Programm"),
		"en": strings.Fields("Council Service Network Taskforce Platform Foundation Institute Programme"),
	}
	link      = map[string]string{"nl": "voor", "fr": "pour", "de": "für", "en": "for"}
	syllables = strings.Fields("bra vel dor mi kas tun lo res wij ghem bek zel ron pau ti gor men sla der hof")
)

// others gives n things with generated names in four languages.
func others(n int) []thing {
	r := rand.New(rand.NewPCG(7, 11))
	name := func(parts int) string {
		var b strings.Builder
		for range parts {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		s := b.String()
		return strings.ToUpper(s[:1]) + s[1:]
	}
	kinds := []store.Kind{"Organisation", "Project", "Person", "Theme", "City"}
	out := make([]thing, n)
	for i := range out {
		o := thing{key: fmt.Sprintf("other:%d", i), kind: kinds[r.IntN(len(kinds))]}
		subject, form, place, number := r.IntN(20), r.IntN(8), name(3), 1+r.IntN(99)
		for _, l := range []string{"nl", "fr", "de", "en"} {
			var value string
			switch o.kind {
			case "Person":
				value = name(2) + " " + name(3)
			case "City":
				value = place
			case "Theme":
				value = fmt.Sprintf("%s %s", subjects[l][subject], place)
			case "Project":
				value = fmt.Sprintf("%s %s %d", subjects[l][subject], place, number)
			default:
				value = fmt.Sprintf("%s %s %s %s", forms[l][form], link[l], subjects[l][subject], place)
			}
			label := text.Label{Value: value, Language: l, Type: text.Official}
			if o.kind == "Person" {
				label.Language = ""
			}
			o.labels = append(o.labels, label)
			if o.kind == "Person" || o.kind == "City" {
				break
			}
		}
		if i > 0 && r.IntN(3) == 0 {
			o.links = []string{fmt.Sprintf("other:%d", r.IntN(i))}
		}
		out[i] = o
	}
	return out
}
