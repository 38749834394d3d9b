#!/usr/bin/env bash
# Controls a served mock from a shell, with curl alone: every verb, each answer checked. It ends with 0 when all were as told.
#
#   bash examples/control/control.sh
#   AUTHENTIK_MOCK='npx --no authentik-mock' bash control.sh     # in the folder of a project that has the package
set -euo pipefail
# What the mock is started with by default is a script of this repository, which is run from anywhere.
[ -n "${AUTHENTIK_MOCK:-}" ] || cd "$(dirname "$0")/../.."

# The mock prints where it is, and what its token is. In a process group of its own: npm does not pass a signal on.
log=$(mktemp)
set -m
${AUTHENTIK_MOCK:-npm run -s cli --} serve --port 0 --json --now 2024-09-27T14:26:18Z >"$log" &
server=$!
set +m
trap 'kill -- "-$server" 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 100); do [ -s "$log" ] && break; kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
[ -s "$log" ] || { echo 'the mock did not start' >&2; exit 1; }

# The value of a key of the JSON on standard input: the last of that name.
value() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }
# The mock prints its address first, and the control API's within "control".
url=$(sed 's/,"release".*//' "$log" | value url)
token=$(sed 's/.*"control"://' "$log" | value token)
admin=$(sed 's/,"login".*//; s/.*"token"/"token"/' "$log" | value token)

# control METHOD PATH [JSON]: asks the control API, and prints the answer.
control() {
  curl -sS -X "$1" "$url/-/mock/api/$2" -H "Authorization: Bearer $token" ${3:+-H 'Content-Type: application/json' -d "$3"}
}
# api PATH [ARGUMENT...]: asks authentik's own API, and prints the status.
api() { curl -sS -o /dev/null -w '%{http_code}' "$url/api/v3/$1" -H "Authorization: Bearer $admin" "${@:2}" || true; }

# check NAME TEXT PART: says what is checked, and ends where the text has not the part.
check() {
  case $2 in *"$3"*) echo "ok    $1" ;; *) echo "wrong $1: $2 has no $3" >&2; exit 1 ;; esac
}

check 'what runs here' "$(control GET status/)" '"release":"2024.8.3"'
check 'the document' "$(control GET schema/)" '"openapi":"3.1.0"'
check 'nobody without the token' "$(curl -sS "$url/-/mock/api/status/")" 'takes its own token'

# The world: read, merge, replace; a row; what differs; start again.
control GET world/ >"$log.world"
check 'the world' "$(cat "$log.world")" '"users":['
control PATCH world/ '{"users":[{"pk":2,"name":"Merged"}]}'
check 'a row' "$(control GET world/users/2/)" '"name":"Merged"'
check 'rows' "$(control GET 'world/users/?search=merged')" '"count":1'
check 'what differs' "$(control GET difference/)" '"key":2'
check 'a new row' "$(control POST world/users/4711/ '{"username":"ada","name":"Ada"}')" '"username":"ada"'
check 'a change' "$(control PATCH world/users/4711/ '{"name":"Ada L."}')" '"name":"Ada L."'
control DELETE world/users/4711/
check 'a row that is gone' "$(control GET world/users/4711/)" 'There is no row'
control PUT world/ @"$log.world"
check 'the world replaced' "$(control GET difference/)" '{}'
rm "$log.world"
check 'what is wrong, with its path' "$(control PATCH world/ '{"users":[{"pk":2,"is_active":"yes"}]}')" 'users[0].is_active'

# Keep and go back; seed anew; start again.
snapshot=$(control POST snapshots/ | value id)
control DELETE world/users/2/
control POST "snapshots/$snapshot/restore/"
check 'what was kept' "$(control GET world/users/2/)" '"pk":2'
check 'snapshots' "$(control GET snapshots/)" "\"id\":\"$snapshot\""
control DELETE "snapshots/$snapshot/"
control POST seed/ '{"seed":7,"codes":3}'
check 'another seed' "$(control GET status/)" '"authorization_codes":3'
control POST seed/ '{"seed":1,"codes":20}'
control POST reset/
check 'the start' "$(control GET difference/)" '{}'

# The clock.
check 'the clock moved' "$(control PATCH clock/ '{"moveBy":"+1h"}')" '2024-09-27T15:26:18Z'
check 'the clock set' "$(control PATCH clock/ '{"now":"2030-01-01T00:00:00Z","frozen":true}')" '2030-01-01T00:00:00Z'
control POST reset/
check 'the clock' "$(control GET clock/)" '2024-09-27T14:26:18Z'

# Log in as somebody, a token for them, a grant.
check 'a session' "$(control POST sessions/ '{"user":"akadmin"}')" '"Cookie":"authentik_session='
check 'a token' "$(control POST tokens/ '{"user":2,"intent":"api"}')" '"key":"'
code=$(control POST grants/ '{"kind":"authorization_codes","user":"akadmin","provider":"web","scope":"openid","expires":"+5m"}')
pk=$(printf %s "$code" | value pk)
check 'a code' "$code" '"expires":"2024-09-27T14:31:18Z"'
control POST "grants/authorization_codes/$pk/expire/"
check 'a code that has expired' "$(control GET 'grants/?kind=authorization_codes')" '"state":"expired"'
control POST "grants/authorization_codes/$pk/revoke/"
check 'a code that is revoked' "$(control GET 'grants/?kind=authorization_codes')" '"state":"revoked"'

# Have something go wrong.
check 'it is well' "$(api core/users/me/)" 200
control POST scenarios/ '{"name":"token-expired","once":true}' >/dev/null
check 'it fails once' "$(api core/users/me/) $(api core/users/me/)" '403 200'
control POST scenarios/ '{"path":"/api/v3/core/users/*","reset":true}' >/dev/null
check 'a connection that is reset' "$(api core/users/me/ 2>/dev/null)" 000
check 'scenarios' "$(control GET scenarios/)" '"struck":1'
control DELETE scenarios/
id=$(control POST scenarios/ '{"status":500}' | value id)
control DELETE "scenarios/$id/"
check 'it is well again' "$(api core/users/me/)" 200

# What was asked.
check 'the journal' "$(control GET 'journal/?operationId=core_users_me_retrieve&status=403')" '"scenario":"token-expired"'
check 'a secret is masked' "$(control GET 'journal/?limit=1')" 'Bearer ***'
check 'and told to who says so' "$(control GET 'journal/?limit=1&clear=true')" "Bearer $admin"
check 'an HTTP archive' "$(control GET journal/har/)" '"version":"1.2"'
last=$(control GET 'journal/?limit=1' | value id)
check 'an entry' "$(control GET "journal/$last/")" "\"id\":$last"
(sleep 0.3; api root/config/ >/dev/null) &
check 'what comes is waited for' "$(control GET "journal/wait/?after=$last")" root/config
control DELETE journal/
check 'an empty journal' "$(control GET journal/)" '[]'

# What happens, live.
curl -sSN "$url/-/mock/api/events/" -H "Authorization: Bearer $token" >"$log" 2>/dev/null &
reader=$!
for _ in $(seq 50); do grep -q '^: ' "$log" && break; sleep 0.1; done
api root/config/ >/dev/null
for _ in $(seq 50); do grep -q '^event: journal' "$log" && break; sleep 0.1; done
check 'events' "$(cat "$log")" 'event: journal'
kill "$reader"
wait "$reader" 2>/dev/null || true

# A world of its own for each worker, by the header or by the path.
api core/users/2/ -X DELETE -H 'X-Authentik-Mock-Namespace: worker-1' >/dev/null
check 'a namespace' "$(api core/users/2/ -H 'X-Authentik-Mock-Namespace: worker-1') $(api core/users/2/)" '404 200'
check 'by its path' "$(curl -sS "$url/-/mock/ns/worker-1/-/mock/api/status/" -H "Authorization: Bearer $token")" '"namespace":"worker-1"'
check 'namespaces' "$(control GET namespaces/)" '"name":"worker-1"'
control DELETE namespaces/worker-1/
check 'no namespace' "$(control GET namespaces/)" '[]'
check 'an operation' "$(control GET operations/core_users_me_retrieve/)" '"path":"/core/users/me/"'

echo 'every verb answered'
