#!/usr/bin/env bash
# A cluster on this machine: PostgreSQL and N silos that find each other through it.
#
#   deploy/local-cluster.sh [N] [silo options]      N silos (default 2); for instance --slots 2
#
# PostgreSQL's data, the logs and the address of the store are kept under the state folder, so sweeps survive a stop. A silo that ends by
# itself, or is killed, is started again. Ctrl-C drains the silos, then stops PostgreSQL; a second Ctrl-C does not wait for the drain.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/.ci/build.sh"

usage() { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
count=2
case "${1:-}" in
  [1-9] | [1-9][0-9]) count=$1; shift ;;
  '' | --[a-z]*) [ "${1:-}" = --help ] && usage ;;
  *) say "The number of silos is '$1', but must be 1 to 99."; usage ;;
esac

# PostgreSQL refuses to run as root, and its own user cannot look into root's home.
if [ "$(id -u)" -eq 0 ]; then
  state=${XDG_STATE_HOME:-/var/lib}/sweeps/local-cluster
  as_owner() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
else
  state=${XDG_STATE_HOME:-$HOME/.local/state}/sweeps/local-cluster
  as_owner() { "$@"; }
fi
data=$state/postgres logs=$state/logs passwords=$state/pgpass

find_postgres() {
  local bin
  for bin in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV); do
    [ -x "$bin/postgres" ] && echo "$bin" && return
  done
  bin=$(command -v postgres) && dirname "$bin" && return
  say "PostgreSQL was not found. Install it (apt-get install postgresql, brew install postgresql), or give silos a --store of your own."
  exit 2
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port FIRST: the first free port at or above FIRST.
free_port() {
  local port=$1
  while taken "$port"; do port=$((port + 1)); done
  echo "$port"
}

random_word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

create_database() {
  say "Creating a PostgreSQL in $data …"
  local word
  word=$(random_word)
  (umask 077 && echo "127.0.0.1:*:*:sweeps:$word" >"$passwords" && echo "$word" >"$state/new-password")
  mkdir -p "$data"
  [ "$(id -u)" -ne 0 ] || chown postgres "$data" "$state/new-password"
  as_owner "$bin/initdb" -D "$data" -U sweeps --auth=scram-sha-256 --pwfile="$state/new-password" -E UTF8 --no-locale >"$logs/initdb.log" 2>&1 \
    || { cat "$logs/initdb.log" >&2; rm -rf "$data" "$state/new-password"; exit 1; }
  rm -f "$state/new-password"
}

start_database() {
  if as_owner "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; then
    say "The PostgreSQL in $data runs already: another local cluster is up. Stop that one first."
    exit 1
  fi
  # A signal from here on must stop this PostgreSQL, because the next start refuses to run beside it.
  trap stop INT TERM HUP
  port=$(free_port 5433)
  : >>"$logs/postgres.log"
  [ "$(id -u)" -ne 0 ] || chown postgres "$logs/postgres.log"
  as_owner "$bin/pg_ctl" -D "$data" -l "$logs/postgres.log" -w -t 30 \
    -o "-h 127.0.0.1 -p $port -c unix_socket_directories='' -c max_connections=$((count * 25 + 50))" start >/dev/null \
    || { tail -n 20 "$logs/postgres.log" >&2; finish KILL 1; }
  store="Host=127.0.0.1;Port=$port;Database=sweeps;Username=sweeps;Passfile=$passwords"
  [ "$(query "SELECT 1 FROM pg_database WHERE datname = 'sweeps'")" = 1 ] || query 'CREATE DATABASE sweeps' || finish KILL 1
}

# query SQL: the answer of the PostgreSQL that start_database has started.
query() { PGPASSFILE=$passwords "$bin/psql" -h 127.0.0.1 -p "$port" -U sweeps -d postgres -qtA -c "$1"; }

# answers PORT: whether the silo at this HTTP port is ready.
answers() {
  local line
  { exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /healthz/ready HTTP/1.0\r\n\r\n' >&3 && read -r -t 5 line <&3; } 2>/dev/null && [[ $line == *' 200 '* ]]
}

# supervise NUMBER ARGUMENTS...: runs a silo and restarts it until this shell gets a signal to end.
supervise() {
  local number=$1 child='' stopping='' status
  shift
  trap 'stopping=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true' TERM
  trap '' INT
  while [ -z "$stopping" ]; do
    dotnet "$silo" "$@" >>"$logs/silo-$number.log" 2>&1 &
    child=$!
    echo "$child" >"$state/silo-$number.pid"
    status=0
    while kill -0 "$child" 2>/dev/null; do
      status=0
      { wait "$child" || status=$?; } 2>/dev/null
    done
    [ -n "$stopping" ] && break
    if [ "$status" -eq 2 ]; then
      say "Silo $number does not start:"
      tail -n 5 "$logs/silo-$number.log" >&2
      break
    fi
    say "Silo $number ended ($status). Starting it again …"
    sleep 1
  done
  rm -f "$state/silo-$number.pid"
}

stop() {
  trap 'say "Not waiting any longer."; finish KILL' INT TERM
  say ""
  say "Draining the silos …"
  finish TERM
}

# finish SIGNAL [STATUS]: ends the silos, then PostgreSQL, then this script, with the exit status 0 unless another is given.
finish() {
  local file supervisor
  # Written with +: for the bash 3.2 of macOS an empty array is an unset variable.
  for supervisor in ${supervisors[@]+"${supervisors[@]}"}; do kill -TERM "$supervisor" 2>/dev/null || true; done
  if [ "$1" = KILL ]; then
    for file in "$state"/silo-*.pid; do [ -e "$file" ] && kill -KILL "$(cat "$file")" 2>/dev/null || true; done
  fi
  for supervisor in ${supervisors[@]+"${supervisors[@]}"}; do
    while kill -0 "$supervisor" 2>/dev/null; do wait "$supervisor" || true; done
  done
  as_owner "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null 2>&1 || true
  say "Stopped. The sweeps are kept in $data."
  exit "${2:-0}"
}

require_dotnet
bin=$(find_postgres)
mkdir -p "$logs"
[ "$(id -u)" -ne 0 ] || chmod 755 "$state"
build_if_changed silo-built Silo/Silo.csproj Engine Sweeps Grains Silo
silo=$root/Silo/bin/Release/net10.0/Silo.dll
[ -e "$data/PG_VERSION" ] || create_database
supervisors=()
start_database
dotnet "$silo" --init-store --store "$store" >"$logs/init-store.log" 2>&1 || { cat "$logs/init-store.log" >&2; finish KILL 1; }

cores=$(getconf _NPROCESSORS_ONLN)
slots=$((cores / count > 0 ? cores / count : 1))
# Own process groups: Ctrl-C reaches this script only, which then drains in the right order.
set -m
ports=() gateways=()
silo_port=11110 gateway_port=29999 http_port=8079
for number in $(seq "$count"); do
  silo_port=$(free_port $((silo_port + 1))) gateway_port=$(free_port $((gateway_port + 1))) http_port=$(free_port $((http_port + 1)))
  supervise "$number" --store "$store" --slots "$slots" \
    --silo-port "$silo_port" --gateway-port "$gateway_port" --http-port "$http_port" "$@" &
  supervisors+=($!)
  ports+=("$http_port") gateways+=("127.0.0.1:$gateway_port")
done

for number in $(seq "$count"); do
  port=${ports[$((number - 1))]}
  until answers "$port"; do
    kill -0 "${supervisors[$((number - 1))]}" 2>/dev/null || finish TERM 1
    sleep 0.2
  done
  say "Silo $number is ready: http://127.0.0.1:$port/metrics, log in $logs/silo-$number.log"
done
where="--cluster $(IFS=,; echo "${gateways[*]}")"
cat >&2 <<END

The cluster is up. In another terminal:
  ./sweep run FILE $where
  ./sweep nodes $where
Its store: $store
Ctrl-C stops it.
END
wait
finish TERM
