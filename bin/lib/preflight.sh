# shellcheck shell=bash
# What the make targets need, checked before they start. Sourced by bin/lib/preflight.

preflight_missing=()

# lacks WHAT APT BREW [ELSE] : notes that WHAT is missing, and how it is installed.
lacks() {
  local how=""
  if command -v apt-get >/dev/null && [ -n "$2" ]; then
    how="apt-get install $2"
  elif command -v brew >/dev/null && [ -n "$3" ]; then
    how="brew install $3"
  elif [ -n "$2" ]; then
    how="Debian: apt-get install $2; macOS: brew install $3"
  fi
  [ -z "${4:-}" ] || how="${how:+$how, or }$4"
  preflight_missing+=("$1
      $how")
}

need_command() {
  command -v "$1" >/dev/null || lacks "$1" "$2" "$3" "${4:-}"
}

# at_least WANTED FOUND : both are dotted numbers.
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$1" ]
}

need_jdk() {
  find_java javac || lacks "a JDK of release $NARTHEX_JAVA_MIN or later (Maven itself runs on it)" \
    "openjdk-$NARTHEX_JAVA_MIN-jdk-headless" "openjdk@$NARTHEX_JAVA_MIN" \
    "sdk install java $NARTHEX_JAVA_MIN-tem (sdkman.io), or unpack one and set JAVA_HOME"
}

# need_maven : Maven 3.8.6 or later, as pom.xml demands. Its version is that of a
# file's name, because 'mvn --version' starts Java.
need_maven() {
  local program jar version
  program=$(command -v mvn) || {
    lacks "Maven 3.8.6 or later" maven maven "sdk install maven (sdkman.io)"
    return
  }
  program=$(program_behind "$program")
  for jar in "${program%/*}"/../lib/maven-core-*.jar "${program%/*}"/../libexec/lib/maven-core-*.jar \
    /usr/share/maven/lib/maven-core-*.jar; do
    [ -e "$jar" ] || continue
    version=${jar##*/maven-core-}
    version=${version%.jar}
    case $version in *[!0-9.]*) continue ;; esac
    at_least 3.8.6 "$version" ||
      lacks "Maven 3.8.6 or later ($program is $version)" maven maven "sdk install maven (sdkman.io)"
    return
  done
}

# go_version : prints the version of the go on PATH ("1.26.8"); fails without one.
go_version() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || return 1
  version=${version#go}
  printf '%s\n' "${version%%[!0-9.]*}"
}

# python_at_least MAJOR.MINOR : prints a Python that new with the module venv; fails without one.
python_for_venv() {
  local program
  for program in python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$program" >/dev/null || continue
    if "$program" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$program"
      return 0
    fi
  done
  return 1
}

need_python() {
  python_for_venv >/dev/null || command -v apt-get >/dev/null ||
    lacks "Python 3.11 or later with its module venv" "python3 python3-venv" python3
}

# preflight_report WHAT : lists what is missing, all of it; fails when something is.
preflight_report() {
  local one
  [ ${#preflight_missing[@]} -gt 0 ] || return 0
  printf '%s needs what this machine lacks:\n' "$1" >&2
  for one in "${preflight_missing[@]}"; do
    printf '  - %s\n' "$one" >&2
  done
  return 3
}
