"""Writing the next migration from what the rows say; what Alembic runs as its environment."""

from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.operations.ops import CreateTableOp, ExecuteSQLOp, MigrationScript
from alembic.script import Script
from sqlalchemy import Column, Connection
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.postgres.migrations import History
from adapters.postgres.sql import create_schema, literal, script_within
from adapters.postgres.tables import metadata_of
from domain.tenancy.schema import SchemaName

_SCRATCH = SchemaName("taruvi_scratch")


def run_environment() -> None:
    """The body of both `env.py`."""
    history: History = context.config.attributes["history"]
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, transactional_ddl=False)
    else:
        context.configure(
            connection=context.config.attributes["connection"],
            target_metadata=metadata_of(history.schemas),
            compare_type=True,
            process_revision_directives=_add_audit,
        )
    context.run_migrations()


def _add_audit(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Every new table gets its audit trigger; columns named `…_hash` are secret. Nothing to change: no migration."""
    if all(operations.is_empty() for operations in directives[0].upgrade_ops_list):
        directives.clear()
        return
    for operations in directives[0].upgrade_ops_list:
        for operation in list(operations.ops):
            if isinstance(operation, CreateTableOp) and operation.table_name != "history":
                operations.ops.append(ExecuteSQLOp(_audit_trigger(operation)))


def _audit_trigger(operation: CreateTableOp) -> str:
    table = operation.table_name
    names = [column.name for column in operation.columns if isinstance(column, Column)]
    arguments = [table, *(name for name in names if name.endswith("_hash"))]
    return (
        f"create trigger audit after insert or update or delete on {table} "
        f"for each row execute function audit({', '.join(map(literal, arguments))})"
    )


async def new_migration(url: str, history: History, message: str) -> Path | None:
    """Write the step from the newest revision to the rows as they are; None if there is none.

    Both are compared in a scratch schema inside a transaction that is rolled back.
    """
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            await connection.exec_driver_sql(create_schema(_SCRATCH))
            await raw.execute(script_within(history.whole, _SCRATCH))
            await connection.exec_driver_sql("SELECT set_config('search_path', $1, true)", (_SCRATCH.name,))
            path = await connection.run_sync(_write, history, message)
            await connection.rollback()
            return path
    finally:
        await engine.dispose()


def _write(connection: Connection, history: History, message: str) -> Path | None:
    config = history.config()
    config.attributes["connection"] = connection
    number = f"{len(list(history.folder.glob('versions/*.py'))) + 1:04d}"
    script = command.revision(config, message, autogenerate=True, rev_id=number)
    return Path(script.path) if isinstance(script, Script) else None
