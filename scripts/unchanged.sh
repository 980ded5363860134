#!/usr/bin/env bash
# Runs a command and fails if it changed, made or removed a file of the checkout that git does not ignore.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ $# -gt 0 ] || { echo "usage: unchanged.sh COMMAND [ARG]..." >&2; exit 2; }

# A file that was deleted but not yet committed is listed by git and simply has no sum.
sums() {
	git ls-files -z --cached --others --exclude-standard |
		{ xargs -0 -r sha256sum -- 2>/dev/null || true; } | sort -k 2
}

before=$(sums)
"$@"
after=$(sums)
if [ "$before" != "$after" ]; then
	echo "these files do not match what they are made from; commit the result of: $*" >&2
	diff <(echo "$before") <(echo "$after") | sed -n 's/^[<>] [0-9a-f]* .\(.*\)/  \1/p' | sort -u >&2
	exit 1
fi
