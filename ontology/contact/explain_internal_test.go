package contact

import (
	"strings"
	"testing"

	"coopgraph/ontology"
	"coopgraph/store"
)

func TestEveryRelationHasATemplateInEveryDirectionAndLanguage(t *testing.T) {
	for _, r := range ontology.Relations() {
		dirs := []store.Dir{store.In, store.Out}
		if r.Symmetric {
			dirs = []store.Dir{store.Both}
		}
		for _, dir := range dirs {
			for i, text := range templates[label{r.Rel, dir, general}] {
				if text == "" {
					t.Errorf("%s, direction %d, has no template in %s", r.Rel, dir, languages[i])
				}
			}
		}
	}
	for l, texts := range templates {
		for i, text := range texts {
			if strings.TrimSpace(text) == "" {
				t.Errorf("the template %+v has no text in %s", l, languages[i])
			}
		}
	}
}

func TestEveryWordOfReasonsIsThereInEveryLanguage(t *testing.T) {
	for _, k := range ontology.Kinds() {
		if _, ok := plurals[k]; !ok {
			t.Errorf("%s has no plural", k)
		}
	}
	for n := narrower; n <= document; n++ {
		if _, ok := notes[n]; !ok {
			t.Errorf("the note %d has no text", n)
		}
	}
	for _, s := range []ontology.Status{ontology.Current, ontology.Ended, ontology.Attested, ontology.Planned, ontology.Undated} {
		if _, ok := statusWords[s]; !ok {
			t.Errorf("%s has no word", s)
		}
	}
	for i, names := range monthNames {
		if len(strings.Fields(names)) != 12 {
			t.Errorf("%s does not have twelve months", languages[i])
		}
	}
}

func TestTimesReadNaturally(t *testing.T) {
	tests := []struct {
		span ontology.Span
		want words4
	}{
		{ontology.Span{AttestedOn: "2025-01"}, words4{"bekend in januari 2025", "attesté en janvier 2025", "bekannt im Januar 2025", "attested January 2025"}},
		{ontology.Span{AttestedOn: "2018-04-01"}, words4{"bekend op 1 april 2018", "attesté le 1er avril 2018", "bekannt am 1. April 2018", "attested 1 April 2018"}},
		{ontology.Span{From: "2019"}, words4{"sinds 2019", "depuis 2019", "seit 2019", "since 2019"}},
		{ontology.Span{From: "2019-05-06"}, words4{"sinds 6 mei 2019", "depuis le 6 mai 2019", "seit dem 6. Mai 2019", "since 6 May 2019"}},
		{ontology.Span{From: "2019", AttestedOn: "2025"}, words4{"sinds 2019, bekend in 2025", "depuis 2019, attesté en 2025", "seit 2019, bekannt 2025", "since 2019, attested 2025"}},
		{ontology.Span{From: "2025", To: "2026"}, words4{"2025–2026", "2025–2026", "2025–2026", "2025–2026"}},
		{ontology.Span{From: "2015", To: "2018"}, words4{"beëindigd in 2018", "terminé en 2018", "beendet 2018", "ended 2018"}},
		{ontology.Span{From: "2027", Planned: true}, words4{"gepland, 2027", "prévu, 2027", "geplant, 2027", "planned, 2027"}},
		{ontology.Span{To: "2027"}, words4{"tot 2027", "jusqu’en 2027", "bis 2027", "until 2027"}},
		{ontology.Span{To: "2027-04"}, words4{"tot april 2027", "jusqu’en avril 2027", "bis April 2027", "until April 2027"}},
		{ontology.Span{To: "2027-04-16"}, words4{"tot 16 april 2027", "jusqu’au 16 avril 2027", "bis zum 16. April 2027", "until 16 April 2027"}},
		{ontology.Span{To: "2027-04-01", Planned: true}, words4{"gepland, tot 1 april 2027", "prévu, jusqu’au 1er avril 2027", "geplant, bis zum 1. April 2027", "planned, until 1 April 2027"}},
		{ontology.Span{AttestedOn: "2025", To: "2027"}, words4{"bekend in 2025, tot 2027", "attesté en 2025, jusqu’en 2027", "bekannt 2025, bis 2027", "attested 2025, until 2027"}},
		{ontology.Span{}, words4{"zonder datum", "sans date", "ohne Datum", "undated"}},
	}
	for _, tt := range tests {
		r := Reason{when: fact{Span: tt.span, status: tt.span.Status("2026-11-22")}}
		for lang, want := range tt.want {
			if got := r.time(lang); got != want {
				t.Errorf("%+v in %s: %q, want %q", tt.span, languages[lang], got, want)
			}
		}
	}
}
