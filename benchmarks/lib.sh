# What the benchmarks share; sourced by `bench`. Everything started here is stopped at exit.
# shellcheck shell=bash

root=$(cd "$here/.." && pwd)
bin=${TARUVI_VENV:-$root/.venv}/bin
home=${TARUVI_BENCH_HOME:-/var/tmp/taruvi-bench}
seconds=${TARUVI_BENCH_SECONDS:-8}
pg_port=${TARUVI_BENCH_PG_PORT:-5498}
port_peer=${TARUVI_BENCH_PORT:-8201} port_ours=$((port_peer + 1)) port_ceiling=$((port_peer + 2))
work= cluster_is_ours= started=()
export LOAD=$here/load PIP_DISABLE_PIP_VERSION_CHECK=1 PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=peer PGOPTIONS=--client-min-messages=warning

say() { echo "• $*" >&2; }
die() { echo "error: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || die "$1 is missing (Debian: apt install $1)"; }
python() { PYTHONPATH=${release:-$root}/src:$here "$bin/python" "$@"; }
taruvi() { PYTHONPATH=${release:-$root}/src "$bin/taruvi" "$@"; }

prepare() {
  need curl
  [ -x "$bin/taruvi" ] || die "$bin is missing: run \`just setup\`"
  pg=${PG_BIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)}
  [ -x "$pg/initdb" ] || die "PostgreSQL's server programs are missing (Debian: apt install postgresql; elsewhere set PG_BIN)"
  POSTGRES_VERSION=$("$pg/postgres" --version)
  LOAD_BEFORE=$(cut -d' ' -f1 /proc/loadavg)
  export POSTGRES_VERSION LOAD_BEFORE
  local name
  for name in ${!TARUVI_@}; do
    case $name in TARUVI_BENCH_* | TARUVI_VENV | TARUVI_PYTHON) ;; *) unset "$name" ;; esac
  done
  work=$(mktemp -d)
  chmod 755 "$work"
  trap finish EXIT
  trap 'exit 130' INT TERM
  # no .env of whoever calls; the settings of every server of ours
  cd "$work"
  export TARUVI_HOME=$work/taruvi TARUVI_BASE_DOMAINS=bench.localhost TARUVI_LOG_FORMAT=json TARUVI_ACCESS_TOKEN_SECONDS=86400
  export TARUVI_LOGIN_LIMIT_ACCOUNT_AND_ADDRESS=10000 TARUVI_LOGIN_LIMIT_ACCOUNT=10000 TARUVI_LOGIN_LIMIT_ADDRESS=10000
}

finish() {
  local status=$? log
  trap '' INT TERM
  stop_servers
  if [ "$status" != 0 ]; then
    for log in "$work"/*.log; do
      [ -s "$log" ] && { echo "--- the end of $(basename "$log")"; tail -n 5 "$log" | cut -c1-400; } >&2
    done
  fi
  if [ -n "$cluster_is_ours" ]; then cluster_stop; fi
  cd /
  rm -rf "$work"
  exit "$status"
}

stop_servers() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  started=()
}

# serve NAME PORT PATH COMMAND…: in the background, and wait until it answers
serve() {
  local name=$1 port=$2 path=$3
  shift 3
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then die "port $port is in use: stop what uses it or set TARUVI_BENCH_PORT"; fi
  "$@" >"$work/$name.log" 2>&1 &
  local pid=$!
  started+=("$pid")
  for _ in $(seq 240); do
    curl -sf -o "$work/answer" -H 'Host: t001.bench.localhost' "http://127.0.0.1:$port$path" && return
    kill -0 "$pid" 2>/dev/null || die "the server $name ended at once"
    sleep 0.25
  done
  die "the server $name does not answer on port $port"
}

# --- PostgreSQL: one cluster for all sides, in $home/pg

as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

cluster_up() {
  if "$pg/pg_isready" -q; then return; fi
  local data=$home/pg/data
  mkdir -p "$home/pg"
  [ "$(id -u)" != 0 ] || chown postgres "$home/pg"
  if [ ! -f "$data/PG_VERSION" ]; then
    say "creating a PostgreSQL cluster in $home"
    as_postgres "$pg/initdb" -D "$data" -U peer --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
    printf '%s\n' "listen_addresses='127.0.0.1'" "unix_socket_directories='$home/pg'" max_connections=200 \
      shared_buffers=512MB max_locks_per_transaction=1024 max_wal_size=4GB |
      as_postgres tee -a "$data/postgresql.conf" >/dev/null
  fi
  as_postgres "$pg/pg_ctl" -D "$data" -o "-p $pg_port" -l "$home/pg/log" -s -w start || die "PostgreSQL does not start: see $home/pg/log"
  cluster_is_ours=yes
}
cluster_stop() { as_postgres "$pg/pg_ctl" -D "$home/pg/data" -m fast -s -w stop; }
cluster_down_for_good() {
  pg=${PG_BIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)}
  if [ -f "$home/pg/data/postmaster.pid" ]; then cluster_stop; fi
}
url() { echo "postgresql://peer@127.0.0.1:$pg_port/$1"; }
query() { "$pg/psql" -XqtA -d "$1" -c "$2"; }
has_database() { [ "$(query postgres "select 1 from pg_database where datname = '$1'")" = 1 ]; }
fresh_database() {
  "$pg/dropdb" --if-exists --force "$1"
  "$pg/createdb" --template "${2:-template0}" "$1"
}
tables_of() { query "$1" "select count(*) from pg_tables where schemaname = '$2'"; }
columns_named() { echo "select count(*) from information_schema.columns where column_name = '$1' and table_name = '$2'"; }

# --- the peer and the ceiling

peer_ready() {
  cp -r "$here/peer" "$work/peer"
  if [ ! -x "$home/venv/bin/python" ]; then
    say "making the peer's environment in $home"
    uv venv -q --python "${TARUVI_PYTHON:-python3}" --no-python-downloads "$home/venv"
  fi
  VIRTUAL_ENV=$home/venv uv pip install -q -r "$here/peer/requirements.txt"
}
peer_python() (cd "$work/peer" && PEER_DB=$1 BENCH_PG_PORT=$pg_port "$home/venv/bin/python" "${@:2}")
peer_manage() { peer_python "$1" manage.py "${@:2}"; }

# peer_seeded DATABASE SITES [--data]: whole or made anew
peer_seeded() {
  local database=$1 sites=$2 data=${3:-} wanted=$(($2 + ${3:+1} + 0))
  if has_database "$database" && [ "$(query "$database" "select count(*) from tenancy_site")" = "$wanted" ]; then return; fi
  say "the peer creates $wanted sites (about half a second each, once)"
  fresh_database peer_draft
  peer_manage peer_draft migrate_schemas --shared -v0
  peer_python peer_draft setup_tenants.py 1 "$sites" $data >&2
  if [ -n "$data" ]; then peer_python peer_draft setup_tenants.py tpost $data >&2; fi
  "$pg/dropdb" --if-exists --force "$database"
  query postgres "alter database peer_draft rename to $database"
}

serve_peer() {
  serve peer "$port_peer" /health/live env -C "$work/peer" PEER_DB="$1" BENCH_PG_PORT="$pg_port" PEER_HISTORY=1 \
    "$home/venv/bin/gunicorn" peer.wsgi:application -b "127.0.0.1:$port_peer" -w 2 -k sync --keep-alive 75 --log-level error
}
serve_ceiling() {
  serve ceiling "$port_ceiling" /health/live env -C "$here/ceiling" PYTHONDONTWRITEBYTECODE=1 PEER_DSN="$(url "$1")" \
    "$home/venv/bin/granian" --interface asgi --host 127.0.0.1 --port "$port_ceiling" --workers 2 --loop uvloop --no-ws \
    --log-level error app:app
}

# --- ours

in_database() { TARUVI_DATABASE_URL=$(url "$1") "${@:2}"; }
in_release() { release=$1 in_database "${@:2}"; }

ours_seeded() {
  has_database "$1" || "$pg/createdb" "$1"
  in_database "$1" taruvi migrate
  say "ours: $2 sites and tpost, with 200 projects each"
  in_database "$1" python "$here/seed.py" "$2"
}

# serve_ours SOURCE DATABASE PORT: two workers, JSON logs into a file; an empty DATABASE is the embedded one
serve_ours() {
  local address=
  [ -z "$2" ] || address=$(url "$2")
  serve taruvi "$3" /health/live env TARUVI_DATABASE_URL="$address" PYTHONPATH="$1" "$bin/taruvi" serve --workers 2 --port "$3"
}

tables_of_ours() {
  query taruvi_bench "select count(*) from pg_tables where schemaname = 't001'" 2>/dev/null && return
  fresh_database taruvi_new
  in_database taruvi_new taruvi migrate >&2
  in_database taruvi_new python "$here/seed.py" 1 >&2
  tables_of taruvi_new t001
}

# next_release FOLDER NAME [COUNT]: a copy of the code with one more tenant migration, releases/NAME.py
next_release() {
  mkdir -p "$1"
  cp -rp "$root/src" "$root/migrations" "$1/"
  local head
  head=$(python -c 'from adapters.postgres.migrations import TENANT_HISTORY; print(TENANT_HISTORY.head)')
  sed -e "s/@HEAD@/$head/" -e "s/@COUNT@/${3:-0}/" "$here/releases/$2.py" >"$1/migrations/tenant/versions/bench_$2.py"
  release=$1 taruvi migrate --help >/dev/null
}

# provision_ours LABEL SOURCE DATABASE SITES: through the API, as an operator would come to it
provision_ours() {
  local release=${2%/src} database=
  export TARUVI_HOME=$work/home-$1
  [ -z "$3" ] || database=$(url "$3")
  export TARUVI_DATABASE_URL=$database
  taruvi migrate >&2
  taruvi organizations create bench --plan enterprise >&2
  TARUVI_ADMIN_PASSWORD=bench-password-1 taruvi users create-admin --username bench --email bench@platform.example >&2
  unset TARUVI_DATABASE_URL
  serve_ours "$2" "$3" "$port_ours"
  python "$here/provision.py" measure --port "$port_ours" --sites "$4" >"$work/$1.txt"
  if [ -n "$3" ]; then tables_of "$3" n001 >"$work/$1.tables"; fi
  stop_servers
}

# timed LABEL COMMAND…: wall seconds of the whole command, appended to $work/times
timed() {
  local label=$1 start
  shift
  start=$EPOCHREALTIME
  "$@" >"$work/timed.log" 2>&1 || die "$label failed: $(tail -n 5 "$work/timed.log")"
  "$bin/python" -c 'import sys; print(sys.argv[1], float(sys.argv[3]) - float(sys.argv[2]))' "$label" "$start" "$EPOCHREALTIME" >>"$work/times"
}
