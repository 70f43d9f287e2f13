# shellcheck shell=sh
# Finds a JDK for Narthex. Sourced by bin/narthex, bin/lib/maven and the checks.

NARTHEX_JAVA_MIN=25

# java_release HOME : prints the feature release ("25") of the JDK or JRE in
# HOME, read from its release file: starting Java to ask takes longer.
java_release() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | grep . | head -n 1
}

# java_suits HOME [PROGRAM] : HOME holds a new enough Java that has bin/PROGRAM.
java_suits() {
  java_suits_release=$(java_release "$1") || return 1
  [ "$java_suits_release" -ge "$NARTHEX_JAVA_MIN" ] && [ -x "$1/bin/${2:-java}" ]
}

# program_behind FILE : prints the file that FILE, a link or not, leads to.
# (readlink -f isn't everywhere.)
program_behind() {
  program_behind=$1
  while [ -L "$program_behind" ]; do
    program_behind_target=$(readlink "$program_behind")
    case $program_behind_target in
      /*) program_behind=$program_behind_target ;;
      *) program_behind=$(dirname "$program_behind")/$program_behind_target ;;
    esac
  done
  printf '%s\n' "$program_behind"
}

# java_on_path : prints the home of the java on PATH.
java_on_path() {
  java_on_path_program=$(command -v java) || return 1
  dirname "$(dirname "$(program_behind "$java_on_path_program")")"
}

# java_candidates : prints the places where JDKs are installed, one a line.
java_candidates() {
  for java_candidates_home in \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
    "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ ! -d "$java_candidates_home" ] || printf '%s\n' "$java_candidates_home"
  done
  [ ! -x /usr/libexec/java_home ] ||
    /usr/libexec/java_home -v "$NARTHEX_JAVA_MIN+" 2>/dev/null || true
}

# find_java [PROGRAM] : exports JAVA_HOME, a Java of release 25 or later that has
# bin/PROGRAM (java; javac for a JDK): the JAVA_HOME that is set, that of the
# java on PATH, else the oldest installed one that suits. Fails when there is none.
find_java() {
  find_java_program=${1:-java}
  if [ -n "${JAVA_HOME:-}" ] && java_suits "$JAVA_HOME" "$find_java_program"; then
    export JAVA_HOME
    return 0
  fi
  if find_java_home=$(java_on_path) && java_suits "$find_java_home" "$find_java_program"; then
    export JAVA_HOME="$find_java_home"
    return 0
  fi
  find_java_best=
  find_java_least=
  while IFS= read -r find_java_home; do
    java_suits "$find_java_home" "$find_java_program" || continue
    if [ -z "$find_java_least" ] || [ "$java_suits_release" -lt "$find_java_least" ]; then
      find_java_best=$find_java_home
      find_java_least=$java_suits_release
    fi
  done <<LIST
$(java_candidates)
LIST
  [ -n "$find_java_best" ] || return 1
  export JAVA_HOME="$find_java_best"
}
