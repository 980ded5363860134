package transport

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"coopgraph/graph/guard"
	"coopgraph/graph/scalar"
)

// messageLength bounds the messages of coded errors, which resolvers write.
const messageLength = 400

// present decides what a client sees of an error: coded errors as they are, known ones
// by their code, the rest as INTERNAL.
func (e *Endpoint) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	if located, ok := errors.AsType[*gqlerror.Error](err); ok {
		shown.Path, shown.Locations = located.Path, located.Locations
		if code, ok := located.Extensions["code"].(string); ok && code != "" {
			shown.Message = guard.Clip(located.Message, messageLength)
			shown.Extensions = maps.Clone(located.Extensions)
			return shown
		}
	}
	cause := unlocated(err)
	if code, message, known := e.settings.classify(cause); known {
		shown.Message = guard.Clip(message, messageLength)
		shown.Extensions = map[string]any{"code": code}
		return shown
	}
	internal := internalError(ctx, e.settings.log(), "error", cause.Error(), "path", shown.Path.String())
	shown.Message, shown.Extensions = internal.Message, internal.Extensions
	return shown
}

// unlocated takes off what gqlgen puts around a resolver's error to place it, because
// that begins the text with a path.
func unlocated(err error) error {
	for {
		located, ok := err.(*gqlerror.Error) //nolint:errorlint // only the outermost is gqlgen's
		if !ok || located.Err == nil {
			return err
		}
		err = located.Err
	}
}

// classify finds the code and text of an error that carries none itself.
func (s Settings) classify(err error) (code, message string, known bool) {
	if refused, ok := errors.AsType[*scalar.Error](err); ok {
		return guard.CodeBadUserInput, refused.Error(), true
	}
	if s.Classify != nil {
		if code, message, known = s.Classify(err); known {
			return code, message, true
		}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return CodeTimeout, "the request took too long or was given up", true
	}
	return "", "", false
}

// panicked turns a panic into an error, after logging where it was.
func (e *Endpoint) panicked(ctx context.Context, caught any) *gqlerror.Error {
	return internalError(ctx, e.settings.log(), "panic", DescribePanic(caught), "stack", string(debug.Stack()))
}

// internalError logs what happened under a random id and returns what clients see of it.
func internalError(ctx context.Context, log *slog.Logger, attributes ...any) *gqlerror.Error {
	id := rand.Text()
	log.ErrorContext(ctx, "internal error", append([]any{"error_id", id}, attributes...)...)
	shown := coded(CodeInternal, "internal error %s", id)
	shown.Extensions["id"] = id
	return shown
}

// DescribePanic names the type of a panic, and the text of those the runtime raises:
// others may hold personal data.
func DescribePanic(caught any) string {
	if err, ok := caught.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", caught)
}

func list(err *gqlerror.Error) gqlerror.List { return gqlerror.List{err} }
