# Sourced by mvnw, check and evergrant: sets JAVA_HOME to a JDK that can build and run Evergrant, or ends with status 2.
# The java on PATH may be older than what we need, so the usual places are searched too; the first that fits wins.

jdk_wanted=25

# A JDK says its own version in its `release` file; reading it is some 40 ms cheaper than asking `java -version`.
jdk_fits() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  jdk_major=
  while IFS='=' read -r jdk_key jdk_value; do
    if [ "$jdk_key" = JAVA_VERSION ]; then
      jdk_major=${jdk_value#\"}
      jdk_major=${jdk_major%%[!0-9]*}
    fi
  done <"$1/release"
  [ "${jdk_major:-0}" -ge "$jdk_wanted" ]
}

# Prints the home of the javac on PATH, whatever chain of links leads to it.
jdk_of_path() {
  jdk_javac=$(command -v javac) && jdk_javac=$(readlink -f "$jdk_javac") && printf '%s' "${jdk_javac%/bin/javac}"
}

jdk_find() {
  for jdk_home in "${JAVA_HOME-}" "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}"; do
    [ -n "$jdk_home" ] && jdk_fits "$jdk_home" && return
  done
  jdk_home=$(jdk_of_path) && jdk_fits "$jdk_home" && return
  for jdk_home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    jdk_fits "$jdk_home" && return
  done
  return 1
}

# mvnw runs with `set -f`, which would turn the patterns above into plain words.
case $- in
*f*) set +f; jdk_find && jdk_found=yes || jdk_found=no; set -f ;;
*) jdk_find && jdk_found=yes || jdk_found=no ;;
esac

if [ "$jdk_found" = no ]; then
  echo "Evergrant needs a JDK $jdk_wanted or newer and found none in JAVA_HOME, PATH, /usr/lib/jvm, /usr/java, /opt/java, ~/.sdkman, ~/.jdks or /Library/Java; install one (https://adoptium.net) or set JAVA_HOME." >&2
  exit 2
fi
JAVA_HOME=$jdk_home
export JAVA_HOME
