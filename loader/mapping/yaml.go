package mapping

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"coopgraph/store"
)

// entry is a field of a YAML mapping.
type entry struct {
	key   string
	line  int
	value ast.Node
}

// parseYAML reads one YAML document that is a mapping, and gives its fields in
// their order. Errors wrap store.ErrInvalid and name file and line.
func parseYAML(file string, data []byte) ([]entry, error) {
	f, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(file, err)
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return nil, fmt.Errorf("%w: %s: want one YAML document, have %d", store.ErrInvalid, file, len(f.Docs))
	}
	return yamlFields(file, f.Docs[0].Body)
}

// yamlFields gives the fields of a mapping in their order.
func yamlFields(file string, n ast.Node) ([]entry, error) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return nil, at(file, lineOf(n), "want a mapping of fields to values")
	}
	fields := make([]entry, 0, len(pairs))
	for _, p := range pairs {
		var key string
		if err := decodeYAML(file, p.Key, &key); err != nil {
			return nil, err
		}
		fields = append(fields, entry{key, p.Key.GetToken().Position.Line, p.Value})
	}
	return fields, nil
}

// yamlItems gives the elements of a sequence.
func yamlItems(file string, n ast.Node) ([]ast.Node, error) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, at(file, lineOf(n), "want a list")
	}
	return s.Values, nil
}

// decodeYAML decodes a node strictly: unknown fields are errors.
func decodeYAML(file string, n ast.Node, v any) error {
	if err := decodeNode(n, v); err != nil {
		return yamlError(file, err)
	}
	return nil
}

// decodeNode is decodeYAML inside an UnmarshalYAML, whose caller names the
// file.
func decodeNode(n ast.Node, v any) error {
	return yaml.NodeToValue(n, v, yaml.DisallowUnknownField())
}

func lineOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func yamlError(file string, err error) error {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		return at(file, y.GetToken().Position.Line, "%s", explainField(y.GetMessage()))
	}
	return at(file, 0, "%v", err)
}

// at is an error that names a place in a file.
func at(file string, line int, format string, args ...any) error {
	place := file
	if line > 0 {
		place = fmt.Sprintf("%s:%d", file, line)
	}
	return fmt.Errorf("%w: %s: %s", store.ErrInvalid, place, fmt.Sprintf(format, args...))
}
