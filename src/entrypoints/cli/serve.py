import os
import socket

import click
import msgspec

from entrypoints.cli.console import UserError
from entrypoints.cli.operator import database
from entrypoints.cli.run import problems_told
from entrypoints.server import make_server
from entrypoints.settings import Settings, load_settings
from entrypoints.signing_keys import load_keyring


@click.command()
@click.option("--workers", type=click.IntRange(1, 128), help="Processes (TARUVI_WORKERS).")
@click.option("--host", help="Address to listen on (TARUVI_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (TARUVI_PORT).")
def serve(workers: int | None, host: str | None, port: int | None) -> None:
    """Serve HTTP. Migrate before: `taruvi migrate`."""
    given = {"workers": workers, "host": host, "port": port}
    changes = {name: value for name, value in given.items() if value is not None}
    with problems_told(), database(load_settings()) as found:
        settings = msgspec.structs.replace(found, **changes)
        prepare_to_serve(settings)
        make_server(settings).serve()


def prepare_to_serve(settings: Settings) -> None:
    """Find out now what would make every worker fail, and hand the workers what only we know."""
    load_keyring(settings)
    require_free_port(settings)
    os.environ["TARUVI_DATABASE_URL"] = settings.database_url


def require_free_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise UserError(
                f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
                "Stop what uses it, or set TARUVI_PORT to another port."
            ) from error
