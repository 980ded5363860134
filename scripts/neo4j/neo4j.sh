#!/usr/bin/env bash
# Runs a real Neo4j Community for development and tests, without a container engine.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(sed -n 's|.*<version>\([0-9.]*\.[0-9.]*\)</version>.*|\1|p' "$here/pom.xml" | head -n 1)
jars=${COOPGRAPH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/coopgraph}/neo4j-$version
start_seconds=${NEO4J_START_SECONDS:-180}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

usage() {
	cat <<'USAGE'
usage: neo4j.sh COMMAND

  fetch                    fetch the jars with Maven into the user's cache
  run   [HOME [PORT]]      run in the foreground (default: .cache/neo4j, 7687)
  start HOME [PORT]        run in the background; HOME/uri and HOME/pid say where (default: a free port)
  stop  HOME               stop what start started
  with  COMMAND [ARG]...   run COMMAND with TEST_NEO4J_URI naming a fresh, empty server on a free port
                           that stops with it; the exit code is COMMAND's

Needs a JDK 17 or newer and, to fetch, Maven. Where they are missing, "with" says so and runs COMMAND
without the variable, or fails if REQUIRE_NEO4J=1. A TEST_NEO4J_URI that is already set is left as it is.

Environment: NEO4J_HEAP (2g), NEO4J_PAGECACHE (MiB, 256), NEO4J_JVM_FLAGS, NEO4J_AUTH (none, or
neo4j/PASSWORD), NEO4J_START_SECONDS (180), COOPGRAPH_CACHE, JAVA_HOME.
USAGE
}

say() { printf 'neo4j: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# missing prints what this machine lacks to run Neo4j, nothing if it lacks nothing.
missing() {
	# A run-time environment without a compiler cannot run a program from its source.
	if ! "$java" --list-modules 2>/dev/null | grep -q '^jdk\.compiler'; then
		printf 'no JDK'
	elif [ "$("$java" -XshowSettings:properties -version 2>&1 |
		sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')" -lt 17 ]; then
		printf 'the JDK is older than 17'
	elif [ ! -d "$jars" ] && ! command -v mvn >/dev/null; then
		printf 'no Maven to fetch its jars'
	fi
}

# Two of us may fetch at once: each fills a directory of its own, and the first to finish names it.
fetch() {
	[ ! -d "$jars" ] || return 0
	local part
	mkdir -p "$(dirname "$jars")"
	part=$(mktemp -d "$jars.part.XXXXXX")
	say "fetching Neo4j $version"
	if ! mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies \
		-DincludeScope=runtime -DoutputDirectory="$part" </dev/null >&2; then
		rm -rf "$part"
		die "Maven could not fetch Neo4j $version"
	fi
	mv -T "$part" "$jars" 2>/dev/null || rm -rf "$part"
	[ -d "$jars" ] || die "$jars could not be written"
}

# serve replaces this process by the server, so that its process id is ours.
serve() { # HOME PORT
	# shellcheck disable=SC2086 # several flags, split at blanks
	exec "$java" -Xmx"${NEO4J_HEAP:-2g}" ${NEO4J_JVM_FLAGS:-} \
		--add-opens=java.base/java.nio=ALL-UNNAMED \
		--add-opens=java.base/java.lang=ALL-UNNAMED \
		--add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
		--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED \
		-cp "$jars/*" "$here/Neo4j.java" "$1" "$2"
}

# await returns when the server has written its URI, and fails when it ended before or took too long.
await() { # HOME PID
	local deadline=$((SECONDS + start_seconds))
	until [ -s "$1/uri" ]; do
		if ! kill -0 "$2" 2>/dev/null; then
			say "did not start; the end of $1/console.log:"
			tail -n 20 "$1/console.log" >&2
			return 1
		elif [ "$SECONDS" -ge "$deadline" ]; then
			say "did not answer within $start_seconds s"
			return 1
		fi
		sleep 0.2
	done
}

# halt stops a server by its process id: politely first, as it has a store to close.
halt() { # PID
	local tries=150
	kill -TERM "$1" 2>/dev/null || return 0
	while kill -0 "$1" 2>/dev/null; do
		tries=$((tries - 1))
		[ "$tries" -ne 0 ] || kill -KILL "$1" 2>/dev/null || return 0
		sleep 0.2
	done
}

start() { # HOME PORT
	local home=$1 port=$2 pid
	mkdir -p "$home"
	if [ -s "$home/pid" ] && kill -0 "$(<"$home/pid")" 2>/dev/null; then
		die "already runs with process id $(<"$home/pid")"
	fi
	rm -f "$home/uri"
	setsid bash "$here/neo4j.sh" run "$home" "$port" </dev/null >"$home/console.log" 2>&1 &
	pid=$!
	printf '%s\n' "$pid" >"$home/pid"
	if ! await "$home" "$pid"; then
		halt "$pid"
		rm -f "$home/pid"
		exit 1
	fi
	cat "$home/uri"
}

stop() { # HOME
	[ -s "$1/pid" ] || die "nothing was started in $1"
	halt "$(<"$1/pid")"
	rm -f "$1/pid" "$1/uri"
}

# discard ends the server of with and removes its store, which therefore need not be closed first.
discard() {
	if [ -n "$server" ]; then
		kill -KILL "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$home"
}

with() { # COMMAND [ARG]...
	local lacking
	if [ -n "${TEST_NEO4J_URI:-}" ]; then
		say "using TEST_NEO4J_URI"
		exec "$@"
	fi
	lacking=$(missing)
	if [ -n "$lacking" ]; then
		[ "${REQUIRE_NEO4J:-}" != 1 ] || die "required (REQUIRE_NEO4J=1) but cannot run: $lacking"
		say "left out, with every test that needs it: $lacking"
		exec "$@"
	fi
	fetch

	local code=0
	home=$(mktemp -d "${TMPDIR:-/tmp}/coopgraph-neo4j.XXXXXX")
	server=
	trap discard EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	(export NEO4J_STOP_WITH=$$ && serve "$home" 0) </dev/null >"$home/console.log" 2>&1 &
	server=$!
	await "$home" "$server"
	TEST_NEO4J_URI=$(<"$home/uri") "$@" || code=$?
	exit "$code"
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
fetch)
	command -v mvn >/dev/null || [ -d "$jars" ] || die "no Maven to fetch the jars"
	fetch
	;;
run | start)
	lacking=$(missing)
	[ -z "$lacking" ] || die "cannot run: $lacking"
	fetch
	if [ "$command" = run ]; then
		serve "${1:-$here/../../.cache/neo4j}" "${2:-7687}"
	fi
	start "${1:?start needs a directory}" "${2:-0}"
	;;
stop) stop "${1:?stop needs a directory}" ;;
with)
	[ $# -gt 0 ] || die "with needs a command"
	with "$@"
	;;
help | -h | --help) usage ;;
*)
	usage >&2
	exit 2
	;;
esac
