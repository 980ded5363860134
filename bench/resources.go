package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/bench/scratch"
)

// ownCPU is the processor time that the process has used.
func ownCPU() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// serverCPUCypher asks Neo4j's own virtual machine.
const serverCPUCypher = `
CALL dbms.queryJmx('java.lang:type=OperatingSystem') YIELD attributes
RETURN attributes.ProcessCpuTime.value`

// cpu is the processor time used so far: the process's, which holds the
// clients, the GraphQL server and SQLite, and that of Neo4j.
func (d *database) cpu(ctx context.Context) (time.Duration, error) {
	own, err := ownCPU()
	if err != nil || d.bare == nil {
		return own, err
	}
	rows, err := scratch.Run(ctx, d.bare, driver.AccessModeRead, serverCPUCypher, nil)
	if err != nil {
		return 0, err
	}
	if len(rows) == 1 {
		if ns, ok := rows[0][0].(int64); ok {
			return own + time.Duration(ns), nil
		}
	}
	return 0, errors.New("this Neo4j does not tell its processor time")
}

// memory is what the process holds, in bytes.
type memory struct {
	// Resident is the resident set but for mapped files, which the system can
	// take back; 0 where the system does not tell.
	Resident int64
	// Heap is what the Go heap took from the system.
	Heap int64
}

// watch adds what the process holds at this moment to the peak.
func (m *memory) watch() {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	m.Resident = max(m.Resident, resident("/proc/self/status"))
	m.Heap = max(m.Heap, int64(stats.HeapSys-stats.HeapReleased))
}

func resident(file string) int64 {
	status, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		rest, ok := bytes.CutPrefix(line, []byte("RssAnon:"))
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte("kB")))), 10, 64)
		if err == nil {
			return kib << 10
		}
	}
	return 0
}
