#!/usr/bin/env bash
# Fuzzes the targets, each for some seconds, and prints a table: `Tests/Fuzz/fuzz.sh [SECONDS] [TARGET]…`.
#
# Everything is built once more under .build/fuzz, with libFuzzer's counters and the address sanitizer in it. New inputs that reach new code are kept
# under .build/fuzz/found; `MERGE=1` adds the few that matter to Tests/Fuzz/corpus. Whatever crashes is kept in .build/fuzz/crashes; the exit code
# is then 1.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds="${1:-10}"
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(lines json request base64 vectors filter current snapshot rows record stream)
build=.build/fuzz
mkdir -p "$build"

${SWIFT:-swift} build -c release --scratch-path "$build" --product kagami-fuzz --sanitize=address \
  -Xswiftc -sanitize=fuzzer -Xswiftc -DFUZZING -Xswiftc -use-ld=lld -Xcc -fsanitize=fuzzer-no-link \
  -Xlinker -z -Xlinker muldefs >"$build.log" 2>&1 || { tail -n 30 "$build.log"; exit 1; }

failed=0
printf '%-10s %12s %10s %10s %8s %9s\n' target executions per-second coverage inputs findings
for target in "${targets[@]}"; do
  mkdir -p "$build/found/$target" "$build/crashes/$target" "Tests/Fuzz/corpus/$target"
  log="$build/found/$target.log"
  KAGAMI_FUZZ_TARGET=$target ASAN_OPTIONS=detect_leaks=0 timeout $((seconds + 120)) "$build/release/kagami-fuzz" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=4096 -print_final_stats=1 -artifact_prefix="$build/crashes/$target/" \
    "$build/found/$target" "Tests/Fuzz/corpus/$target" >"$log" 2>&1 || true
  if [ "${MERGE:-0}" = 1 ]; then
    KAGAMI_FUZZ_TARGET=$target ASAN_OPTIONS=detect_leaks=0 "$build/release/kagami-fuzz" -merge=1 -max_len=4096 \
      "Tests/Fuzz/corpus/$target" "$build/found/$target" >>"$log" 2>&1 || true
  fi
  number() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
  coverage="$(grep -o ' cov: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9)"
  # A slow input is no finding: the machine may have had other things to do; one that takes 20 s is kept as a timeout.
  findings="$(find "$build/crashes/$target" -type f -newer "$build.log" ! -name 'slow-unit-*' | wc -l)"
  [ "$findings" = 0 ] || failed=1
  printf '%-10s %12s %10s %10s %8s %9s\n' "$target" "$(number number_of_executed_units)" "$(number average_exec_per_sec)" \
    "${coverage:-?}" "$(find "Tests/Fuzz/corpus/$target" -type f | wc -l)" "$findings"
done
exit $failed
