#!/bin/sh
# Starts the mock, waits for its first line, has a program ask it, and stops it; npx passes no signal on.
set -e
mock=$(mktemp)
npx --no authentik-mock serve --port 0 --json >"$mock" &
until [ -s "$mock" ]; do kill -0 $! || exit 1; sleep 0.1; done
value() { node -p "JSON.parse(fs.readFileSync('$mock')).$1"; }
trap 'kill "$(value pid)"' EXIT
AUTHENTIK_URL=$(value url) AUTHENTIK_TOKEN=$(value token) sh codes.sh
