#!/usr/bin/env bash
# What a Swarm of three managers goes through: the leader is lost, the node of Prometheus is lost, both come back.
# One after the other: each test goes on from the one before.
# shellcheck disable=SC2317 # run_tests calls the tests by their names
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

eval "$(testbed/testbed env)"
# Prometheus is to run on node 2, where its port is published.
prometheus=http://10.11.255.2:9099
export NARTHEX_IMAGE=narthex-e2e:1 SHOP_IMAGE=narthex-e2e-shop:1
image=operator/target/image.tar

# node N ARGS… : docker on node N.
node() {
  local number=$1
  shift
  timeout 60 docker -H "unix://$TESTBED_SWARM_NODES/node$number/docker.sock" "$@"
}

# operator ARGS… : narthex in the container of the operator that works, whichever node has it.
operator() {
  local number container
  for number in "${reachable[@]}"; do
    container=$(node "$number" ps -qf name=narthex_operator -f status=running | head -n 1)
    if [ -n "$container" ]; then
      node "$number" exec "$container" narthex "$@"
      return
    fi
  done
  return 1
}

says() { { operator status 2>&1 || true; } | grep -qF -- "$1"; }

told() {
  operator status >&2
  node "${reachable[0]}" service ls >&2
  node "${reachable[0]}" service ps narthex_operator narthex_socket-gate shop_server narthex-main >&2
  node "${reachable[0]}" service logs --tail 30 narthex_operator >&2
  fail "$@"
}

# server_task : the task of Prometheus that is to run.
server_task() { node "${reachable[0]}" service ps -q --no-trunc -f desired-state=running narthex-main | head -n 1; }

loaded() {
  local number
  for number in 1 2 3; do
    node "$number" load -q -i "$image" >"$scratch/name" || fail "node $number can't load the operator's image"
    node "$number" tag "$(sed -n 's/^Loaded image: //p' "$scratch/name")" "$NARTHEX_IMAGE"
    node "$number" load -q -i "$scratch/shop.tar" >/dev/null || fail "node $number can't load the shop's image"
  done
  testbed/testbed load-nodes "$TESTBED_HOME/images/prometheus.tar" || fail "the nodes can't load Prometheus's image"
}

test_1_a_stack_over_three_nodes_is_scraped() {
  [ "$(id -u)" -eq 0 ] || skip "a Swarm of several nodes takes root"
  [ -f "$image" ] || skip "there is no $image; run: make image"
  docker image inspect "$SHOP_IMAGE" >/dev/null 2>&1 || skip "there is no $SHOP_IMAGE; tests/swarm.sh makes it"
  docker save "$SHOP_IMAGE" -o "$scratch/shop.tar" || fail "the shop's image can't be saved"
  testbed/testbed up swarm --nodes 3 || fail "no Swarm of three nodes"
  reachable=(1 2 3)
  loaded
  node 1 network create --driver overlay --attachable narthex >/dev/null || fail "no network"
  sed 's/^  swarm:$/&\n    constraints: ["node.hostname==node2"]/' examples/swarm/prometheus.yaml >"$scratch/prometheus.yaml"
  # A replica on each node; two where one is lost.
  sed 's/^      replicas: 3$/&\n      placement: {max_replicas_per_node: 2, preferences: [{spread: node.id}]}/' \
    examples/swarm/django.yml >"$scratch/django.yml"
  node 1 run --rm -u root -v /var/run/docker.sock:/var/run/docker.sock -v "$scratch:/work:ro" "$NARTHEX_IMAGE" \
    apply /work/prometheus.yaml >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
  node 1 stack deploy --resolve-image never -c examples/swarm/narthex.yml narthex >/dev/null 2>"$scratch/err" ||
    fail "$(cat "$scratch/err")"
  node 1 stack deploy --resolve-image never -c "$scratch/django.yml" shop >/dev/null 2>&1
  wait_until 120 has_up shop_server 3 || told "three targets aren't up"
  is_value 'count(count by (node) (up{service="shop_server"}))' 3 || told "they aren't on three nodes"
}

test_2_a_lost_leader_is_survived() {
  running
  local before
  before=$(server_task)
  leads 1 || fail "node 1 doesn't lead"
  testbed/testbed cut 1
  reachable=(2 3)
  wait_until 120 another_leader || told "there is no other leader"
  # Swarm takes a node for lost after some heartbeats, and starts its tasks elsewhere.
  wait_until 180 is_value 'count(up{service="shop_server",node="node1"}) or vector(0)' 0 ||
    told "targets of the lost node aren't dropped"
  wait_until 180 has_up shop_server 3 || told "three targets aren't up without node 1"
  wait_until 120 says "3/3" || told "the operator doesn't say 3/3"
  [ "$(server_task)" = "$before" ] || fail "Prometheus was restarted"
  testbed/testbed mend 1
  reachable=(1 2 3)
  wait_until 180 all_ready || told "node 1 doesn't come back"
}

test_3_a_server_whose_node_is_lost_is_not_begun_anew_elsewhere() {
  running
  local before
  before=$(date +%s)
  is_value "count(up{service=\"shop_server\"} @ $before)" 3 || told "three targets aren't scraped"
  testbed/testbed cut 2
  reachable=(1 3)
  wait_until 150 says_not_ready || told "the operator still says ready"
  [ -z "$(node 1 ps -qf name=narthex-main)$(node 3 ps -qf name=narthex-main)" ] ||
    fail "Prometheus was started on a node without its samples"
  testbed/testbed mend 2
  reachable=(1 2 3)
  wait_until 180 has_up shop_server 3 || told "three targets aren't up again"
  wait_until 180 says "PrometheusServer default/main  ready" || told "the server isn't ready again"
  is_value "count(up{service=\"shop_server\"} @ $before)" 3 || told "the samples from before the loss are lost"
}

leads() { [ "$(node "$1" node ls --format '{{.Hostname}} {{.ManagerStatus}}' | grep Leader)" = "node$1 Leader" ]; }

another_leader() { node 2 node ls --format '{{.Hostname}} {{.ManagerStatus}}' 2>/dev/null | grep Leader | grep -qv node1; }

all_ready() { [ "$(node 1 node ls --format '{{.Status}}' 2>/dev/null | grep -cx Ready)" = 3 ]; }

says_not_ready() {
  local words
  words=$(operator status 2>&1)
  [ -n "$words" ] && ! grep -qF "PrometheusServer default/main  ready" <<<"$words"
}

running() {
  reachable=(1 2 3)
  node 1 service inspect narthex-main >/dev/null 2>&1 || skip "the server isn't deployed"
}

run_tests
status=$?
testbed/testbed down swarm-nodes
exit "$status"
