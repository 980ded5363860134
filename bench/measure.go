package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"coopgraph/graph/transport"
)

// target is a server to be asked, on a loopback address of its own.
type target struct {
	url    string
	client *http.Client
	server *http.Server
	failed chan error
}

func listen(ctx context.Context, handler http.Handler, settings transport.Settings) (*target, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &target{
		url: "http://" + l.Addr().String(), server: transport.NewServer(handler, settings), failed: make(chan error, 1),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	go func() { t.failed <- t.server.Serve(l) }()
	return t, nil
}

func (t *target) close(ctx context.Context) error {
	t.client.CloseIdleConnections()
	err := t.server.Shutdown(ctx)
	if failed := <-t.failed; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}

// errAnswer: a server answered with an error.
var errAnswer = errors.New("an answer is an error")

// post sends a body and gives the answer. It fails with errAnswer where that
// is an error.
func (t *target) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors":`)) {
		return nil, fmt.Errorf("%w: %s: %d %.300s", errAnswer, path, resp.StatusCode, answer)
	}
	return answer, nil
}

// job is one kind of request, ready to be sent again and again.
type job struct {
	target *target
	path   string
	bodies [][]byte
}

func newJob[T any](t *target, path string, bodies []T) (job, error) {
	j := job{target: t, path: path}
	for _, b := range bodies {
		body, err := json.Marshal(b)
		if err != nil {
			return j, err
		}
		j.bodies = append(j.bodies, body)
	}
	return j, nil
}

// series is what a number of requests took.
type series struct {
	// next is the number of requests begun.
	next      atomic.Int64
	latencies []time.Duration
	elapsed   time.Duration
	cpu       time.Duration
	bytes     int64
	// failed is the number of answers that were errors; the last one is kept.
	failed int
	last   error
}

// most bounds the time of sending each body once.
const most = 20 * time.Second

// add sends requests from several clients at once for a time, and goes on
// until the series holds each body once, if that does not take too long.
func (s *series) add(ctx context.Context, d *database, j job, clients int, lasting time.Duration) error {
	before, err := d.cpu(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		size    atomic.Int64
		mu      sync.Mutex
		running sync.WaitGroup
	)
	start := time.Now()
	for range clients {
		running.Go(func() {
			var own []time.Duration
			failed, last := 0, error(nil)
			for ctx.Err() == nil {
				i := int(s.next.Add(1) - 1)
				asked := time.Now()
				if i >= len(j.bodies) && asked.Sub(start) >= lasting || asked.Sub(start) >= most {
					break
				}
				answer, err := j.target.post(ctx, j.path, j.bodies[i%len(j.bodies)])
				if errors.Is(err, errAnswer) {
					failed, last = failed+1, err
				} else if err != nil {
					cancel(err)
					break
				}
				own = append(own, time.Since(asked))
				size.Add(int64(len(answer)))
			}
			mu.Lock()
			defer mu.Unlock()
			s.latencies = append(s.latencies, own...)
			if s.failed += failed; failed > 0 {
				s.last = last
			}
		})
	}
	running.Wait()
	s.elapsed += time.Since(start)
	s.bytes += size.Load()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	after, err := d.cpu(ctx)
	s.cpu += after - before
	return err
}

// timing sums a series up. Times are in milliseconds, those of CPU a request.
type timing struct {
	Requests int
	// Failed is the number of requests answered with an error.
	Failed    int
	PerSecond float64
	P50, P95  float64
	// CPU is the processor time of all that takes part: clients, server, store.
	CPU float64
	// Bytes is the mean size of an answer.
	Bytes int64
}

func (s *series) timing() timing {
	n := len(s.latencies)
	if n == 0 {
		return timing{}
	}
	slices.Sort(s.latencies)
	return timing{
		Requests: n, Failed: s.failed, PerSecond: float64(n) / s.elapsed.Seconds(),
		P50: ms(s.latencies[n/2]), P95: ms(s.latencies[n*95/100]), CPU: ms(s.cpu) / float64(n), Bytes: s.bytes / int64(n),
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
