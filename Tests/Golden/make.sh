#!/bin/sh
# Makes the catalogue that is kept in this folder: make.sh KAGAMI FOLDER leaves FOLDER/art.kagami, as a killed engine does: a snapshot with codes
# and graph, and a log with edits behind it. See README.md.
set -eu
kagami=$1
folder=$2
mkdir -p "$folder"
catalogue=$folder/art.kagami
[ ! -e "$catalogue" ] || { echo "$catalogue: is there already" >&2; exit 1; }

# requests FIRST LAST: puts items of whole numbers, ten a request. A linear congruential generator, so that every awk makes the same.
requests() {
  awk -v first="$1" -v last="$2" 'BEGIN {
    state = 7 + first
    for (item = first; item <= last; item++) {
      line = ""
      for (number = 0; number < 16; number++) {
        state = (state * 16807) % 2147483647
        line = line (number ? "," : "") (int(state / 1000) % 17 - 8)
      }
      items = items (items ? "," : "") sprintf("{\"key\":\"item/%04d\",\"vector\":[%s],\"member\":\"m%d\",\"work\":\"w%d\",", item, line, item % 5, item % 40)
      items = items sprintf("\"attributes\":{\"number\":%d,\"name\":\"n\303\266 %d\"}}", item, item)
      if ((item - first) % 10 == 9 || item == last) {
        printf "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"items.upsert\",\"params\":{\"items\":[%s]}}\n", item, items
        items = ""
      }
    }
  }'
}

register() {
  cat <<'LINES'
{"jsonrpc":"2.0","id":1,"method":"members.put","params":{"member":"m1","name":"Member One","contact":"one@example.org","joined_at":"2020-01-01T00:00:00Z"}}
{"jsonrpc":"2.0","id":2,"method":"works.put","params":{"member":"m1","work":"w1","title":"First Work","kind":"comic","first_published":"2019","attributes":{"series":1}}}
{"jsonrpc":"2.0","id":3,"method":"permissions.put","params":{"id":"p1","member":"m1","licensee":"acme","uses":["training"],"valid_from":"2025-01-01","valid_until":"2026-01-01","granted_at":"2024-12-20T09:30:00Z","reference":"contract 17"}}
LINES
}

# What comes after the snapshot: new items, one in place of another, one taken down, and one revoked permission.
tail_requests() {
  requests 1101 1105
  cat <<'LINES'
{"jsonrpc":"2.0","id":5001,"method":"items.upsert","params":{"items":[{"key":"item/0007","vector":[8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8],"member":"m2","work":"w7"}]}}
{"jsonrpc":"2.0","id":5002,"method":"items.remove","params":{"keys":["item/0009"]}}
{"jsonrpc":"2.0","id":5003,"method":"permissions.revoke","params":{"id":"p1","revoked_at":"2025-06-01T00:00:00Z"}}
LINES
}

"$kagami" create "$catalogue" --dimension 16 --metric ip --model golden >/dev/null
{ requests 1 1002; register; echo '{"jsonrpc":"2.0","id":4,"method":"items.remove","params":{"keys":["item/0005","item/0500"]}}'; } |
  "$kagami" serve "$catalogue" --threads 1 --ordered >"$folder/answers"
"$kagami" build "$catalogue" --threads 1 >/dev/null
mkfifo "$folder/pipe"
"$kagami" serve "$catalogue" --threads 1 <"$folder/pipe" >"$folder/later-answers" &
engine=$!
exec 3>"$folder/pipe"
# In one piece, so that the engine commits them together.
tail_requests >"$folder/tail"
cat "$folder/tail" >&3
while [ "$(wc -l <"$folder/later-answers")" -lt "$(tail_requests | wc -l)" ]; do sleep 0.1; done
kill -9 $engine
wait $engine 2>/dev/null || true
exec 3>&-
cat "$folder/answers" "$folder/later-answers" | grep '"error"' >&2 && exit 1
rm -f "$folder/pipe" "$folder/tail" "$folder/answers" "$folder/later-answers" "$catalogue/catalogue.sqlite-shm"
