package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain fails when the program leaves goroutines behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lockedBuffer collects what several goroutines write.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// environment gives settings as the process's environment would.
func environment(settings map[string]string) func(string) string {
	return func(name string) string { return settings[name] }
}

// running is the program at serving.
type running struct {
	t              *testing.T
	url            string
	stdout, stderr lockedBuffer
	// startup is how long it took until the start line stood there.
	startup time.Duration
	client  http.Client
	end     context.CancelFunc
	ended   chan error
}

var startLine = regexp.MustCompile(`(?m)^coopgraph \S+ serves (\S+) at (http://127\.0\.0\.1:[1-9][0-9]*)/explorer/$`)

// serving runs the program with the arguments on a free port, until the test
// ends or stop is called.
func serving(t *testing.T, settings map[string]string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{t: t, end: cancel, ended: make(chan error, 1)}
	r.client = http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       30 * time.Second,
	}
	began := time.Now()
	go func() {
		r.ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), environment(settings), &r.stdout, &r.stderr)
	}()
	t.Cleanup(func() {
		if r.end != nil {
			if err := r.stop(); err != nil {
				t.Errorf("the program ends with %v", err)
			}
		}
		r.client.CloseIdleConnections()
	})
	for r.url == "" {
		select {
		case err := <-r.ended:
			r.end = nil
			t.Fatalf("the program ended before it served: %v\n%s", err, r.stderr.String())
		case <-time.After(5 * time.Millisecond):
		}
		if m := startLine.FindStringSubmatch(r.stdout.String()); m != nil {
			r.url, r.startup = m[2], time.Since(began)
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("no start line: %s%s", r.stdout.String(), r.stderr.String())
		}
	}
	return r
}

// stop ends the program as SIGTERM does, and gives what it ends with.
func (r *running) stop() error {
	r.end()
	r.end = nil
	select {
	case err := <-r.ended:
		return err
	case <-time.After(40 * time.Second):
		r.t.Fatal("the program does not end")
		return nil
	}
}

// exchange is a response with its body read.
type exchange struct {
	*http.Response
	body string
}

// send makes a request with a header as name, value pairs.
func (r *running) send(method, path, body string, header ...string) (exchange, error) {
	request, err := http.NewRequestWithContext(context.Background(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		return exchange{}, err
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			request.Host = header[i+1]
			continue
		}
		request.Header.Set(header[i], header[i+1])
	}
	response, err := r.client.Do(request)
	if err != nil {
		return exchange{}, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return exchange{response, string(content)}, err
}

// do is send for a request that must be answered.
func (r *running) do(method, path, body string, header ...string) exchange {
	r.t.Helper()
	got, err := r.send(method, path, body, header...)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

// ask posts a GraphQL query.
func (r *running) ask(query string, header ...string) exchange {
	r.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(http.MethodPost, "/graphql", string(body), append([]string{"Content-Type", "application/json"}, header...)...)
}

// code is the code of an answer's first error, "" where it has none.
func (e exchange) code(t *testing.T) string {
	t.Helper()
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(e.body), &answer); err != nil {
		t.Fatalf("%d %.300s: %v", e.StatusCode, e.body, err)
	}
	if len(answer.Errors) == 0 {
		return ""
	}
	return answer.Errors[0].Extensions.Code
}

// until waits until ask says yes.
func until(t *testing.T, what string, most time.Duration, ask func() bool) {
	t.Helper()
	for start := time.Now(); !ask(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > most {
			t.Fatalf("%s: not within %v", what, most)
		}
	}
}

// proxy stands between the program and its database, and can fail.
type proxy struct {
	t               *testing.T
	target, address string

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	// silent: what is sent is swallowed. delay: what is sent waits this long.
	silent bool
	delay  time.Duration
	wg     sync.WaitGroup
}

// newProxy gives a proxy to an address, which does not listen yet.
func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, target: target, address: l.Addr().String(), conns: map[net.Conn]bool{}}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

func (p *proxy) start() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.set(func() { p.listener = l })
	p.wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.serve(client) })
		}
	})
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.set(func() { p.conns[client], p.conns[server] = true, true })
	p.wg.Go(func() { p.copy(client, server) })
	p.copy(server, client)
}

func (p *proxy) copy(to, from net.Conn) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		silent, delay := p.silent, p.delay
		p.mu.Unlock()
		if silent {
			continue
		}
		time.Sleep(delay)
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// cut resets every connection.
func (p *proxy) cut() {
	p.set(func() {
		for c := range p.conns {
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = c.Close()
		}
		clear(p.conns)
	})
}

// stop resets every connection and refuses others.
func (p *proxy) stop() {
	p.set(func() {
		if p.listener != nil {
			_ = p.listener.Close()
			p.listener = nil
		}
	})
	p.cut()
	p.wg.Wait()
}
