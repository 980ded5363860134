package transport

import (
	"mime"
	"net/http"
	"strings"
)

const (
	mediaJSON    = "application/json"
	mediaGraphQL = "application/graphql-response+json"
	mediaForm    = "multipart/form-data"
)

// mediaType chooses the media type of the answer: the first of the two that the client
// names, else application/json (GraphQL over HTTP, section 6.1).
func mediaType(r *http.Request) string {
	for _, accept := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(accept, ",") {
			name, parameters, err := mime.ParseMediaType(part)
			if err != nil || parameters["q"] == "0" {
				continue
			}
			if name == mediaJSON || name == mediaGraphQL {
				return name
			}
		}
	}
	return mediaJSON
}

// checkMedia refuses bodies that are neither JSON in UTF-8 nor a form with a file. Of a
// form it gives the boundary of its parts.
func checkMedia(r *http.Request) (boundary string, bad *refusal) {
	unsupported := func(reason string) (string, *refusal) {
		return "", refuse(http.StatusUnsupportedMediaType, CodeMediaType, "%s", reason)
	}
	types := r.Header.Values("Content-Type")
	if len(types) != 1 {
		return unsupported("the request needs one Content-Type: application/json")
	}
	name, parameters, err := mime.ParseMediaType(types[0])
	if err == nil && name == mediaForm && uploads(r) {
		boundary = parameters["boundary"]
	}
	if err != nil || name != mediaJSON && boundary == "" {
		return unsupported("the Content-Type is not application/json")
	}
	if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		return unsupported("the charset is not utf-8")
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return unsupported("the body must not be compressed")
	}
	return boundary, nil
}
