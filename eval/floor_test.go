// A load and some thousand questions under the race detector would take as
// long as many packages' tests. `make test` runs this file without it.

//go:build !race

package main

import (
	"bytes"
	"testing"
)

// TestEvalStaysAboveItsFloors: no category of labelled questions is answered
// worse than floor.csv says.
func TestEvalStaysAboveItsFloors(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if err := eval(t.Context(), []string{"-store", "sqlite"}, func(string) string { return "" }, &stdout, &stderr); err != nil {
		t.Errorf("%v\n%s\n%s", err, &stdout, &stderr)
	}
}
