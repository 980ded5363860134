package transport

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"coopgraph/graph/guard"
)

// Endpoint is the http.Handler of one GraphQL schema. [Endpoint.Execute] runs
// operations of the same process past the same guard.
type Endpoint struct {
	settings Settings
	guard    *guard.Guard
	executor *executor.Executor
	throttle *throttle
	slots    chan struct{} // one for each request under way
	turns    chan struct{} // one for each of them that is executed
	uploads  chan struct{} // one for each form under way
}

// New returns the endpoint of a schema. The guard must be for the same schema. A schema
// with a mutation that everybody could call is an error (guard.CheckRights).
func New(es graphql.ExecutableSchema, g *guard.Guard, s Settings) (*Endpoint, error) {
	if err := errors.Join(s.check(), guard.CheckRights(es.Schema())); err != nil {
		return nil, err
	}
	e := &Endpoint{
		settings: s,
		guard:    g,
		executor: executor.New(es),
		throttle: newThrottle(s),
		slots:    make(chan struct{}, s.InFlight),
		turns:    make(chan struct{}, s.Executing),
		uploads:  make(chan struct{}, s.Uploads),
	}
	e.executor.SetQueryCache(admitted{})
	e.executor.SetErrorPresenter(e.present)
	e.executor.SetRecoverFunc(func(ctx context.Context, caught any) error { return e.panicked(ctx, caught) })
	for _, extension := range s.Extensions {
		if err := extension.Validate(es); err != nil {
			return nil, err
		}
		e.executor.Use(extension)
	}
	return e, nil
}

// ServeHTTP answers one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	response, bad := e.serve(w, r)
	if bad != nil {
		bad.write(w, r, e.settings.Errors)
		return
	}
	status, retry := outcome(response)
	if retry {
		w.Header().Set("Retry-After", seconds(e.settings.RetryAfter))
	}
	answer{errors: response.Errors, data: response.Data, extensions: response.Extensions}.
		send(w, r, status, e.settings.Errors)
}

// serve checks a request, in the order of what the checks cost, and executes it.
func (e *Endpoint) serve(w http.ResponseWriter, r *http.Request) (*graphql.Response, *refusal) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, refuse(http.StatusMethodNotAllowed, CodeMethod, "GraphQL is served by POST only")
	}
	boundary, bad := checkMedia(r)
	if bad != nil {
		return nil, bad
	}
	if bad := e.throttle.check(r); bad != nil {
		return nil, bad
	}
	t := task{grant: e.settings.grant(r.Context()), header: r.Header}
	if boundary != "" {
		return e.serveForm(w, r, boundary, t)
	}
	body, bad := readBody(w, r, e.settings.Body)
	if bad != nil {
		return nil, bad
	}
	if t.request, bad = decode(body, e.settings.Nesting); bad != nil {
		return nil, bad
	}
	if bad := e.available(); bad != nil {
		return nil, bad
	}
	return e.execute(r.Context(), t)
}

func (e *Endpoint) available() *refusal {
	if e.settings.Unavailable == nil {
		return nil
	}
	reason, wait, down := e.settings.Unavailable()
	if !down {
		return nil
	}
	return refuse(http.StatusServiceUnavailable, CodeStoreUnavailable, "%s", reason).after(max(wait, e.settings.RetryAfter))
}

// Execute runs an operation of this process, such as a server-rendered page's, with the
// same guard, deadline and error texts as one over HTTP, and the same bound on
// operations at once. Numbers in the variables are json.Number.
func (e *Endpoint) Execute(ctx context.Context, request guard.Request, grant guard.Grant) *graphql.Response {
	response, bad := e.execute(ctx, task{request: request, grant: grant})
	if bad != nil {
		return &graphql.Response{Errors: bad.errors}
	}
	return response
}

// task is an operation to execute.
type task struct {
	request guard.Request
	grant   guard.Grant
	header  http.Header
	// end, nil for none, is called when the resolvers have ended, or if they never begin.
	end func()
}

func (t task) ended() {
	if t.end != nil {
		t.end()
	}
}

func (e *Endpoint) overloaded() *refusal {
	return refuse(http.StatusServiceUnavailable, CodeOverloaded, "too many requests at once").after(e.settings.RetryAfter)
}

// execute admits a request and runs it within its deadline. The slot it takes is given
// back when the resolvers have ended, even if the answer did not wait for them.
func (e *Endpoint) execute(ctx context.Context, t task) (*graphql.Response, *refusal) {
	select {
	case e.slots <- struct{}{}:
	default:
		t.ended()
		return nil, e.overloaded()
	}
	ctx, cancel := context.WithTimeout(ctx, e.settings.Request)
	type result struct {
		response *graphql.Response
		bad      *refusal
	}
	done := make(chan result, 1)
	go func() {
		defer cancel()
		response, bad := e.inTurn(ctx, t)
		t.ended()
		<-e.slots // before the answer, or its reader could find no slot free
		done <- result{response, bad}
	}()
	select {
	case r := <-done:
		return r.response, r.bad
	case <-ctx.Done():
	}
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), e.settings.Grace)
	defer stop()
	select {
	case r := <-done:
		return r.response, r.bad
	case <-grace.Done():
		return nil, timedOut()
	}
}

// inTurn runs a request once few enough others are executed.
func (e *Endpoint) inTurn(ctx context.Context, t task) (*graphql.Response, *refusal) {
	select {
	case e.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, timedOut()
	}
	defer func() { <-e.turns }()
	return e.run(ctx, t)
}

func timedOut() *refusal {
	return refuse(http.StatusGatewayTimeout, CodeTimeout, "the request took too long")
}

// run admits and executes one operation, and answers panics outside of resolvers.
func (e *Endpoint) run(ctx context.Context, t task) (response *graphql.Response, bad *refusal) {
	defer func() {
		if caught := recover(); caught != nil {
			response, bad = nil, &refusal{status: http.StatusInternalServerError, errors: list(e.panicked(ctx, caught))}
		}
	}()
	start := graphql.Now()
	ctx = graphql.StartOperationTrace(ctx)
	allowed, errs := e.guard.Admit(t.request, t.grant)
	if errs != nil {
		return nil, &refusal{status: http.StatusBadRequest, errors: errs}
	}
	ctx = context.WithValue(ctx, admittedKey{}, allowed.Document)
	operation, errs := e.executor.CreateOperationContext(ctx, &graphql.RawParams{
		Query:         t.request.Query,
		OperationName: t.request.OperationName,
		Variables:     t.request.Variables,
		Headers:       t.header,
		ReadTime:      graphql.TraceTiming{Start: start, End: graphql.Now()},
	})
	if errs != nil {
		return nil, &refusal{status: http.StatusBadRequest, errors: inputErrors(errs)}
	}
	operation.DisableIntrospection = !t.grant.Introspection
	responses, ctx := e.executor.DispatchOperation(ctx, operation)
	response = responses(ctx)
	switch {
	case response == nil:
		// The executor gives no answer once the context has ended.
		return nil, timedOut()
	case len(response.Data) > e.settings.Answer:
		return nil, refuse(http.StatusBadRequest, CodeAnswerTooLarge,
			"the operation was executed, but its answer is larger than %d bytes: ask for smaller pages", e.settings.Answer)
	case response.Data == nil && len(response.Errors) > 0:
		return nil, &refusal{status: http.StatusInternalServerError, errors: response.Errors}
	}
	return response, nil
}

// inputErrors codes what the executor says of variables, should the guard have missed
// it. What extensions refuse keeps its code.
func inputErrors(errs gqlerror.List) gqlerror.List {
	for i, err := range errs {
		shown := *err
		shown.Message = guard.Clip(err.Message, guard.MaxEcho)
		if code, ok := err.Extensions["code"].(string); !ok || code == errcode.ValidationFailed {
			shown.Extensions = map[string]any{"code": guard.CodeBadUserInput}
		}
		errs[i] = &shown
	}
	return errs
}

// outcome is the status of an executed operation, and whether to tell when to retry.
func outcome(response *graphql.Response) (status int, retry bool) {
	for _, err := range response.Errors {
		code := err.Extensions["code"]
		switch {
		case code != CodeStoreUnavailable && code != CodeTimeout:
		case !empty(response.Data):
			return http.StatusOK, false
		case code == CodeStoreUnavailable:
			return http.StatusServiceUnavailable, true
		default:
			return http.StatusGatewayTimeout, false
		}
	}
	return http.StatusOK, false
}

// empty says whether data is null, or every root field of it.
func empty(data json.RawMessage) bool {
	var fields map[string]*json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return false
	}
	for _, value := range fields {
		if value != nil {
			return false
		}
	}
	return true
}

// admitted hands the executor the document that the guard has admitted for this very
// request, in the place of a cache, so that it neither parses nor validates again.
type admitted struct{}

type admittedKey struct{}

func (admitted) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(admittedKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (admitted) Add(context.Context, string, *ast.QueryDocument) {}
