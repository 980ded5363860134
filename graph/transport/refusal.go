package transport

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"coopgraph/graph/guard"
)

// The values of extensions.code that this package answers, beside the guard's.
const (
	CodeBodyTooLarge     = "BODY_TOO_LARGE"         // 413
	CodeMediaType        = "UNSUPPORTED_MEDIA_TYPE" // 415
	CodeMethod           = "METHOD_NOT_ALLOWED"     // 405
	CodeHost             = "MISDIRECTED_REQUEST"    // 421
	CodeForbidden        = "FORBIDDEN"              // 403, a request from a foreign page
	CodeUnauthenticated  = "UNAUTHENTICATED"        // 401, the token is not valid
	CodeRateLimited      = "RATE_LIMITED"           // 429
	CodeOverloaded       = "OVERLOADED"             // 503, too many requests at once
	CodeStoreUnavailable = "STORE_UNAVAILABLE"      // 503
	CodeSlowBody         = "REQUEST_TIMEOUT"        // 408, the body did not arrive in time
	CodeTimeout          = "TIMEOUT"                // execution took too long
	CodeAnswerTooLarge   = "ANSWER_TOO_LARGE"
	CodeInternal         = "INTERNAL"
)

// refusal is a request that is answered without being executed.
type refusal struct {
	status     int
	errors     gqlerror.List
	retryAfter time.Duration // 0 for none
	close      bool          // do not read the rest of the body
}

func refuse(status int, code, format string, args ...any) *refusal {
	return &refusal{status: status, errors: gqlerror.List{coded(code, format, args...)}}
}

func coded(code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": code}}
}

func badRequest(format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, guard.CodeBadRequest, format, args...)
}

func (e *refusal) after(wait time.Duration) *refusal {
	e.retryAfter = wait
	return e
}

func (e *refusal) closing() *refusal {
	e.close = true
	return e
}

// write sends the refusal, at most the given number of errors of it.
func (e *refusal) write(w http.ResponseWriter, r *http.Request, most int) {
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", seconds(e.retryAfter))
	}
	if e.close {
		w.Header().Set("Connection", "close")
	}
	body := answer{errors: e.errors}
	body.send(w, r, e.status, most)
}

// seconds writes a wait as Retry-After has it, rounded up (RFC 9110, section 10.2.3).
func seconds(wait time.Duration) string {
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}

// answer is the body of a response.
type answer struct {
	errors     gqlerror.List
	data       json.RawMessage // nil leaves the key out
	extensions map[string]any
}

// send writes the answer. What it was built from is complete, so a write error can
// only mean that the client is gone.
func (a answer) send(w http.ResponseWriter, r *http.Request, status, most int) {
	body, err := a.encode(most)
	if err != nil {
		status = http.StatusInternalServerError
		body = []byte(`{"errors":[{"message":"the answer cannot be written","extensions":{"code":"` + CodeInternal + `"}}]}`)
	}
	header := w.Header()
	header.Set("Content-Type", mediaType(r)+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// encode builds the body by hand, because encoding/json would read the data again,
// which gqlgen has just written. Errors come first, as the specification recommends,
// and are escaped for HTML.
func (a answer) encode(most int) ([]byte, error) {
	extensions := make(map[string]any, len(a.extensions)+1)
	for name, value := range a.extensions {
		extensions[name] = value
	}
	if left := len(a.errors) - most; left > 0 {
		a.errors = a.errors[:most]
		extensions["errorsLeftOut"] = left
	}
	body := make([]byte, 0, len(a.data)+512)
	body = append(body, '{')
	for _, part := range []struct {
		name    string
		value   any
		present bool
	}{
		{"errors", a.errors, len(a.errors) > 0},
		{"data", a.data, a.data != nil},
		{"extensions", extensions, len(extensions) > 0},
	} {
		if !part.present {
			continue
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(body, `"`+part.name+`":`...)
		if raw, ok := part.value.(json.RawMessage); ok {
			body = append(body, raw...)
			continue
		}
		encoded, err := json.Marshal(part.value)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", part.name, err)
		}
		body = append(body, encoded...)
	}
	return append(body, '}'), nil
}
