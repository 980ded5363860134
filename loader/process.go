package loader

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// thisProcess names this process among all of all machines, in a form that a
// lease keeps: the machine since it was started, the process, and when that
// began; "" where the machine does not tell itself from others.
func thisProcess() string {
	here := machine()
	if here == "" {
		return ""
	}
	pid := os.Getpid()
	began, _ := beginning(pid)
	return fmt.Sprintf("%s/%d/%s", here, pid, began)
}

// isDead says whether it is certain that the process which thisProcess named
// has ended: it was one of this machine, and is no more. Of a process of
// another machine nothing is certain.
func isDead(process string) bool {
	parts := strings.Split(process, "/")
	if len(parts) != 3 || parts[0] == "" || parts[0] != machine() {
		return false
	}
	pid, err := strconv.Atoi(parts[1])
	if err != nil || pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	if err := p.Signal(syscall.Signal(0)); errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH) {
		return true
	}
	// The number may be another process's by now.
	began, ended := beginning(pid)
	return ended || began != "" && parts[2] != "" && began != parts[2]
}

// machine is a name of this machine, since it was started, and of the space in
// which its processes are numbered; "" where the system does not tell.
func machine() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	space, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(string(bytes.TrimSpace(boot)) + "/" + space))
	return fmt.Sprintf("%x", sum[:8])
}

// beginning is when a process began, in the system's count, "" where the system
// does not tell; ended says that it has ended and only waits for its parent.
// See proc_pid_stat(5).
func beginning(pid int) (began string, ended bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	// The second field is the program's name in brackets and may hold blanks.
	_, rest, _ := strings.Cut(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " ")
	fields := strings.Fields(rest)
	const state, start = 0, 19
	if len(fields) <= start {
		return "", false
	}
	return fields[start], fields[state] == "Z" || fields[state] == "X"
}
