package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"coopgraph/access"
	"coopgraph/ontology"
	"coopgraph/store/sqlite"
)

// On loopback, with nothing configured, the user's own programs find an editor's token
// beside the data; nobody else can read it, and nothing prints it.
func TestServeOffersAnEditorsTokenForThisMachine(t *testing.T) {
	folder := t.TempDir()
	store, file := "sqlite:"+filepath.Join(folder, "test.db"), filepath.Join(folder, "test.db.editor-token")
	var first string
	for range 2 {
		r := serving(t, nil, "--store", store)
		if !strings.Contains(r.stdout.String(), "is in "+file+"\n") {
			t.Errorf("the start says %q", r.stdout.String())
		}
		text := readToken(t, file)
		if first == "" {
			first = text
		}
		if text != first {
			t.Error("the second start made another token")
		}
		if got := r.ask("{__typename}", "Authorization", "Bearer "+text); got.StatusCode != http.StatusOK {
			t.Errorf("%d %s", got.StatusCode, got.body)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		if all := r.stdout.String() + r.stderr.String(); strings.Contains(all, text[16:40]) {
			t.Error("the token is printed")
		}
	}
	if _, out, _ := command(t, "token", "list", "--store", store); strings.Count(out, localTokenName) != 1 {
		t.Errorf("the tokens are %s", out)
	}
}

func readToken(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	text := strings.TrimSpace(string(b))
	if !access.IsToken(text) {
		t.Fatalf("the file holds no token but %d bytes", len(b))
	}
	return text
}

func TestWhereTheEditorsTokenIsKept(t *testing.T) {
	home := t.TempDir()
	for name, c := range map[string]struct {
		settings                map[string]string
		address, database, file string
		want                    string
	}{
		"SQLite":           {nil, "sqlite:data/coop.db", "", "", "data/coop.db.editor-token"},
		"named":            {nil, "sqlite:coop.db", "", "there", "there"},
		"none":             {nil, "sqlite:coop.db", "", "none", ""},
		"Neo4j":            {map[string]string{"HOME": home}, "neo4j://db", "", "", filepath.Join(home, ".config/coopgraph/editor-token-*")},
		"Neo4j, XDG":       {map[string]string{"HOME": "/x", "XDG_CONFIG_HOME": home}, "neo4j://db", "", "", filepath.Join(home, "coopgraph/editor-token-*")},
		"Neo4j, a broken":  {map[string]string{"HOME": home, "XDG_CONFIG_HOME": "x"}, "neo4j://db", "", "", filepath.Join(home, ".config/coopgraph/editor-token-*")},
		"Neo4j, no folder": {nil, "neo4j://db", "", "", ""},
	} {
		flags := &storeFlags{program: &program{getenv: environment(c.settings)}, address: &c.address, database: &c.database}
		got := flags.tokenPath(c.file)
		if match, err := filepath.Match(c.want, got); err != nil || !match {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	place := func(address, database string) string {
		p := &program{getenv: environment(map[string]string{"HOME": home})}
		return (&storeFlags{program: p, address: &address, database: &database}).tokenPath("")
	}
	if place("neo4j://a", "") == place("neo4j://b", "") || place("neo4j://a", "x") == place("neo4j://a", "y") {
		t.Error("two databases share a file")
	}
}

// newLocalToken is one over a real store, with a clock that is set by hand.
func newLocalToken(t *testing.T, file string) (*localToken, *time.Time) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	at := time.Now()
	now := func() time.Time { return at }
	return &localToken{registry: access.NewRegistry(s, now, rand.Reader), path: file, now: now}, &at
}

func TestTheEditorsTokenIsRenewed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "token")
	l, at := newLocalToken(t, file)
	ensured := func() string {
		t.Helper()
		if err := l.ensure(t.Context()); err != nil {
			t.Fatal(err)
		}
		return readToken(t, file)
	}
	valid := func(text string) bool {
		t.Helper()
		p, err := l.registry.Verify(t.Context(), text)
		return err == nil && p.Role == access.Editor
	}
	first := ensured()
	*at = at.Add(82 * 24 * time.Hour)
	if ensured() != first {
		t.Error("replaced long before its end")
	}
	*at = at.Add(2 * 24 * time.Hour)
	second := ensured()
	if second == first || !valid(second) || !valid(first) {
		t.Error("not followed by another before its end, or taken from those who hold it")
	}
	*at = at.Add(100 * 24 * time.Hour)
	third := ensured()
	if third == second || !valid(third) || valid(second) {
		t.Error("not replaced after its end")
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	fourth := ensured()
	if fourth == third || valid(third) || !valid(fourth) {
		t.Error("a token that others could read is still valid")
	}
	if _, err := l.registry.Revoke(t.Context(), fourth[3:15]); err != nil {
		t.Fatal(err)
	}
	fifth := ensured()
	if fifth == fourth || !valid(fifth) {
		t.Error("a revoked token is not replaced")
	}
	_, staff, err := l.registry.Create(t.Context(), access.Staff, "x", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(staff), 0o600); err != nil {
		t.Fatal(err)
	}
	if text := ensured(); text == staff || !valid(text) {
		t.Error("a token of staff is taken for an editor's")
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Whatever else is in the place is left alone, and no token is made for nothing.
func TestWhatIsNoTokenIsNotOverwritten(t *testing.T) {
	folder := t.TempDir()
	letter := filepath.Join(folder, "letter")
	link := filepath.Join(folder, "link")
	large := filepath.Join(folder, "large")
	for file, content := range map[string]string{letter: "Dear colleague", large: strings.Repeat("x", 4096)} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(folder, "elsewhere"), link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{letter, link, large, folder, filepath.Join(letter, "below")} {
		l, _ := newLocalToken(t, path)
		if err := l.ensure(t.Context()); err == nil {
			t.Errorf("%s: was taken", filepath.Base(path))
		}
		tokens, err := l.registry.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range tokens {
			if token.State(l.now()) == "valid" {
				t.Errorf("%s: a token was left valid", filepath.Base(path))
			}
		}
	}
	if b, err := os.ReadFile(letter); err != nil || string(b) != "Dear colleague" {
		t.Errorf("%s, %v", b, err)
	}
}

// A place that cannot be written costs the token, not the server.
func TestServeStartsWithoutAnEditorsToken(t *testing.T) {
	store := database(t)
	r := serving(t, map[string]string{"COOPGRAPH_TOKEN_FILE": "none"}, "--store", store)
	if out := r.stdout.String(); strings.Contains(out, "token") {
		t.Errorf("says %q", out)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	r = serving(t, nil, "--store", store, "--token-file", folder)
	if !strings.Contains(r.stderr.String(), "no editor's token") || strings.Contains(r.stdout.String(), "token") {
		t.Errorf("says %q %q", r.stdout.String(), r.stderr.String())
	}
	if got := r.ask("{__typename}"); got.StatusCode != http.StatusOK {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}
