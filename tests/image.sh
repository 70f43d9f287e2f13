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
