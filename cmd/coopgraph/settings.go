package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/sqlite"
)

// setting declares a setting once: its flag, its variable, its default and
// what it does. Secrets have no flag, since command lines are public.
type setting struct {
	flag, variable, value, help string
}

var (
	storeSetting = setting{
		"store", "COOPGRAPH_STORE", "sqlite:coopgraph.db",
		"where the graph is: sqlite:FILE, or bolt://, neo4j://, bolt+s:// or neo4j+s://HOST of a Neo4j",
	}
	databaseSetting = setting{"neo4j-database", "COOPGRAPH_NEO4J_DATABASE", "", "the Neo4j database; empty for the user's own"}
	userSetting     = setting{"neo4j-user", "COOPGRAPH_NEO4J_USER", "", "the Neo4j user"}
	listenSetting   = setting{"listen", "COOPGRAPH_LISTEN", "127.0.0.1:8080", "the loopback address to serve on; port 0 takes a free one"}
	originsSetting  = setting{"origins", "COOPGRAPH_ORIGINS", "", "origins, parted by commas, whose pages may call the server (CORS)"}
	localSetting    = setting{
		"token-file", "COOPGRAPH_TOKEN_FILE", "",
		"where serve writes an editor's token for this machine; empty for beside the data, none for nowhere",
	}
	logSetting = setting{"log", "COOPGRAPH_LOG", "text", "the form of log lines: text or json"}

	passwordSetting = setting{"", "COOPGRAPH_NEO4J_PASSWORD", "", "the Neo4j password; or COOPGRAPH_NEO4J_PASSWORD_FILE, a file that holds it"}
	tokenSetting    = setting{"", "COOPGRAPH_NEO4J_TOKEN", "", "a Neo4j bearer token; or COOPGRAPH_NEO4J_TOKEN_FILE, a file that holds it"}
)

// add declares the setting as a flag, whose default is the variable's value.
func (p *program) add(flags *pflag.FlagSet, s setting) *string {
	value := s.value
	if v := p.getenv(s.variable); v != "" {
		value = v
	}
	return flags.String(s.flag, value, fmt.Sprintf("%s (%s)", s.help, s.variable))
}

// secret reads a setting that has no flag, from its variable or from the file
// that its variable with _FILE names.
func (p *program) secret(s setting) (string, error) {
	if v := p.getenv(s.variable); v != "" {
		return v, nil
	}
	name := p.getenv(s.variable + "_FILE")
	if name == "" {
		return "", nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", s.variable, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// storeFlags are the settings that name a store.
type storeFlags struct {
	program                 *program
	address, user, database *string
}

func (p *program) storeFlags(flags *pflag.FlagSet) *storeFlags {
	return &storeFlags{p, p.add(flags, storeSetting), p.add(flags, userSetting), p.add(flags, databaseSetting)}
}

// String names the store without secrets.
func (f *storeFlags) String() string {
	u, err := url.Parse(*f.address)
	if err != nil || u.User == nil {
		return *f.address
	}
	u.User = nil
	return u.String()
}

// open opens the store that the settings name. One on Neo4j is opened though
// the database may not answer yet. The options are those of SQLite.
func (f *storeFlags) open(ctx context.Context, opts ...sqlite.Option) (store.Store, error) {
	if file, ok := strings.CutPrefix(*f.address, "sqlite:"); ok && file != "" {
		return sqlite.Open(ctx, file, ontology.Schema(), opts...)
	}
	u, err := url.Parse(*f.address)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "bolt") && !strings.HasPrefix(u.Scheme, "neo4j") {
		return nil, &codedError{exitUsage, fmt.Errorf("--store %s: write sqlite:FILE or neo4j://HOST", f)}
	}
	if u.User != nil {
		return nil, &codedError{exitUsage, fmt.Errorf("--store %s: give the user and password by %s and %s", f, userSetting.variable, passwordSetting.variable)}
	}
	password, err := f.program.secret(passwordSetting)
	if err != nil {
		return nil, err
	}
	token, err := f.program.secret(tokenSetting)
	if err != nil {
		return nil, err
	}
	s, err := neo4j.Open(ctx, neo4j.Config{
		URI: *f.address, User: *f.user, Password: password, Token: token, Database: *f.database,
	}, ontology.Schema())
	if errors.Is(err, store.ErrInvalid) {
		return nil, &codedError{exitUsage, fmt.Errorf("--store %s: %w", f, err)}
	}
	return s, err
}

// logger writes log lines in the form asked for.
func (p *program) logger(form string) (*slog.Logger, error) {
	switch form {
	case "text":
		return slog.New(slog.NewTextHandler(p.stderr, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(p.stderr, nil)), nil
	}
	return nil, &codedError{exitUsage, fmt.Errorf("--log %s: write text or json", form)}
}
