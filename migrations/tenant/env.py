from adapters.postgres.autogenerate import run_environment

run_environment()
