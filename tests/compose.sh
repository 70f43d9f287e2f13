#!/usr/bin/env bash
# The example of docker compose on a real Docker daemon: containers scaled, stopped, labelled, mistaken rules, restarts.
# One after the other: each test goes on from the one before.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

prometheus=http://127.0.0.1:9099
project=narthex-compose
work=$PWD/operator/target/compose-e2e
export NARTHEX_IMAGE=narthex-e2e:1 SHOP_IMAGE=narthex-e2e-shop:1

# compose ARGS… : docker compose as a plugin, or the program before it.
compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose -p "$project" -f "$work/compose.yaml" "$@"
  else
    docker-compose -p "$project" -f "$work/compose.yaml" "$@"
  fi
}

has_compose() { docker compose version >/dev/null 2>&1 || docker-compose version >/dev/null 2>&1; }

# container SERVICE [NUMBER] : its ID, in whatever state.
container() {
  docker ps -aq -f "label=com.docker.compose.project=$project" -f "label=com.docker.compose.service=$1" \
    -f "label=com.docker.compose.container-number=${2:-1}"
}

status() { docker exec "$(container narthex)" narthex status; }

says() { { status 2>&1 || true; } | grep -qF -- "$1"; }

says_nothing_of() { ! says "$1"; }

# targets : how many targets of server Prometheus has; samples of one that is gone stay visible for some intervals.
targets() {
  curl -sf --max-time 5 "$prometheus/api/v1/targets?state=active" |
    python3 -c 'import json,sys; print(sum(t["labels"]["job"] == "server" for t in json.load(sys.stdin)["data"]["activeTargets"]))' 2>/dev/null
}

has_targets() { [ "$(targets)" = "$1" ]; }

started() { docker inspect --format '{{.State.StartedAt}}' "$(container prometheus)"; }

told() {
  status >&2
  docker ps -a -f "label=com.docker.compose.project=$project" >&2
  docker logs --tail 30 "$(container narthex)" >&2
  docker logs --tail 10 "$(container prometheus)" >&2
  fail "$@"
}

clean() {
  docker rm -f narthex-compose-worker >/dev/null 2>&1
  compose down -v --remove-orphans >/dev/null 2>&1
  true
}

deployed() {
  local name
  docker info >/dev/null 2>&1 || skip "no Docker daemon answers"
  has_compose || skip "there is neither docker compose nor docker-compose; install docker-compose"
  [ -f operator/target/image.tar ] || skip "there is no operator/target/image.tar; run: make image"
  rm -rf "$work"
  cp -R examples/compose "$work"
  clean
  name=$(docker load -q -i operator/target/image.tar | sed -n 's/^Loaded image: //p')
  docker tag "$name" "$NARTHEX_IMAGE"
  docker image inspect testbed.local/python-django:bookworm >/dev/null 2>&1 || testbed/testbed image python-django
  DOCKER_BUILDKIT=0 docker build -q -t "$SHOP_IMAGE" --build-arg BASE=testbed.local/python-django:bookworm \
    examples/django >/dev/null || fail "the shop's image can't be built"
  # Its Alertmanager is nothing to do with Narthex.
  compose up -d --scale server=3 server prometheus narthex socket-gate >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
}

needs_deployment() {
  [ -n "$(container narthex 2>/dev/null)" ] || skip "the example isn't up"
}

test_01_the_example_scrapes_each_container_of_a_labelled_service() {
  deployed
  wait_until 60 is_value 'sum(up{job="server",stack="narthex-compose",service="narthex-compose_server"})' 3 ||
    told "the three containers aren't scraped"
  is_value 'count(count by (task) (up{job="server"}))' 3 || told "their numbers don't tell them apart"
  wait_until 30 says "PrometheusServer default/main  ready" || told "the server isn't verified"
  wait_until 40 says "4/4 targets up" || told "status doesn't count the targets"
}

test_02_a_container_that_stops_is_no_target_and_comes_back() {
  needs_deployment
  docker pause "$(container server 3)" >/dev/null
  wait_until 30 has_targets 2 || told "a paused container is still a target"
  docker unpause "$(container server 3)" >/dev/null
  wait_until 30 has_targets 3 || told "an unpaused container is no target"
  docker stop -t 1 "$(container server 2)" >/dev/null
  wait_until 30 has_targets 2 || told "a stopped container is still a target"
  docker start "$(container server 2)" >/dev/null
  wait_until 40 says "4/4 targets up" || told "a started container is no target"
}

test_03_a_container_without_compose_is_scraped_by_the_same_labels() {
  needs_deployment
  local before
  before=$(started)
  docker run -d --name narthex-compose-worker --network "${project}_default" -e 'SHOP_ALLOWED_HOSTS=*' \
    -l prometheus.io/scrape=true -l prometheus.io/interval=1s -l prometheus.io/prot=8000 "$SHOP_IMAGE" >/dev/null
  wait_until 10 says 'NX1704' || told "a mistaken label isn't told"
  docker rm -f narthex-compose-worker >/dev/null
  docker run -d --name narthex-compose-worker --network "${project}_default" -e 'SHOP_ALLOWED_HOSTS=*' \
    -l prometheus.io/scrape=true -l prometheus.io/interval=1s "$SHOP_IMAGE" >/dev/null
  # Its port is the one that the image exposes.
  wait_until 40 is_value 'sum(up{job="narthex-compose-worker"})' 1 || told "the container isn't scraped"
  [ "$(started)" = "$before" ] || fail "Prometheus was restarted for a label"
  docker rm -f narthex-compose-worker >/dev/null
}

test_04_a_rule_is_loaded_without_a_restart_and_a_wrong_one_is_not() {
  needs_deployment
  local before
  before=$(started)
  cat >"$work/resources/rules.yaml" <<'YAML'
apiVersion: monitoring.narthex.io/v1alpha1
kind: RuleSet
metadata: {name: shop}
spec:
  groups:
    - name: shop
      rules:
        - record: shop:up:sum
          expr: sum(up{job="server"})
YAML
  wait_until 40 is_value 'shop:up:sum' 3 || told "the rule isn't evaluated"
  sed -i 's/sum(up{job="server"})/sum(up{job="server"}/' "$work/resources/rules.yaml"
  wait_until 20 says "RuleSet default/shop" || told "the mistake isn't told"
  wait_until 20 says "PrometheusServer default/main  ready" || told "the server isn't ready with the rule before"
  is_value 'shop:up:sum' 3 || told "the rule before is gone"
  [ "$(started)" = "$before" ] || fail "Prometheus was restarted for a rule"
  # A mistake that is still there when Narthex starts anew is left out: what it was before, nobody knows then.
  sed -i 's/sum(up{job="server"}$/sum(up{job="server"})/' "$work/resources/rules.yaml"
  wait_until 20 says_nothing_of "RuleSet default/shop" || told "the mended rule isn't taken"
}

test_05_restarts_change_nothing() {
  needs_deployment
  local generation
  generation=$(docker exec "$(container narthex)" narthex status -o json |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["servers"][0]["generation"])')
  docker restart -t 1 "$(container prometheus)" "$(container narthex)" >/dev/null
  wait_until 60 says "generation $generation" || told "the configuration is another after restarts"
  wait_until 60 says "4/4 targets up" || told "the targets aren't all up after restarts"
}

test_06_the_gate_permits_no_more_than_to_see_containers() {
  needs_deployment
  local gate
  gate=$(docker inspect --format "{{(index .NetworkSettings.Networks \"${project}_gate\").IPAddress}}" \
    "$(container socket-gate)")
  [ "$(curl -s -o "$scratch/out" -w '%{http_code}' -X POST "http://$gate:2375/v1.41/containers/create")" = 403 ] ||
    fail "a container could be made: $(cat "$scratch/out")"
  [ "$(curl -s -o "$scratch/out" -w '%{http_code}' "http://$gate:2375/v1.41/services")" = 403 ] ||
    fail "services could be seen: $(cat "$scratch/out")"
  curl -sf "http://$gate:2375/v1.41/containers/json?all=1" >"$scratch/out" || fail "containers can't be seen"
  grep -q '"Command"' "$scratch/out" && fail "command lines are shown"
  true
}

test_07_all_of_it_can_be_removed() {
  needs_deployment
  clean
  [ -z "$(docker ps -aq -f "label=com.docker.compose.project=$project")" ] || fail "containers are left"
}

failed=no
run_tests || failed=yes
! has_compose || [ ! -f "$work/compose.yaml" ] || clean
[ "$failed" = no ]
