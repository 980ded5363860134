// Package web holds what the program serves for people in a browser: the
// bundled GraphQL explorer. It must not import a store or a driver.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// ExplorerPath is where [Explorer] expects to be mounted: the built page refers
// to its files below it.
const ExplorerPath = "/explorer/"

// ExplorerPolicy is the Content-Security-Policy of every file of the explorer,
// its workers included.
//
//   - default-src 'self': scripts, workers, the editor's icon font and the
//     requests to /graphql stay on this host; no inline script, no eval.
//   - style-src 'unsafe-inline': the editor (Monaco) positions its lines with
//     style attributes and writes its colours into style elements.
//   - img-src data: the editor draws its squiggles and arrows from data URIs.
//   - the rest closes what default-src does not cover.
const ExplorerPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// explorerRoot is the folder that `npm run build` in explorer/ writes.
const explorerRoot = "explorer/dist"

//go:embed all:explorer/dist
var explorerFiles embed.FS

// explorerTypes holds the content type of each file extension of the build. It
// is our own, since the tables of operating systems differ.
var explorerTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
	".txt":  "text/plain; charset=utf-8",
}

// Explorer serves the bundled GraphQL explorer below [ExplorerPath], from the
// binary alone. It answers GET and HEAD, 405 to other methods, and 404 to
// paths that are not in the build. Files under assets/ carry a hash of their
// content in their names and may be kept for ever; the others are revalidated.
func Explorer() http.Handler {
	return http.HandlerFunc(serveExplorer)
}

func serveExplorer(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name, found := strings.CutPrefix(r.URL.Path, ExplorerPath)
	if !found {
		http.NotFound(w, r)
		return
	}
	if name == "" {
		name = "index.html"
	}
	if !fs.ValidPath(name) { // path.Join would clean it: one file, one address
		http.NotFound(w, r)
		return
	}
	content, err := explorerFiles.ReadFile(path.Join(explorerRoot, name))
	contentType, known := explorerTypes[path.Ext(name)]
	if err != nil || !known {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Security-Policy", ExplorerPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	if strings.HasPrefix(name, "assets/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		header.Set("ETag", `"`+path.Base(name)+`"`)
	} else {
		digest := sha256.Sum256(content)
		header.Set("Cache-Control", "no-cache")
		header.Set("ETag", `"`+hex.EncodeToString(digest[:16])+`"`)
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
