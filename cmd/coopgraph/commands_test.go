package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestVersionAndHelp(t *testing.T) {
	if code, out, errs := command(t, "version"); code != exitOK || !regexp.MustCompile(`^coopgraph \S+\n$`).MatchString(out) || errs != "" {
		t.Errorf("version: exit %d, %q %q", code, out, errs)
	}
	for _, args := range [][]string{nil, {"--help"}, {"help", "serve"}} {
		code, out, errs := command(t, args...)
		if code != exitOK || !strings.Contains(out, "Usage:") || errs != "" {
			t.Errorf("%q: exit %d, %q %q", args, code, out, errs)
		}
	}
	_, out, _ := command(t, "serve", "--help")
	for _, s := range []setting{storeSetting, databaseSetting, userSetting, listenSetting, originsSetting, logSetting} {
		if !strings.Contains(out, "--"+s.flag) || !strings.Contains(out, s.variable) {
			t.Errorf("the help does not tell of %s: %s", s.variable, out)
		}
	}
}

func TestSeedTwiceChangesNothing(t *testing.T) {
	store := database(t)
	doctor := func() string {
		t.Helper()
		code, out, errs := command(t, "doctor", "--store", store)
		if code != exitOK || !strings.Contains(out, "no problems") || errs != "" {
			t.Errorf("doctor: exit %d, %q %q", code, out, errs)
		}
		return out
	}
	count := regexp.MustCompile(`(?m)^Organisation +(\d+)$`)
	if m := count.FindStringSubmatch(doctor()); m == nil || m[1] != "0" {
		t.Errorf("an empty store holds %v organisations", m)
	}
	code, first, errs := command(t, "seed", "--store", store)
	if code != exitOK || errs != "" {
		t.Fatalf("seed: exit %d, %q %q", code, first, errs)
	}
	held := doctor()
	if m := count.FindStringSubmatch(held); m == nil || m[1] == "0" {
		t.Errorf("after the seed doctor says %s", held)
	}
	code, second, errs := command(t, "seed", "--store", store)
	if code != exitOK || errs != "" || !regexp.MustCompile(`created=0 changed=0`).MatchString(second) {
		t.Errorf("the seed again: exit %d, %q %q", code, second, errs)
	}
	if again := doctor(); again != held {
		t.Errorf("the seed again changes what doctor says from\n%s to\n%s", held, again)
	}
}
