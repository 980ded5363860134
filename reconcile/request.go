package reconcile

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// problem is an error that the client is told.
type problem struct {
	status  int
	code    string
	message string
	retry   time.Duration
}

func (p *problem) Error() string { return p.message }

// bad says what is wrong with the request.
func bad(format string, args ...any) *problem {
	return &problem{status: http.StatusBadRequest, code: "BAD_USER_INPUT", message: fmt.Sprintf(format, args...)}
}

// quoted gives the beginning of what a client wrote, to be repeated to it.
func quoted(s string) string {
	const most = 100
	if r := []rune(strings.ToValidUTF8(s, "�")); len(r) > most {
		return strconv.Quote(string(r[:most]) + "…")
	}
	return strconv.Quote(strings.ToValidUTF8(s, "�"))
}

// request is a request with its form read.
type request struct {
	*http.Request
	form     url.Values
	language string
}

// The reader's languages; the first is for readers of none of them.
var readerLanguages = []string{"en", "nl", "fr", "de"}

var languageMatcher = language.NewMatcher([]language.Tag{language.English, language.Dutch, language.French, language.German})

func readerLanguage(r *http.Request) string {
	_, i := language.MatchStrings(languageMatcher, r.Header.Get("Accept-Language"))
	return readerLanguages[i]
}

// guarded lets a handler answer within the limits of time and of requests at once.
func (v *service) guarded(next func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Vary", "Accept-Language")
		err := v.admit()
		if err == nil {
			defer func() { <-v.slots }()
			ctx, cancel := context.WithTimeout(r.Context(), v.Limits.Time)
			defer cancel()
			err = next(w, r.WithContext(ctx))
		}
		if err != nil {
			v.refuse(w, r, err)
		}
	})
}

// admit takes a place among the requests under way.
func (v *service) admit() error {
	if v.Unavailable != nil {
		if reason, retry, down := v.Unavailable(); down {
			return &problem{status: http.StatusServiceUnavailable, code: "STORE_UNAVAILABLE", message: reason, retry: retry}
		}
	}
	select {
	case v.slots <- struct{}{}:
		return nil
	default:
		return &problem{status: http.StatusServiceUnavailable, code: "BUSY", message: "too many requests are under way", retry: time.Second}
	}
}

// json answers with JSON.
func (v *service) json(answer answerer) http.Handler {
	return v.guarded(func(w http.ResponseWriter, r *http.Request) error {
		form, err := v.readForm(w, r)
		if err != nil {
			return err
		}
		body, err := answer(r.Context(), &request{Request: r, form: form, language: readerLanguage(r)})
		if err != nil {
			return err
		}
		writeJSON(w, http.StatusOK, body)
		return nil
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true)
	_ = e.Encode(body) // the client has gone: nobody is left to tell
}

// readForm reads the parameters of a GET or of a POST of a form.
func (v *service) readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPost:
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != "application/x-www-form-urlencoded" {
			return nil, &problem{status: http.StatusUnsupportedMediaType, code: "UNSUPPORTED_MEDIA_TYPE", message: "send the form as application/x-www-form-urlencoded"}
		}
		if r.ContentLength > v.Limits.Body {
			return nil, v.tooLarge()
		}
		r.Body = http.MaxBytesReader(w, r.Body, v.Limits.Body)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return nil, &problem{status: http.StatusMethodNotAllowed, code: "METHOD_NOT_ALLOWED", message: "ask with GET or POST"}
	}
	if int64(len(r.URL.RawQuery)) > v.Limits.Body {
		return nil, v.tooLarge()
	}
	if err := r.ParseForm(); err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return nil, v.tooLarge()
		}
		return nil, bad("the form cannot be read: it is not URL-encoded, or was cut off")
	}
	for name, values := range r.Form {
		switch {
		case name == "callback":
			return nil, bad("callback: JSONP is not supported; use CORS")
		case len(values) > 1:
			return nil, bad("%s: given %d times", quoted(name), len(values))
		case !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0):
			return nil, bad("%s: not UTF-8 text", quoted(name))
		}
	}
	return r.Form, nil
}

func (v *service) tooLarge() *problem {
	return &problem{
		status: http.StatusRequestEntityTooLarge, code: "BODY_TOO_LARGE",
		message: fmt.Sprintf("the request is longer than %d bytes: send fewer queries at once", v.Limits.Body),
	}
}

// refuse tells the client what went wrong, in the form that OpenRefine shows.
func (v *service) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var p *problem
	if !errors.As(err, &p) {
		p = v.explain(r, err)
	}
	if p.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((p.retry+time.Second-1)/time.Second)))
	}
	writeJSON(w, p.status, map[string]string{"status": "error", "code": p.code, "message": p.message})
}

// explain turns an error of the store into what a client may know of it.
func (v *service) explain(r *http.Request, err error) *problem {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{status: http.StatusServiceUnavailable, code: "TIMEOUT", message: "the answer took too long: ask for less at once", retry: time.Second}
	case errors.Is(err, store.ErrUnavailable):
		return &problem{status: http.StatusServiceUnavailable, code: "STORE_UNAVAILABLE", message: "the database does not answer", retry: time.Second}
	case r.Context().Err() != nil:
		return &problem{status: http.StatusServiceUnavailable, code: "CANCELLED", message: "the request was given up"}
	}
	id := rand.Text()[:16]
	v.Log.ErrorContext(r.Context(), "reconciliation failed", "id", id, "error", err)
	return &problem{status: http.StatusInternalServerError, code: "INTERNAL", message: "internal error " + id}
}

// checkText refuses a text that is too long.
func (v *service) checkText(what, s string) error {
	if n := utf8.RuneCountInString(s); n > v.Limits.Characters {
		return bad("%s: %d characters; at most %d", what, n, v.Limits.Characters)
	}
	if n := len(text.Words(s)); n > v.Limits.Words {
		return bad("%s: %d words; at most %d", what, n, v.Limits.Words)
	}
	return nil
}

// clip gives as much of a text as may be compared. A cell that is too long must
// not spoil the batch that it comes in: a client would mark all its rows as
// failed.
func (v *service) clip(s string) string {
	if len(s) > v.Limits.Characters {
		runes := []rune(s)
		s = string(runes[:min(len(runes), v.Limits.Characters)])
	}
	for len(text.Words(s)) > v.Limits.Words {
		s = strings.TrimRightFunc(s, notSpace)
		s = strings.TrimRightFunc(s, unicode.IsSpace)
	}
	return s
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

// number reads a parameter that is a whole number.
func (r *request) number(name string, otherwise, least, most int) (int, error) {
	s := r.form.Get(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, bad("%s: %s is no whole number from %d to %d", name, quoted(s), least, most)
	}
	return n, nil
}

// decodeStrict reads one JSON value of a parameter and nothing after it.
func decodeStrict(name, s string, into any) error {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return bad("%s: %s", name, explainJSON(err))
	}
	if d.More() {
		return bad("%s: something follows the JSON value", name)
	}
	return nil
}

func explainJSON(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("%s instead of %s, at byte %d", kind.Value, kindName(kind.Type.Kind().String()), kind.Offset)
	}
	return "not JSON, or cut off"
}

// kindName says what a Go kind is in JSON.
func kindName(kind string) string {
	switch kind {
	case "slice":
		return "list"
	case "map", "struct":
		return "object"
	case "int", "float64":
		return "number"
	}
	return kind
}
