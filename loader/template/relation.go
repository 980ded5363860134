package template

import (
	"regexp"
	"slices"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// relationColumn is a column of references to what the row's thing is related
// to. What it says stands in an export among the facts.
type relationColumn struct {
	name, doc string
	rel       store.Rel
	dir       store.Dir
	// far are the kinds referred to, the one that plain names mean first.
	far []store.Kind
	// dated columns have others beside them: _role, _from and _to.
	dated bool
}

func far(k ...store.Kind) []store.Kind { return k }

var relationColumnsOf = map[store.Kind][]relationColumn{
	ontology.Organisation: {
		{"part_of", "the organisations that it is a part of", ontology.PartOf, store.Out, far(ontology.Organisation), false},
		{"member_of", "the organisations that it is a member of", ontology.MemberOf, store.Out, far(ontology.Organisation), true},
		{"cooperates_with", "the organisations that it cooperates with", ontology.CooperatesWith, store.Out, far(ontology.Organisation), false},
		{"participates_in", "the projects that it takes part in", ontology.ParticipatesIn, store.Out, far(ontology.Project), true},
		{"party_to", "the treaties and agreements that it is a party to", ontology.PartyTo, store.Out, far(ontology.Instrument), false},
		{"works_on", "its themes", ontology.WorksOn, store.Out, far(ontology.Theme), false},
		{"covers", "the places that it acts for", ontology.Covers, store.Out, far(ontology.Place), false},
		{"located_in", "the places that it is in", ontology.LocatedIn, store.Out, far(ontology.Place), false},
	},
	ontology.Person: {
		{"member_of", "the organisations that the person is a member or an employee of", ontology.MemberOf, store.Out, far(ontology.Organisation), true},
		{"holds", "the posts that the person holds", ontology.Holds, store.Out, far(ontology.Post), true},
		{"participates_in", "the projects that the person takes part in", ontology.ParticipatesIn, store.Out, far(ontology.Project), true},
		{"expertise", "the themes that the person is an expert on", ontology.HasExpertise, store.Out, far(ontology.Theme), false},
	},
	ontology.Post: {
		{"organisation", "the organisation that the post is in", ontology.PostIn, store.Out, far(ontology.Organisation), false},
		{"holder", "who holds the post", ontology.Holds, store.In, far(ontology.Person, ontology.Organisation), true},
		{"deputy_of", "the post whose holder its holder stands in for", ontology.DeputyOf, store.Out, far(ontology.Post), false},
		{"works_on", "its themes", ontology.WorksOn, store.Out, far(ontology.Theme), false},
	},
	ontology.Project: {
		{"part_of", "the project that it is a part of", ontology.PartOf, store.Out, far(ontology.Project), false},
		{"participants", "who takes part", ontology.ParticipatesIn, store.In, far(ontology.Organisation, ontology.Person), true},
		{"works_on", "its themes", ontology.WorksOn, store.Out, far(ontology.Theme), false},
		{"located_in", "where it takes place", ontology.LocatedIn, store.Out, far(ontology.Place), false},
		{"based_on", "the instruments that it rests on", ontology.BasedOn, store.Out, far(ontology.Instrument), false},
	},
	ontology.Theme: {
		{"broader", "the broader themes", ontology.Broader, store.Out, far(ontology.Theme), false},
		{"related", "the related themes", ontology.Related, store.Out, far(ontology.Theme), false},
	},
	ontology.Instrument: {
		{"part_of", "the instrument that it is a part of", ontology.PartOf, store.Out, far(ontology.Instrument), false},
		{"parties", "its parties", ontology.PartyTo, store.In, far(ontology.Organisation), false},
		{"authors", "its authors and publishers", ontology.AuthorOf, store.In, far(ontology.Organisation, ontology.Person, ontology.Post), true},
		{"based_on", "the instruments that it rests on", ontology.BasedOn, store.Out, far(ontology.Instrument), false},
		{"works_on", "its themes", ontology.WorksOn, store.Out, far(ontology.Theme), false},
	},
	ontology.Event: {
		{"held_at", "the place or the organisation where it is held", ontology.HeldAt, store.Out, far(ontology.Place, ontology.Organisation), false},
		{"participants", "who takes part", ontology.TookPartIn, store.In, far(ontology.Organisation, ontology.Person), true},
		{"works_on", "its themes", ontology.WorksOn, store.Out, far(ontology.Theme), false},
		{"based_on", "the instruments that it follows from", ontology.BasedOn, store.Out, far(ontology.Instrument), false},
	},
	ontology.Place: {
		{"part_of", "the place that it lies in", ontology.PartOf, store.Out, far(ontology.Place), false},
	},
}

const referenceDoc = ", each by its id (n_…), an identifier (SCHEME:value) or its name; several parted by |"

func relationColumns(k store.Kind) []column {
	var columns []column
	for _, c := range relationColumnsOf[k] {
		columns = append(columns, column{
			Column: Column{Name: c.name, Doc: c.doc + referenceDoc, Entry: true},
			read:   func(r *reading, cell string) { r.relate(c, cell) },
		})
		if c.dated {
			for _, q := range [][2]string{{"_role", "in what role"}, {"_from", "since when: a year, a month or a day"}, {"_to", "until when"}} {
				columns = append(columns, column{Column: Column{Name: c.name + q[0], Doc: q[1] + ", for all in " + c.name, Entry: true}})
			}
		}
	}
	return columns
}

// relate makes the facts of a cell.
func (r *reading) relate(c relationColumn, cell string) {
	f := ontology.FactClaim{Relation: c.rel}
	if c.dated {
		f.Role = r.cell(c.name + "_role")
		f.From, f.To = ontology.PartialDate(r.cell(c.name+"_from")), ontology.PartialDate(r.cell(c.name+"_to"))
	}
	if err := f.Validate(); err != nil {
		r.reject(c.name, rows.Reason(err))
		return
	}
	for _, s := range items(cell, false) {
		f.Subject, f.Object = ontology.Ref{Key: "#0"}, reference(s, c.far)
		if c.dir == store.In {
			f.Subject, f.Object = f.Object, f.Subject
		}
		r.facts = append(r.facts, f)
	}
}

var identifierForm = regexp.MustCompile(`^[A-Z][A-Z0-9._-]*:\S`)

// reference reads a reference to a thing of one of the kinds, or where none is
// given of any: an id, an identifier, or a name.
func reference(s string, kinds []store.Kind) ontology.Ref {
	var ref ontology.Ref
	if len(kinds) == 1 {
		ref.Kind = kinds[0]
	}
	switch {
	case ontology.IsID(s) && strings.HasPrefix(s, "n_"):
		ref.ID = store.ID(s)
	case identifierForm.MatchString(s):
		ref.Key = s
	default:
		if len(kinds) > 0 {
			ref.Kind = kinds[0]
		}
		ref.Key = ontology.NameScheme + ":" + text.NameKey(s)
	}
	return ref
}

// kindOf reads the name of a kind, however it is capitalised; "" for none.
func kindOf(s string) (store.Kind, bool) {
	kinds := ontology.Kinds()
	i := slices.IndexFunc(kinds, func(k store.Kind) bool { return strings.EqualFold(string(k), s) })
	if i < 0 {
		return "", s == ""
	}
	return kinds[i], true
}
