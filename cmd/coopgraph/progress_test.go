package main

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"

	"coopgraph/loader"
)

func halfway() loader.Progress {
	return loader.Progress{Summary: loader.Summary{Read: 500, Rejected: 3}, Bytes: 50, Size: 100}
}

// Elsewhere than on a terminal a load says in the log how far it is, every few
// seconds and not more often.
func TestLoadsLogHowFarTheyAre(t *testing.T) {
	var log bytes.Buffer
	p := newProgress(io.Discard, slog.New(slog.NewTextHandler(&log, nil)), "list.csv")
	p.said = time.Now().Add(-logEvery)
	p.show(halfway())
	p.said = time.Now().Add(time.Hour)
	p.show(halfway())
	p.end()
	line := log.String()
	for _, want := range []string{"msg=loading", "file=list.csv", "percent=50", "rows=500", "rowsPerSecond=", "rejected=3"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %q in %q", want, line)
		}
	}
	if strings.Count(line, "\n") != 1 {
		t.Errorf("want one line: %q", line)
	}
}

// On a terminal a load draws a bar with its rate and the time left.
func TestLoadsDrawABar(t *testing.T) {
	var terminal bytes.Buffer
	refresh := make(chan any)
	p := newProgress(io.Discard, slog.New(slog.DiscardHandler), "list.csv")
	p.bars = newBars(&terminal, mpb.WithManualRefresh(refresh))
	p.show(halfway())
	// The second is taken once the first has been drawn.
	for range 2 {
		refresh <- time.Now()
	}
	p.end()
	for _, want := range []string{"list.csv ", "50", "500 rows, ", " a second, ", " left"} {
		if !strings.Contains(terminal.String(), want) {
			t.Errorf("no %q in %q", want, terminal.String())
		}
	}
}
