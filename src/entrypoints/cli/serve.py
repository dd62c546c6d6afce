import asyncio
import os

import asyncpg
import click
import msgspec

from adapters.postgres.health import database_problem
from adapters.postgres.pool import open_pool
from entrypoints.addresses import public_url_of
from entrypoints.cli.console import Steps, UserError
from entrypoints.cli.embedded import database, storage
from entrypoints.cli.listening import require_free_port
from entrypoints.cli.run import problems_told
from entrypoints.environment import checked, load_settings
from entrypoints.logging import configure_logging
from entrypoints.server import make_server
from entrypoints.settings import Settings
from entrypoints.signing_keys import load_keyring


@click.command()
@click.option("--workers", type=click.IntRange(1, 128), help="Processes (TARUVI_WORKERS).")
@click.option("--host", help="Address to listen on (TARUVI_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (TARUVI_PORT).")
def serve(workers: int | None, host: str | None, port: int | None) -> None:
    """Serve HTTP until SIGINT or SIGTERM. Migrate before: `taruvi migrate`.

    \b
    Example:
      TARUVI_DATABASE_URL=postgresql://… taruvi serve --workers 4 --host 0.0.0.0
    """
    given = {"workers": workers, "host": host, "port": port}
    changes = {name: value for name, value in given.items() if value is not None}
    wanted = checked(msgspec.structs.replace(load_settings(), **changes))
    steps = Steps()
    with problems_told():
        require_free_port(wanted, steps)
        with database(wanted, steps) as stored, storage(stored, steps) as settings:
            steps("checking the database")
            asyncio.run(_require_migrated(settings))
            prepare_to_serve(settings, steps)
            steps(f"serving on {settings.host}:{settings.port} with {settings.workers} processes")
            steps.done()
            make_server(settings).serve()


def prepare_to_serve(settings: Settings, steps: Steps) -> None:
    """Find out now what would make every worker fail, and hand the workers what only we know.

    The port is looked at once more: workers can share one, and so could two services.
    """
    load_keyring(settings)
    require_free_port(settings, steps)
    os.environ["TARUVI_DATABASE_URL"] = settings.database_url
    os.environ["TARUVI_STORAGE_URL"] = settings.storage_url
    os.environ["TARUVI_PUBLIC_URL"] = public_url_of(settings)
    configure_logging(pretty=settings.logs_pretty, level=settings.log_level)


async def _require_migrated(settings: Settings) -> None:
    pool = await open_pool(settings.database_url, size=2, statements=0, name="taruvi serve")
    try:
        problem = await database_problem(pool)
    except asyncpg.PostgresError as error:
        problem = str(error)
    finally:
        await pool.close()
    if problem:
        raise UserError(f"database: {problem}")
