package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"coopgraph/loader"
)

const (
	// logEvery is how often a load says in the log how far it is.
	logEvery = 5 * time.Second
	// barWidth is the width of a full bar, in characters.
	barWidth = 40
)

// progress shows how far a load is: a bar with its rate and the time left on a
// terminal, else a log line every few seconds.
type progress struct {
	terminal io.Writer
	logger   *slog.Logger
	file     string
	begun    time.Time
	said     time.Time
}

func newProgress(stderr io.Writer, logger *slog.Logger, file string) *progress {
	p := &progress{logger: logger, file: file, begun: time.Now(), said: time.Now()}
	if f, ok := stderr.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.terminal = f
		}
	}
	return p
}

func (p *progress) show(at loader.Progress) {
	share := min(float64(at.Bytes)/float64(max(at.Size, 1)), 1)
	spent := time.Since(p.begun)
	rate := float64(at.Read) / max(spent.Seconds(), 0.001)
	if p.terminal != nil {
		full := int(share * barWidth)
		left := time.Duration(float64(spent) * (1 - share) / max(share, 0.001)).Round(time.Second)
		fmt.Fprintf(p.terminal, "\r\x1b[K%s [%s%s] %3.0f %%  %d rows, %.0f a second, %s left",
			p.file, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), 100*share, at.Read, rate, left)
		return
	}
	if time.Since(p.said) < logEvery {
		return
	}
	p.said = time.Now()
	p.logger.Info("loading", "file", p.file, "percent", int(100*share), "rows", at.Read, "rowsPerSecond", int(rate), "rejected", at.Rejected)
}

// end takes the bar away.
func (p *progress) end() {
	if p.terminal != nil {
		fmt.Fprint(p.terminal, "\r\x1b[K")
	}
}
