package read

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// ClassField is the field in which rows of Popolo say what they are: one of
// Person, Organization, Post, Membership, Area, Event, Motion, VoteEvent.
const ClassField = "class"

// popoloClasses are the classes by the keys of their lists in a document.
// Source: the Popolo specification, https://www.popoloproject.com/specs/.
var popoloClasses = map[string]string{
	"persons": "Person", "people": "Person", "organizations": "Organization", "posts": "Post", "memberships": "Membership",
	"areas": "Area", "events": "Event", "motions": "Motion", "vote_events": "VoteEvent",
}

// popoloReader reads Popolo JSON: a document of lists by class, or one list, or
// one object a line.
type popoloReader struct {
	*jsonReader
	lines *linesReader
	// class is that of the list being read, "" to go by the fields.
	class string
	// within says that a list of the document is being read.
	within bool
	// lists are the number of lists read, passed the keys passed over.
	lists  int
	passed []string
}

func newPopoloReader(in *Input, text *bufio.Reader, items string) (*popoloReader, error) {
	head, err := text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, rows.Unreadable(in.name, 1, "%v", err)
	}
	if items == "" && FormatOf("", head) == FormatJSONLines {
		return &popoloReader{lines: newLinesReader(in, text), jsonReader: &jsonReader{in: in}}, nil
	}
	r := &popoloReader{jsonReader: newJSONReader(in, text, items)}
	if items == "" && strings.HasPrefix(strings.TrimSpace(string(head)), "{") {
		return r, nil
	}
	r.lists = 1
	return r, nil
}

// Notes gives what is to be said of the file.
func (r *popoloReader) Notes() []string {
	notes := r.in.notes()
	if len(r.passed) > 0 {
		notes = append(notes, "passed over: "+rows.Shorten(strings.Join(r.passed, ", "), 500))
	}
	return notes
}

// Next gives the next object of any of the lists, as they follow each other.
func (r *popoloReader) Next(ctx context.Context) (rows.Row, error) {
	var row rows.Row
	var err error
	switch {
	case r.lines != nil:
		row, err = r.lines.Next(ctx)
	case r.lists > 0 && r.class == "":
		row, err = r.jsonReader.Next(ctx)
	default:
		row, err = r.nextOfDocument(ctx)
	}
	if err != nil || row.Err != nil {
		return row, err
	}
	class := r.class
	if class == "" {
		class = popoloClass(row.Fields)
	}
	if class == "" {
		row.Fields, row.Err = nil, rows.BadRow("the record does not show whether it is a person, an organisation, a post or a membership")
		return row, nil
	}
	row.Fields[ClassField] = class
	return row, nil
}

func (r *popoloReader) nextOfDocument(ctx context.Context) (rows.Row, error) {
	if r.done {
		return rows.Row{}, io.EOF
	}
	if !r.begun {
		if err := r.delim('{', "a document of lists"); err != nil {
			return rows.Row{}, r.explain(err)
		}
		r.begun = true
	}
	for {
		if err := ctx.Err(); err != nil {
			return rows.Row{}, err
		}
		if r.within {
			if r.d.More() {
				return r.element()
			}
			if err := r.delim(']', "the end of the list"); err != nil {
				return rows.Row{}, r.explain(err)
			}
			r.within = false
		}
		if !r.d.More() {
			return rows.Row{}, r.endOfDocument()
		}
		if err := r.enter(); err != nil {
			return rows.Row{}, r.explain(err)
		}
	}
}

// enter goes into the list that follows, or passes over what is none.
func (r *popoloReader) enter() error {
	t, err := r.d.Token()
	if err != nil {
		return err
	}
	key := fmt.Sprint(t)
	class, ok := popoloClasses[key]
	if !ok {
		if len(r.passed) < 20 {
			r.passed = append(r.passed, key)
		}
		return r.skip()
	}
	r.source.limit(r.d.InputOffset() + rows.MaxRecord)
	if t, err = r.d.Token(); err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return fmt.Errorf("want a list of %s, have %s", key, kindOfToken(t))
	}
	r.class, r.within = class, true
	r.lists++
	return nil
}

func (r *popoloReader) endOfDocument() error {
	if err := r.delim('}', "the end of the document"); err != nil {
		return r.explain(err)
	}
	r.source.limit(r.d.InputOffset() + rows.MaxRecord)
	if _, err := r.d.Token(); !errors.Is(err, io.EOF) {
		return r.explain(errors.New("there is text after the end of the document"))
	}
	if r.lists == 0 {
		keys := make([]string, 0, len(popoloClasses))
		for key := range popoloClasses {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return rows.Unreadable(r.in.name, 1, "the document has none of the lists %s; its keys are %s", strings.Join(keys, ", "), rows.Shorten(strings.Join(r.passed, ", "), 500))
	}
	r.done = true
	return io.EOF
}

// popoloClass tells the class of an object by the fields that only it has.
func popoloClass(fields map[string]any) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return fields[name] != nil })
	}
	for _, name := range []string{ClassField, "@type", "type", "object_type"} {
		if text, ok := fields[name].(string); ok {
			if class := popoloClassNamed(text); class != "" {
				return class
			}
		}
	}
	switch {
	case has("person_id", "member_id", "person", "member") && has("organization_id", "organization", "post_id", "post", "on_behalf_of_id"):
		return "Membership"
	case has("motion_id", "vote_counts") && has("start_date", "counts", "votes", "result"):
		return "VoteEvent"
	case has("family_name", "given_name", "birth_date", "death_date", "honorific_prefix", "honorific_suffix", "patronymic_name", "sort_name", "gender", "national_identity"):
		return "Person"
	case has("label", "role") && has("organization_id", "organization"):
		return "Post"
	case has("founding_date", "dissolution_date") || has("classification") && !has("geometry", "start_date", "identifier"):
		return "Organization"
	case has("geometry"):
		return "Area"
	}
	return ""
}

func popoloClassNamed(text string) string {
	text = strings.ToLower(text)
	for _, class := range popoloClasses {
		if strings.EqualFold(text, class) {
			return class
		}
	}
	return ""
}
