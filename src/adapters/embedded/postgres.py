"""The embedded PostgreSQL: a cluster in a folder, served for as long as somebody uses it."""

import os
from pathlib import Path

from adapters.embedded.cluster import Cluster, last_lines
from adapters.embedded.errors import EmbeddedPostgresError
from adapters.embedded.postmaster import PORT
from adapters.embedded.programs import Programs, programs_folder
from adapters.embedded.server import Server
from adapters.embedded.server_user import let_through, server_user
from adapters.embedded.shared import SharedServer
from adapters.embedded.socket_directory import socket_directory

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

_ENSURE_DATABASE = r"""
SELECT 'CREATE DATABASE taruvi TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'taruvi') \gexec
"""


class EmbeddedPostgres(SharedServer[Server]):
    """PostgreSQL in `<home>/postgres`, reachable by unix socket only. Entering gives a URL for asyncpg."""

    name = "postgres"
    what = kept = "PostgreSQL"
    lock_seconds = 300  # longer than making a cluster and starting it may take
    failure = EmbeddedPostgresError

    def _ensure(self, server: Server, *, lock: int) -> str:
        Cluster(data=server.data, programs=server.programs, report=self._report).ensure(lock=lock)
        directory = server.ensure()
        _ensure_database(server.programs, directory)
        # The port is a part of the socket's name; were it left out, a PGPORT would be taken.
        return f"postgresql://postgres@/taruvi?host={directory}&port={PORT}"

    def _server(self) -> Server:
        data = self._home.resolve() / "postgres"
        folder = programs_folder()
        user = server_user(home=self._home, data=data)
        directory = socket_directory(data, uid=user.pw_uid if user else os.geteuid())
        if user:
            for crossed in (data.parent, folder.resolve(), directory.parent):
                let_through(crossed, user, report=self._report)
        return Server(
            data=data,
            socket_directory=directory,
            programs=Programs(folder=folder, user=user),
            report=self._report,
        )


def _ensure_database(programs: Programs, socket_directory: Path) -> None:
    done = programs.run_client(
        *("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--username=postgres"),
        *(f"--host={socket_directory}", f"--port={PORT}", "--dbname=postgres"),
        statement=_ENSURE_DATABASE,
    )
    if done.returncode:
        raise EmbeddedPostgresError(
            f"PostgreSQL runs on {socket_directory}, but its database taruvi could not be "
            f"made:\n{last_lines(done.stderr)}\nPut right what it names and try again."
        )
