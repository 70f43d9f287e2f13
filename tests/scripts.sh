#!/usr/bin/env bash
# bin/narthex, the search for a JDK, the preflights and the testbed's parsers.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

# --- the search for a JDK --------------------------------------------------------------

# fake_java FOLDER RELEASE [PROGRAM…] : what looks like an installed Java.
fake_java() {
  local folder=$1 release=$2 program
  shift 2
  mkdir -p "$folder/bin"
  printf 'JAVA_VERSION="%s"\n' "$release" >"$folder/release"
  for program in java "$@"; do
    printf '#!/bin/sh\n' >"$folder/bin/$program"
    chmod +x "$folder/bin/$program"
  done
}

# find_java_with HOME PROGRAM : prints what is found when JAVA_HOME is HOME, and
# nothing but the JDKs in $scratch/sdk is installed.
find_java_with() {
  (
    export JAVA_HOME=$1
    java_on_path() { return 1; }
    java_candidates() { printf '%s\n' "$scratch"/sdk/*; }
    find_java "$2" && printf '%s\n' "$JAVA_HOME"
  )
}

test_java_home_that_suits_is_taken() {
  fake_java "$scratch/jdk" 25.0.1 javac
  fake_java "$scratch/sdk/26" 26 javac
  [ "$(find_java_with "$scratch/jdk" javac)" = "$scratch/jdk" ] || fail "another one was"
}

test_java_home_that_is_old_is_passed_over() {
  fake_java "$scratch/old" 17.0.15 javac
  fake_java "$scratch/sdk/27" 27 javac
  fake_java "$scratch/sdk/26" 26.0.1 javac
  fake_java "$scratch/sdk/9" 9 javac
  [ "$(find_java_with "$scratch/old" javac)" = "$scratch/sdk/26" ] || fail "took $(find_java_with "$scratch/old" javac)"
}

test_java_without_compiler_is_no_jdk() {
  fake_java "$scratch/sdk/25" 25
  [ "$(find_java_with "" java)" = "$scratch/sdk/25" ] || fail "it is a Java"
  ! find_java_with "" javac || fail "it is no JDK"
}

test_java_on_the_path_may_be_a_link() {
  fake_java "$scratch/jdk" 25 javac
  mkdir "$scratch/bin"
  ln -s ../jdk/bin/java "$scratch/bin/java"
  [ "$(PATH=$scratch/bin:$PATH java_on_path)" -ef "$scratch/jdk" ] || fail "not followed"
}

# --- preflight ---------------------------------------------------------------------------

test_preflight_lists_all_that_is_missing_at_once() {
  local tool from=$SECONDS
  mkdir "$scratch/tools"
  for tool in bash dirname sed grep head readlink sort; do
    ln -s "$(command -v "$tool")" "$scratch/tools/$tool"
  done
  # shellcheck disable=SC2016 # the inner shell expands it
  expect_status 3 env -i PATH="$scratch/tools" HOME="$scratch" CI=true bash -c '
    . bin/lib/jdk.sh
    . bin/lib/preflight.sh
    java_candidates() { :; }
    need_jdk
    need_maven
    need_python
    need_command shellcheck shellcheck shellcheck
    preflight_report "make test"'
  for tool in "make test needs" "JDK of release 25" "Maven 3.8.6" "Python 3.11" "shellcheck"; do
    expect_text "$tool" "$scratch/err"
  done
  [ $((SECONDS - from)) -le 2 ] || fail "it took more than 2 s"
}

test_versions_compare_as_numbers() {
  # shellcheck source=bin/lib/preflight.sh
  . bin/lib/preflight.sh
  at_least 3.8.6 3.8.6 || fail "equal ones"
  at_least 3.8.6 3.10.0 || fail "3.10.0 is later than 3.8.6"
  at_least 1.26 1.26.8 || fail "1.26.8 is later than 1.26"
  ! at_least 3.8.6 3.8.5 || fail "3.8.5 is earlier than 3.8.6"
}

# --- the command ---------------------------------------------------------------------------

build() {
  make -s build >&2 || fail "make build failed"
}

test_narthex_prints_its_version() {
  build
  expect_status 0 bin/narthex --version
  expect_text "narthex " "$scratch/out"
  [ ! -s "$scratch/err" ] || fail "it says: $(cat "$scratch/err")"
}

test_narthex_runs_through_links_from_any_folder() {
  build
  ln -s "$root/bin/narthex" "$scratch/absolute"
  mkdir "$scratch/a folder"
  ln -s ../absolute "$scratch/a folder/relative"
  cd "$scratch/a folder" || fail "no folder"
  expect_status 0 ./relative --version
}

test_the_testbed_defines_each_function_once() {
  # All its parts are one shell: a second one of the same name takes the first one's place.
  local twice
  twice=$(sed -nE 's/^([a-z_]+)\(\).*/\1/p' testbed/testbed testbed/lib/*.sh | sort | uniq -d)
  [ -z "$twice" ] || fail "twice: $twice"
}

test_the_testbed_says_that_nothing_is_up_and_no_more() {
  # A docker that reaches no daemon, whatever runs on this machine.
  mkdir "$scratch/bin"
  printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/docker"
  chmod +x "$scratch/bin/docker"
  expect_status 1 env PATH="$scratch/bin:$PATH" TESTBED_HOME="$scratch/testbed" testbed/testbed status
  expect_text "kubernetes: down" "$scratch/out"
  expect_text "swarm: down" "$scratch/out"
  [ ! -s "$scratch/err" ] || fail "it says: $(cat "$scratch/err")"
}

test_kubectl_finds_narthex() {
  eval "$(testbed/testbed env)"
  command -v kubectl >/dev/null || skip "there is no kubectl; run: testbed/testbed build control-plane"
  mkdir "$scratch/plugins"
  ln -s "$root/bin/kubectl-narthex" "$scratch/plugins/kubectl-narthex"
  PATH="$scratch/plugins:$PATH" kubectl narthex explain NX1204 >"$scratch/out" 2>"$scratch/err" || fail "it failed"
  expect_text NX1204 "$scratch/out"
  [ ! -s "$scratch/err" ] || fail "it says: $(cat "$scratch/err")"
  expect_status 3 env KUBECONFIG="$scratch/none" bin/kubectl-narthex status --kubeconfig "$scratch/none"
}

test_narthex_ignores_a_start_up_cache_that_does_not_fit() {
  build
  local copy=$scratch/copy
  mkdir -p "$copy/operator/target" "$copy/bin"
  cp -R operator/target/narthex "$copy/operator/target/"
  cp -R bin/narthex bin/lib "$copy/bin/"
  expect_status 0 "$copy/bin/narthex" --version
  [ ! -s "$scratch/err" ] || fail "of another place: $(cat "$scratch/err")"
  expect_status 0 env NARTHEX_JAVA_OPTS="-XX:-UseSerialGC -XX:+UseParallelGC" "$copy/bin/narthex" --version
  [ ! -s "$scratch/err" ] || fail "of another JVM: $(cat "$scratch/err")"
  echo "no cache at all" >"$copy/operator/target/narthex/narthex.aot"
  expect_status 0 "$copy/bin/narthex" --version
  [ ! -s "$scratch/err" ] || fail "damaged: $(cat "$scratch/err")"
}

test_narthex_says_how_it_is_built() {
  mkdir -p "$scratch/bare/bin"
  cp -R bin/narthex bin/lib "$scratch/bare/bin/"
  expect_status 3 "$scratch/bare/bin/narthex" --version
  expect_text "make build" "$scratch/err"
}

# --- the tests themselves ----------------------------------------------------------------------

test_a_run_ends_with_what_it_took_and_the_sum() {
  local program copy=$scratch/copy
  mkdir -p "$copy/tests" "$copy/bin" "$copy/testbed" "$scratch/bin"
  cp tests/run tests/junit.py "$copy/tests/"
  cp -R bin/lib "$copy/bin/"
  # In place of what a run builds and tests with. Nobody but root has a node.
  cat >"$copy/testbed/testbed" <<'END'
#!/bin/sh
[ "$1" != build ] || sleep 1
END
  printf '#!/bin/sh\necho go1.26.0\n' >"$scratch/bin/go"
  printf '#!/bin/sh\necho 65532\n' >"$scratch/bin/id"
  cat >"$copy/bin/lib/maven" <<'END'
#!/bin/sh
mkdir -p operator/target/failsafe-reports
echo '<testsuite><testcase classname="SomeIT" name="works"/></testsuite>' >operator/target/failsafe-reports/TEST-SomeIT.xml
END
  for program in "$copy/testbed/testbed" "$copy/bin/lib/maven" "$scratch/bin/go" "$scratch/bin/id"; do
    chmod +x "$program"
  done
  expect_status 0 env PATH="$scratch/bin:$PATH" TESTBED_HOME="$scratch/testbed" "$copy/tests/run" it
  [ "$(tail -n 1 "$scratch/out")" = "1 passed, 0 failed, 0 skipped" ] || fail "it ends with $(tail -n 1 "$scratch/out")"
  local all="" rest=""
  read -r all rest < <(sed -nE "s/^\(all: ([0-9]+) s; ([0-9]+) s without the testbed's programs\)\$/\1 \2/p" "$scratch/out")
  [ "${all:-0}" -gt "${rest:-0}" ] || fail "it says of the time: $(tail -n 2 "$scratch/out")"
}

# --- the parsers -----------------------------------------------------------------------------

releases=(2.42 2.55 3.5 3.11 3.16)

# ask RELEASE REQUEST : the answer of that release's parser.
ask() {
  printf '%s\n' "$2" | "${TESTBED_HOME:-${HOME:?}/.cache/narthex-testbed}/bin/promcheck-$1"
}

need_parsers() {
  local release
  for release in "${releases[@]}"; do
    [ -x "${TESTBED_HOME:-${HOME:?}/.cache/narthex-testbed}/bin/promcheck-$release" ] ||
      skip "promcheck-$release isn't built: testbed/testbed build checkers"
  done
}

test_parsers_know_their_release() {
  need_parsers
  printf 'scrape_config_files: [jobs.yml]\nrule_files: ["generation-1-*.none"]\n' >"$scratch/index.yml"
  printf 'scrape_configs: [{job_name: one}]\n' >"$scratch/jobs.yml"
  local request='{"kind":"config","path":"'$scratch'/index.yml"}' release answer
  for release in "${releases[@]}"; do
    answer=$(ask "$release" "$request")
    case $release:$answer in
      2.42:*'"ok":false'*scrape_config_files*) ;;
      2.42:*) fail "2.42 knows no scrape_config_files: $answer" ;;
      *:'{"ok":true}') ;;
      *) fail "$release: $answer" ;;
    esac
  done
}

test_parsers_refuse_what_is_wrong_and_go_on() {
  need_parsers
  printf 'scrape_configs: [{job_name: one}, {job_name: one}]\n' >"$scratch/twice.yml"
  printf 'groups: [{name: a, rules: [{record: b, expr: "up >"}]}]\n' >"$scratch/rules.yml"
  local release answers
  for release in "${releases[@]}"; do
    answers=$(ask "$release" '{"kind":"config","path":"'"$scratch"'/twice.yml"}
{"kind":"rules","path":"'"$scratch"'/rules.yml"}
nonsense
{"kind":"query","text":"rate(up[5m])"}')
    [ "$(grep -c '"ok":false' <<<"$answers")" -eq 3 ] || fail "$release: $answers"
    [ "$(tail -n 1 <<<"$answers")" = '{"ok":true}' ] || fail "$release: $answers"
  done
}

run_tests
