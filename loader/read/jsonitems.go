package read

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
)

// Members, as the last of the keys that lead to the records of a JSON document,
// says that they are the members of an object, each under a key of its own.
const Members = "*"

// MemberKey is the field of such a record that holds its key.
const MemberKey = "@key"

// The bounds of looking for the records of a JSON document: how many bytes and
// objects within objects are looked at.
const (
	itemsWithin = 4 << 20
	itemsDepth  = 3
)

// Items gives the keys that lead to the records of a JSON document: to the
// array with the most objects in it, or to an object whose members are all
// objects. It gives "" where the document is an array or where there is neither.
func (in *Input) Items(ctx context.Context) (path string, err error) {
	text, closer, err := in.textCounted(new(atomic.Int64))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	s := itemsSearch{d: json.NewDecoder(io.LimitReader(text, itemsWithin))}
	// A document that is cut off, or is none, is explained when it is read.
	_, _ = s.value(ctx, nil, false)
	return s.best, ctx.Err()
}

// itemsSearch looks for the records of a document.
type itemsSearch struct {
	d    *json.Decoder
	best string
	// most is the number of records at best.
	most int
}

// take notes how many records there are at a path. Keys with dots cannot be
// written in one.
func (s *itemsSearch) take(keys []string, records int) {
	if records > s.most && !slices.ContainsFunc(keys, func(key string) bool { return key == "" || strings.Contains(key, ".") }) {
		s.best, s.most = strings.Join(keys, "."), records
	}
}

// value reads a value at the end of the keys, and says whether it is an object;
// within arrays nothing is looked for.
func (s *itemsSearch) value(ctx context.Context, keys []string, within bool) (object bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	t, err := s.d.Token()
	if err != nil {
		return false, err
	}
	switch t {
	case json.Delim('['):
		return false, s.array(ctx, keys, within)
	case json.Delim('{'):
		return true, s.object(ctx, keys, within)
	}
	return false, nil
}

func (s *itemsSearch) array(ctx context.Context, keys []string, within bool) error {
	objects := 0
	defer func() {
		if !within {
			s.take(keys, objects)
		}
	}()
	for s.d.More() {
		object, err := s.value(ctx, keys, true)
		if object {
			objects++
		}
		if err != nil {
			return err
		}
	}
	_, err := s.d.Token()
	return err
}

func (s *itemsSearch) object(ctx context.Context, keys []string, within bool) error {
	members, objects := 0, 0
	within = within || len(keys) >= itemsDepth
	defer func() {
		if !within && members == objects && objects > 1 {
			s.take(append(slices.Clone(keys), Members), objects)
		}
	}()
	for s.d.More() {
		key, err := s.d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		object, err := s.value(ctx, append(slices.Clone(keys), name), within)
		members++
		if object {
			objects++
		}
		if err != nil {
			return err
		}
	}
	_, err := s.d.Token()
	return err
}
