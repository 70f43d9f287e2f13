# shellcheck shell=bash
# What the demo is made of: ports, Prometheus, Python. Sourced by demo, which sets
# cache, here and root. Everything fetched lies in the cache folder, so a second
# demo needs no network.

: "${cache:?}" "${here:?}"

say() { printf 'demo: %s\n' "$*" >&2; }

# run_logged LOG COMMAND… : runs it silently; shows its output when it fails.
run_logged() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    return 1
  }
}

# --- ports ------------------------------------------------------------------------

# port_owner PORT : prints who listens there, where the system tells.
port_owner() {
  local found=""
  if command -v ss >/dev/null; then
    found=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, pid \2/p' | head -n 1)
  fi
  if [ -z "$found" ] && command -v lsof >/dev/null; then
    found=$(lsof -nP -iTCP:"$1" -sTCP:LISTEN -Fpc 2>/dev/null | awk '/^p/ { pid = substr($0, 2) } /^c/ { print substr($0, 2) ", pid " pid; exit }')
  fi
  printf '%s\n' "${found:-another program}"
}

# machine_names : prints this machine's names and addresses, with commas between.
# Linux's hostname knows the addresses (-I), macOS's doesn't.
machine_names() {
  {
    hostname
    hostname -f
    hostname -I || ifconfig | awk '$1 == "inet" { print $2 }'
  } 2>/dev/null | tr -s ' \n' ',' || true
}

# require_free_port PORT WHOSE : ends the demo when something listens on PORT.
require_free_port() {
  # bash itself connects; success means that somebody answers.
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    say "port $1, which $2 needs, is in use by $(port_owner "$1"): stop it first"
    exit 3
  fi
}

# --- Prometheus ---------------------------------------------------------------------

# find_prometheus : prints the path of a Prometheus: $PROMETHEUS, the one on PATH,
# Debian's package unpacked into the cache, the testbed's; else says how to get one.
find_prometheus() {
  local found unpacked=$cache/prometheus/usr/bin/prometheus
  local testbed=${TESTBED_HOME:-${HOME:?}/.cache/narthex-testbed}/bin/prometheus
  if [ -n "${PROMETHEUS:-}" ]; then
    [ -x "$PROMETHEUS" ] || {
      say "PROMETHEUS=$PROMETHEUS is not a program"
      return 1
    }
    printf '%s\n' "$PROMETHEUS"
  elif found=$(command -v prometheus); then
    printf '%s\n' "$found"
  elif [ -x "$unpacked" ] || unpack_packages "$cache/prometheus" prometheus; then
    printf '%s\n' "$unpacked"
  elif [ -x "$testbed" ]; then
    printf '%s\n' "$testbed"
  else
    cat >&2 <<'TEXT'
demo: there is no Prometheus (2.42 or later) here. Any of these gets one:
  - Debian, Ubuntu:  apt-get update, and again (nothing gets installed), or apt-get install prometheus
  - macOS:           brew install prometheus
  - anywhere:        unpack a release of https://prometheus.io/download and set PROMETHEUS=/path/to/prometheus
  - with Go 1.26:    testbed/testbed build prometheus
TEXT
    return 1
  fi
}

# unpack_packages FOLDER PACKAGE… : unpacks Debian packages into FOLDER, installing
# nothing. As root the package lists are refreshed when they don't know a package.
unpack_packages() {
  local folder=$1 package
  shift
  { command -v apt-get && command -v dpkg-deb; } >/dev/null || return 1
  mkdir -p "$cache"
  rm -rf "$folder.new"
  mkdir -p "$folder.new/debs"
  say "downloading Debian's $* (unpacked into $folder, not installed)"
  if ! (cd "$folder.new/debs" && apt-get download -qq "$@" >../log 2>&1); then
    [ "$(id -u)" -ne 0 ] || run_logged "$folder.new/log" apt-get update -qq || return 1
    (cd "$folder.new/debs" && run_logged ../log apt-get download -qq "$@") || return 1
  fi
  for package in "$folder.new"/debs/*.deb; do
    dpkg-deb -x "$package" "$folder.new" || return 1
  done
  rm -rf "$folder.new/debs" "$folder.new/log" "$folder"
  mv "$folder.new" "$folder"
}

# --- Python ---------------------------------------------------------------------------

# prepare_python : sets demo_python, the command of a Python that has Django,
# django-prometheus and gunicorn: a venv of the pinned wheels, else Debian's
# packages, unpacked. DEMO_PYTHON=venv or debian allows only one of the two.
prepare_python() {
  local base
  mkdir -p "$cache"
  if [ "${DEMO_PYTHON:-venv}" = venv ] && base=$(python_for_venv) && prepare_venv "$base"; then
    return 0
  fi
  if [ "${DEMO_PYTHON:-debian}" = debian ] && prepare_debian_python; then
    return 0
  fi
  cat >&2 <<'TEXT'
demo: no Python environment could be made. It takes Python 3.11 or later with venv and a way
to PyPI (pip's settings and proxies are honoured), or Debian with a way to its packages:
  - Debian, Ubuntu:  apt-get install python3-venv
  - macOS:           brew install python3
TEXT
  exit 3
}

# prepare_venv PYTHON : fails when the wheels can't be had.
prepare_venv() {
  local name venv
  name=$({ cat "$here/requirements.txt" && "$1" -VV && printf '%s\n' "$1"; } | cksum | cut -d' ' -f1)
  venv=$cache/venv-$name
  if [ ! -f "$venv/complete" ]; then
    say "making a Python environment (pip, hash-pinned wheels)"
    rm -rf "$venv"
    if ! run_logged "$cache/pip.log" "$1" -m venv "$venv" ||
      ! run_logged "$cache/pip.log" "$venv/bin/python" -m pip --disable-pip-version-check install \
        --require-hashes --only-binary :all: -r "$here/requirements.txt"; then
      say "that failed; see $cache/pip.log"
      return 1
    fi
    touch "$venv/complete"
  fi
  demo_python=("$venv/bin/python")
}

# prepare_debian_python : what apt would install beside the packages that are there.
prepare_debian_python() {
  local folder=$cache/python names=() name libraries
  command -v apt-get >/dev/null || return 1
  if [ ! -d "$folder" ]; then
    if ! list_debian_python >/dev/null 2>&1; then
      [ "$(id -u)" -ne 0 ] || run_logged "$cache/apt.log" apt-get update -qq || return 1
    fi
    while IFS= read -r name; do
      names+=("$name")
    done < <(list_debian_python)
    [ "${#names[@]}" -eq 0 ] || unpack_packages "$folder" "${names[@]}" || return 1
    mkdir -p "$folder"
  fi
  libraries=$(find "$folder/usr/lib" "$folder/lib" -maxdepth 1 -type d -name '*-linux-gnu*' 2>/dev/null | paste -s -d: -)
  demo_python=(env "PYTHONPATH=$folder/usr/lib/python3/dist-packages" "LD_LIBRARY_PATH=$libraries")
  if [ -x "$folder/usr/bin/python3" ]; then
    demo_python+=("$folder/usr/bin/python3")
  else
    demo_python+=(/usr/bin/python3)
  fi
  "${demo_python[@]}" -c 'import django, django_prometheus, gunicorn, sqlite3'
}

list_debian_python() {
  local uris
  uris=$(apt-get install -o Debug::NoLocking=1 -qq --print-uris --no-install-recommends \
    python3 python3-django python3-django-prometheus gunicorn) || return 1
  printf '%s\n' "$uris" | awk 'NF { split($2, part, "_"); print part[1] }'
}
