package reconcile

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

//go:embed preview.css
var previewStyle string

//go:embed preview.html
var previewMarkup string

var previewPage = template.Must(template.New("preview").Parse(previewMarkup))

// previewPolicy lets a preview be styled by its own style element and framed by
// clients, and do nothing else.
func (v *service) previewPolicy() string {
	digest := sha256.Sum256([]byte(previewStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'; " +
		"sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors " + strings.Join(v.Frames, " ")
}

// shown is what a page says of a thing.
type shown struct {
	Style                        template.CSS
	Language, Title, Kind, About string
	// Words are the headings in the language.
	Words                  map[string]string
	Names, Identifiers     []string
	Website                string
	Places, PartOf         []string
	Sources                []ontology.Document
	MoreNames, MoreSources int
}

// The most names and sources of a preview; a page shows more.
const (
	fewLines  = 4
	manyLines = 100
)

// preview answers the small page that clients show in a frame.
func (v *service) preview(w http.ResponseWriter, r *http.Request) error {
	return v.show(w, r, r.URL.Query().Get("id"), fewLines)
}

// page answers a thing's page.
func (v *service) page(w http.ResponseWriter, r *http.Request) error {
	return v.show(w, r, r.PathValue("id"), manyLines)
}

func (v *service) show(w http.ResponseWriter, r *http.Request, id string, lines int) error {
	if r.URL.Query().Has("callback") {
		return bad("callback: JSONP is not supported; use CORS")
	}
	language := readerLanguage(r)
	page := shown{Style: template.CSS(previewStyle), Language: language, Words: map[string]string{}} //nolint:gosec // the style is a file of the program
	for word, in := range pageWords {
		page.Words[word] = in[language]
	}
	status := http.StatusOK
	things, err := v.resolve(r.Context(), []string{id})
	if err != nil {
		return err
	}
	if t, ok := things[id]; ok {
		err = v.describePage(r, &page, t, lines)
	} else {
		status, page.Title = http.StatusNotFound, page.Words["unknown"]
	}
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := previewPage.Execute(&body, page); err != nil {
		return fmt.Errorf("write the page of %s: %w", id, err)
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", language)
	header.Set("Content-Security-Policy", v.previewPolicy())
	header.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the client has gone: nobody is left to tell
	return nil
}

func (v *service) describePage(r *http.Request, page *shown, t ontology.Thing, lines int) error {
	place, _ := propertyOf(placeProperty)
	partOf, _ := propertyOf("partOf")
	subjects, err := v.subjects(r.Context(), []ontology.Thing{t}, []property{place, partOf}, false)
	if err != nil {
		return err
	}
	s := subjects[0]
	page.Title, page.Kind, page.About = t.Name(page.Language), kindLabel(t.Kind, page.Language), cut(summary(t, page.Language), 100*lines)
	for _, n := range t.Names {
		if n.Value != page.Title && !slices.Contains(page.Names, n.Value) {
			page.Names = append(page.Names, n.Value)
		}
	}
	page.MoreNames = max(0, len(page.Names)-lines)
	page.Names = page.Names[:min(lines, len(page.Names))]
	for _, i := range t.Identifiers {
		page.Identifiers = append(page.Identifiers, i.Scheme+" "+i.Value)
	}
	page.Website, _ = t.Props[websiteProperty].(string)
	for _, p := range s.far[placeProperty] {
		if p.ID != t.ID {
			page.Places = append(page.Places, p.Name(page.Language))
		}
	}
	for _, p := range s.far["partOf"] {
		page.PartOf = append(page.PartOf, p.Name(page.Language))
	}
	return v.cite(r, page, t, lines)
}

// cite adds the documents that support what is said, by their titles.
func (v *service) cite(r *http.Request, page *shown, t ontology.Thing, lines int) error {
	var ids []store.ID
	for _, id := range t.Sources[:min(len(t.Sources), manyLines)] {
		ids = append(ids, store.ID(id))
	}
	if len(ids) == 0 {
		return nil
	}
	nodes, err := v.Store.Nodes(r.Context(), ids)
	if err != nil {
		return fmt.Errorf("read %d sources: %w", len(ids), err)
	}
	for _, id := range ids {
		if n, ok := nodes[id]; ok && n.Kind == ontology.Source {
			page.Sources = append(page.Sources, ontology.DocumentOf(n))
		}
	}
	page.MoreSources = max(0, len(page.Sources)-lines)
	page.Sources = page.Sources[:min(lines, len(page.Sources))]
	return nil
}
