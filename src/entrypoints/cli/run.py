"""From a click command into the event loop, and from what goes wrong there to a message."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

import asyncpg

from adapters.crypto.keyring import InvalidKeyError
from adapters.embedded.errors import EmbeddedError
from adapters.postgres.fleet import UnknownRevisionError
from domain.shared.errors import DomainError, InvalidError
from entrypoints.cli.console import Steps, UserError
from entrypoints.cli.embedded import database, storage
from entrypoints.environment import load_settings
from entrypoints.settings import Settings

P = ParamSpec("P")


Run: TypeAlias = Callable[Concatenate[Settings, P], Coroutine[Any, Any, None]]
Parts: TypeAlias = Callable[[Settings, Steps], AbstractContextManager[Settings]]


def command(run: Run[P]) -> Callable[P, None]:
    """Make a coroutine function, whose first parameter is the settings, what click can call.

    While it runs there is a database. Mistakes and outages end as `UserError`.
    """
    return _called(run, database)


def command_on_files(run: Run[P]) -> Callable[P, None]:
    """The same, while there is an object store too."""
    return _called(run, _database_and_storage)


@contextmanager
def _database_and_storage(settings: Settings, steps: Steps) -> Iterator[Settings]:
    with database(settings, steps) as stored, storage(stored, steps) as ready:
        yield ready


def _called(run: Run[P], parts: Parts) -> Callable[P, None]:
    @wraps(run)
    def called(*args: P.args, **kwargs: P.kwargs) -> None:
        steps = Steps()
        try:
            with problems_told(), parts(load_settings(), steps) as settings:
                steps.done()
                asyncio.run(run(settings, *args, **kwargs))
        finally:
            steps.done()

    return called


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn what a user can do something about into a message, and what Ctrl-C broke into `KeyboardInterrupt`."""
    try:
        yield
    except Exception as error:
        if _was_interrupted(error):
            raise KeyboardInterrupt from error
        told = _told(error)
        if told is None:
            raise
        raise told from error


def _was_interrupted(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _told(error: Exception) -> UserError | None:
    """None for a defect, and for whoever has read enough of our output."""
    match error:
        case InvalidError():
            lines = [f"{field}: {'; '.join(texts)}" for field, texts in error.details.items()]
            return UserError("\n".join(lines), exit_code=2)
        case DomainError() | EmbeddedError() | InvalidKeyError() | UnknownRevisionError():
            return UserError(str(error))
        case asyncpg.PostgresError() | asyncpg.InterfaceError():
            return _of_database(error)
        case OSError() if not isinstance(error, BrokenPipeError):
            return _of_system(error)
        case _:
            return None


def _of_system(error: OSError) -> UserError:
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror):
        return UserError(f"cannot connect: {error.strerror or error or 'no answer'}; see `taruvi doctor`")
    return UserError(f"{error.filename or 'this machine'}: {error.strerror or error}")


def _of_database(error: Exception) -> UserError | None:
    """A message where the database is away, closed to us or not migrated."""
    away = (
        asyncpg.PostgresConnectionError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InsufficientPrivilegeError,
        asyncpg.CannotConnectNowError,
        asyncpg.TooManyConnectionsError,
        asyncpg.AdminShutdownError,
        asyncpg.InterfaceError,
    )
    if isinstance(error, asyncpg.UndefinedTableError):
        return UserError("the database is not migrated: run `taruvi migrate`")
    if isinstance(error, away):
        return UserError(f"the database cannot be used: {error}; `taruvi doctor` says more")
    return None
