# Sourced by the scripts here. Finds the JDK, builds what is measured, and ends what was started.
#
#   $work      a folder for this run, removed at its end
#   $classes   the class path of bench and all it measures
set -euo pipefail

home=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$home/.mvn/jdk.sh"
java=$JAVA_HOME/bin/java

say() { printf '%s: %s\n' "${0##*/}" "$1" >&2; }

fail() {
  say "$1"
  exit 1
}

work=$(mktemp -d)
started=()
finish() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || :; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || :; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

need() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || PATH=$PATH:/usr/sbin command -v "$1" >/dev/null ||
    fail "needs $1 (Debian: apt-get install $2)"
}

build() {
  say "building"
  "$home/mvnw" -q -B -ntp -f "$home/pom.xml" -pl bench -am package \
    -Dmaven.test.skip=true -Dspotless.check.skip=true >"$work/build.log" 2>&1 ||
    { cat "$work/build.log" >&2; fail "the build failed"; }
  classes=$home/bench/target/classes:$(cat "$home/bench/target/classpath")
}

# A port of the loopback address that nobody listens on.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# Runs "$@" in the background, with its output in $work/NAME.log; leaves its process id in $pid.
start() { # NAME COMMAND...
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  pid=$!
  started+=("$pid")
}

await_port() { # NAME PID PORT
  for _ in {1..300}; do
    (exec 3<>"/dev/tcp/127.0.0.1/$3") 2>/dev/null && return
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/$1.log" >&2
  fail "$1 did not start"
}

# An emulator with the demo app; its port is in $emulator.
start_emulator() {
  emulator=$(free_port)
  start emulator "$java" -Xmx128m -XX:+UseSerialGC -cp "$classes" \
    org.evergrant.emulator.EmulatorMain --listen "127.0.0.1:$emulator"
  await_port emulator "$pid" "$emulator"
}

# The variables by which `evergrant` knows one app, at the emulator, and a store of this run.
export_app() {
  export ZOOM_ACCOUNT_ID=demo-account ZOOM_CLIENT_ID=demo-client ZOOM_CLIENT_SECRET=demo-secret
  export ZOOM_TOKEN_URL=http://127.0.0.1:$emulator/oauth/token ZOOM_API_URL=http://127.0.0.1:$emulator
  export EVERGRANT_STORE=sqlite:$work/evergrant.db
}

mints() { curl -fsS "http://127.0.0.1:$emulator/_emulator/state" | sed -n 's/^{"mints":\([0-9]*\).*/\1/p'; }

# The median of the numbers on stdin, one a line.
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

machine() {
  printf '%s, %s cores, %s; load before the run %s\n' "$(date -u +%F)" "$(nproc)" \
    "$("$java" --version | sed -n '2s/ (build.*//p')" "$(cut -d' ' -f1 /proc/loadavg)"
}
