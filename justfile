# Taruvi: every command a developer needs. `just` alone lists them.
set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

python := env("TARUVI_PYTHON", "python3")
venv := env("TARUVI_VENV", justfile_directory() / ".venv")
bin := venv / "bin"

[private]
default:
    @just --list --unsorted

# make the environment in .venv from the hash-pinned lock (nothing to do when it is up to date)
setup:
    @stamp=$({ cat requirements.lock pyproject.toml; echo "{{python}} {{justfile_directory()}}"; } | sha256sum); \
    if [ "$(cat {{venv}}/.stamp 2>/dev/null)" != "$stamp" ]; then \
      echo "setting up {{venv}}"; \
      uv venv --quiet --allow-existing --python {{python}} --no-python-downloads {{venv}}; \
      VIRTUAL_ENV={{venv}} uv pip sync --quiet --require-hashes --compile-bytecode requirements.lock; \
      VIRTUAL_ENV={{venv}} uv pip install --quiet --no-deps --no-build-isolation --no-index -e .; \
      echo "$stamp" > {{venv}}/.stamp; \
    fi

# (two lines, because just calls a recipe that was interrupted a failure, however well it ended)
# run the whole platform on this machine: embedded PostgreSQL and object store, demo data, HTTP on 127.0.0.1:8000
dev *args: setup
    -@trap : TERM; code=0; {{bin}}/taruvi dev "$@" || code=$?; echo $code > {{venv}}/.dev-exit-code
    @exit "$(cat {{venv}}/.dev-exit-code)"

# run the tests, one process for each core (say which with pytest's own arguments; `-n 0` for one after the other)
test *args: setup
    @{{bin}}/pytest -n logical --maxprocesses 4 --dist loadfile "$@"

# format, lint, types, layers, OpenAPI
lint: setup
    {{bin}}/ruff format --check .
    {{bin}}/ruff check .
    {{bin}}/mypy
    {{bin}}/lint-imports
    {{bin}}/taruvi openapi --check docs/openapi.json

# everything that must hold before a commit: `lint`, and the fast tests
check: lint
    {{bin}}/pytest -q -n logical --maxprocesses 8 -m "not postgres and not service and not storage" tests/domain tests/application tests/http

# put the code in the house's form
format: setup
    {{bin}}/ruff format .
    {{bin}}/ruff check --fix .

# bring `public` and every site to the newest revision
migrate *args: setup
    @{{bin}}/taruvi migrate "$@"

# write the next migration from what the rows in src/adapters/postgres say: just new-migration tenant "add estimate"
new-migration history message: setup
    @{{bin}}/taruvi new-migration "$1" "$2"

# write docs/openapi.json anew
openapi: setup
    {{bin}}/taruvi openapi --output docs/openapi.json

# write docs/authorization.md anew from the table that the tests run
authorization: setup
    {{bin}}/python -m tests.http.who_may > docs/authorization.md

# measure against the Django peer and the bare ceiling: `just bench` lists what there is
bench *args: setup
    @benchmarks/bench "$@"

# pin the dependencies anew, with hashes and without naming a package index
lock:
    uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade -q -o requirements.lock
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -c requirements.lock -q -o requirements-runtime.lock

# the command line of the service itself
taruvi *args: setup
    @{{bin}}/taruvi "$@"
