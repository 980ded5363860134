package model

import (
	"context"
	"fmt"
)

// Edge is a thing in a list, with the fact that it stands for there; root
// lists stand for none.
type Edge[T any] struct {
	Cursor string
	Node   T
	Fact   *Fact
}

// Connection is a page of a list.
type Connection[T any] struct {
	Edges      []*Edge[T]
	PageInfo   *PageInfo
	TotalCount int
}

// Nodes are the page's things.
func (c *Connection[T]) Nodes() []T {
	nodes := make([]T, 0, len(c.Edges))
	for _, e := range c.Edges {
		nodes = append(nodes, e.Node)
	}
	return nodes
}

// NewConnection makes a page of things of one type.
func NewConnection[T any](hops *Hops) (*Connection[T], error) {
	c := &Connection[T]{Edges: make([]*Edge[T], 0, len(hops.Things)), PageInfo: hops.pageInfo(), TotalCount: hops.Total}
	for i, thing := range hops.Things {
		node, ok := thing.(T)
		if !ok {
			return nil, fmt.Errorf("a %T stands in a list of %T", thing, node)
		}
		e := &Edge[T]{Cursor: hops.Cursors[i], Node: node}
		if hops.Facts != nil {
			e.Fact = hops.Facts[i]
		}
		c.Edges = append(c.Edges, e)
	}
	return c, nil
}

func (h *Hops) pageInfo() *PageInfo {
	p := &PageInfo{HasNextPage: h.HasNext, HasPreviousPage: h.HasPrevious}
	if n := len(h.Cursors); n > 0 {
		p.StartCursor, p.EndCursor = &h.Cursors[0], &h.Cursors[n-1]
	}
	return p
}

// related asks the thing's loader for one of its connections.
func related[T any](ctx context.Context, b *Base, field string, a Args) (*Connection[T], error) {
	hops, err := b.Load.Related(ctx, b, field, a)
	if err != nil {
		return nil, err
	}
	return NewConnection[T](hops)
}

// FactEdge is a fact in a list.
type FactEdge struct {
	Cursor string
	Node   *Fact
}

// FactConnection is a page of facts.
type FactConnection struct {
	Edges      []*FactEdge
	PageInfo   *PageInfo
	TotalCount int
}

// Nodes are the page's facts.
func (c *FactConnection) Nodes() []*Fact {
	nodes := make([]*Fact, 0, len(c.Edges))
	for _, e := range c.Edges {
		nodes = append(nodes, e.Node)
	}
	return nodes
}

func factConnection(hops *Hops) *FactConnection {
	c := &FactConnection{Edges: make([]*FactEdge, 0, len(hops.Facts)), PageInfo: hops.pageInfo(), TotalCount: hops.Total}
	for i, f := range hops.Facts {
		c.Edges = append(c.Edges, &FactEdge{Cursor: hops.Cursors[i], Node: f})
	}
	return c
}
