package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// requestResult is what requests of one kind took.
type requestResult struct {
	Store    string
	Nodes    int
	Question string
	timing
	// Goal is the median aimed at, in milliseconds; 0 for none.
	Goal float64
	// Statements is the number run for a request; only Neo4j tells.
	Statements float64
	// Bare is the same job by hand, and RatioGoal the multiple of its cost
	// that is aimed at; only on Neo4j.
	Bare      *timing
	RatioGoal float64
}

// ratios are the cost as a multiple of the bare driver's: of CPU, of the median.
func (r requestResult) ratios() (cpu, median float64) {
	return r.CPU / r.Bare.CPU, r.P50 / r.Bare.P50
}

// report is all that was measured.
type report struct {
	Loads    []loadResult
	Requests []requestResult
	// Bulk is how fast Neo4j is written, Calls what the loader asked of it.
	Bulk  []bulkResult
	Calls []callResult
}

func (r *report) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// table prints plain tables: a row for each load and for each kind of request.
func (r *report) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if len(r.Loads) > 0 {
		fmt.Fprintln(t, "store\tnodes\tfacts\tload s\trows/s\tchanges\tchanges/s\tCPU s\tpeak RSS MiB\tpeak heap MiB\t")
		for _, l := range r.Loads {
			fmt.Fprintf(t, "%s\t%d\t%d\t%.1f\t%.0f\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t\n", l.Store, l.Nodes, l.Facts, l.Seconds, l.RowsPerSecond, l.Changes, l.ChangesPerSecond, l.CPU, l.ResidentPeak, l.HeapPeak)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if len(r.Bulk) > 0 {
		return r.bulkTable(t)
	}
	fmt.Fprintln(t, "store\tnodes\tquestion\trequests\tfailed\treq/s\tp50 ms\tp95 ms\tgoal p50\tCPU ms\tbytes\tstatements\tbare p50\tbare CPU\tCPU ratio\tp50 ratio\tgoal ratio\t")
	for _, q := range r.Requests {
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%d\t%.0f\t%.2f\t%.2f\t%s\t%.2f\t%d\t", q.Store, q.Nodes, q.Question, q.Requests, q.Failed, q.PerSecond, q.P50, q.P95, goal(q.Goal), q.CPU, q.Bytes)
		if q.Bare == nil {
			fmt.Fprint(t, "\t\t\t\t\t\t\n")
			continue
		}
		cpu, median := q.ratios()
		fmt.Fprintf(t, "%.1f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t\n", q.Statements, q.Bare.P50, q.Bare.CPU, cpu, median, goal(q.RatioGoal))
	}
	return t.Flush()
}

// bulkTable prints a row for each way of writing, compared with the bare
// driver's ways, and one for each question that the loader asked.
func (r *report) bulkTable(t *tabwriter.Writer) error {
	fmt.Fprintf(t, "way\trows\tnodes\tedges\ts\trows/s\tclient CPU s\tserver CPU s\tstatements/batch\tof CREATE\tof MERGE\tCPU of CREATE\tCPU of MERGE\tgoal\t\n")
	for _, b := range r.Bulk {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.1f\t%.0f\t%.1f\t%.1f\t%.1f\t", b.Way, b.Rows, b.Nodes, b.Edges, b.Seconds, b.RowsPerSecond, b.Client, b.Server, b.Statements)
		create, merge := r.bare(b.Rows)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", share(b.RowsPerSecond, create.RowsPerSecond), share(b.RowsPerSecond, merge.RowsPerSecond),
			share(create.cpu(), b.cpu()), share(merge.cpu(), b.cpu()), goal(bulkGoal))
	}
	if len(r.Calls) == 0 {
		return t.Flush()
	}
	fmt.Fprintln(t)
	fmt.Fprintln(t, "call\ta batch\tms\tms a batch\t")
	for _, c := range r.Calls {
		fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%.1f\t\n", c.Call, c.Times, c.Milliseconds, c.Times*c.Milliseconds)
	}
	return t.Flush()
}

// share is x as a part of y, "" where either was not measured.
func share(x, y float64) string {
	if x == 0 || y == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", x/y)
}

// bare gives the bare driver's two ways of writing so many rows.
func (r *report) bare(rows int64) (create, merge bulkResult) {
	for _, b := range r.Bulk {
		switch {
		case b.Rows != rows:
		case b.Way == bareCreate:
			create = b
		case b.Way == bareMerge:
			merge = b
		}
	}
	return create, merge
}

func goal(x float64) string {
	if x == 0 {
		return ""
	}
	return fmt.Sprint(x)
}
