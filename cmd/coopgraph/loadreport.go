package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"coopgraph/loader"
	"coopgraph/loader/template"
)

// The forms of a report.
const (
	reportText = "text"
	reportCSV  = "csv"
	reportJSON = "json"
)

// reportForm is the form of the report: the one asked for, else the one that
// the file's ending tells.
func (f *loadFlags) reportForm() (string, error) {
	switch f.reportFormat {
	case reportText, reportCSV, reportJSON:
		return f.reportFormat, nil
	case "":
	default:
		return "", fmt.Errorf("--report-format %s: write text, csv or json", f.reportFormat)
	}
	switch strings.ToLower(filepath.Ext(f.report)) {
	case ".csv":
		return reportCSV, nil
	case ".json":
		return reportJSON, nil
	}
	return reportText, nil
}

// report writes what became of rows. Its first error is kept for close.
type report struct {
	form  string
	out   *bufio.Writer
	table *csv.Writer
	file  *os.File
	count int
	err   error
}

// openReport opens the report's file; without one, a dry run reports to stdout
// and a run not at all.
func (f *loadFlags) openReport(stdout io.Writer) (*report, error) {
	form, err := f.reportForm()
	if err != nil {
		return nil, &codedError{exitUsage, err}
	}
	r := &report{form: form}
	switch {
	case f.report != "":
		if r.file, err = os.Create(f.report); err != nil {
			return nil, &codedError{exitUsage, fmt.Errorf("--report: %w", err)}
		}
		r.out = bufio.NewWriter(r.file)
	case f.dryRun && !f.json:
		r.out = bufio.NewWriter(stdout)
	default:
		return r, nil
	}
	switch form {
	case reportCSV:
		r.table = csv.NewWriter(r.out)
		r.err = r.table.Write([]string{"file", "line", "column", "outcome", "message", "id", "changes"})
	case reportJSON:
		r.write("[")
	}
	return r, nil
}

func (r *report) write(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.out, format, args...)
	}
}

// reported is a row in a report in JSON.
type reported struct {
	File    string              `json:"file"`
	Line    int                 `json:"line,omitempty"`
	Column  string              `json:"column,omitempty"`
	Outcome string              `json:"outcome"`
	Message string              `json:"message,omitempty"`
	ID      string              `json:"id,omitempty"`
	Changes []loader.Difference `json:"changes,omitempty"`
}

func (r *report) row(result loader.Result) {
	if r.out == nil || r.err != nil {
		return
	}
	row := reported{
		File: filepath.Base(result.Item.File), Line: result.Item.Line, Column: result.Item.Column, Outcome: string(result.Outcome),
		Message: result.Message, ID: string(result.Node), Changes: result.Differences,
	}
	switch r.form {
	case reportCSV:
		r.err = r.table.Write(row.cells())
	case reportJSON:
		r.json(row)
	default:
		r.text(row)
	}
	r.count++
}

// cells gives the row as a table has it, safe for spreadsheets.
func (x reported) cells() []string {
	changes := make([]string, len(x.Changes))
	for i, d := range x.Changes {
		changes[i] = d.String()
	}
	line := ""
	if x.Line > 0 {
		line = strconv.Itoa(x.Line)
	}
	return []string{
		template.Guard(x.File), line, template.Guard(x.Column), x.Outcome, template.Guard(x.Message), x.ID,
		template.Guard(strings.Join(changes, "; ")),
	}
}

func (r *report) json(x reported) {
	body, err := json.Marshal(x)
	if err != nil {
		r.err = err
		return
	}
	separator := ",\n"
	if r.count == 0 {
		separator = "\n"
	}
	r.write("%s%s", separator, body)
}

// text writes the row as people read it: where it stands, what becomes of it,
// and below that what changes.
func (r *report) text(x reported) {
	at := x.File
	if x.Line > 0 {
		at += ":" + strconv.Itoa(x.Line)
	}
	if x.Column != "" {
		x.Message = x.Column + ": " + x.Message
	}
	r.write("%s\n", strings.TrimRight(fmt.Sprintf("%-28s  %-9s  %-28s  %s", visible(at), x.Outcome, x.ID, visible(x.Message)), " "))
	for _, d := range x.Changes {
		r.write("%42s%s\n", "", visible(d.String()))
	}
}

// visible shows characters that would steer a terminal.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return '�'
		}
		return c
	}, s)
}

// flush writes out what is pending.
func (r *report) flush() error {
	if r.out == nil {
		return nil
	}
	if r.table != nil {
		r.table.Flush()
		r.err = errors.Join(r.err, r.table.Error())
	}
	return errors.Join(r.err, r.out.Flush())
}

func (r *report) close() error {
	if r.out == nil {
		return nil
	}
	if r.form == reportJSON {
		r.write("\n]\n")
	}
	err := r.flush()
	if r.file != nil {
		err = errors.Join(err, r.file.Close())
	}
	return err
}
