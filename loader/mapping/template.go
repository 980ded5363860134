package mapping

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"coopgraph/loader/rows"
	"coopgraph/loader/template"
)

// Graph is the name of the mapping of what an export in JSON Lines writes: all
// that every source said, which is restored and not matched.
const Graph = "coopgraph"

// Templates lists the templates: tables for people to fill in, each of which a
// built-in mapping of the same name reads.
func Templates() []string { return template.Names() }

// Template gives a template as a file: the line of its columns, as CSV. It
// fails with store.ErrInvalid where there is none of the name.
func Template(name string) ([]byte, error) {
	t, err := template.Of(name)
	if err != nil {
		return nil, err
	}
	var header []string
	for _, c := range t.Columns() {
		header = append(header, c.Name)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		return nil, fmt.Errorf("write the header: %w", err)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// DescribeTemplate says what each column of a template means, a line each. It
// fails with store.ErrInvalid where there is none of the name.
func DescribeTemplate(name string) ([]byte, error) {
	t, err := template.Of(name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, c := range t.Columns() {
		fmt.Fprintf(&b, "%-24s %s\n", c.Name, c.Doc)
	}
	return b.Bytes(), nil
}

// Lossless says whether the list is an export in JSON Lines, which is to be
// restored: its lines are no rows.
func (m *Mapping) Lossless() bool { return m.Template == Graph }

// prepareTemplate readies a mapping that is a template's.
func (m *Mapping) prepareTemplate() error {
	switch {
	case m.Source.Key == "" || m.Source.Title == "":
		return m.errorAt(0, "source: want a key and a title")
	case m.Key != nil || len(m.Things) > 0 || len(m.Facts) > 0 || len(m.Skip) > 0:
		return m.errorAt(0, "template: it says what the rows claim: leave key, skip, things and facts out")
	}
	if err := m.Check(); err != nil {
		return m.errorAt(0, "%v", err)
	}
	if m.Lossless() {
		return nil
	}
	t, err := template.Of(m.Template)
	if err != nil {
		return m.errorAt(0, "template: %s", rows.Reason(err))
	}
	m.template = t
	m.Required = append(m.Required, t.Required()...)
	for _, c := range t.Columns() {
		m.columns[c.Name] = true
	}
	return nil
}
