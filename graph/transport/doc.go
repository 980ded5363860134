// Package transport serves one GraphQL schema over HTTP, strictly: a POST of one
// JSON object, and nothing else but a form that brings a list to be imported.
//
// There are three pieces, from the outside in:
//
//   - [NewServer] is the http.Server with its timeouts and its header limit;
//   - [Perimeter] is a middleware for every path of the server: security headers, the
//     Host allow-list, protection against cross-origin requests, CORS where origins
//     are configured, who asks (access.Of), recovery from panics;
//   - [Endpoint] is the GraphQL handler: method, media type, rate, size, JSON, the
//     guard, the deadline, the number of requests at once, errors and answers.
//
// Wiring:
//
//	g, err := guard.New(es.Schema(), guard.Defaults(), costs)
//	settings := transport.Defaults()
//	endpoint, err := transport.New(es, g, settings)
//	settings.Authenticate = registry.Verify
//	mux.Handle("/graphql", endpoint)
//	handler, err := transport.Perimeter(settings, mux)
//	server := transport.NewServer(handler, settings)
//
// # Status codes
//
// A request error (what is refused before execution) has a 4xx or 5xx status for both
// media types, `application/json` and `application/graphql-response+json`, and its
// body has no key `data`. An answer with data, errors or not, is 200; so is one in which
// all root fields are null, but 503 if the store was not available and 504 if time ran
// out (GraphQL over HTTP, section 6.4; it allows this for application/json too).
//
// # Tokens
//
// A token comes as `Authorization: Bearer …` and in no other way. Without the header
// the caller is anonymous; with one that is not valid the request is refused (401,
// WWW-Authenticate), on every path and whatever it asks for, and counted against the
// client's address. Where nobody can say whose the token is, the answer is 503, and
// clients should keep it. Whoever sends a token gets `Cache-Control: no-store`.
//
// # Forms
//
// multipart/form-data (the GraphQL multipart request specification) is taken for one
// thing: the mutation importList of a caller who may import, with one file. Its resolver
// finds a [File] in graphql.Upload. Everything else that is not JSON is refused (415),
// anonymous forms unread.
//
// # Errors
//
// Every error has an `extensions.code`: see the constants. An error that a resolver
// returns is shown if it carries a code, if it is a *scalar.Error, or if
// [Settings].Classify knows it. Everything else becomes INTERNAL with a random id under
// which the log holds the text. Of the input an error repeats at most 100 characters.
// At most [Settings].Errors are sent; the rest is counted in `extensions.errorsLeftOut`
// of the answer.
//
// The package imports gqlgen's runtime, the guard and the scalars, never generated code.
package transport
