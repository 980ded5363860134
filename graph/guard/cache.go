package guard

import "sync"

// cache keeps the documents last used, bounded by their number and by the bytes of
// their texts. It is safe for concurrent use.
type cache struct {
	mu      sync.Mutex
	most    int // documents
	whole   int // bytes
	bytes   int // bytes kept
	clock   uint64
	entries map[string]*entry
}

type entry struct {
	document *document
	used     uint64
}

func newCache(documents, bytes int) *cache {
	return &cache{most: documents, whole: bytes, entries: make(map[string]*entry)}
}

func (c *cache) find(query string) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[query]
	if e == nil {
		return nil
	}
	c.clock++
	e.used = c.clock
	return e.document
}

// keep stores a document. One that would drive out most others is not kept.
func (c *cache) keep(d *document) {
	if len(d.query) > c.whole/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[d.query] != nil {
		return
	}
	c.clock++
	c.entries[d.query] = &entry{document: d, used: c.clock}
	c.bytes += len(d.query)
	for c.bytes > c.whole || len(c.entries) > c.most {
		c.forget()
	}
}

// forget drops the document that was not used for longest. It looks at all, which takes
// less time than validating the document that needs the place.
func (c *cache) forget() {
	var oldest *entry
	for _, e := range c.entries {
		if oldest == nil || e.used < oldest.used {
			oldest = e
		}
	}
	if oldest == nil {
		return
	}
	c.bytes -= len(oldest.document.query)
	delete(c.entries, oldest.document.query)
}
