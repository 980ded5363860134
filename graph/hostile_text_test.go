package graph_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// hostileText is what somebody types, and the words that are in it; the two
// are answered alike.
var hostileText = []struct{ text, plain string }{
	{"*", ""},
	{`"`, ""},
	{"/.*/", ""},
	{"()", ""},
	{`\`, ""},
	{"%", ""},
	{"name:*", "name"},
	{"a AND (", "a and"},
	{"~9999", "9999"},
	{"[* TO *]", "to"},
	{"-a", "a"},
	{"+benelux", "benelux"},
	{"benelux*", "benelux"},
	{"benelux~", "benelux"},
	{"benelux^100", "benelux 100"},
	{`"benelux`, "benelux"},
	{`"benelux" OR "*"`, "benelux or"},
	{"benelux NOT union", "benelux not union"},
	{"NEAR(benelux union)", "near benelux union"},
	{"{words}:benelux", "words benelux"},
	{"benelux' OR 1=1 --", "benelux or 1 1"},
	{"\u202ebenelux\u202c", "benelux"},
	{"bene\u200blux", "benelux"},
	{"🙂", ""},
	{"👩‍👩‍👧‍👦 benelux", "benelux"},
	{"\ufffd", ""},
}

// hostileTexts: what is typed is text. It never reaches the syntax of a search
// engine and never finds everything.
func hostileTexts(t *testing.T, c client, held map[string]int64) {
	var all int64
	for kind, n := range held {
		if kind != "facts" {
			all += n
		}
	}
	for _, q := range []struct{ name, query string }{
		{"search", `query($t:String!){search(text:$t,first:100){totalCount facets{kind count} edges{node{id}}}}`},
		{"suggest", `query($t:String!){suggest(prefix:$t,first:20){node{id}}}`},
		{"contacts", `query($t:String){contacts(about:$t,first:3){totalCount edges{score node{id}}}}`},
	} {
		ask := func(t *testing.T, text any) reply {
			return client{t: t, url: c.url}.reply(q.query, map[string]any{"t": text})
		}
		plainly := map[string]reply{}
		for _, h := range hostileText {
			plain, known := plainly[h.plain]
			if !known {
				plain = ask(t, h.plain)
				plainly[h.plain] = plain
			}
			got := ask(t, h.text)
			if code := got.codes(); code != "" && code != badInput {
				t.Errorf("%s(%q): %d %.300s", q.name, h.text, got.status, got.body)
			}
			if string(got.Data) != string(plain.Data) {
				t.Errorf("%s(%q) is answered\n%.300s\nand %q\n%.300s", q.name, h.text, got.body, h.plain, plain.body)
			}
			var data struct {
				Search struct{ TotalCount int64 }
			}
			if err := json.Unmarshal(got.Data, &data); got.Data != nil && err != nil || data.Search.TotalCount*2 > all {
				t.Errorf("%s(%q) finds %d of %d things", q.name, h.text, data.Search.TotalCount, all)
			}
		}
		for name, text := range map[string]any{
			"10,000 terms":             strings.Repeat("a ", 10_000),
			"NUL":                      "benelux\x00",
			"half a surrogate pair":    json.RawMessage(`"benelux \ud800"`),
			"the other half of a pair": json.RawMessage(`"\udc00 benelux"`),
			"501 signs":                strings.Repeat("*", 501),
		} {
			if got := ask(t, text); got.codes() != badInput || got.Data != nil {
				t.Errorf("%s of %s: %d %.300s", q.name, name, got.status, got.body)
			}
		}
	}
}
