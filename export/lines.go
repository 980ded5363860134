package export

import (
	"bufio"
	"context"
	"encoding/json"
	"slices"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// line is a line of the format JSONLines: a source, a record, or what is kept
// of a thing or a fact that no record says. The sources come first, then the
// records, then what is kept, each by id.
type line struct {
	Source *sourceLine `json:"source,omitempty"`
	Record *recordLine `json:"record,omitempty"`
	Kept   *keptLine   `json:"kept,omitempty"`
}

// sourceLine is an ontology.Document.
type sourceLine struct {
	ID        store.ID `json:"id"`
	Title     string   `json:"title,omitempty"`
	URL       string   `json:"url,omitempty"`
	Language  string   `json:"language,omitempty"`
	Date      string   `json:"date,omitempty"`
	Licence   string   `json:"licence,omitempty"`
	Publisher string   `json:"publisher,omitempty"`
	Standing  int64    `json:"standing"`
}

// recordLine is what a source says in one of its rows: an
// ontology.SourceRecord, without who wrote it in which run.
type recordLine struct {
	Source   store.ID        `json:"source"`
	Key      string          `json:"key"`
	Standing int64           `json:"standing"`
	At       time.Time       `json:"at"`
	Claims   json.RawMessage `json:"claims"`
}

// keptLine is what is kept of the thing or fact with the id: the ids that once
// were others' and lead to it, and when it was last confirmed.
type keptLine struct {
	ID          store.ID   `json:"id"`
	FormerIDs   []string   `json:"formerIds,omitempty"`
	ConfirmedAt *time.Time `json:"confirmedAt,omitempty"`
}

func writeLines(ctx context.Context, w *bufio.Writer, r store.Reader) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	err := eachNode(ctx, r, ontology.Source, store.Filter{}, func(nodes []store.Node) error {
		for _, n := range nodes {
			s := sourceLine(ontology.DocumentOf(n))
			if err := out.Encode(line{Source: &s}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = eachNode(ctx, r, ontology.Record, store.Filter{}, func(nodes []store.Node) error {
		for _, n := range nodes {
			rec, err := recordLineOf(n)
			if err != nil {
				return err
			}
			if err := out.Encode(line{Record: &rec}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeKept(ctx, r, func(k keptLine) error { return out.Encode(line{Kept: &k}) })
}

func recordLineOf(n store.Node) (recordLine, error) {
	r, err := ontology.RecordOf(n)
	if err != nil {
		return recordLine{}, err
	}
	body, _ := n.Props["body"].(string)
	return recordLine{Source: r.Source, Key: r.Key, Standing: r.Standing, At: r.At.UTC(), Claims: json.RawMessage(body)}, nil
}

// writeKept gives what is kept of things, then of facts.
func writeKept(ctx context.Context, r store.Reader, do func(keptLine) error) error {
	for _, k := range ontology.Kinds() {
		err := eachNode(ctx, r, k, store.Filter{}, func(nodes []store.Node) error {
			for _, n := range nodes {
				if kept, ok := keptOf(n.ID, n.Props); ok {
					if err := do(kept); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, rel := range ontology.Relations() {
		err := eachEdge(ctx, r, rel.Rel, func(edges []store.Edge) error {
			for _, e := range edges {
				if kept, ok := keptOf(e.ID, e.Props); ok && !impliedFormerID(e, kept) {
					if err := do(kept); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func keptOf(id store.ID, p store.Props) (keptLine, bool) {
	k := keptLine{ID: id}
	k.FormerIDs, _ = p["formerIds"].([]string)
	if at, ok := p["confirmedAt"].(time.Time); ok {
		at = at.UTC()
		k.ConfirmedAt = &at
	}
	return k, len(k.FormerIDs) > 0 || k.ConfirmedAt != nil
}

// impliedFormerID says whether folding makes what is kept of the fact by
// itself: the id of the undated fact leads to the newest dated one.
func impliedFormerID(e store.Edge, k keptLine) bool {
	role, _ := e.Props["role"].(string)
	c := ontology.FactClaim{Relation: e.Rel, Subject: ontology.Ref{ID: e.From}, Object: ontology.Ref{ID: e.To}, Role: role}
	if basis, _ := e.Props["basis"].(string); basis != "" {
		c.Basis = &ontology.Ref{ID: store.ID(basis)}
	}
	return k.ConfirmedAt == nil && slices.Equal(k.FormerIDs, []string{string(c.FactID())})
}
