package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"coopgraph/access"
)

const (
	// localTokenName is what the token is named in the list of tokens.
	localTokenName = "local editor"
	// renewBefore is how long before its end the token is followed by another,
	// so that whoever has read the file has time to read it again.
	renewBefore = 7 * 24 * time.Hour
	// renewCheck is how often a running server looks.
	renewCheck = time.Hour
	// maxTokenFile is the most bytes of a file that may hold a token.
	maxTokenFile = 1 << 10
)

// localToken keeps an editor's token in a file that only the user can read:
// for their own programs on the machine of a server that only this machine
// can reach.
type localToken struct {
	registry *access.Registry
	path     string
	now      func() time.Time
}

// ensure makes sure that the file holds a token that is valid for a while and
// that nobody else could read.
func (l *localToken) ensure(ctx context.Context) error {
	text, private, err := l.read()
	if err != nil {
		return err
	}
	held, until, err := l.registry.Check(ctx, text)
	switch {
	case errors.Is(err, access.ErrBadToken):
		return l.replace(ctx)
	case err != nil:
		return err
	case private && held.Role == access.Editor && until.Sub(l.now()) > renewBefore:
		return nil
	}
	if err := l.replace(ctx); err != nil || private {
		return err // the old one ends by itself
	}
	_, err = l.registry.Revoke(ctx, held.ID)
	return err
}

// read gives what the file holds, "" where there is none, and whether only its
// owner could read it. What is no token is left alone.
func (l *localToken) read() (text string, private bool, err error) {
	info, err := os.Lstat(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", true, nil
	case err != nil:
		return "", false, err
	case !info.Mode().IsRegular() || info.Size() > maxTokenFile:
		return "", false, fmt.Errorf("%s is there and holds no token", l.path)
	}
	b, err := os.ReadFile(l.path)
	if err != nil {
		return "", false, err
	}
	text = strings.TrimSpace(string(b))
	if text != "" && !access.IsToken(text) {
		return "", false, fmt.Errorf("%s is there and holds no token", l.path)
	}
	// Windows keeps who may read a file elsewhere.
	return text, info.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows", nil
}

// replace makes a token and puts it into the file.
func (l *localToken) replace(ctx context.Context) error {
	token, text, err := l.registry.Create(ctx, access.Editor, localTokenName, 0)
	if err != nil {
		return err
	}
	if err := l.write(text); err != nil {
		_, revoked := l.registry.Revoke(ctx, token.ID)
		return errors.Join(err, revoked)
	}
	return nil
}

// write puts the text into the file in one step.
func (l *localToken) write(text string) error {
	folder := filepath.Dir(l.path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".editor-token-") // with mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), l.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// tokenPath says where the local token is kept: where the setting says, else
// beside the database's file, else among the user's settings under a name of
// the database. It is "" where there is no place, or none is wanted.
func (f *storeFlags) tokenPath(setting string) string {
	switch setting {
	case "none":
		return ""
	case "":
	default:
		return setting
	}
	if file, ok := strings.CutPrefix(*f.address, "sqlite:"); ok {
		return file + ".editor-token"
	}
	folder := f.program.configFolder()
	if folder == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(f.String() + "\x00" + *f.database))
	return filepath.Join(folder, "coopgraph", "editor-token-"+hex.EncodeToString(sum[:6]))
}

// configFolder is where the user's settings are (XDG Base Directory
// Specification; on Windows the folder for application data).
func (p *program) configFolder() string {
	if folder := p.getenv("XDG_CONFIG_HOME"); filepath.IsAbs(folder) {
		return folder
	}
	if home := p.getenv("HOME"); home != "" {
		return filepath.Join(home, ".config")
	}
	return p.getenv("AppData")
}
