#!/usr/bin/env bash
# The container image, where 'make image' built one and Docker runs.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

image=narthex-image-test:1

# loaded : the image is in Docker, as $image.
loaded() {
  local name
  [ -f operator/target/image.tar ] || skip "there is no operator/target/image.tar; run: make image"
  docker info >/dev/null 2>&1 || skip "Docker doesn't run; testbed/testbed up swarm starts it"
  name=$(docker load -q -i operator/target/image.tar | sed -n 's/^Loaded image: //p')
  docker tag "$name" "$image"
}

test_it_is_small() {
  local size
  [ -f operator/target/image.tar ] || skip "there is no operator/target/image.tar; run: make image"
  size=$(wc -c <operator/target/image.tar)
  [ "$size" -le 120000000 ] || fail "operator/target/image.tar has $size bytes, more than 120,000,000"
}

# in_image ARGS… : runs narthex as a cluster does: no root, no writable file, no right, no network.
in_image() {
  docker run --rm -i --read-only --network none --cap-drop ALL --security-opt no-new-privileges "$image" "$@"
}

test_it_runs_without_root_and_with_a_read_only_root() {
  loaded
  expect_status 0 in_image --version
  expect_text "narthex $(sed -n 's/^  <version>\(.*\)<\/version>/\1/p' pom.xml | head -n 1)" "$scratch/out"
  [ "$(docker image inspect -f '{{.Config.User}}' "$image")" = 65532:65532 ] || fail "it runs as another user"
  expect_status 1 in_image lint - <<<'kind: Monitor'
}

test_narthex_is_a_command_in_a_container_without_a_shell() {
  loaded
  local container
  container=$(docker run -d --rm --read-only --network none --cap-drop ALL "$image" socket-gate --listen 127.0.0.1:2375)
  expect_status 0 docker exec "$container" narthex --version
  expect_text "narthex " "$scratch/out"
  expect_status 2 docker exec "$container" narthex lint --frobnicate
  docker kill "$container" >/dev/null
}

test_its_start_up_cache_fits() {
  loaded
  # With "on" Java ends where it can't use the cache.
  docker run --rm --read-only --network none --entrypoint /usr/lib/java/bin/java "$image" \
    -XX:AOTMode=on @/narthex/java.options io.narthex.cli.Main --version >"$scratch/out" 2>&1 ||
    fail "$(cat "$scratch/out")"
}

test_its_jars_lack_no_class_that_one_of_theirs_names() {
  loaded
  local container classes=$scratch/classes java=$scratch/java/bin/java
  find_java javac
  "$JAVA_HOME/bin/javac" -d "$classes" tests/LinkClasses.java
  container=$(docker create "$image")
  docker cp "$container:/narthex" "$scratch/narthex" >/dev/null
  docker cp "$container:/usr/lib/java" "$scratch/java" >/dev/null
  docker rm "$container" >/dev/null
  # unlinked FOLDER : the classes of FOLDER's jars that can't be linked.
  unlinked() { "$java" -cp "$classes:$1/narthex.jar" LinkClasses "$1"/narthex.jar "$1"/lib/*.jar | sort; }
  # What uses a library that nobody has can't be linked in the jars of the build either; nothing else may be missing.
  unlinked operator/target/narthex >"$scratch/expected"
  [ -s "$scratch/expected" ] || fail "all jars of the build link: it wouldn't be noticed if those of the image didn't"
  unlinked "$scratch/narthex" >"$scratch/found"
  comm -13 "$scratch/expected" "$scratch/found" >"$scratch/out"
  [ ! -s "$scratch/out" ] || fail "these can't be linked: $(head -n 5 "$scratch/out" | tr '\n' ' ')"
}

test_it_shows_a_certificate_with_an_elliptic_key_of_a_kubeconfig() {
  loaded
  local server port container shown=yes
  for name in client server; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "/CN=narthex-$name" \
      -addext subjectAltName=IP:127.0.0.1 -keyout "$scratch/$name.key" -out "$scratch/$name.crt" 2>/dev/null
  done
  # As "EC PRIVATE KEY", which Java itself doesn't read.
  openssl ec -in "$scratch/client.key" -out "$scratch/ec.key" 2>/dev/null
  : >"$scratch/server.log"
  openssl s_server -accept 127.0.0.1:0 -cert "$scratch/server.crt" -key "$scratch/server.key" -www \
    -Verify 1 -CAfile "$scratch/client.crt" >"$scratch/server.log" 2>&1 &
  server=$!
  wait_until 10 grep -q '^ACCEPT' "$scratch/server.log" || fail "$(cat "$scratch/server.log")"
  port=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\).*/\1/p' "$scratch/server.log")
  encoded() { base64 -w 0 <"$scratch/$1"; }
  cat >"$scratch/config" <<END
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(encoded server.crt)}}]
contexts: [{name: c, context: {cluster: c, user: c}}]
users: [{name: c, user: {client-certificate-data: $(encoded client.crt), client-key-data: $(encoded ec.key)}}]
END
  chmod 755 "$scratch_root" "$scratch"
  chmod 644 "$scratch/config"
  # It is no Kubernetes that answers; what matters is who asks.
  container=$(docker run -d --read-only --network host -v "$scratch/config:/config:ro" "$image" \
    kubectl status --kubeconfig /config)
  wait_until 30 grep -q 'CN *= *narthex-client' "$scratch/server.log" || shown=no
  docker logs "$container" >"$scratch/out" 2>&1
  docker rm -f "$container" >/dev/null
  kill "$server"
  [ "$shown" = yes ] || fail "$(cat "$scratch/out" "$scratch/server.log")"
}

test_it_tells_what_it_is_made_of() {
  loaded
  local container
  container=$(docker create "$image")
  docker cp -q "$container:/usr/share/sbom" "$scratch/sbom" 2>/dev/null || docker cp "$container:/usr/share/sbom" "$scratch/sbom" >/dev/null
  docker rm "$container" >/dev/null
  python3 - "$scratch/sbom" >"$scratch/out" 2>&1 <<'END' || fail "$(cat "$scratch/out")"
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
for name, part in (("narthex.cdx.json", "kubernetes-client"), ("system.cdx.json", "java-runtime")):
    bill = json.loads((folder / name).read_text())
    assert bill["bomFormat"] == "CycloneDX", name
    assert part in {c["name"] for c in bill["components"]}, f"{name} lacks {part}"
END
}

run_tests
