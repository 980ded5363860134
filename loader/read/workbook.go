package read

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"coopgraph/loader/rows"
)

// workbook is an XLSX file that is open: its sheets, the texts that their cells
// share, and which of its styles show dates.
// Source: ECMA-376, Office Open XML, part 1, sections 12 and 18.
type workbook struct {
	in       *Input
	closer   io.Closer
	parts    map[string]*zip.File
	sheets   []sheet
	texts    *textTable
	styles   []style
	from1904 bool
}

// sheet is one of a workbook's.
type sheet struct {
	name, part string
	hidden     bool
}

// maxSheets is how many sheets a workbook may have.
const maxSheets = 1_000

// maxStyles is how many formats of cells are read: more than Excel writes.
const maxStyles = 100_000

func openWorkbook(in *Input) (*workbook, error) {
	at, closer, err := in.content.open(in.name)
	if err != nil {
		return nil, err
	}
	b := &workbook{in: in, closer: closer, parts: map[string]*zip.File{}, texts: &textTable{}}
	z, err := in.directory(&countedAt{r: at, n: in.passed})
	if err != nil {
		return nil, errors.Join(err, closer.Close())
	}
	for _, f := range z.File {
		b.parts[partName(f.Name)] = f
	}
	if err := b.read(); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// partName is the name of a part as it is looked up: names are the same in any
// case.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// Close closes the file and removes what was spooled.
func (b *workbook) Close() error { return errors.Join(b.texts.Close(), b.closer.Close()) }

func (b *workbook) read() error {
	main, err := b.relations("")
	if err != nil {
		return err
	}
	book := main.byType("/officeDocument")
	if book == "" {
		return fmt.Errorf("%w: %s is no XLSX workbook", rows.ErrFile, b.in.name)
	}
	targets, err := b.relations(book)
	if err != nil {
		return err
	}
	if err := b.readBook(book, targets); err != nil {
		return err
	}
	if part := targets.byType("/styles"); part != "" {
		if err := b.readStyles(part); err != nil {
			return err
		}
	}
	if part := targets.byType("/sharedStrings"); part != "" {
		return b.readTexts(part)
	}
	return nil
}

// relation leads from a part to another.
type relation struct{ id, kind, part string }

type relations []relation

func (r relations) byType(ending string) string {
	if i := slices.IndexFunc(r, func(one relation) bool { return strings.HasSuffix(one.kind, ending) }); i >= 0 {
		return r[i].part
	}
	return ""
}

func (r relations) byID(id string) (relation, bool) {
	i := slices.IndexFunc(r, func(one relation) bool { return one.id == id })
	if i < 0 {
		return relation{}, false
	}
	return r[i], true
}

// relations reads those of a part; "" is the package itself.
func (b *workbook) relations(of string) (out relations, err error) {
	dir, base := path.Split(of)
	part := partName(dir + "_rels/" + base + ".rels")
	err = b.elements(part, func(_ *xmlTokens, t xml.StartElement) error {
		if t.Name.Local != "Relationship" {
			return nil
		}
		id, _ := attribute(t, "Id")
		kind, _ := attribute(t, "Type")
		target, _ := attribute(t, "Target")
		if mode, _ := attribute(t, "TargetMode"); mode == "External" {
			return nil
		}
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		if out = append(out, relation{id: id, kind: kind, part: partName(target)}); len(out) > 10*maxSheets {
			return fmt.Errorf("%w: %s has too many relations", errXML, part)
		}
		return nil
	})
	return out, err
}

// elements calls back for every element that opens in a part.
func (b *workbook) elements(part string, see func(*xmlTokens, xml.StartElement) error) (err error) {
	x, closer, err := b.part(part)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	for {
		t, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if start, ok := t.(xml.StartElement); ok {
				err = see(x, start)
			}
		}
		if err != nil {
			return b.explain(x.line(), err)
		}
	}
}

func (b *workbook) explain(line int, err error) error {
	if errors.Is(err, rows.ErrFile) {
		return err
	}
	return rows.Unreadable(b.in.name, line, "%v", err)
}

// part opens a part of the package. What comes out is held against the limits.
func (b *workbook) part(name string) (*xmlTokens, io.Closer, error) {
	f, ok := b.parts[name]
	if !ok {
		return nil, nil, fmt.Errorf("%w: %s is no XLSX workbook: it has no part %.100q", rows.ErrFile, b.in.name, name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: part %.100q cannot be unpacked: %w", rows.ErrFile, b.in.name, name, err)
	}
	packed := int64(min(f.CompressedSize64, maxUnpacked))
	return newXMLTokens("part "+rows.Shorten(name, 100), &unpacking{name: b.in.name, r: r, packed: func() int64 { return packed }}), r, nil
}

func (b *workbook) readBook(part string, targets relations) error {
	err := b.elements(part, func(_ *xmlTokens, t xml.StartElement) error {
		switch t.Name.Local {
		case "workbookPr":
			date1904, _ := attribute(t, "date1904")
			b.from1904 = date1904 == "1" || date1904 == "true"
		case "sheet":
			return b.addSheet(t, targets)
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = fmt.Errorf("%w: %s: the workbook has no sheets", rows.ErrFile, b.in.name)
	}
	return err
}

func (b *workbook) addSheet(t xml.StartElement, targets relations) error {
	name, _ := attribute(t, "name")
	state, _ := attribute(t, "state")
	for _, a := range t.Attr {
		// r:id; sheetId and name have other names.
		if a.Name.Local != "id" {
			continue
		}
		target, ok := targets.byID(a.Value)
		if !ok {
			return fmt.Errorf("%w: the sheet %.60q is not in the workbook", errXML, name)
		}
		if !strings.HasSuffix(target.kind, "/worksheet") {
			return nil // a chart or a dialogue
		}
		b.sheets = append(b.sheets, sheet{name: name, part: target.part, hidden: state == "hidden" || state == "veryHidden"})
	}
	if len(b.sheets) > maxSheets {
		return fmt.Errorf("%w: the workbook has more than %d sheets", errXML, maxSheets)
	}
	return nil
}

// readStyles finds what the formats of cells say of their numbers.
func (b *workbook) readStyles(part string) error {
	codes := map[int]string{}
	inCells := 0
	return b.elements(part, func(x *xmlTokens, t xml.StartElement) error {
		if x.depth <= inCells {
			inCells = 0
		}
		switch {
		case t.Name.Local == "numFmt":
			text, _ := attribute(t, "numFmtId")
			id, err := strconv.Atoi(text)
			if err == nil && len(codes) < maxStyles {
				codes[id], _ = attribute(t, "formatCode")
			}
		case t.Name.Local == "cellXfs":
			inCells = x.depth
		case t.Name.Local == "xf" && inCells > 0 && x.depth == inCells+1 && len(b.styles) < maxStyles:
			text, _ := attribute(t, "numFmtId")
			id, err := strconv.Atoi(text)
			if err != nil {
				id = 0
			}
			b.styles = append(b.styles, styleOf(id, codes[id]))
		}
		return nil
	})
}

// readTexts reads the texts that cells share.
func (b *workbook) readTexts(part string) error {
	err := b.elements(part, func(x *xmlTokens, t xml.StartElement) error {
		if t.Name.Local != "si" {
			return nil
		}
		text, err := richText(x)
		if err != nil {
			return err
		}
		return b.texts.add(b.in.name, text)
	})
	return errors.Join(err, b.texts.flush())
}

// richText reads the text of the element just opened, whose parts may be
// written in several ways; how it is pronounced is left out.
func richText(x *xmlTokens) (string, error) {
	var b strings.Builder
	for depth := x.depth; x.depth >= depth; {
		t, err := x.next()
		if err != nil {
			return "", unexpected(err, x.part)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "r":
		case "t":
			text, err := x.text()
			if err != nil {
				return "", err
			}
			if b.Len()+len(text) > rows.MaxField {
				return "", fmt.Errorf("%w: %s: a cell is longer than %d bytes", errXML, x.part, rows.MaxField)
			}
			b.WriteString(text)
		default:
			if err := x.skip(); err != nil {
				return "", err
			}
		}
	}
	return unescape(b.String()), nil
}
