package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"unicode/utf8"

	"coopgraph/graph/guard"
	"coopgraph/graph/scalar"
)

// readBody reads a body within its limit, which is checked before and while reading.
func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, *refusal) {
	if r.ContentLength > most {
		return nil, tooLarge("body", most)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		return nil, unread(err, most)
	}
	return body, nil
}

func tooLarge(what string, most int64) *refusal {
	return refuse(http.StatusRequestEntityTooLarge, CodeBodyTooLarge, "the %s is larger than %d bytes", what, most).closing()
}

// unread is the refusal of a body that could not be read to its end.
func unread(err error, most int64) *refusal {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge("body", most)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return refuse(http.StatusRequestTimeout, CodeSlowBody, "the body did not arrive in time").closing()
	}
	return badRequest("the body could not be read to its end").closing()
}

// decode reads the parameters of a request (GraphQL over HTTP, section 5.1) from a
// body, which must be exactly one JSON object with the keys query, operationName,
// variables and extensions, none of them twice.
func decode(body []byte, nesting int) (guard.Request, *refusal) {
	var none guard.Request
	if bad := checkEncoding(body); bad != nil {
		return none, bad
	}
	var syntax json.RawMessage
	if err := json.Unmarshal(body, &syntax); err != nil {
		if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
			return none, badRequest("the body is not one JSON object: it ends or breaks at byte %d", bad.Offset)
		}
		return none, badRequest("the body is not one JSON object")
	}
	d := decoder{json: json.NewDecoder(bytes.NewReader(body)), nesting: nesting}
	d.json.UseNumber()
	value, err := d.value(0)
	if err != nil {
		return none, badRequest("%v", err)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return none, badRequest("the body is not one JSON object; batches are not served")
	}
	if scalar.LoneSurrogate(string(body)) {
		return none, refuse(http.StatusBadRequest, guard.CodeBadUserInput, "a string holds half a surrogate pair")
	}
	return parameters(object)
}

// checkEncoding refuses what is not UTF-8 without a byte order mark (RFC 8259,
// section 8.1).
func checkEncoding(body []byte) *refusal {
	switch {
	case len(body) == 0:
		return badRequest("the body is empty")
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return badRequest("the body starts with a byte order mark (BOM), which JSON does not allow")
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")),
		len(body) > 1 && (body[0] == 0 || body[1] == 0):
		return refuse(http.StatusUnsupportedMediaType, CodeMediaType, "the body is UTF-16 or UTF-32, not UTF-8")
	case !utf8.Valid(body):
		return badRequest("the body is not valid UTF-8")
	}
	return nil
}

// parameters picks the parameters from the object.
func parameters(object map[string]any) (guard.Request, *refusal) {
	var request guard.Request
	var ok bool
	for key, value := range object {
		switch key {
		case "query":
			if request.Query, ok = value.(string); !ok {
				return request, badRequest("query is not a string")
			}
		case "operationName":
			if request.OperationName, ok = value.(string); !ok && value != nil {
				return request, badRequest("operationName is neither a string nor null")
			}
		case "variables":
			if request.Variables, ok = value.(map[string]any); !ok && value != nil {
				return request, badRequest("variables is neither an object nor null")
			}
		case "extensions":
			extensions, ok := value.(map[string]any)
			if !ok && value != nil {
				return request, badRequest("extensions is neither an object nor null")
			}
			if _, asked := extensions["persistedQuery"]; asked {
				return request, badRequest("the extension persistedQuery is unknown: send the query")
			}
		default:
			return request, badRequest("the key %q is unknown", guard.Clip(key, guard.MaxEcho))
		}
	}
	if request.Query == "" {
		return request, badRequest("the query is missing")
	}
	return request, nil
}

// decoder reads JSON that is known to be well-formed, and refuses what encoding/json
// tolerates: keys twice in one object, and deep nesting.
type decoder struct {
	json    *json.Decoder
	nesting int
}

func (d decoder) value(depth int) (any, error) {
	token, err := d.json.Token()
	if err != nil {
		return nil, errors.New("the body is not one JSON object")
	}
	delimiter, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth >= d.nesting {
		return nil, fmt.Errorf("the body is nested deeper than %d levels", d.nesting)
	}
	if delimiter == '[' {
		return d.list(depth + 1)
	}
	return d.object(depth + 1)
}

func (d decoder) list(depth int) (any, error) {
	list := []any{}
	for d.json.More() {
		value, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, d.end()
}

func (d decoder) object(depth int) (any, error) {
	object := map[string]any{}
	for d.json.More() {
		token, err := d.json.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, errors.New("the body is not one JSON object")
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("the key %q stands twice in one object", guard.Clip(key, guard.MaxEcho))
		}
		if object[key], err = d.value(depth); err != nil {
			return nil, err
		}
	}
	return object, d.end()
}

func (d decoder) end() error {
	if _, err := d.json.Token(); err != nil {
		return errors.New("the body is not one JSON object")
	}
	return nil
}
