#!/usr/bin/env bash
# The scripts themselves.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

# scripts : prints every script of the repository, known by its first line.
scripts() {
  local file first
  git ls-files -co --exclude-standard | while IFS= read -r file; do
    [ -f "$file" ] || continue
    first=$(head -c 60 "$file" | tr -d '\0' | head -n 1)
    case $first in
      '#!/bin/sh'* | '#!/usr/bin/env bash'* | '# shellcheck shell='*) printf '%s\n' "$file" ;;
    esac
  done
}

test_shellcheck_has_no_complaint() {
  local found=()
  mapfile -t found < <(scripts)
  [ "${#found[@]}" -gt 12 ] || fail "found only ${#found[@]} scripts"
  shellcheck -x "${found[@]}" >&2 || fail "shellcheck complains"
}

test_what_has_an_interpreter_is_executable() {
  local file
  for file in $(scripts); do
    [ -x "$file" ] || [ "$(head -c 2 "$file")" != '#!' ] || fail "$file"
  done
}

test_python_compiles() {
  local file
  for file in $(git ls-files -co --exclude-standard '*.py'); do
    python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file" || fail "$file"
  done
}

run_tests
