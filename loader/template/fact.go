package template

import (
	"cmp"
	"fmt"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

func factColumns() []Column {
	reference := func(what string) string {
		return what + ": its id (n_…), an identifier (SCHEME:value) or its name"
	}
	return []Column{
		{Name: "id", Doc: "the fact's id (f_…): names the row; made from the other columns where it is left out"},
		{Name: "subject", Doc: reference("who or what the fact is about")},
		{Name: "subject_kind", Doc: "the subject's kind: Organisation, Person, …; needed where it is given by its name or id"},
		{Name: "subject_name", Doc: "the subject's name, for the reader: it is not read"},
		{Name: "relation", Doc: "one of the relations, for example MEMBER_OF, POST_IN, HOLDS, PART_OF"},
		{Name: "object", Doc: reference("what the subject is related to")},
		{Name: "object_kind", Doc: "the object's kind, as for the subject"},
		{Name: "object_name", Doc: "the object's name, for the reader: it is not read"},
		{Name: "role", Doc: "in what role"},
		{Name: "basis", Doc: reference("the instrument that the fact rests on")},
		{Name: "from", Doc: "since when: 2024, 2024-05 or 2024-05-09"},
		{Name: "to", Doc: "until when"},
		{Name: "attested_on", Doc: "when it was known to hold, where its beginning is not known"},
		{Name: "planned", Doc: "yes where it is only planned"},
	}
}

// End is an end of a fact, as a table shows it.
type End struct {
	ID   store.ID
	Kind store.Kind
	Name string
}

// FactCells gives the fact's row, a cell for each column of the template of
// facts, each guarded against being taken for a formula.
func FactCells(f ontology.Fact, subject, object End) []string {
	planned := ""
	if f.Planned {
		planned = "yes"
	}
	return []string{
		string(f.ID),
		string(subject.ID), string(subject.Kind), Guard(escape(subject.Name)),
		string(f.Relation),
		string(object.ID), string(object.Kind), Guard(escape(object.Name)),
		Guard(escape(f.Role)), string(f.Basis), string(f.From), string(f.To), string(f.AttestedOn), planned,
	}
}

// fact makes the claim of a row of facts.
func (r *reading) fact() {
	f := ontology.FactClaim{
		Relation: store.Rel(fold(r.cell("relation"))),
		From:     ontology.PartialDate(r.cell("from")), To: ontology.PartialDate(r.cell("to")), AttestedOn: ontology.PartialDate(r.cell("attested_on")),
		Subject: r.end("subject"), Object: r.end("object"),
	}
	for _, role := range items(cellText(r.row.Fields["role"]), true) {
		f.Role = role
	}
	if basis := r.cell("basis"); basis != "" {
		ref := reference(basis, []store.Kind{ontology.Instrument})
		f.Basis = &ref
	}
	if s := r.cell("planned"); s != "" {
		planned, ok := yesNo(s)
		if !ok {
			r.reject("planned", fmt.Sprintf("planned cannot be %.40q: it is yes or no", s))
		}
		f.Planned = planned
	}
	if err := ontology.CheckSpan(f.From, f.To); err != nil {
		r.reject("to", rows.Reason(err))
	}
	if err := f.Validate(); err != nil {
		r.reject("", rows.Reason(err))
	}
	r.item.Key = cmp.Or(r.cell("id"), r.factKey())
	f.Cites = r.cite()
	if r.item.Dropped == "" {
		r.item.Claims = ontology.Claims{Facts: []ontology.FactClaim{f}}
	}
}

// factKey names a row that has no id by what it says.
func (r *reading) factKey() string {
	var parts []string
	for _, name := range []string{"subject_kind", "subject", "relation", "object_kind", "object", "role", "basis", "from", "to"} {
		parts = append(parts, r.cell(name))
	}
	return strings.Join(parts, "|")
}

// end reads an end of the fact and its kind.
func (r *reading) end(column string) ontology.Ref {
	kind, ok := kindOf(r.cell(column + "_kind"))
	if !ok {
		r.reject(column+"_kind", fmt.Sprintf("%.40q is no kind", r.cell(column+"_kind")))
	}
	cell := items(cellText(r.row.Fields[column]), true)
	if len(cell) == 0 {
		r.reject(column, "the "+column+" is missing")
		return ontology.Ref{}
	}
	if kind == "" {
		return reference(cell[0], nil)
	}
	return reference(cell[0], []store.Kind{kind})
}
