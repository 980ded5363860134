package mapping

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coopgraph/ontology/text"
)

// takeFormats reads the formats that a mapping lists, and leaves the first in
// their place.
func takeFormats(body ast.Node) ([]string, error) {
	m, ok := body.(*ast.MappingNode)
	if !ok {
		return nil, nil
	}
	for _, f := range m.Values {
		s, ok := f.Value.(*ast.SequenceNode)
		if !ok || f.Key.String() != "format" || len(s.Values) == 0 {
			continue
		}
		var formats []string
		if err := decodeNode(s, &formats); err != nil {
			return nil, err
		}
		f.Value = s.Values[0]
		return formats, nil
	}
	return nil, nil
}

func unpacked(file string) string {
	for _, packed := range []string{".gz", ".zip"} {
		if strings.EqualFold(filepath.Ext(file), packed) {
			return file[:len(file)-len(packed)]
		}
	}
	return file
}

// For gives the mapping as it is used for a file of the name: in the format
// found in the file, where the mapping reads several; and with ${list} and ${LIST},
// wherever they stand in the mapping, replaced by what the file's name says of
// the list: the name without ending and numbers. So next year's file is the
// same list, and another country's is another.
func (m *Mapping) For(file, format string) (*Mapping, error) {
	name := listName(file)
	replaced := strings.NewReplacer("${list}", name, "${LIST}", strings.ToUpper(name)).Replace(string(m.text))
	out := m
	if replaced != string(m.text) {
		var err error
		if out, err = Parse(m.file, []byte(replaced)); err != nil {
			return nil, err
		}
	}
	if format != out.Format && slices.Contains(out.formats, format) {
		other := *out
		other.Format, out = format, &other
	}
	return out, nil
}

var numbers = regexp.MustCompile(`[0-9]+`)

// listName is a file's name in lower case without folder, ending and numbers,
// its words parted by hyphens; "list" where nothing is left.
func listName(file string) string {
	name := filepath.Base(unpacked(file))
	name = strings.TrimSuffix(name, filepath.Ext(name))
	for _, s := range []string{numbers.ReplaceAllString(name, " "), name} {
		if key := text.NameKey(strings.ReplaceAll(s, "_", " ")); key != "" {
			return strings.ReplaceAll(key, " ", "-")
		}
	}
	return "list"
}
