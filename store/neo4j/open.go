package neo4j

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"coopgraph/store"
)

// The bounds of SAFETY.md on how long a call can take: an answer within 10.5 s
// leaves a second for letting go of a connection that does not answer.
const (
	callTime        = 9500 * time.Millisecond
	transactionTime = 8 * time.Second
	acquisitionTime = 5 * time.Second
	retryTime       = 5 * time.Second
	connectTime     = 3 * time.Second
)

// Config says which database to open.
type Config struct {
	// URI is bolt://host:port, neo4j://host:port (routing), or either with +s
	// (encrypted) or +ssc (encrypted, any certificate).
	URI string
	// User and Password, or Token, or neither where the server asks for none.
	User, Password, Token string
	// Database is the database's name; empty for the user's home database.
	Database string
	// Observe, when given, is called with each statement before it is run.
	Observe func(ctx context.Context, statement string)
}

// Store is a graph in a Neo4j database. It implements store.Store.
type Store struct {
	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager
	database  string
	observe   func(context.Context, string)
	cat       *catalog
	breaker   breaker
	gate      gate

	// migrated says that the database's schema was brought up to date since
	// Open; attempt is the present try to do so, kept by migrating. It runs
	// until background ends.
	migrated   atomic.Bool
	migrating  sync.Mutex
	attempt    *attempt
	background context.Context
	end        context.CancelFunc
	running    sync.WaitGroup
	// writing is held during Apply: the database takes one writer at a time.
	writing chan struct{}
	closing sync.Once
}

var _ store.Store = (*Store)(nil)

// Open gives a store on the database that c names. It fails where c or the
// schema cannot be right (ErrInvalid), but not where the database cannot be
// reached: then every method fails with ErrUnavailable until it can. The
// first call that reaches the database brings its schema up to date.
func Open(ctx context.Context, c Config, schema store.Schema) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cat, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	driver, err := neo4j.NewDriverWithContext(c.URI, c.auth(), configure)
	if err != nil {
		// The driver's text may repeat the address with what it contains.
		return nil, fmt.Errorf("%w: the Neo4j address cannot be used", store.ErrInvalid)
	}
	observe := c.Observe
	if observe == nil {
		observe = func(context.Context, string) {}
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	return &Store{
		driver: driver, bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{}),
		database: c.Database, observe: observe, cat: cat, gate: newGate(),
		background: background, end: cancel, writing: make(chan struct{}, 1),
	}, nil
}

var schemes = []string{"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"}

func (c Config) check() error {
	u, err := url.Parse(c.URI)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("%w: the Neo4j address is not a URI", store.ErrInvalid)
	case !slices.Contains(schemes, u.Scheme):
		return fmt.Errorf("%w: scheme %q is none of %v", store.ErrInvalid, u.Scheme, schemes)
	case u.User != nil:
		return fmt.Errorf("%w: the Neo4j address must not hold credentials", store.ErrInvalid)
	case c.Token != "" && c.User != "":
		return fmt.Errorf("%w: both a user and a token are given for Neo4j", store.ErrInvalid)
	}
	return nil
}

func (c Config) auth() neo4j.AuthToken {
	switch {
	case c.Token != "":
		return neo4j.BearerAuth(c.Token)
	case c.User != "":
		return neo4j.BasicAuth(c.User, c.Password, "")
	}
	return neo4j.NoAuth()
}

func configure(c *config.Config) {
	c.MaxTransactionRetryTime = retryTime
	c.ConnectionAcquisitionTimeout = acquisitionTime
	c.SocketConnectTimeout = connectTime
	c.TelemetryDisabled = true
	c.NotificationsMinSeverity = notifications.DisabledLevel
	c.UserAgent = "coopgraph"
}

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.read(ctx, "ping", "RETURN 1", nil)
	return err
}

// Close implements store.Store.
func (s *Store) Close(ctx context.Context) error {
	var err error
	s.closing.Do(func() {
		s.breaker.close()
		s.migrating.Lock()
		s.end()
		s.migrating.Unlock()
		s.running.Wait()
		err = s.driver.Close(ctx)
	})
	if err != nil {
		return translate(ctx, "close", err)
	}
	return nil
}

const infoCypher = `
CALL dbms.components() YIELD name, versions, edition
RETURN name, versions[0], edition
LIMIT 1`

const offlineCypher = `
SHOW INDEXES YIELD name, state
WHERE state <> 'ONLINE'
RETURN name, state
ORDER BY name`

// staleCypher finds a thing whose tokens another analysis made.
const staleCypher = `
MATCH (n:Thing)
WHERE NOT n._text STARTS WITH $made
RETURN n.id
LIMIT 1`

// Info implements store.Store.
func (s *Store) Info(ctx context.Context) (store.Info, error) {
	rows, err := s.read(ctx, "info", infoCypher, nil)
	if err != nil {
		return store.Info{}, err
	}
	if len(rows) != 1 {
		return store.Info{}, unexpected("info", rows)
	}
	info := store.Info{Engine: fmt.Sprintf("Neo4j %v %v", rows[0][1], rows[0][2])}
	m, err := s.mark(ctx)
	if err != nil {
		return store.Info{}, err
	}
	info.Migration = m.number
	stale, err := s.read(ctx, "info", staleCypher, params{"made": s.cat.madeBy()})
	if err != nil {
		return store.Info{}, err
	}
	if len(stale) > 0 {
		info.Problems = append(info.Problems, "things are indexed by an earlier analysis of text: load them again")
	}
	rows, err = s.read(ctx, "info", offlineCypher, nil)
	if err != nil {
		return store.Info{}, err
	}
	for _, r := range rows {
		info.Problems = append(info.Problems, fmt.Sprintf("index %v is %v", r[0], r[1]))
	}
	return info, nil
}

var errClosed = errors.New("the store is closed")
