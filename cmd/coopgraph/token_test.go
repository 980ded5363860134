package main

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

var tokenForm = regexp.MustCompile(`cg_[a-z2-7]{12}_[0-9A-Za-z]{49}`)

func TestATokenFromItsCreationToItsEnd(t *testing.T) {
	store := database(t)
	code, out, notes := command(t, "token", "create", "--role", "loader", "--name", "registry import", "--expires", "30d", "--store", store)
	text := strings.TrimSuffix(out, "\n")
	if code != exitOK || tokenForm.FindString(text) != text || text == "" {
		t.Fatalf("create: exit %d, %d bytes, %q", code, len(out), notes)
	}
	id := text[3:15]
	if !strings.Contains(notes, id) || !strings.Contains(notes, time.Now().UTC().Add(30*24*time.Hour).Format("2006-01-02")) || tokenForm.MatchString(notes) {
		t.Errorf("create says %q", notes)
	}
	list := func(state string) {
		t.Helper()
		code, out, errs := command(t, "token", "list", "--store", store)
		if code != exitOK || errs != "" || tokenForm.MatchString(out) || strings.Contains(out, text[16:30]) ||
			!regexp.MustCompile(`(?m)^`+id+` +loader +`+state+` .* registry import$`).MatchString(out) {
			t.Errorf("list: exit %d, %q %q", code, out, errs)
		}
	}
	list("valid")
	for range 2 {
		if code, out, errs := command(t, "token", "revoke", id, "--store", store); code != exitOK || !strings.Contains(out, "revoked") || errs != "" {
			t.Errorf("revoke: exit %d, %q %q", code, out, errs)
		}
	}
	list("revoked")
}

func TestTokensThatAreRefused(t *testing.T) {
	store := database(t)
	_, out, _ := command(t, "token", "create", "--role", "staff", "--name", "x", "--store", store)
	text := strings.TrimSpace(out)
	for name, args := range map[string][]string{
		"no role":                     {"create", "--name", "x"},
		"an unknown role":             {"create", "--name", "x", "--role", "admin"},
		"anonymous":                   {"create", "--name", "x", "--role", "anonymous"},
		"no name":                     {"create", "--role", "staff"},
		"no time":                     {"create", "--role", "staff", "--name", "x", "--expires", "0d"},
		"a time that is over":         {"create", "--role", "staff", "--name", "x", "--expires", "-1d"},
		"more than a year":            {"create", "--role", "staff", "--name", "x", "--expires", "366d"},
		"more days than there are":    {"create", "--role", "staff", "--name", "x", "--expires", "99999999999999d"},
		"no unit":                     {"create", "--role", "staff", "--name", "x", "--expires", "90"},
		"an argument":                 {"create", "--role", "staff", "--name", "x", "mine"},
		"revoke nobody's":             {"revoke", "aaaaaaaaaaaa"},
		"revoke no id":                {"revoke", "../x"},
		"revoke nothing":              {"revoke"},
		"revoke two":                  {"revoke", "aaaaaaaaaaaa", "aaaaaaaaaaaa"},
		"a token on the command line": {"revoke", text},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, append([]string{"token"}, append(args, "--store", store)...)...)
			if code != exitUsage || out != "" || errs == "" || strings.Contains(strings.TrimSpace(errs), "\n") || tokenForm.MatchString(errs) {
				t.Errorf("exit %d, %q %q", code, out, errs)
			}
		})
	}
	if _, out, _ := command(t, "token", "list", "--store", store); strings.Count(out, "\n") != 2 {
		t.Errorf("a token was made: %s", out)
	}
}

// A running server takes a token that is made beside it, gives staff the large pages that
// strangers do not get, and refuses the token soon after it is revoked beside it.
func TestTokensAreManagedBesideARunningServer(t *testing.T) {
	store := database(t)
	r := serving(t, nil, "--store", store)
	_, out, _ := command(t, "token", "create", "--role", "staff", "--name", "x", "--store", store)
	text := strings.TrimSpace(out)
	ask := func() exchange { return r.ask("{__typename}", "Authorization", "Bearer "+text) }
	if got := ask(); got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	query, err := os.ReadFile("../../graph/testdata/operations/contacts.graphql")
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"query": string(query), "variables": map[string]any{"about": "hydrogen", "first": 100}})
	if err != nil {
		t.Fatal(err)
	}
	page := func(header ...string) exchange {
		return r.do(http.MethodPost, "/graphql", string(body), append(header, "Content-Type", "application/json")...)
	}
	if got := page(); got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, "COMPLEXITY_LIMIT_EXCEEDED") {
		t.Errorf("a stranger's page of 100 contacts: %d %.300s", got.StatusCode, got.body)
	}
	if got := page("Authorization", "Bearer "+text); got.StatusCode != http.StatusOK || strings.Contains(got.body, `"errors"`) {
		t.Errorf("a page of 100 contacts for staff: %d %.300s", got.StatusCode, got.body)
	}
	if code, _, errs := command(t, "token", "revoke", text[3:15], "--store", store); code != exitOK {
		t.Fatal(errs)
	}
	revoked := time.Now()
	until(t, "the revocation", time.Minute, func() bool { return ask().StatusCode == http.StatusUnauthorized })
	if took := time.Since(revoked); took > 30*time.Second {
		t.Errorf("refused after %v", took)
	}
	if got := r.do(http.MethodGet, "/healthz", "", "Authorization", "Bearer "+text); got.StatusCode != http.StatusUnauthorized || got.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("another path: %d", got.StatusCode)
	}
	if log := r.stderr.String(); strings.Contains(log, text[16:]) {
		t.Error("the log holds a secret")
	}
}
