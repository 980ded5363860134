package contact

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Names are the things that reasons speak of.
type Names map[store.ID]ontology.Thing

// Of gives the name of a thing in the language.
func (n Names) Of(id store.ID, language string) string { return n[id].Name(language) }

// NamesFor reads, in one question, the things that the reasons speak of.
func NamesFor(ctx context.Context, reader store.Reader, page []Match) (Names, error) {
	wanted := map[store.ID]bool{}
	for _, m := range page {
		for _, r := range m.Reasons {
			wanted[r.thing] = true
			if r.target != "" {
				wanted[r.target] = true
			}
		}
	}
	return ReadNames(ctx, reader, sortedIDs(wanted))
}

// ReadNames reads things, in one question. Ids of nothing are passed over.
func ReadNames(ctx context.Context, reader store.Reader, ids []store.ID) (Names, error) {
	names := Names{}
	if len(ids) == 0 {
		return names, nil
	}
	nodes, err := reader.Nodes(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("names of %d things: %w", len(ids), err)
	}
	for id, n := range nodes {
		t, err := ontology.ThingOf(n)
		if err != nil {
			return nil, err
		}
		names[id] = t
	}
	return names, nil
}

// Text is the reason in the language ("nl", "fr", "de" or "en", else English):
// a label, a thing and a time, as in "Chairs: Scheldt Council · attested
// January 2025". The thing asked for follows in brackets where it is another
// one; a detour by a broader theme, a covered place or a document is named.
func (r Reason) Text(names Names, language string) string {
	lang := languageIndex(language)
	var b strings.Builder
	if r.itself {
		b.WriteString(itselfLabel[lang])
	} else {
		b.WriteString(templates[r.label][lang])
	}
	b.WriteString(punctuation[lang])
	if r.count > 1 {
		b.WriteString(strconv.Itoa(r.count) + " " + plurals[r.kind][lang])
	} else {
		b.WriteString(names[r.thing].Name(languages[lang]))
	}
	if r.target != "" {
		b.WriteString(" (" + names[r.target].Name(languages[lang]) + ")")
	}
	if n, ok := notes[r.note]; ok {
		b.WriteString(" · " + n[lang])
	}
	if when := r.time(lang); when != "" {
		b.WriteString(" · " + when)
	}
	return b.String()
}

// languages are the languages of templates, in their order.
var languages = ontology.Languages()

func languageIndex(language string) int {
	if i := slices.Index(languages, baseLanguage(language)); i >= 0 {
		return i
	}
	return slices.Index(languages, "en")
}

// time says when the fact holds, by its status.
func (r Reason) time(lang int) string {
	s := r.when.Span
	switch r.when.status {
	case ontology.Current:
		if s.To != "" {
			return period(s, lang)
		}
		since := sinceWord[lang] + " " + bareDate(s.From, lang, len(s.From) == len("2006-01-02"))
		if s.AttestedOn != "" && s.AttestedOn.Newer(s.From) {
			since += ", " + statusWords[ontology.Attested][lang] + " " + pointDate(s.AttestedOn, lang)
		}
		return since
	case ontology.Ended:
		return statusWords[ontology.Ended][lang] + " " + pointDate(s.To, lang)
	case ontology.Attested:
		attested := statusWords[ontology.Attested][lang] + " " + pointDate(s.AttestedOn, lang)
		if s.To != "" {
			attested += ", " + untilDate(s.To, lang)
		}
		return attested
	case ontology.Planned:
		if when := period(s, lang); when != "" {
			return statusWords[ontology.Planned][lang] + ", " + when
		}
		return statusWords[ontology.Planned][lang]
	}
	switch {
	case s.To != "": // its beginning is not known
		return untilDate(s.To, lang)
	case r.itself:
		return ""
	}
	return statusWords[ontology.Undated][lang]
}

// period is "2025–2026", or the one date that is known.
func period(s ontology.Span, lang int) string {
	from, to := bareDate(s.From, lang, false), bareDate(s.To, lang, false)
	switch {
	case from == to, to == "":
		return from
	case from == "":
		return untilDate(s.To, lang)
	case len(s.From) == 4 && len(s.To) == 4:
		return from + "–" + to
	}
	return from + " – " + to
}

// bareDate writes a date without a preposition: "2018", "april 2018", "16 april
// 2018"; article adds the one that French and German ask for before a day.
func bareDate(d ontology.PartialDate, lang int, article bool) string {
	parts := strings.Split(string(d), "-")
	switch len(parts) {
	case 2:
		return monthName(parts[1], lang) + " " + parts[0]
	case 3:
		day := strings.TrimPrefix(parts[2], "0")
		switch languages[lang] {
		case "de":
			day += "."
		case "fr":
			if day == "1" {
				day = "1er"
			}
		}
		text := day + " " + monthName(parts[1], lang) + " " + parts[0]
		if article {
			text = dayArticle[lang] + text
		}
		return text
	}
	return string(d)
}

// untilDate writes a date as an end: "tot 2018", "jusqu'en avril 2018", "bis zum
// 16. April 2018".
func untilDate(d ontology.PartialDate, lang int) string {
	word := untilPeriod[lang]
	if len(d) == len("2006-01-02") {
		word = untilDay[lang]
	}
	return word + bareDate(d, lang, false)
}

// pointDate writes a date as a point in time: "in april 2018", "am 16. April
// 2018".
func pointDate(d ontology.PartialDate, lang int) string {
	switch len(d) {
	case len("2006"):
		return inYear[lang] + string(d)
	case len("2006-01"):
		return inMonth[lang] + bareDate(d, lang, false)
	case len("2006-01-02"):
		return onDay[lang] + bareDate(d, lang, false)
	}
	return ""
}

func monthName(number string, lang int) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 12 {
		return ""
	}
	return strings.Fields(monthNames[lang])[n-1]
}
