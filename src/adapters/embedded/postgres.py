"""The embedded PostgreSQL: a cluster in a folder, served for as long as somebody uses it."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from adapters.embedded.cluster import Cluster, last_lines
from adapters.embedded.errors import EmbeddedPostgresError
from adapters.embedded.locks import Presence, only_one
from adapters.embedded.postmaster import PORT
from adapters.embedded.programs import Programs, programs_folder
from adapters.embedded.server import Server
from adapters.embedded.server_user import let_through, server_user
from adapters.embedded.socket_directory import socket_directory

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

_LOCK_SECONDS = 300  # longer than making a cluster and starting it may take
_ENSURE_DATABASE = r"""
SELECT 'CREATE DATABASE taruvi TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'taruvi') \gexec
"""


def _say_nothing(_step: str) -> None: ...


class EmbeddedPostgres:
    """PostgreSQL in `<home>/postgres`, reachable by unix socket only.

    Entering starts the server, or joins the one that runs, whether another process uses it or a
    killed one left it behind; it gives a URL for asyncpg. The server stops when its last user
    leaves. `report` is told each step that takes time or changes something, in a few words.
    """

    def __init__(self, home: Path, *, report: Callable[[str], None] = _say_nothing) -> None:
        self._home = home.absolute()
        self._report = report
        self._leaving = ExitStack()

    def __enter__(self) -> str:
        with self._explained(), ExitStack() as undo:
            self._home.mkdir(parents=True, exist_ok=True)
            with self._only_one() as lock:
                server = self._server()
                undo.callback(self._leave, Presence(self._home / "postgres.users"), server)
                Cluster(data=server.data, programs=server.programs, report=self._report).ensure(lock=lock)
                directory = server.ensure()
                _ensure_database(server.programs, directory)
            self._leaving = undo.pop_all()
        # The port is a part of the socket's name; were it left out, a PGPORT would be taken.
        return f"postgresql://postgres@/taruvi?host={directory}&port={PORT}"

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        with self._explained():
            self._leaving.close()

    def _leave(self, presence: Presence, server: Server) -> None:
        with self._only_one():
            if presence.leave():
                server.stop()

    def _only_one(self) -> AbstractContextManager[int]:
        return only_one(self._home / "postgres.lock", what="PostgreSQL", seconds=_LOCK_SECONDS, report=self._report)

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

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EmbeddedPostgresError(
                f"Cannot keep PostgreSQL in {self._home}: {error.strerror} ({error.filename}). "
                "It has to be a folder that you may write to, on a disk with free space: "
                "correct that, or choose another folder."
            ) from error


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
