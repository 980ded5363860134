package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/pressly/goose/v3"

	"coopgraph/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a file as Coopgraph's: "Coop" in the header's bytes 68
// to 71 (https://www.sqlite.org/fileformat2.html#the_database_header).
const applicationID = 0x436f6f70

// migrate makes the file where there is none, checks that it is Coopgraph's
// and not a newer program's, applies the migrations that are missing and gives
// the number of the newest.
func migrate(ctx context.Context, path, dsn string) (version int, err error) {
	if err := checkHeader(path); err != nil {
		return 0, err
	}
	if err := checkVersionTable(ctx, dsn); err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return 0, err
	}
	db.SetMaxOpenConns(1)
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, errors.Join(err, db.Close())
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, errors.Join(err, db.Close())
	}
	defer func() { err = errors.Join(err, provider.Close()) }()
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, err
	}
	if current > target {
		return 0, fmt.Errorf("%w: it has migration %d, the program knows %d", store.ErrNewer, current, target)
	}
	if current < target {
		if _, err := provider.Up(ctx); err != nil {
			return 0, err
		}
	}
	return int(target), nil
}

const (
	selectVersionTable = `
SELECT count(*)
FROM sqlite_schema
WHERE name = 'goose_db_version'`

	selectVersion = `
SELECT max(version_id)
FROM goose_db_version`
)

// checkVersionTable reads what goose will read: goose takes a table that it
// cannot read for one that is absent, and hides that the file is damaged.
func checkVersionTable(ctx context.Context, dsn string) (err error) {
	c, err := dial(dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	present, err := c.value(ctx, selectVersionTable)
	if err == nil && integer(present) > 0 {
		_, err = c.value(ctx, selectVersion)
	}
	return err
}

// checkHeader marks an absent or empty file as Coopgraph's and refuses a file
// of another make before SQLite can change it. The mark is written before the
// file has a log, so it is always in the file itself.
func checkHeader(path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var header [100]byte
	switch n, err := io.ReadFull(f, header[:]); {
	case n == 0 && errors.Is(err, io.EOF):
		return mark(path)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: the file is %d bytes long", store.ErrCorrupt, n)
	case err != nil:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	if !strings.HasPrefix(string(header[:]), "SQLite format 3\x00") {
		return fmt.Errorf("%w: the file is not an SQLite database", store.ErrCorrupt)
	}
	if id := binary.BigEndian.Uint32(header[68:]); id != applicationID {
		return fmt.Errorf("%w: the file is another program's database", store.ErrCorrupt)
	}
	return nil
}

func mark(path string) error {
	c, err := dial(fileURL(path))
	if err != nil {
		return err
	}
	err = c.exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	return errors.Join(err, c.close())
}
