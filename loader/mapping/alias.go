package mapping

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"

	"coopgraph/store"
)

// maxNodes is how many nodes a mapping may have, its aliases written out.
const maxNodes = 100_000

// aliases writes out the aliases of a document, so that its parts can be
// decoded each for itself.
type aliases struct {
	anchors map[string]ast.Node
	// sizes are the numbers of nodes below the anchors.
	sizes map[string]int
	size  int
}

func writeOut(n ast.Node) (ast.Node, error) {
	a := aliases{anchors: map[string]ast.Node{}, sizes: map[string]int{}}
	return a.node(n)
}

func (a *aliases) node(n ast.Node) (ast.Node, error) {
	if a.size++; a.size > maxNodes {
		return nil, fmt.Errorf("%w: the mapping has more than %d parts", store.ErrInvalid, maxNodes)
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		before := a.size
		v, err := a.node(n.Value)
		name := n.Name.GetToken().Value
		a.anchors[name], a.sizes[name] = v, a.size-before
		return v, err
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		v, ok := a.anchors[name]
		if !ok {
			return nil, fmt.Errorf("%w: there is no anchor %q above its alias", store.ErrInvalid, name)
		}
		a.size += a.sizes[name]
		return v, nil
	case *ast.MappingNode:
		for _, v := range n.Values {
			if _, err := a.node(v); err != nil {
				return nil, err
			}
		}
	case *ast.MappingValueNode:
		v, err := a.node(n.Value)
		n.Value = v
		return n, err
	case *ast.SequenceNode:
		for i := range n.Values {
			v, err := a.node(n.Values[i])
			if err != nil {
				return nil, err
			}
			n.Values[i] = v
		}
	}
	return n, nil
}
