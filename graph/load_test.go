package graph_test

import (
	"io"
	"net/http"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"coopgraph/graph/transport"
	"coopgraph/ontology"
)

// clients is how many ask at once.
const clients = 200

// heap is how many bytes living and not yet collected objects take.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// outcomes counts answers by their status.
type outcomes struct {
	answered, turnedAway, late atomic.Int64
}

// crowd sends one request each from as many clients at once.
func (o *outcomes) crowd(t *testing.T, c client, queries []string) *sync.WaitGroup {
	wait := &sync.WaitGroup{}
	patient := http.Client{Timeout: 2 * time.Minute}
	for i := range clients {
		wait.Go(func() {
			resp, err := patient.Post(c.url+"/graphql", "application/json", strings.NewReader(`{"query":`+queries[i%len(queries)]+`}`))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				t.Error(err)
			}
			switch resp.StatusCode {
			case http.StatusOK:
				o.answered.Add(1)
			case http.StatusServiceUnavailable:
				o.turnedAway.Add(1)
				if resp.Header.Get("Retry-After") == "" {
					t.Error("turned away without being told when to come back")
				}
			case http.StatusGatewayTimeout:
				o.late.Add(1)
			default:
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	}
	return wait
}

// healthy asks whether the server is, and gives how long it took.
func healthy(t *testing.T, c client) time.Duration {
	t.Helper()
	began := time.Now()
	resp, err := http.Get(c.url + "/healthz")
	if err != nil {
		t.Errorf("/healthz: %v", err)
		return 0
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("/healthz: %d", resp.StatusCode)
	}
	return time.Since(began)
}

// While every slot is taken by requests that wait for the store, the others are
// turned away at once, and the server says that it is healthy; then those in
// the slots are answered.
func TestAFullServerTurnsAwayAndStaysHealthy(t *testing.T) {
	s := &watched{Store: newSQLite(t)}
	c := serve(t, s)
	settings := transport.Defaults()
	held := make(chan struct{})
	s.held.Store(&held)
	before := s.reads.Load()
	var o outcomes
	wait := o.crowd(t, c, []string{`"{partners{totalCount}}"`})
	deadline := time.Now().Add(time.Minute)
	for o.turnedAway.Load() < int64(clients-settings.InFlight) && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if n := o.turnedAway.Load(); n != int64(clients-settings.InFlight) {
		t.Errorf("%d of %d clients were turned away", n, clients)
	}
	t.Logf("/healthz took %v; the aim is 100 ms", healthy(t, c))
	if n := s.reads.Load() - before; n > int64(settings.Executing) {
		t.Errorf("%d requests ask the store at once", n)
	}
	close(held)
	wait.Wait()
	if n := o.answered.Load(); n != int64(settings.InFlight) {
		t.Errorf("%d requests were answered", n)
	}
	var data any
	c.ask("{partners{totalCount}}", nil, &data)
}

// Requests of the greatest cost that is allowed, from many clients at once: each is
// answered or turned away in time, and memory stays bounded.
func TestCostlyRequestsAreBounded(t *testing.T) {
	const most = 300 << 20
	c := serveWith(t, seeded(t, newSQLite(t)), transport.Defaults())
	queries := []string{
		`"{organisations(first:100){nodes{facts(first:24){nodes{id sources{quote}}}}}}"`,
		`"{places(first:100){edges{node{name names{value} facts(first:30){nodes{id subject{id} object{id}}}}}}}"`,
		`"{contacts(about:\"hydrogen in North Rhine-Westphalia\",first:100){edges{reasons{text facts{id}} node{id name}}}}"`,
		`"{network(around:\"` + seedID(ontology.Organisation, "secretariat-general") + `\",depth:3,limit:500){nodes{id name} facts{id subject{id} object{id}}}}"`,
	}
	var o outcomes
	var peak, slowest uint64
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				peak, slowest = max(peak, heap()), max(slowest, uint64(healthy(t, c)))
			}
		}
	})
	o.crowd(t, c, queries).Wait()
	close(stop)
	watch.Wait()
	t.Logf("%d answered, %d turned away, %d late; heap at most %d MB; /healthz at most %v",
		o.answered.Load(), o.turnedAway.Load(), o.late.Load(), peak>>20, time.Duration(slowest))
	if peak > most {
		t.Errorf("the heap grew to %d MB", peak>>20)
	}
	var data any
	c.ask("{partners{totalCount}}", nil, &data)
}
