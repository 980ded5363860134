package access_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"coopgraph/access"
)

// TestMain fails when a test leaves goroutines behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The table of rights, spelt out: a change of it is a change of who may what.
func TestWhatEachRoleMay(t *testing.T) {
	rights := []access.Right{access.ReadContact, access.Introspect, access.AskMore, access.Edit, access.Import, access.Protect, access.ReadRuns}
	for role, want := range map[access.Role]string{
		access.Anonymous: "-------",
		access.Staff:     "xxx---x",
		access.Editor:    "xxxxx-x",
		access.Loader:    "----x-x",
		access.DPO:       "-----xx",
		"admin":          "-------",
		"":               "-------",
	} {
		got := ""
		for _, right := range rights {
			if role.May(right) {
				got += "x"
			} else {
				got += "-"
			}
		}
		if got != want {
			t.Errorf("%q may %s, want %s", role, got, want)
		}
	}
	if access.Editor.May("rule") {
		t.Error("a right that is not declared is given")
	}
}

func TestRequireTellsStrangersFromThoseWhoMayNot(t *testing.T) {
	for name, c := range map[string]struct {
		principal access.Principal
		want      error
	}{
		"an empty principal": {access.Principal{}, access.ErrUnauthenticated},
		"staff":              {access.Principal{ID: "a", Role: access.Staff}, access.ErrForbidden},
		"an unknown role":    {access.Principal{ID: "a", Role: "admin"}, access.ErrForbidden},
		"an editor":          {access.Principal{ID: "a", Role: access.Editor}, nil},
	} {
		if err := access.Require(access.With(t.Context(), c.principal), access.Edit); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := access.Require(t.Context(), access.Edit); !errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("nobody set: %v", err)
	}
	if p := access.Of(t.Context()); p.Role != access.Anonymous || p.Known() {
		t.Errorf("nobody is %+v", p)
	}
}
