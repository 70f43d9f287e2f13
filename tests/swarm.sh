#!/usr/bin/env bash
# The whole product on a real Docker Swarm: the operator's image deployed as a stack, a labelled Django service, scaled,
# mistaken, restarted, removed. One after the other: each test goes on from the one before.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

prometheus=http://127.0.0.1:9099
export NARTHEX_IMAGE=narthex-e2e:1 SHOP_IMAGE=narthex-e2e-shop:1

# operator ARGS… : narthex in the operator's container.
operator() {
  local container
  container=$(docker ps -qf name=narthex_operator -f status=running | head -n 1)
  [ -n "$container" ] && docker exec "$container" narthex "$@"
}

# narthex ARGS… : narthex as a manager's user runs it, from the same image.
narthex() {
  docker run --rm -u root -v /var/run/docker.sock:/var/run/docker.sock -v "$scratch:/work:ro" "$NARTHEX_IMAGE" "$@"
}

# says TEXT : narthex status says it.
says() { { operator status 2>&1 || true; } | grep -qF -- "$1"; }

# says_nothing_of TEXT : narthex status works and doesn't say it.
says_nothing_of() {
  local status
  status=$(operator status 2>&1 || true)
  grep -q '^PrometheusServer ' <<<"$status" && ! grep -qF -- "$1" <<<"$status"
}

told() {
  operator status >&2
  docker service ls >&2
  docker service logs --tail 30 narthex_operator >&2
  docker service ps --no-trunc narthex-main >&2
  fail "$@"
}

# task SERVICE : the ID of the task that is to run.
task() { docker service ps -q --no-trunc -f desired-state=running "$1" | head -n 1; }

# apply YAML… : prometheus.yaml of the example, edited by sed.
apply() {
  sed "$@" examples/swarm/prometheus.yaml >"$scratch/prometheus.yaml"
  narthex apply /work/prometheus.yaml
}

# everything is gone, but for the network and volumes that are removed here too.
clean() {
  docker stack rm shop >/dev/null 2>&1
  docker service rm shop_node-exporter >/dev/null 2>&1
  docker service rm narthex_operator narthex_socket-gate narthex-main >/dev/null 2>&1
  wait_until 60 no_containers
  docker config ls -qf label=io.narthex.owner=narthex | xargs -r docker config rm >/dev/null 2>&1
  docker config ls -qf label=io.narthex.resource=true | xargs -r docker config rm >/dev/null 2>&1
  docker secret ls -qf label=io.narthex.owner=narthex | xargs -r docker secret rm >/dev/null 2>&1
  docker stack rm narthex >/dev/null 2>&1
  wait_until 120 docker volume rm -f prometheus_data >/dev/null 2>&1
  wait_until 60 no_network
}

no_containers() {
  [ -z "$(docker ps -aq -f name=narthex -f status=running)$(docker ps -q -f name=shop_)" ]
}

no_network() {
  docker network rm narthex >/dev/null 2>&1
  ! docker network inspect narthex >/dev/null 2>&1
}

deployed() {
  local name
  docker info --format '{{.Swarm.ControlAvailable}}' 2>/dev/null | grep -q true ||
    skip "no Swarm runs; testbed/testbed up swarm starts one"
  [ -f operator/target/image.tar ] || skip "there is no operator/target/image.tar; run: make image"
  docker service inspect narthex_operator >/dev/null 2>&1 && return
  clean
  name=$(docker load -q -i operator/target/image.tar | sed -n 's/^Loaded image: //p')
  docker tag "$name" "$NARTHEX_IMAGE"
  docker image inspect testbed.local/python-django:bookworm >/dev/null 2>&1 || testbed/testbed image python-django
  DOCKER_BUILDKIT=0 docker build -q -t "$SHOP_IMAGE" --build-arg BASE=testbed.local/python-django:bookworm \
    examples/django >/dev/null || fail "the shop's image can't be built"
  docker network create --driver overlay --attachable narthex >/dev/null || fail "no network"
  docker stack deploy --resolve-image never -c examples/swarm/narthex.yml narthex >"$scratch/out" 2>&1 ||
    fail "$(cat "$scratch/out")"
}

needs_deployment() {
  docker service inspect narthex-main >/dev/null 2>&1 || skip "the server isn't deployed"
}

test_01_a_stack_and_a_config_make_a_prometheus() {
  deployed
  expect_status 0 apply -e ''
  expect_text "created    narthex-prometheus-" "$scratch/out"
  wait_until 90 says "PrometheusServer default/main  ready" || told "the server isn't ready"
  wait_until 60 is_value 'prometheus_ready or vector(1)' 1 || told "Prometheus doesn't answer"
  # Nothing but the gate has Docker's socket.
  docker service inspect narthex_operator narthex-main --format '{{json .Spec.TaskTemplate.ContainerSpec.Mounts}}' |
    grep -q docker.sock && fail "the socket is mounted elsewhere"
  true
}

test_02_two_label_lines_and_a_service_is_scraped() {
  needs_deployment
  docker stack deploy --resolve-image never -c examples/swarm/django.yml shop >/dev/null 2>&1
  # All at once, so that the updates of these tests don't take as long as those of a shop that must stay open.
  docker service update -d --update-parallelism 0 shop_server >/dev/null
  wait_until 60 has_up shop_server 3 || told "three targets aren't up"
  wait_until 120 says "3/3" || told "status doesn't say 3/3"
  is_value 'count(count by (task) (up{service="shop_server"}))' 3 || told "tasks aren't told apart"
  is_value "count(up{service=\"shop_server\",node=\"$(docker node ls --format '{{.Hostname}}' | head -n 1)\"})" 3 ||
    told "the node isn't told"
}

test_03_a_scaled_service_restarts_nothing() {
  needs_deployment
  local before
  before=$(task narthex-main)
  docker service scale -d shop_server=5 >/dev/null
  wait_until 120 has_up shop_server 5 || told "five targets aren't up"
  docker service scale -d shop_server=3 >/dev/null
  wait_until 120 has_up shop_server 3 || told "three targets aren't left"
  [ "$(task narthex-main)" = "$before" ] || fail "Prometheus was restarted"
}

# told_by_dashboards : each query of each dashboard is answered; what is wrong goes to the file "answer".
told_by_dashboards() { tests/dashboards.py "$prometheus" examples/swarm/dashboards/*.json >"$scratch/answer" 2>&1; }

test_03b_dashboards_show_what_there_is() {
  needs_deployment
  # As full-stack.yml has it; of cAdvisor and Grafana there is no image.
  docker service create -q -d --name shop_node-exporter --no-resolve-image --mode global --network narthex \
    --endpoint-mode dnsrr -l prometheus.io/scrape=true -l prometheus.io/port=9100 prom/node-exporter:latest >/dev/null
  wait_until 120 told_by_dashboards || told "$(cat "$scratch/answer")"
  docker service rm shop_node-exporter >/dev/null
}

test_04_each_mistake_is_named_with_its_remedy() {
  needs_deployment
  local before
  before=$(task narthex-main)
  docker service update -d --label-add prometheus.io/port=8001 shop_server >/dev/null
  wait_until 120 says "connection refused" || told "a wrong port isn't named"
  docker service update -d --label-add prometheus.io/prot=8000 --label-rm prometheus.io/port shop_server >/dev/null
  wait_until 120 says "prometheus.io/port" || told "a wrong label isn't named with the right one"
  docker service update -d --label-rm prometheus.io/prot --label-add prometheus.io/port=8000 \
    --label-add prometheus.io/server=mian shop_server >/dev/null
  wait_until 120 says 'no PrometheusServer "mian"' || told "a server that isn't there isn't named"
  docker service update -d --label-rm prometheus.io/server shop_server >/dev/null
  wait_until 120 has_up shop_server 3 || told "three targets aren't up again"

  expect_status 1 apply -e 's/200h/200hh/'
  expect_text "200hh" "$scratch/err"
  sed 's/200h/200hh/' examples/swarm/prometheus.yaml |
    docker config create -l io.narthex.resource=true narthex-e2e-wrong - >/dev/null
  wait_until 60 says "200hh" || told "a wrong retention isn't named"
  docker config rm narthex-e2e-wrong >/dev/null
  wait_until 60 says_nothing_of "200hh" || told "a retention that is gone is still named"
  [ "$(task narthex-main)" = "$before" ] || fail "Prometheus was restarted for a mistake"
}

test_05_a_refusal_of_django_is_explained() {
  needs_deployment
  docker service update -d --env-rm SHOP_ALLOWED_HOSTS shop_server >/dev/null
  wait_until 90 says "ALLOWED_HOSTS" || told "ALLOWED_HOSTS isn't named"
  docker service update -d --env-add 'SHOP_ALLOWED_HOSTS=*' shop_server >/dev/null
  wait_until 90 has_up shop_server 3 || told "three targets aren't up again"
}

test_06_another_operator_changes_nothing() {
  needs_deployment
  local before config
  before=$(task narthex-main)
  config=$(docker service inspect narthex-main --format '{{.Version.Index}}')
  docker kill "$(docker ps -qf name=narthex_operator)" >/dev/null
  wait_until 120 says "3/3" || told "no other operator works"
  [ "$(task narthex-main)" = "$before" ] || fail "Prometheus was restarted"
  [ "$(docker service inspect narthex-main --format '{{.Version.Index}}')" = "$config" ] || fail "the service was written"
}

# waits : an operator says that another one works.
waits() {
  local container
  for container in $(docker ps -qf name=narthex_operator -f status=running); do
    ! { docker exec "$container" narthex status 2>&1 || true; } | grep -q "this operator waits: the task" || return 0
  done
  return 1
}

test_07_a_second_operator_waits() {
  needs_deployment
  local before
  before=$(task narthex-main)
  docker service scale -d narthex_operator=2 >/dev/null
  wait_until 120 waits || told "the second operator doesn't say who works"
  docker service scale -d narthex_operator=1 >/dev/null
  wait_until 120 says "3/3" || told "one operator doesn't work on"
  [ "$(task narthex-main)" = "$before" ] || fail "Prometheus was restarted"
}

# rolled_from TASK : another task runs, and is verified.
rolled_from() { [ "$(task narthex-main)" != "$1" ] && says "PrometheusServer default/main  ready"; }

test_08_a_changed_retention_is_one_roll_that_keeps_the_data() {
  needs_deployment
  local before first
  before=$(task narthex-main)
  first=$(value 'min(min_over_time(timestamp(up{service="shop_server"})[1h:1s]))')
  expect_status 0 apply -e 's/200h/201h/'
  expect_text "removed    narthex-prometheus-" "$scratch/out"
  wait_until 90 rolled_from "$before" || told "it wasn't rolled"
  sleep 6
  [ "$(docker service ps -q narthex-main | wc -l)" -eq 2 ] || told "it was rolled more than once"
  wait_until 120 has_up shop_server 3 || told "three targets aren't up again"
  [ "$(value 'min(min_over_time(timestamp(up{service="shop_server"})[1h:1s]))')" = "$first" ] || fail "samples are lost"
  curl -sf "$prometheus/api/v1/status/runtimeinfo" | grep -q '8d9h\|201h' || fail "the retention isn't 201h"
}

test_09_what_does_not_start_is_named_and_withdrawn() {
  needs_deployment
  expect_status 0 apply -e 's/200h/201h/' -e 's/^spec:/&\n  image: quay.io\/prometheus\/prometheus:v3.16.0-none/'
  wait_until 60 says "has no image quay.io/prometheus/prometheus:v3.16.0-none and couldn't get it from quay.io" ||
    told "a missing image isn't named"
  wait_until 90 has_up shop_server 3 || told "the last good server isn't put back"
  wait_until 120 says "PrometheusServer default/main  ready" || told "the version before doesn't go on"
  says "Prometheus refuses what this became: it doesn't start: " || told "the roll-back isn't told"
  expect_status 0 apply -e 's/200h/201h/'
  wait_until 60 says "PrometheusServer default/main  ready" || told "the mended server isn't ready"
}

# A registry on loopback that asks for a login, with Prometheus's image; $registry is its host and port.
private_registry() {
  local hash
  command -v docker-registry >/dev/null || return 1
  registry=127.0.0.1:5055
  hash=$(bcrypt registry-4711)
  printf 'shop:%s\n' "$hash" >"$scratch/htpasswd"
  cat >"$scratch/registry.yml" <<YAML
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: "$scratch/registry"}}
http: {addr: "$registry"}
auth: {htpasswd: {realm: test, path: "$scratch/htpasswd"}}
YAML
  docker-registry serve "$scratch/registry.yml" >"$scratch/registry.log" 2>&1 &
  registry_process=$!
  trap 'kill "$registry_process"' EXIT
  mkdir "$scratch/docker"
  printf '{"auths": {"%s": {"auth": "%s"}}}' "$registry" "$(printf 'shop:registry-4711' | base64)" \
    >"$scratch/docker/config.json"
  wait_until 20 curl -s -o /dev/null "http://$registry/v2/"
  docker tag quay.io/prometheus/prometheus:v3.16.0 "$registry/mon/prometheus:v3.16.0"
  docker --config "$scratch/docker" push -q "$registry/mon/prometheus:v3.16.0" >/dev/null
  docker rmi "$registry/mon/prometheus:v3.16.0" >/dev/null
}

# bcrypt PASSWORD : its hash. From the database of shadow passwords, as any Debian has it.
bcrypt() { perl -e 'print crypt($ARGV[0], q($2b$04$) . substr(q(abcdefghijklmnopqrstuv), 0, 22))' "$1"; }

# secret NAME FILE : a Docker secret.
secret() { docker secret create "$1" "$2" >/dev/null; }

# The server's own configuration, and nothing that is mounted for this test.
plain_again() {
  apply -e 's/200h/201h/' >/dev/null 2>&1
  docker stack rm lone >/dev/null 2>&1
  docker service update -d --secret-rm e2e-logins --secret-rm e2e-web-admin --secret-rm e2e-web-tls.crt \
    --secret-rm e2e-web-tls.key --secret-rm e2e-web-ca.crt narthex_operator >/dev/null 2>&1
}

# closed COMMAND… : as whom the server lets in.
closed() { CURL_HOME=$scratch prometheus=https://127.0.0.1:9099 "$@"; }

image_of_main() { docker service inspect narthex-main --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}'; }

healthy() { [ -n "$(docker ps -qf name=narthex-main -f health=healthy)" ]; }

lone_is_gone() {
  docker stack rm lone >/dev/null 2>&1
  ! docker network inspect lone_default >/dev/null 2>&1
}

test_10_a_closed_server_of_a_private_image_joins_a_service() {
  needs_deployment
  private_registry || skip "there is no docker-registry: testbed/testbed install"
  local name spec before code mounts=()
  bcrypt sesame >"$scratch/hash"
  for name in server client; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$name" \
      -keyout "$scratch/$name.key" -out "$scratch/$name.crt" 2>/dev/null || fail "openssl makes no certificate"
  done
  printf 'insecure\nuser = "admin:sesame"\ncert = "%s"\nkey = "%s"\n' "$scratch/client.crt" "$scratch/client.key" \
    >"$scratch/.curlrc"
  docker secret ls -qf name=e2e- | xargs -r docker secret rm >/dev/null
  secret e2e-logins "$scratch/docker/config.json"
  secret e2e-web-admin "$scratch/hash"
  secret e2e-web-tls.crt "$scratch/server.crt"
  secret e2e-web-tls.key "$scratch/server.key"
  secret e2e-web-ca.crt "$scratch/client.crt"
  for name in admin tls.crt tls.key ca.crt; do
    mounts+=(--secret-add "source=e2e-web-$name,target=/etc/narthex/resources/.secrets/web/$name,uid=65532,mode=0400")
  done
  docker service update -d --secret-add e2e-logins "${mounts[@]}" narthex_operator >/dev/null || fail "the operator gets no secrets"
  cat >"$scratch/lone.yml" <<'YAML'
version: "3.8"
services:
  server:
    image: ${SHOP_IMAGE}
    environment: {SHOP_ALLOWED_HOSTS: "*"}
    stop_grace_period: 1s
    deploy:
      endpoint_mode: dnsrr
      labels: {prometheus.io/scrape: "true", prometheus.io/port: "8000"}
YAML
  docker stack deploy --resolve-image never -c "$scratch/lone.yml" lone >/dev/null 2>&1
  spec=$(docker service inspect lone_server --format '{{json .Spec}}')
  before=$(task narthex-main)
  cat >"$scratch/more" <<YAML
  image: $registry/mon/prometheus:v3.16.0
  web:
    users:
      - name: admin
        passwordHash: {secretRef: {name: web, key: admin}}
    tls:
      cert: {secretRef: {name: web, key: tls.crt}}
      key: {secretRef: {name: web, key: tls.key}}
      clientCa: {secretRef: {name: web, key: ca.crt}}
YAML
  expect_status 0 apply -e 's/200h/201h/' -e "/^spec:/r $scratch/more" \
    -e 's/^  swarm:/&\n    autoAttach: true\n    imageRegistryAuth: e2e-logins/'

  wait_until 120 rolled_from "$before" || told "the closed server isn't verified"
  [[ $(image_of_main) == "$registry/mon/prometheus:v3.16.0@sha256:"* ]] || fail "the image isn't pinned: $(image_of_main)"
  code=$(curl -sk -o /dev/null -w '%{http_code}' --cert "$scratch/client.crt" --key "$scratch/client.key" \
    https://127.0.0.1:9099/-/ready)
  [ "$code" = 401 ] || fail "without a password it answers $code"
  ! curl -sk -u admin:sesame https://127.0.0.1:9099/-/ready >/dev/null || fail "it lets in without a certificate"
  closed wait_until 60 has_up shop_server 3 || told "three targets aren't up"
  wait_until 60 says "3/3" || told "status doesn't come in"
  wait_until 60 healthy || told "Docker doesn't find it healthy"
  # The service is reached in its own network, and wasn't touched.
  closed wait_until 90 has_up lone_server 1 || told "the service of its own network isn't up"
  [ "$(docker service inspect lone_server --format '{{json .Spec}}')" = "$spec" ] || fail "the service was changed"
  # Another operator comes in as the same, so nothing restarts.
  before=$(task narthex-main)
  docker kill "$(docker ps -qf name=narthex_operator)" >/dev/null
  wait_until 120 says "3/3" || told "another operator doesn't come in"
  [ "$(task narthex-main)" = "$before" ] || fail "Prometheus was restarted"
  # What lets somebody in is nowhere to be read.
  {
    docker service logs narthex_operator 2>&1
    operator status -o json
    docker service inspect narthex-main narthex_operator
  } >"$scratch/told"
  ! grep -qE "registry-4711|$(base64 -w0 <"$scratch/docker/config.json" | cut -c1-40)|sesame" "$scratch/told" ||
    fail "a password is told"

  # The last target leaves, and its stack can be removed.
  wait_until 150 lone_is_gone || told "the network of the stack is still in use"
  [ "$(task narthex-main)" != "$before" ] || fail "Prometheus is still in the network"

  # Without Narthex's discovery the tasks are found by DNS; and a port on every node takes IPVS in the kernel.
  before=$(task narthex-main)
  expect_status 0 apply -e 's/200h/201h/' -e 's/publish: Host/publish: Ingress/' -e 's/^spec:/&\n  discovery: Native/'
  wait_until 120 rolled_from "$before" || told "it doesn't become open again"
  wait_until 120 says "3/3" || told "DNS doesn't find three targets"
  [ -e /proc/net/ip_vs ] || wait_until 90 says "NX4017" || told "that IPVS is missing isn't told"
  before=$(task narthex-main)
  plain_again
  wait_until 120 rolled_from "$before" || told "it isn't as it was"
  wait_until 90 has_up shop_server 3 || told "three targets aren't up again"
  docker secret ls -qf name=e2e- | xargs -r docker secret rm >/dev/null || fail "a secret is still in use"
}

test_11_a_restarted_daemon_is_survived() {
  needs_deployment
  [ -f "${TESTBED_HOME:-$HOME/.cache/narthex-testbed}/run/pid/dockerd.pid" ] || skip "the testbed didn't start this dockerd"
  local pid
  pid=$(head -n 1 "${TESTBED_HOME:-$HOME/.cache/narthex-testbed}/run/pid/dockerd.pid")
  kill "$pid"
  wait_until 60 gone "$pid" || fail "dockerd doesn't end"
  testbed/testbed up swarm >/dev/null 2>&1 || fail "dockerd doesn't start"
  wait_until 120 has_up shop_server 3 || told "three targets aren't up again"
  wait_until 180 says "PrometheusServer default/main  ready" || told "the operator doesn't recover"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

test_12_nothing_stays_but_samples() {
  needs_deployment
  docker service scale -d narthex_operator=0 >/dev/null
  wait_until 120 no_operator || fail "the operator doesn't end"
  expect_status 0 narthex uninstall --dry-run
  expect_text "would remove service narthex-main" "$scratch/out"
  expect_status 0 narthex uninstall
  expect_text "removed service narthex-main" "$scratch/out"
  expect_text "stays: volume prometheus_data" "$scratch/out"
  [ -z "$(docker config ls -qf label=io.narthex.owner=narthex)$(docker secret ls -qf label=io.narthex.owner=narthex)" ] ||
    fail "something is left"
  docker volume inspect prometheus_data >/dev/null || fail "the samples are gone"
}

no_operator() { [ -z "$(docker ps -qf name=narthex_operator)" ]; }

failed=no
run_tests || failed=yes
! docker info >/dev/null 2>&1 || clean
[ "$failed" = no ]
