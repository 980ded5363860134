package transport

import (
	"log/slog"
	"net/http"
)

// NewServer returns a server with the timeouts and the header limit of the settings.
// The caller listens and serves.
func NewServer(handler http.Handler, s Settings) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: s.ReadHeader,
		ReadTimeout:       s.Read,
		WriteTimeout:      s.Write,
		IdleTimeout:       s.Idle,
		MaxHeaderBytes:    s.Header,
		ErrorLog:          slog.NewLogLogger(s.log().Handler(), slog.LevelWarn),
	}
}
