"""From a click command into the event loop, and from what goes wrong there to a message."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import asyncpg

from adapters.crypto.keyring import InvalidKeyError
from adapters.embedded.postgres import EmbeddedPostgresError
from adapters.postgres.fleet import UnknownRevisionError
from domain.shared.errors import DomainError, InvalidError
from entrypoints.cli.console import Steps, UserError
from entrypoints.cli.database import database
from entrypoints.settings import Settings, load_settings

P = ParamSpec("P")


def command(
    run: Callable[Concatenate[Settings, P], Coroutine[Any, Any, None]],
) -> Callable[P, None]:
    """Make a coroutine function, whose first parameter is the settings, what click can call.

    While it runs there is a database. Mistakes and outages end as `UserError`.
    """

    @wraps(run)
    def called(*args: P.args, **kwargs: P.kwargs) -> None:
        steps = Steps()
        try:
            with problems_told(), database(load_settings(), steps) as settings:
                steps.done()
                asyncio.run(run(settings, *args, **kwargs))
        finally:
            steps.done()

    return called


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn what a user can do something about into a message."""
    try:
        yield
    except InvalidError as error:
        lines = [f"{field}: {'; '.join(texts)}" for field, texts in error.details.items()]
        raise UserError("\n".join(lines), exit_code=2) from error
    except (DomainError, EmbeddedPostgresError, InvalidKeyError, UnknownRevisionError) as error:
        raise UserError(str(error)) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _of_database(error) from error
    except BrokenPipeError:
        raise  # whoever reads our output has read enough
    except (ConnectionError, TimeoutError, socket.gaierror) as error:
        raise UserError(f"cannot connect: {error.strerror or error or 'no answer'}; see `taruvi doctor`") from error
    except OSError as error:
        raise UserError(f"{error.filename or 'this machine'}: {error.strerror or error}") from error


def _of_database(error: Exception) -> Exception:
    """A message where the database is away, closed to us or not migrated; else the defect itself."""
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
    return error
