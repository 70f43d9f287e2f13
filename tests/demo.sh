#!/usr/bin/env bash
# The whole product: the demo works, names what is in its way, and leaves nothing.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

# nothing_listens PORT… : fails, naming the first one that still is served.
nothing_listens() {
  local port
  for port; do
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is in use"
  done
}

test_demo_scrapes_django_and_leaves_nothing() {
  nothing_listens 8000 9099
  expect_status 0 make -s demo CHECK=1
  expect_text 'up{job="server"} is 1' "$scratch/err"
  nothing_listens 8000 9099
}

answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

test_demo_names_who_holds_its_port() {
  nothing_listens 8000
  python3 -m http.server --bind 127.0.0.1 8000 >/dev/null 2>&1 &
  local server=$!
  wait_until 20 answers 8000 || fail "the server of this test doesn't start"
  expect_status 3 examples/django/demo
  kill "$server"
  wait "$server" 2>/dev/null
  expect_text "port 8000, which the Django shop needs, is in use by" "$scratch/err"
}

ready_or_ended() {
  grep -q "Ctrl-C ends it" "$scratch/out" || ! kill -0 "$1" 2>/dev/null
}

test_demo_stops_everything_at_a_signal() {
  nothing_listens 8000 9099
  examples/django/demo >"$scratch/out" 2>&1 &
  local demo=$! status=0
  wait_until 150 ready_or_ended "$demo"
  kill -TERM "$demo" 2>/dev/null
  wait "$demo" || status=$?
  expect_text "Ctrl-C ends it" "$scratch/out"
  expect_text "http://127.0.0.1:8000/metrics" "$scratch/out"
  [ "$status" -eq 143 ] || fail "it exited with $status, not 143"
  nothing_listens 8000 9099
}

run_tests
