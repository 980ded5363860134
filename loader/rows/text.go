package rows

import (
	"errors"
	"strings"

	"coopgraph/store"
)

// Reason is the error's text without the sentinel that it wraps.
func Reason(err error) string {
	text := err.Error()
	for _, sentinel := range []error{store.ErrInvalid} {
		if errors.Is(err, sentinel) {
			text = strings.TrimPrefix(text, sentinel.Error()+": ")
		}
	}
	return text
}

// Shorten cuts a text for a message.
func Shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
