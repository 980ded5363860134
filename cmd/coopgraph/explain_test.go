package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExplainPrintsTheWholeCalculation protects what explain says of the
// answer of the seed: what was understood, what was not, and every number that
// makes the score of one contact.
func TestExplainPrintsTheWholeCalculation(t *testing.T) {
	db := database(t)
	if code, _, errs := command(t, "seed", "--store", db); code != exitOK {
		t.Fatalf("seed: exit %d, %s", code, errs)
	}
	explain := func(args ...string) string {
		t.Helper()
		code, out, errs := command(t, append([]string{"explain", "--store", db, "--as-of", "2026-11-22"}, args...)...)
		if code != exitOK || errs != "" {
			t.Fatalf("%q: exit %d, %s", args, code, errs)
		}
		return out
	}
	tests := []struct {
		args []string
		want []string
	}{
		{
			[]string{"secrétariat forum pentalatéral de l'énergie", "--language", "fr"},
			[]string{
				`Understood      "secrétariat": role`, "As of           2026-11-22",
				">   1", "Secrétariat : ", "PROVIDES_SECRETARIAT", "strength 0.90, age 0.70 (ATTESTED, attested 2025-01)",
				"distance 0.9000 × age 0.70 = 0.6300", "grouped by first fact: 1 − (1 − 0.6300)", "share 0.02 + 0.98 × 0.6",
			},
		},
		{
			[]string{"hydrogen in North Rhine-Westphalia zorblaxian", "--rank", "2"},
			[]string{`Not understood  "zorblaxian"`, ">   2", "; lacks \"", "^(1/2) = ", "share 0.02 + 0.98 × 0.0000 = 0.0200"},
		},
		{
			[]string{"secretariat of the Pentalateral Energy Forum", "--contact", "pentalateral energy forum"},
			[]string{"Match ", "the contact is the thing named, evidence 1", `× 0.3 without the role "secretariat" = 0.3000`},
		},
		{[]string{"who", "speaks", "Finnish"}, []string{`"Finnish": language`, "Nobody answers."}},
		{[]string{"zorblax \x1b[31m quux"}, []string{"Understood      nothing", "zorblax \uFFFD[31m quux"}},
	}
	for _, tt := range tests {
		out := explain(tt.args...)
		for _, want := range tt.want {
			if !strings.Contains(out, want) {
				t.Errorf("%q lacks %q:\n%s", tt.args, want, out)
			}
		}
		if strings.ContainsRune(out, '\x1b') {
			t.Errorf("%q steers the terminal: %q", tt.args, out)
		}
	}
	all := explain("Wasserstoff", "--evidence", "0")
	if one := explain("Wasserstoff", "--evidence", "1"); strings.Contains(one, "  2. ") || len(one) > len(all) {
		t.Errorf("one piece of evidence was asked for:\n%s", one)
	}
}

func TestExplainRefusesWhatItCannotAnswer(t *testing.T) {
	db := database(t)
	if code, _, errs := command(t, "doctor", "--store", db); code != exitOK {
		t.Fatal(errs)
	}
	absent := filepath.Join(t.TempDir(), "absent.db")
	for _, tt := range []struct {
		want int
		args []string
	}{
		{exitUsage, []string{"--store", db}},
		{exitUsage, []string{"hydrogen", "--store", db, "--language", "es"}},
		{exitUsage, []string{"hydrogen", "--store", db, "--as-of", "2026"}},
		{exitUsage, []string{"hydrogen", "--store", db, "--rank", "0"}},
		{exitUsage, []string{"hydrogen", "--store", db, "--contact", "nobody"}},
		{exitNoInput, []string{"hydrogen", "--store", "sqlite:" + absent}},
	} {
		if code, out, errs := command(t, append([]string{"explain"}, tt.args...)...); code != tt.want || out != "" || errs == "" {
			t.Errorf("%q: exit %d, want %d: %q %q", tt.args, code, tt.want, out, errs)
		}
	}
	if _, err := os.Stat(absent); err == nil {
		t.Error("explaining makes no store")
	}
}
