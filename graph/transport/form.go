package transport

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/access"
	"coopgraph/graph/guard"
)

// A form brings a file (the GraphQL multipart request specification,
// https://github.com/jaydenseric/graphql-multipart-request-spec): three parts in this
// order, `operations` (the request in JSON, with null in the place of the file), `map`
// (which part belongs in which place) and the file. It is taken for one mutation and
// one place only; every other request is JSON.
const (
	formField = "importList"           // the only root field of the operation
	formPlace = "variables.input.file" // where the file belongs

	partOperations = "operations"
	partMap        = "map"

	maxMap      = 1 << 10  // bytes of the map
	maxFraming  = 16 << 10 // bytes of all headers and boundaries
	maxPartName = 100      // characters of the name of the part with the file
	maxFileName = 255      // bytes of the name of the file
)

// uploads says whether the caller of a request may send a form: only with a token, since
// any page can let a browser send one.
func uploads(r *http.Request) bool {
	p := access.Of(r.Context())
	return p.Known() && p.Role.May(access.Import)
}

// noForm is the refusal of a form that brings no file to be imported.
func noForm(reason string) *refusal {
	return refuse(http.StatusUnsupportedMediaType, CodeMediaType,
		"%s is only for the mutation %s with one file (%s): %s; send everything else as application/json",
		mediaForm, formField, formPlace, reason).closing()
}

// serveForm reads a form, and executes its operation with the file in its place.
func (e *Endpoint) serveForm(w http.ResponseWriter, r *http.Request, boundary string, t task) (*graphql.Response, *refusal) {
	if bad := e.available(); bad != nil {
		return nil, bad.closing()
	}
	select {
	case e.uploads <- struct{}{}:
	default:
		return nil, e.overloaded().closing()
	}
	defer func() { <-e.uploads }()
	most := e.settings.Upload + e.settings.Body + maxMap + maxFraming
	if r.ContentLength > most {
		return nil, tooLarge("file", e.settings.Upload)
	}
	body := &wholeBody{body: http.MaxBytesReader(w, r.Body, most)}
	f := &form{endpoint: e, grant: t.grant, body: body, parts: multipart.NewReader(body, boundary), most: most}
	file, bad := f.read()
	if bad != nil {
		return nil, bad.closing()
	}
	t.request, t.end = f.request, file.release
	return e.execute(r.Context(), t)
}

// form is one that is being read.
type form struct {
	endpoint *Endpoint
	grant    guard.Grant
	body     *wholeBody
	parts    *multipart.Reader
	most     int64
	request  guard.Request
}

// read reads the parts in their order, and refuses what can be refused before the file
// is read.
func (f *form) read() (*File, *refusal) {
	input, bad := f.operations()
	if bad != nil {
		return nil, bad
	}
	name, bad := f.place()
	if bad != nil {
		return nil, bad
	}
	// Stands for the file while the operation is looked at.
	input["file"] = graphql.Upload{}
	allowed, errs := f.endpoint.guard.Admit(f.request, f.grant)
	if errs != nil {
		return nil, &refusal{status: http.StatusBadRequest, errors: errs}
	}
	if !imports(allowed.Operation) {
		return nil, noForm("the operation is another")
	}
	file, upload, bad := f.file(name)
	if bad != nil {
		return nil, bad
	}
	input["file"] = upload
	return file, nil
}

// imports says whether an operation does nothing but import.
func imports(op *ast.OperationDefinition) bool {
	if op.Operation != ast.Mutation || len(op.SelectionSet) != 1 {
		return false
	}
	field, ok := op.SelectionSet[0].(*ast.Field)
	return ok && field.Name == formField
}

// operations reads the request, and gives the object that the file belongs in.
func (f *form) operations() (map[string]any, *refusal) {
	part, bad := f.next(partOperations)
	if bad != nil {
		return nil, bad
	}
	body, bad := f.text(part, f.endpoint.settings.Body)
	if bad != nil {
		return nil, bad
	}
	if f.request, bad = decode(body, f.endpoint.settings.Nesting); bad != nil {
		return nil, bad
	}
	input, ok := f.request.Variables["input"].(map[string]any)
	if !ok {
		return nil, noForm("the variable input is no object")
	}
	if file, given := input["file"]; !given || file != nil {
		return nil, noForm("the variable's file is not null")
	}
	return input, nil
}

// place reads the map, and gives the name of the part with the file.
func (f *form) place() (string, *refusal) {
	part, bad := f.next(partMap)
	if bad != nil {
		return "", bad
	}
	body, bad := f.text(part, maxMap)
	if bad != nil {
		return "", bad
	}
	var places map[string][]string
	if err := json.Unmarshal(body, &places); err != nil || !utf8.Valid(body) {
		return "", badRequest("the part %s is not a JSON object of lists of strings", partMap)
	}
	for name, at := range places {
		if len(places) == 1 && slices.Equal(at, []string{formPlace}) && name != "" && utf8.RuneCountInString(name) <= maxPartName {
			return name, nil
		}
	}
	return "", noForm("the map names no file, or another place")
}

// file reads the last part.
func (f *form) file(name string) (*File, graphql.Upload, *refusal) {
	var none graphql.Upload
	part, err := f.parts.NextRawPart()
	if errors.Is(err, io.EOF) {
		return nil, none, noForm("it holds no file")
	}
	if err != nil {
		return nil, none, f.broken(err)
	}
	if part.FormName() != name || !isPlain(part) {
		return nil, none, badRequest("the third part is not the file that the map names")
	}
	fileName, ok := fileNameOf(part)
	if !ok {
		return nil, none, noForm("its third part has no file name, or one that cannot be")
	}
	settings := f.endpoint.settings
	file, err := spool(part, settings.Upload, settings.UploadMemory)
	if err != nil {
		return nil, none, f.unspooled(err)
	}
	if bad := f.end(); bad != nil {
		file.release()
		return nil, none, bad
	}
	return file, graphql.Upload{File: file, Filename: fileName, Size: file.Size(), ContentType: part.Header.Get("Content-Type")}, nil
}

// end makes sure that nothing stands behind the file.
func (f *form) end() *refusal {
	_, err := f.parts.NextRawPart()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return f.broken(err)
	}
	return badRequest("the form has more than three parts")
}

// broken is the refusal of a form that could not be read on. The form's reader does not
// always pass on why.
func (f *form) broken(err error) *refusal {
	if f.body.err != nil {
		err = f.body.err
	}
	return unread(err, f.most)
}

// wholeBody is a body in which the end is an error unless it stands behind the last
// boundary: the form's reader takes some that are cut off for whole. The line break that
// may be missing there (RFC 2046, section 5.1.1) is added.
type wholeBody struct {
	body io.Reader
	tail string
	err  error // why it could not be read on
}

func (b *wholeBody) Read(p []byte) (int, error) {
	if b.err == nil && b.tail == "" {
		n, err := b.body.Read(p)
		switch {
		case errors.Is(err, io.EOF):
			b.tail = "\r\n"
		case err != nil:
			b.err = err
		}
		return n, b.err
	}
	if b.err != nil {
		return 0, b.err
	}
	n := copy(p, b.tail)
	if b.tail = b.tail[n:]; b.tail == "" {
		b.err = io.ErrUnexpectedEOF
	}
	return n, nil
}

// unspooled is the refusal of a file that could not be taken.
func (f *form) unspooled(err error) *refusal {
	settings := f.endpoint.settings
	if errors.Is(err, errFileTooLarge) {
		return tooLarge("file", settings.Upload)
	}
	if _, ok := errors.AsType[*spoolError](err); ok {
		settings.log().Error("an upload could not be kept", "error", err.Error())
		return refuse(http.StatusServiceUnavailable, CodeOverloaded, "there is no room for the file").after(settings.RetryAfter)
	}
	return f.broken(err)
}

// next goes to a part that is text and must have this name.
func (f *form) next(name string) (*multipart.Part, *refusal) {
	part, err := f.parts.NextRawPart()
	switch {
	case errors.Is(err, io.EOF):
		return nil, badRequest("the form has no part %s", name)
	case err != nil:
		return nil, f.broken(err)
	case part.FormName() != name || part.FileName() != "" || !isPlain(part):
		return nil, badRequest("the parts of the form are not %s, %s and a file, in this order", partOperations, partMap)
	}
	return part, nil
}

// text reads a part of at most the given number of bytes.
func (f *form) text(part *multipart.Part, most int64) ([]byte, *refusal) {
	body, err := io.ReadAll(io.LimitReader(part, most+1))
	switch {
	case err != nil:
		return nil, f.broken(err)
	case int64(len(body)) > most:
		return nil, tooLarge("part "+part.FormName(), most)
	}
	return body, nil
}

// isPlain says whether a part is sent as it is (RFC 7578, section 4.7).
func isPlain(part *multipart.Part) bool {
	encodings := part.Header.Values("Content-Transfer-Encoding")
	return !slices.ContainsFunc(encodings, func(encoding string) bool {
		return !slices.Contains([]string{"7bit", "8bit", "binary"}, strings.ToLower(encoding))
	})
}

// fileNameOf gives the name of a part's file without the folders that some clients put
// before it, and without characters that cannot be seen.
func fileNameOf(part *multipart.Part) (string, bool) {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return "", false
	}
	name := parameters["filename"]
	name = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Cf) {
			return -1
		}
		return c
	}, name[strings.LastIndexAny(name, `/\`)+1:])
	return name, name != "" && len(name) <= maxFileName && utf8.ValidString(name)
}
