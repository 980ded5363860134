package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"coopgraph/loader"
)

const (
	// logEvery is how often a load says in the log how far it is.
	logEvery = 5 * time.Second
	// barWidth is the greatest width of the bar with its texts, in characters.
	barWidth = 100
)

// progress shows how far a load is: a bar with its rate and the time left on a
// terminal, else a log line every few seconds.
type progress struct {
	logger *slog.Logger
	file   string
	begun  time.Time
	said   time.Time
	// bars and bar are nil where there is no terminal.
	bars *mpb.Progress
	bar  *mpb.Bar
	rows atomic.Int64
}

func newProgress(stderr io.Writer, logger *slog.Logger, file string) *progress {
	p := &progress{logger: logger, file: file, begun: time.Now(), said: time.Now()}
	if isTerminal(stderr) {
		p.bars = newBars(stderr, mpb.WithAutoRefresh())
	}
	return p
}

// newBars draws on a terminal.
func newBars(terminal io.Writer, refresh mpb.ContainerOption) *mpb.Progress {
	return mpb.New(mpb.WithOutput(terminal), mpb.WithWidth(barWidth), refresh)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// rate is the number of rows a second so far.
func (p *progress) rate() int {
	return int(float64(p.rows.Load()) / max(time.Since(p.begun).Seconds(), 0.001))
}

func (p *progress) show(at loader.Progress) {
	p.rows.Store(at.Read)
	if p.bars != nil {
		p.draw(at)
		return
	}
	if time.Since(p.said) < logEvery {
		return
	}
	p.said = time.Now()
	share := min(float64(at.Bytes)/float64(max(at.Size, 1)), 1)
	p.logger.Info("loading", "file", p.file, "percent", int(100*share), "rows", at.Read, "rowsPerSecond", p.rate(), "rejected", at.Rejected)
}

func (p *progress) draw(at loader.Progress) {
	if p.bar == nil {
		p.bar = p.bars.New(
			max(at.Size, 1), mpb.BarStyle(), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(p.file+" "), decor.Percentage()),
			mpb.AppendDecorators(
				decor.Any(func(decor.Statistics) string {
					return fmt.Sprintf("%d rows, %d a second, ", p.rows.Load(), p.rate())
				}),
				decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left"),
			),
		)
	}
	// The bar is complete when end says so: the last bytes may hold many rows.
	p.bar.SetCurrent(min(at.Bytes, max(at.Size, 1)-1))
}

// end takes the bar away.
func (p *progress) end() {
	if p.bars == nil {
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	p.bars.Wait()
}
