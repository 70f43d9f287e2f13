# shellcheck shell=bash
# What the shell tests share. A test file sources it, is given the file for its
# results, defines functions named test_*, and ends with run_tests.

set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 4
# shellcheck source=bin/lib/jdk.sh
. "$root/bin/lib/jdk.sh"
results_file=${1:-/dev/null}
scratch_root=$(mktemp -d "${TMPDIR:-/tmp}/narthex-shell.XXXXXX")
trap 'rm -rf "$scratch_root"' EXIT

# fail MESSAGE… : ends the test as failed, with the reason.
fail() {
  printf '  %s\n' "$*" >&2
  exit 1
}

# skip REASON… : ends the test: this machine can't run it.
skip() {
  printf '%s\n' "$*" >"$scratch_root/reason"
  exit 77
}

# expect_status STATUS COMMAND… : runs it; its output goes to $scratch/out and err.
expect_status() {
  local wanted=$1 status=0
  shift
  "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
  [ "$status" -eq "$wanted" ] || {
    tail -n 20 "$scratch/out" "$scratch/err" >&2
    fail "$* exited with $status, not $wanted"
  }
}

# expect_text TEXT FILE : FILE holds TEXT.
expect_text() {
  grep -qF -- "$1" "$2" || {
    tail -n 20 "$2" >&2
    fail "there is no '$1' in that"
  }
}

# wait_until SECONDS COMMAND… : until it succeeds; fails after SECONDS.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.2
  done
}

# value QUERY : the first value that the Prometheus at $prometheus finds; "none" where it finds none.
value() {
  # shellcheck disable=SC2154 # a test that asks Prometheus says where it is
  curl -sf --max-time 5 --get "$prometheus/api/v1/query" --data-urlencode "query=$1" |
    python3 -c 'import json,sys; r=json.load(sys.stdin)["data"]["result"]; print(r[0]["value"][1] if r else "none")' 2>/dev/null
}

is_value() { [ "$(value "$1")" = "$2" ]; }

# has_up SERVICE NUMBER : whether Prometheus scrapes so many targets of the service now. Samples tell for five minutes of
# those before a restart, too.
has_up() {
  [ "$(curl -sf --max-time 5 "$prometheus/api/v1/targets?state=active" | python3 -c '
import json, sys
targets = json.load(sys.stdin)["data"]["activeTargets"]
print(sum(t["labels"].get("service") == sys.argv[1] and t["health"] == "up" for t in targets))' "$1" 2>/dev/null)" = "$2" ]
}

# run_tests : each test in a shell and a folder ($scratch) of its own.
run_tests() {
  local function name status failed=0
  for function in $(declare -F | awk '$3 ~ /^test_/ { print $3 }'); do
    scratch=$scratch_root/$function
    mkdir "$scratch"
    name=$(basename "$0" .sh).${function#test_}
    status=0
    ("$function") || status=$?
    case $status in
      0) printf 'ok %s\n' "$name" ;;
      77) printf 'skip %s: %s\n' "$name" "$(cat "$scratch_root/reason")" ;;
      *)
        printf 'not ok %s\n' "$name"
        failed=1
        ;;
    esac >"$scratch_root/verdict"
    cat "$scratch_root/verdict"
    cat "$scratch_root/verdict" >>"$results_file"
  done
  return "$failed"
}
