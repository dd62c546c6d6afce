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
from entrypoints.cli.console import UserError
from entrypoints.cli.operator import database
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
        with problems_told(), database(load_settings()) as settings:
            asyncio.run(run(settings, *args, **kwargs))

    return called


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn what a user can do something about into a message."""
    try:
        yield
    except InvalidError as error:
        lines = [f"{field}: {'; '.join(texts)}" for field, texts in error.details.items()]
        raise UserError("\n".join(lines)) from error
    except (DomainError, EmbeddedPostgresError, InvalidKeyError, UnknownRevisionError) as error:
        raise UserError(str(error)) from error
    except asyncpg.UndefinedTableError as error:
        raise UserError("the database is not migrated: run `taruvi migrate`") from error
    except (
        asyncpg.PostgresConnectionError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.CannotConnectNowError,
    ) as error:
        raise UserError(f"the database cannot be used: {error}") from error
    except (ConnectionError, PermissionError, TimeoutError, socket.gaierror) as error:
        raise UserError(f"{error}; `taruvi doctor` says what is wrong") from error
