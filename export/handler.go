package export

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"coopgraph/store"
)

// The limits of downloads.
const (
	// downloadsAtOnce is how many are written at once; more are answered 503.
	downloadsAtOnce = 2
	// downloadTime bounds one download, stallTime the wait for its reader.
	downloadTime = 10 * time.Minute
	stallTime    = 30 * time.Second
	// retryAfter is what clients are told to wait, in seconds.
	retryAfter = 10
)

var contentTypes = map[Format]string{
	CSV: "text/csv; charset=utf-8; header=present", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	JSONLines: "application/x-ndjson", GraphML: "application/xml", GEXF: "application/gexf+xml", JSONLD: "application/ld+json",
	Cypher: "text/plain; charset=utf-8",
}

// downloads answers GET ?format=csv&kind=ORGANISATION: see Handler.
type downloads struct {
	store store.Reader
	log   *slog.Logger
	// turns holds a token for each download under way.
	turns chan struct{}
}

// Handler answers GET and HEAD with the selection that the query says: format,
// and the names of Parameters, as ParseSelection reads them. What it gives is
// public. It bounds how many downloads are under way at once, how long one
// takes, and how long its reader may stall. A download that fails half-way is
// broken off, so that it is not taken for whole. log is told of failures.
func Handler(r store.Reader, log *slog.Logger) http.Handler {
	return &downloads{store: r, log: log, turns: make(chan struct{}, downloadsAtOnce)}
}

func (d *downloads) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "downloads are asked for by GET", http.StatusMethodNotAllowed)
		return
	}
	s, f, err := parseQuery(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case d.turns <- struct{}{}:
		defer func() { <-d.turns }()
	default:
		d.busy(w, "other downloads are under way; try again soon")
		return
	}
	out := &download{w: w, control: http.NewResponseController(w), head: req.Method == http.MethodHead, form: f, selection: s}
	if out.head {
		out.begin()
		return
	}
	ctx, cancel := context.WithTimeout(req.Context(), downloadTime)
	defer cancel()
	if err := Write(ctx, out, d.store, s, f); err != nil {
		d.failed(w, out, err)
	}
}

func (d *downloads) busy(w http.ResponseWriter, message string) {
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	http.Error(w, message, http.StatusServiceUnavailable)
}

// failed answers where nothing has been written yet, and else breaks off.
func (d *downloads) failed(w http.ResponseWriter, out *download, err error) {
	if !errors.Is(err, context.Canceled) {
		d.log.Error("a download failed", "format", string(out.form), "begun", out.begun, "error", err)
	}
	switch {
	case out.begun:
		out.breakOff()
	case errors.Is(err, store.ErrUnavailable):
		d.busy(w, "the database does not answer; try again soon")
	default:
		http.Error(w, "the download failed", http.StatusInternalServerError)
	}
}

// parseQuery reads the query strictly: a parameter that is not known, or a
// second format, is an error.
func parseQuery(req *http.Request) (Selection, Format, error) {
	query := req.URL.Query()
	formats := query["format"]
	if len(formats) != 1 {
		return Selection{}, "", invalid("want one format: %s", joined(Formats()))
	}
	delete(query, "format")
	for name := range query {
		if !slices.Contains(Parameters(), name) {
			return Selection{}, "", invalid("there is no parameter %.40q; there are format, %s", name, joined(Parameters()))
		}
	}
	s, err := ParseSelection(query)
	if err != nil {
		return s, "", err
	}
	f := Format(formats[0])
	return s, f, s.Check(f)
}

// download is an answer's body: its headers go out with its first byte, and
// each piece has its time to be read.
type download struct {
	w         http.ResponseWriter
	control   *http.ResponseController
	selection Selection
	form      Format
	head      bool
	begun     bool
}

func (d *download) begin() {
	d.begun = true
	h := d.w.Header()
	h.Set("Content-Type", contentTypes[d.form])
	if d.form == CSV && d.selection.Zipped() {
		h.Set("Content-Type", "application/zip")
	}
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", d.selection.FileName(d.form)))
	d.w.WriteHeader(http.StatusOK)
}

// Write gives the piece its time: the server's own would end long downloads.
func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begin()
	}
	// Writers that have no deadlines, as in tests, do without.
	if err := d.control.SetWriteDeadline(time.Now().Add(stallTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return d.w.Write(b)
}

// breakOff lets the connection end before the body does: no more of it can be
// written in time.
func (d *download) breakOff() {
	if err := d.control.SetWriteDeadline(time.Now().Add(-time.Second)); err != nil {
		return
	}
	// This fails, as it must.
	_ = d.control.Flush()
}
