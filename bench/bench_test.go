package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
)

// TestEveryQuestionIsAnswered: a small world is loaded whole, and no request
// on it fails, so that what is measured is answers.
func TestEveryQuestionIsAnswered(t *testing.T) {
	var stdout, stderr bytes.Buffer
	file := filepath.Join(t.TempDir(), "bench.db")
	args := []string{"-store", "sqlite", "-nodes", "1000", "-clients", "1", "-seconds", "0.01", "-variants", "3", "-json", "-file", file}
	if err := bench(t.Context(), args, func(string) string { return "" }, &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var got report
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Loads) != 1 || got.Loads[0].Nodes != 1000 || got.Loads[0].Facts < 1000 {
		t.Errorf("loads: %+v", got.Loads)
	}
	if len(got.Requests) != 8 {
		t.Errorf("%d kinds of requests were sent, not 8", len(got.Requests))
	}
	for _, r := range got.Requests {
		if r.Requests < 3 || r.Failed > 0 || r.Bytes < 100 {
			t.Errorf("%s: %+v\n%s", r.Question, r.timing, &stderr)
		}
	}
}

// TestWorldIsTheSameEachTime: figures of two runs are of the same graph.
func TestWorldIsTheSameEachTime(t *testing.T) {
	var rows [2][]*rows.Item
	for i := range rows {
		for it := range newWorld(1000).items() {
			rows[i] = append(rows[i], it)
		}
	}
	if len(rows[0]) != 1000 || !reflect.DeepEqual(rows[0], rows[1]) {
		t.Errorf("%d rows, and others the next time", len(rows[0]))
	}
	if n := newWorld(1099).counts[ontology.Person]; n < 400 {
		t.Errorf("%d people of 1,099 things", n)
	}
}
