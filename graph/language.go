package graph

import (
	"context"
	"net/http"

	"golang.org/x/text/language"
)

type languageKey struct{}

// readerLanguages are the languages of answers; the first is the one for
// readers who ask for none of them.
var readerLanguages = []string{"en", "nl", "fr", "de"}

// WithLanguage lets the answers of next be in the best language of the
// request's Accept-Language, and says so in the response.
func WithLanguage(next http.Handler) http.Handler {
	tags := make([]language.Tag, len(readerLanguages))
	for i, l := range readerLanguages {
		tags[i] = language.MustParse(l)
	}
	matcher := language.NewMatcher(tags)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, i := language.MatchStrings(matcher, r.Header.Get("Accept-Language"))
		w.Header().Add("Vary", "Accept-Language")
		w.Header().Set("Content-Language", readerLanguages[i])
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), languageKey{}, readerLanguages[i])))
	})
}

// readerLanguage is the language that the request asks for.
func readerLanguage(ctx context.Context) string {
	if l, ok := ctx.Value(languageKey{}).(string); ok {
		return l
	}
	return readerLanguages[0]
}
