package web_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"coopgraph/web"
)

// built is the folder that the binary embeds, as it stands in the repository.
var built = os.DirFS("explorer/dist")

func builtFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func request(t *testing.T, method, target string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	web.Explorer().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func get(t *testing.T, target string) string {
	t.Helper()
	response := request(t, http.MethodGet, target, nil)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d", target, response.StatusCode)
	}
	return body(t, response)
}

func TestExplorerServesEveryBuiltFileWithItsType(t *testing.T) {
	types := map[string]string{
		".css": "text/css", ".html": "text/html", ".js": "text/javascript",
		".svg": "image/svg+xml", ".ttf": "font/ttf", ".txt": "text/plain",
	}
	names := builtFiles(t)
	if len(names) < 10 {
		t.Fatalf("only %d files are built", len(names))
	}
	for _, name := range names {
		response := request(t, http.MethodGet, web.ExplorerPath+name, nil)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, response.StatusCode)
			continue
		}
		onDisk, err := fs.ReadFile(built, name)
		if err != nil {
			t.Fatal(err)
		}
		if body(t, response) != string(onDisk) {
			t.Errorf("%s: the embedded file differs from the one on disk", name)
		}
		got, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
		if want := types[path.Ext(name)]; got != want || want == "" {
			t.Errorf("%s: content type %q, want %q", name, got, want)
		}
		for header, want := range map[string]string{
			"Content-Security-Policy": web.ExplorerPolicy,
			"X-Content-Type-Options":  "nosniff",
		} {
			if got := response.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
	}
}

func TestExplorerPageNamesItselfAndItsLanguage(t *testing.T) {
	page := get(t, web.ExplorerPath)
	for _, want := range []string{
		`<html lang="en">`,
		"<title>coopgraph explorer</title>",
		`aria-label="coopgraph explorer"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

var (
	attribute = regexp.MustCompile(`\s(?:src|href|srcset|action|data|poster)\s*=\s*["']([^"']*)["']`)
	element   = regexp.MustCompile(`(?s)<script\b([^>]*)>(.*?)</script>`)
	handler   = regexp.MustCompile(`(?i)<[^>]*\son[a-z]+\s*=`)
	styleURL  = regexp.MustCompile(`(?:url\(\s*|@import\s+)["']?([^"')\s]+)`)
	asset     = regexp.MustCompile(`assets/[\w.-]+\.(?:js|css|ttf)\b`)
	// What stands before the literal address that a script loads when it runs.
	scriptLoad = regexp.MustCompile("(?:\\bimport\\s*\\(?|\\bfrom|Worker\\(|importScripts\\(|\\bfetch\\(|sendBeacon\\(|WebSocket\\(|EventSource\\()\\s*[\"'`](?:https?:|wss?:)?$")
)

// remoteLoads returns each place where a script loads a literal address of
// another host. Names that look like addresses (of XML namespaces, of issues in
// a message) load nothing and are not among them.
func remoteLoads(script string) []string {
	var found []string
	for offset := 0; ; {
		i := strings.Index(script[offset:], "//")
		if i < 0 {
			return found
		}
		offset += i
		before := script[max(0, offset-40):offset]
		if scriptLoad.MatchString(before) {
			found = append(found, before+script[offset:min(len(script), offset+40)])
		}
		offset += len("//")
	}
}

func TestRemoteLoadsFindsWhatLeavesTheHost(t *testing.T) {
	for script, want := range map[string]int{
		`import("https://cdn.example/x.js")`:                   1,
		`import x from"https://cdn.example/x.js"`:              1,
		`import "//cdn.example/x.js"`:                          1,
		"fetch(`https://stats.example/`)":                      1,
		`new Worker('https://cdn.example/w.js')`:               1,
		`new WebSocket("wss://live.example")`:                  1,
		`e.setAttribute("xmlns","http://www.w3.org/2000/svg")`: 0,
		`throw Error("see https://docs.example/errors")`:       0,
		`import"./a.js";fetch("/graphql") // a comment`:        0,
	} {
		if got := remoteLoads(script); len(got) != want {
			t.Errorf("%s: found %q, want %d", script, got, want)
		}
	}
}

func TestExplorerPageLoadsOnlyEmbeddedFilesAndNoInlineScript(t *testing.T) {
	page := get(t, web.ExplorerPath)
	references := attribute.FindAllStringSubmatch(page, -1)
	if len(references) < 3 {
		t.Fatalf("only %d references found in the page", len(references))
	}
	for _, reference := range references {
		target := reference[1]
		if target == "/schema.graphql" { // a link of the program's own, followed only by a click
			continue
		}
		if !strings.HasPrefix(target, web.ExplorerPath) {
			t.Errorf("the page refers to %q, which is not of the explorer", target)
			continue
		}
		get(t, target)
	}
	scripts := element.FindAllStringSubmatch(page, -1)
	if len(scripts) == 0 {
		t.Fatal("the page has no script")
	}
	for _, script := range scripts {
		if !strings.Contains(script[1], "src=") || strings.TrimSpace(script[2]) != "" {
			t.Errorf("inline script, which the policy forbids: %.80s", script[0])
		}
	}
	if found := handler.FindString(page); found != "" {
		t.Errorf("inline event handler, which the policy forbids: %s", found)
	}
}

func TestExplorerStylesLoadOnlyEmbeddedFiles(t *testing.T) {
	checked := 0
	for _, name := range builtFiles(t) {
		if path.Ext(name) != ".css" {
			continue
		}
		for _, match := range styleURL.FindAllStringSubmatch(get(t, web.ExplorerPath+name), -1) {
			checked++
			target := match[1]
			switch {
			case strings.HasPrefix(target, "data:image/"), strings.HasPrefix(target, "#"):
			case strings.HasPrefix(target, web.ExplorerPath):
				get(t, target)
			default:
				t.Errorf("%s loads %q", name, target)
			}
		}
	}
	if checked == 0 {
		t.Error("no url() found in any style sheet: the pattern no longer fits")
	}
}

func TestExplorerScriptsLoadOnlyEmbeddedFiles(t *testing.T) {
	referenced := map[string]bool{}
	for _, name := range builtFiles(t) {
		if path.Ext(name) != ".js" {
			continue
		}
		script := get(t, web.ExplorerPath+name)
		for _, found := range remoteLoads(script) {
			t.Errorf("%s loads from another host: %s", name, found)
		}
		for _, target := range asset.FindAllString(script, -1) {
			referenced[target] = true
		}
	}
	workers := 0
	for target := range referenced {
		get(t, web.ExplorerPath+target)
		if strings.Contains(target, ".worker-") {
			workers++
		}
	}
	if workers != 3 {
		t.Errorf("the scripts start %d workers from files, want 3", workers)
	}
}

func TestExplorerKeepsHashedFilesForEverAndRevalidatesTheRest(t *testing.T) {
	for _, name := range builtFiles(t) {
		response := request(t, http.MethodGet, web.ExplorerPath+name, nil)
		hashed := strings.HasPrefix(name, "assets/")
		if got := strings.Contains(response.Header.Get("Cache-Control"), "immutable"); got != hashed {
			t.Errorf("%s: immutable is %t, want %t", name, got, hashed)
		}
		tag := response.Header.Get("ETag")
		if tag == "" {
			t.Errorf("%s has no ETag", name)
		}
		again := request(t, http.MethodGet, web.ExplorerPath+name, http.Header{"If-None-Match": {tag}})
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: status %d for its own ETag, want 304", name, again.StatusCode)
		}
	}
}

func TestExplorerAnswersHeadWithoutBody(t *testing.T) {
	response := request(t, http.MethodHead, web.ExplorerPath, nil)
	if response.StatusCode != http.StatusOK || body(t, response) != "" {
		t.Errorf("HEAD: status %d, or a body", response.StatusCode)
	}
}

func TestExplorerRefusesOtherPathsAndMethods(t *testing.T) {
	for _, target := range []string{
		"/", "/explorer", "/explorerx", "/explorer/assets", "/explorer/assets/", "/explorer/index",
		"/explorer/./index.html", "/explorer/assets/../index.html", "/explorer//index.html",
		"/explorer/../explorer.go", "/explorer/package.json", "/explorer/%2e%2e/package.json",
	} {
		if status := request(t, http.MethodGet, target, nil).StatusCode; status != http.StatusNotFound {
			t.Errorf("GET %s: status %d, want 404", target, status)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		response := request(t, method, web.ExplorerPath, nil)
		if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") == "" {
			t.Errorf("%s: status %d, Allow %q", method, response.StatusCode, response.Header.Get("Allow"))
		}
	}
}

func TestExplorerListsTheLicencesOfItsPackages(t *testing.T) {
	notices := get(t, web.ExplorerPath+"THIRD-PARTY-NOTICES.txt")
	for _, name := range []string{"graphiql ", "graphql ", "monaco-editor ", "react ", "react-dom "} {
		if !strings.Contains(notices, "\n  "+name) || !strings.Contains(notices, "\n"+name) {
			t.Errorf("%sis not in the notices", name)
		}
	}
}
