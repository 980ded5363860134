package read

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"strings"
)

// endings are the formats that names of files tell.
var endings = map[string]string{
	".csv": FormatCSV, ".tsv": FormatCSV, ".tab": FormatCSV, ".txt": FormatCSV, ".psv": FormatCSV,
	".xlsx": FormatXLSX, ".xlsm": FormatXLSX,
	".json": FormatJSON, ".jsonl": FormatJSONLines, ".ndjson": FormatJSONLines,
	".nt": FormatNTriples, ".ttl": FormatTurtle, ".turtle": FormatTurtle,
	".gc": FormatGenericode, ".xml": FormatGenericode,
}

var (
	// popoloKey is a list of a class of Popolo in a document.
	popoloKey = regexp.MustCompile(`"(persons|memberships|organizations|posts)"\s*:\s*\[`)
	// statement is a line of N-Triples.
	statement = regexp.MustCompile(`^\s*(<[^<>"\s]*>|_:\S+)\s+<[^<>"\s]+>\s+(<[^<>"\s]*>|_:\S+|".*)\s*\.\s*(#.*)?$`)
	// directive is a line that only Turtle has.
	directive = regexp.MustCompile(`(?i)^\s*(@prefix|@base|prefix|base)\s+(<|[\pL\d_.-]*:\s*<)`)
)

// Format is the format of the file, as FormatOf says.
func (in *Input) Format() string {
	if in.workbook {
		return FormatXLSX
	}
	head := in.head[min(in.mark, len(in.head)):]
	if in.encoding != "utf-8" {
		if text, err := encodings[in.encoding].NewDecoder().Bytes(head); err == nil {
			head = text
		}
	}
	return FormatOf(in.inner, head)
}

// FormatOf tells the format of a file by the start of its content, which is in
// UTF-8 and not packed, and by its name where several formats would do. "" where
// it is none that can be read.
func FormatOf(name string, head []byte) string {
	ending := endings[strings.ToLower(path.Ext(name))]
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	switch {
	case isZip(head):
		return FormatXLSX
	case bytes.IndexByte(head, 0) >= 0:
		return ""
	case len(text) == 0:
		return ending
	case text[0] == '{', text[0] == '[' && ending != FormatTurtle:
		return formatOfJSON(text, ending)
	}
	if format := formatOfRDF(text, ending); format != "" {
		return format
	}
	if text[0] == '<' {
		if bytes.Contains(text, []byte("genericode")) {
			return FormatGenericode
		}
		return ""
	}
	return FormatCSV
}

func formatOfJSON(text []byte, ending string) string {
	if text[0] == '{' && popoloKey.Match(text) {
		return FormatPopolo
	}
	first, rest, more := bytes.Cut(text, []byte("\n"))
	if text[0] == '{' && json.Valid(first) && (more && len(rest) > 0 || ending == FormatJSONLines) {
		return FormatJSONLines
	}
	if text[0] == '{' && ending == FormatJSONLines && len(text) >= headSize/2 && !more {
		return FormatJSONLines // a first line longer than the sample
	}
	return FormatJSON
}

// formatOfRDF goes by the first line that is no comment.
func formatOfRDF(text []byte, ending string) string {
	for line := range bytes.Lines(text[:min(len(text), headSize)]) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		switch {
		case directive.Match(line):
			return FormatTurtle
		case statement.Match(line) && ending == FormatTurtle:
			return FormatTurtle
		case statement.Match(line):
			return FormatNTriples
		}
		break
	}
	if ending == FormatTurtle || ending == FormatNTriples {
		return ending
	}
	return ""
}
