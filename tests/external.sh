#!/usr/bin/env bash
# A Prometheus that somebody else runs in a Swarm: what narthex snippet prints, put into its configuration, is verified,
# and the labelled services are its targets. One after the other: each test goes on from the one before.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

export prometheus=http://127.0.0.1:9099
export NARTHEX_IMAGE=narthex-e2e:1
own=own_prometheus
# Another name of it: TLS takes no underscores.
alias="own-prometheus"
image=prom/prometheus:v3.16.0

# narthex ARGS… : in the operator's container.
narthex() {
  local container
  container=$(docker ps -qf name=narthex_operator -f status=running | head -n 1)
  [ -n "$container" ] && docker exec -i "$container" narthex "$@"
}

# apply OPTIONS… : the resources in $scratch/server, as a manager's user does.
apply() {
  docker run --rm --network none -u root -v /var/run/docker.sock:/var/run/docker.sock -v "$scratch/server:/work:ro" "$NARTHEX_IMAGE" \
    apply "$@" /work
}

says() { { narthex status 2>&1 || true; } | grep -qF -- "$1"; }

told() {
  narthex status >&2
  docker service logs --tail 20 narthex_operator >&2
  docker service ps --no-trunc "$own" >&2
  fail "$@"
}

no_containers() {
  [ -z "$(docker ps -aq -f name=narthex_ -f status=running)$(docker ps -q -f "name=$own")" ]
}

no_network() {
  docker network rm narthex >/dev/null 2>&1
  ! docker network inspect narthex >/dev/null 2>&1
}

clean() {
  docker service rm "$own" narthex_operator narthex_socket-gate narthex-main >/dev/null 2>&1
  wait_until 60 no_containers
  docker config ls -q -f label=io.narthex.owner=narthex | xargs -r docker config rm >/dev/null 2>&1
  docker config ls -q -f label=io.narthex.resource=true | xargs -r docker config rm >/dev/null 2>&1
  docker config ls -q -f name=own_prometheus | xargs -r docker config rm >/dev/null 2>&1
  docker secret ls -q -f label=io.narthex.owner=narthex | xargs -r docker secret rm >/dev/null 2>&1
  docker secret ls -q -f name=own_prometheus | xargs -r docker secret rm >/dev/null 2>&1
  docker stack rm narthex >/dev/null 2>&1
  wait_until 60 no_network
}

server() {
  mkdir -p "$scratch/server"
  cat >"$scratch/server/server.yaml" <<YAML
apiVersion: monitoring.narthex.io/v1alpha1
kind: PrometheusServer
metadata: {name: main}
spec:
  mode: External
  external: {url: "http://tasks.$own:9099"}
  scrapeInterval: 1s
YAML
}

deployed() {
  local name
  docker info --format '{{.Swarm.ControlAvailable}}' 2>/dev/null | grep -q true ||
    skip "no Swarm runs; testbed/testbed up swarm starts one"
  [ -f operator/target/image.tar ] || skip "there is no operator/target/image.tar; run: make image"
  clean
  name=$(docker load -q -i operator/target/image.tar | sed -n 's/^Loaded image: //p')
  docker tag "$name" "$NARTHEX_IMAGE"
  docker network create --driver overlay --attachable narthex >/dev/null || fail "no network"
  server
  apply >"$scratch/out" || fail "the server can't be applied: $(cat "$scratch/out")"
  docker stack deploy --resolve-image never -c examples/swarm/narthex.yml narthex >"$scratch/out" 2>&1 ||
    fail "$(cat "$scratch/out")"
}

needs_deployment() {
  docker service inspect narthex_operator >/dev/null 2>&1 || skip "the operator isn't deployed"
}

printed() { narthex snippet main >"$scratch/snippet.yml" 2>"$scratch/err"; }

test_01_what_is_pasted_is_verified_and_a_labelled_service_is_scraped() {
  local token
  deployed
  wait_until 90 printed || told "no snippet is printed: $(cat "$scratch/err")"
  token=$(sed -n 's/.*mount the Docker secret \([^ ]*\) there.*/\1/p' "$scratch/snippet.yml")
  [ -n "$token" ] || fail "the snippet doesn't name the secret of the token"
  docker service ls --format '{{.Name}}' | grep -qx narthex-main && fail "Narthex runs a server of its own"
  # The server labels itself, so it is its own target.
  docker config create own_prometheus_1 "$scratch/snippet.yml" >/dev/null || fail "no config"
  docker service create -d --name "$own" --network narthex --network "name=narthex_control,alias=$alias" --endpoint-mode dnsrr \
    --config source=own_prometheus_1,target=/etc/prometheus/prometheus.yml \
    --secret "source=$token,target=/etc/prometheus/discovery.token,mode=0444" \
    --publish published=9099,target=9099,mode=host \
    --label prometheus.io/scrape=true --label prometheus.io/port=9099 --no-resolve-image \
    "$image" --config.file=/etc/prometheus/prometheus.yml --web.listen-address=0.0.0.0:9099 \
    >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
  wait_until 60 is_value "sum(up{job=\"$own\",service=\"$own\"})" 1 || told "the labelled service isn't scraped"
  wait_until 30 says "PrometheusServer default/main  ready" || told "what was pasted isn't verified"
  says "1/1 target up" || told "status doesn't say how its targets are"
}

test_02_another_monitor_asks_for_another_paste() {
  needs_deployment
  server
  cat >>"$scratch/server/server.yaml" <<'YAML'
---
apiVersion: monitoring.narthex.io/v1alpha1
kind: Monitor
metadata: {name: more}
spec:
  source: {static: {targets: ["127.0.0.1:9099"]}}
YAML
  apply >/dev/null || fail "it can't be applied"
  wait_until 30 says "paste again what narthex snippet default/main prints" || told "nobody is asked to paste again"
  is_value "sum(up{job=\"$own\"})" 1 || told "what was pasted before doesn't go on"
}

test_03_a_token_for_a_server_outside_is_printed_once_and_taken() {
  needs_deployment
  local token status
  token=$(narthex snippet main --new-token 2>/dev/null)
  [ "${#token}" -eq 43 ] || fail "no token is printed"
  taken() {
    status=$(docker exec "$(docker ps -qf "name=$own" | head -n 1)" wget -qO- --header "Authorization: Bearer $1" \
      http://tasks.narthex_operator:9480/sd/v1/default/main/swarm 2>/dev/null) && [ -n "$status" ]
  }
  wait_until 30 taken "$token" || told "the operator doesn't take the token"
  ! taken "${token%?}" || fail "the operator takes another token"
  docker service logs narthex_operator 2>&1 | grep -qF "$token" && fail "the token is in the log"
  true
}

# mounted FILE NAME KEY : the file as a Docker secret, where the operator looks for credentials of its folder.
mounted() {
  docker secret create "own_prometheus_$3" "$1" >/dev/null || fail "no secret"
  secrets+=(--secret-add "source=own_prometheus_$3,target=/etc/narthex/resources/.secrets/$2/$3,uid=65532,mode=0400")
}

test_04_a_server_that_asks_who_comes_over_https_is_looked_into() {
  needs_deployment
  local secrets=()
  server
  apply --prune >/dev/null || fail "the server can't be applied"
  wait_until 30 says "PrometheusServer default/main  ready" || told "it isn't as before"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=own" \
    -addext "subjectAltName=DNS:$alias" -keyout "$scratch/tls.key" -out "$scratch/tls.crt" 2>/dev/null ||
    fail "no certificate"
  # The hash of the word narthex.
  cat >"$scratch/web.yml" <<'YAML'
tls_server_config: {cert_file: /etc/prometheus/tls.crt, key_file: /etc/prometheus/tls.key}
basic_auth_users: {looker: "$2a$04$aeKI7ENGjOVIvb7WPwt//uOTiirdx49p3FapCN26SqqkqvJAilIxy"}
YAML
  docker config create own_prometheus_web "$scratch/web.yml" >/dev/null || fail "no config"
  docker config create own_prometheus_crt "$scratch/tls.crt" >/dev/null || fail "no config"
  docker config create own_prometheus_key "$scratch/tls.key" >/dev/null || fail "no config"
  docker service update -q -d --no-resolve-image --update-order stop-first \
    --config-add source=own_prometheus_web,target=/etc/prometheus/web.yml \
    --config-add source=own_prometheus_crt,target=/etc/prometheus/tls.crt \
    --config-add source=own_prometheus_key,target=/etc/prometheus/tls.key,mode=0444 \
    --args "--config.file=/etc/prometheus/prometheus.yml --web.listen-address=0.0.0.0:9099 --web.config.file=/etc/prometheus/web.yml" \
    "$own" >/dev/null || fail "it can't be updated"
  wait_until 60 says "can't be told" || told "nobody says that it can't be looked into"

  printf narthex >"$scratch/password"
  mounted "$scratch/password" own password
  mounted "$scratch/tls.crt" own ca.crt
  docker service update -q -d --no-resolve-image "${secrets[@]}" narthex_operator >/dev/null || fail "no update"
  sed -i "s|  external: .*|  external:\n    url: https://$alias:9099\n    auth: {basic: {username: looker, password: {secretRef: {name: own, key: password}}}}\n    tls: {ca: {secretRef: {name: own, key: ca.crt}}}|" "$scratch/server/server.yaml"
  apply >"$scratch/out" || fail "the server can't be applied: $(cat "$scratch/out")"
  wait_until 90 says "PrometheusServer default/main  ready" || told "it isn't looked into"
}

failed=no
run_tests || failed=yes
! docker info >/dev/null 2>&1 || clean
[ "$failed" = no ]
