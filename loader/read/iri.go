package read

import (
	"regexp"
	"strings"
)

// partsOfIRI parts an address into scheme, authority, path, query and fragment.
// Source: RFC 3986, appendix B.
var partsOfIRI = regexp.MustCompile(`^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$`)

// address is one in its parts; has tells those that are empty from those that
// are not there.
type address struct {
	scheme, authority, path, query, fragment string
	hasAuthority, hasQuery, hasFragment      bool
}

func parseAddress(s string) address {
	m := partsOfIRI.FindStringSubmatchIndex(s)
	if m == nil {
		return address{path: s}
	}
	part := func(i int) (string, bool) {
		if m[2*i] < 0 {
			return "", false
		}
		return s[m[2*i]:m[2*i+1]], true
	}
	var a address
	a.scheme, _ = part(1)
	a.authority, a.hasAuthority = part(2)
	a.path, _ = part(3)
	a.query, a.hasQuery = part(4)
	a.fragment, a.hasFragment = part(5)
	return a
}

// resolve gives the whole address of a reference in a document.
// Source: RFC 3986, section 5.2.
func resolve(base, ref string) string {
	if base == "" || isAbsolute(ref) && !strings.Contains(ref, "/.") {
		return ref
	}
	b, r := parseAddress(base), parseAddress(ref)
	switch {
	case r.scheme != "":
		r.path = withoutDots(r.path)
		return r.String()
	case r.hasAuthority:
		r.path = withoutDots(r.path)
	case r.path == "":
		r.path = b.path
		if !r.hasQuery {
			r.query, r.hasQuery = b.query, b.hasQuery
		}
		r.authority, r.hasAuthority = b.authority, b.hasAuthority
	default:
		if !strings.HasPrefix(r.path, "/") {
			switch {
			case b.hasAuthority && b.path == "":
				r.path = "/" + r.path
			default:
				r.path = b.path[:strings.LastIndexByte(b.path, '/')+1] + r.path
			}
		}
		r.path = withoutDots(r.path)
		r.authority, r.hasAuthority = b.authority, b.hasAuthority
	}
	r.scheme = b.scheme
	return r.String()
}

// withoutDots takes the segments "." and ".." out of a path.
func withoutDots(path string) string {
	if !strings.Contains(path, ".") {
		return path
	}
	var out []string
	segments := strings.Split(path, "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 1 || len(out) == 1 && out[0] != "" {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}

func (a address) String() string {
	var b strings.Builder
	if a.scheme != "" {
		b.WriteString(a.scheme + ":")
	}
	if a.hasAuthority {
		b.WriteString("//" + a.authority)
	}
	b.WriteString(a.path)
	if a.hasQuery {
		b.WriteString("?" + a.query)
	}
	if a.hasFragment {
		b.WriteString("#" + a.fragment)
	}
	return b.String()
}
