package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/store"
)

// read brings the database's schema up to date if that is still to be done,
// and then answers one statement that only reads. what names the question for
// errors.
func (s *Store) read(ctx context.Context, what, cypher string, p params) ([][]any, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var rows [][]any
	err := s.gate.read(ctx, func() error {
		var err error
		rows, err = s.ask(ctx, what, cypher, p)
		return err
	})
	return rows, err
}

// ask answers one statement that only reads, in an auto-commit transaction,
// which costs a third less than a managed one; passing errors are retried
// here.
func (s *Store) ask(ctx context.Context, what, cypher string, p params) ([][]any, error) {
	var rows [][]any
	err := s.call(ctx, what, func(ctx context.Context) error {
		session := s.session(ctx, neo4j.AccessModeRead)
		defer s.release(session)
		var err error
		rows, err = s.collect(ctx, session, cypher, p)
		return err
	})
	return rows, err
}

// write runs work in one transaction, again if a passing error ended it. The
// work must be such that it does no harm when it is done twice: where the
// connection is lost at the commit, nobody knows whether it was done.
func (s *Store) write(ctx context.Context, what string, work func(context.Context, *transaction) error) error {
	return s.call(ctx, what, func(ctx context.Context) error {
		session := s.session(ctx, neo4j.AccessModeWrite)
		defer s.release(session)
		tx, err := session.BeginTransaction(ctx, neo4j.WithTxTimeout(transactionTime))
		if err != nil {
			return err
		}
		if err := work(ctx, &transaction{s: s, tx: tx}); err != nil {
			// The session's end takes back what was done.
			return err
		}
		return s.gate.commit(ctx, tx.Commit)
	})
}

// alter runs one statement that changes the database's indexes.
func (s *Store) alter(ctx context.Context, cypher string) error {
	return s.call(ctx, "migrate", func(ctx context.Context) error {
		session := s.session(ctx, neo4j.AccessModeWrite)
		defer s.release(session)
		_, err := s.collect(ctx, session, cypher, nil)
		return err
	})
}

// call bounds the time that one call of the database can take, retries it
// after passing errors, and keeps the circuit breaker informed.
func (s *Store) call(ctx context.Context, what string, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.breaker.enter(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	bounded, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	err := persist(bounded, do)
	s.breaker.leave(outcomeOf(ctx, err))
	if err != nil {
		return translate(ctx, what, err)
	}
	return nil
}

// persist repeats do while its error may pass: for retryTime after an answer
// of the database, and a few times after a connection that broke soon, as
// those of the pool do when the server was started again.
func persist(ctx context.Context, do func(context.Context) error) error {
	const broken = 4
	start := time.Now()
	wait := 20 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := do(ctx)
		switch {
		case err == nil:
			return nil
		case again(err) && time.Since(start)+wait < retryTime:
		case neo4j.IsConnectivityError(err) && attempt < broken && time.Since(start) < connectTime:
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
			wait *= 2
		}
	}
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.database, BookmarkManager: s.bookmarks,
	})
}

// release gives the session's connection back. It has its own short time, since
// the call's may be over.
func (s *Store) release(session neo4j.SessionWithContext) {
	ctx, cancel := context.WithTimeout(context.Background(), 250*time.Millisecond)
	defer cancel()
	// What was read or committed stands; a connection that cannot be given
	// back is dropped by the pool.
	_ = session.Close(ctx)
}

func (s *Store) collect(ctx context.Context, session neo4j.SessionWithContext, cypher string, p params) ([][]any, error) {
	s.observe(ctx, cypher)
	result, err := session.Run(ctx, cypher, p, neo4j.WithTxTimeout(transactionTime))
	if err != nil {
		return nil, err
	}
	return drain(ctx, result)
}

func drain(ctx context.Context, result neo4j.ResultWithContext) ([][]any, error) {
	var rows [][]any
	for result.Next(ctx) {
		rows = append(rows, result.Record().Values)
	}
	return rows, result.Err()
}

// transaction runs the statements of one write.
type transaction struct {
	s  *Store
	tx neo4j.ExplicitTransaction
}

func (t *transaction) run(ctx context.Context, cypher string, p params) ([][]any, error) {
	t.s.observe(ctx, cypher)
	result, err := t.tx.Run(ctx, cypher, p)
	if err != nil {
		return nil, err
	}
	return drain(ctx, result)
}

// The codes of https://neo4j.com/docs/status-codes/5/errors/ that the adapter
// tells apart.
const (
	transient  = "Neo.TransientError."
	timedOut   = "Neo.ClientError.Transaction.TransactionTimedOut"
	security   = "Neo.ClientError.Security."
	noDatabase = "Neo.ClientError.Database.DatabaseNotFound"
	notLeader  = "Neo.ClientError.Cluster.NotALeader"
	readOnly   = "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"
	constraint = "Neo.ClientError.Schema.ConstraintValidationFailed"
	syntax     = "Neo.ClientError.Statement.SyntaxError"
)

// again says whether the database's answer may be another when the same is
// asked once more.
func again(err error) bool {
	var answer *neo4j.Neo4jError
	if errors.As(err, &answer) {
		// Two writers of the same ids meet at the constraint: the second one
		// finds the node when it looks again.
		return neo4j.IsRetryable(err) || answer.Code == constraint
	}
	return false
}

// reached says whether the error is an answer of the database.
func reached(err error) bool {
	var answer *neo4j.Neo4jError
	if errors.As(err, &answer) {
		return !unavailable(answer.Code)
	}
	var change *store.ChangeError
	return errors.As(err, &change) || errors.Is(err, store.ErrInvalid) || errors.Is(err, store.ErrCorrupt) ||
		errors.Is(err, store.ErrNewer)
}

func unavailable(code string) bool {
	for _, prefix := range []string{transient, timedOut, security, noDatabase, notLeader, readOnly} {
		if strings.HasPrefix(code, prefix) {
			return true
		}
	}
	return false
}

func outcomeOf(ctx context.Context, err error) outcome {
	var answer *neo4j.Neo4jError
	switch {
	case err == nil, reached(err), errors.As(err, &answer):
		return answered
	case ctx.Err() != nil:
		return undecided
	}
	return silent
}

// translate turns an error of the driver into one of the port's. Neo4j's own
// messages repeat values, so that only its code is kept.
func translate(ctx context.Context, what string, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("%s: %w", what, cause)
	}
	var answer *neo4j.Neo4jError
	if errors.As(err, &answer) {
		switch {
		case unavailable(answer.Code):
			return fmt.Errorf("%s: %w: %s", what, store.ErrUnavailable, answer.Code)
		case answer.Code == constraint:
			return fmt.Errorf("%s: %w: %s", what, store.ErrConflict, answer.Code)
		case answer.Code == syntax:
			return fmt.Errorf("%s: %s: %s", what, answer.Code, answer.Msg)
		}
		return fmt.Errorf("%s: %s", what, answer.Code)
	}
	if reached(err) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, store.ErrUnavailable)
}
