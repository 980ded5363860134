package ontology

import (
	"encoding/json"
	"fmt"
	"time"

	"coopgraph/store"
)

// Fact is an edge, decoded: one dated, sourced relation between two things.
type Fact struct {
	ID       store.ID
	Relation store.Rel
	// Version grows with every change.
	Version         int64
	Subject, Object store.ID
	Role            string
	Basis           store.ID
	Span
	// Witnessed is the latest date on which any source attests the fact: its
	// attestation or its document's date.
	Witnessed   PartialDate
	Cites       []Citation
	ConfirmedAt time.Time
	ConfirmedBy string
}

// FactOf decodes an edge. Citations are there only if the edge was read with
// all its properties.
func FactOf(e store.Edge) (Fact, error) {
	f := Fact{
		ID: e.ID, Version: e.Version, Relation: e.Rel, Subject: e.From, Object: e.To,
		Role: text0(e.Props, "role"), Basis: store.ID(text0(e.Props, "basis")),
		Span: Span{
			From: PartialDate(text0(e.Props, "from")), To: PartialDate(text0(e.Props, "to")),
			AttestedOn: PartialDate(text0(e.Props, "attestedOn")),
		},
		Witnessed:   PartialDate(text0(e.Props, "witnessed")),
		ConfirmedBy: text0(e.Props, "confirmedBy"),
	}
	f.Planned, _ = e.Props["planned"].(bool)
	f.ConfirmedAt, _ = e.Props["confirmedAt"].(time.Time)
	if s := text0(e.Props, "cites"); s != "" {
		if err := json.Unmarshal([]byte(s), &f.Cites); err != nil {
			return f, fmt.Errorf("citations of %s: %w", e.ID, err)
		}
	}
	return f, nil
}

// Document is a node of kind Source, decoded.
type Document struct {
	ID                                             store.ID
	Title, URL, Language, Date, Licence, Publisher string
	// Standing orders sources that disagree.
	Standing int64
}

// DocumentOf decodes a source.
func DocumentOf(n store.Node) Document {
	d := Document{
		ID: n.ID, Title: text0(n.Props, "title"), URL: text0(n.Props, "url"), Language: text0(n.Props, "language"),
		Date: text0(n.Props, "date"), Licence: text0(n.Props, "licence"), Publisher: text0(n.Props, "publisher"),
	}
	d.Standing, _ = n.Props["standing"].(int64)
	return d
}

// Node encodes the source.
func (d Document) Node() store.Node {
	p := store.Props{"standing": d.Standing}
	for name, v := range map[string]string{
		"title": d.Title, "url": d.URL, "language": d.Language, "date": d.Date, "licence": d.Licence, "publisher": d.Publisher,
	} {
		setText(p, name, v)
	}
	return store.Node{ID: d.ID, Kind: Source, Props: p}
}
