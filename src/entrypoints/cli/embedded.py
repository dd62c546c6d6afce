"""Settings with servers that run: those that are given, or embedded ones for so long."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import msgspec

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.storage import EmbeddedStorage
from entrypoints.cli.signals import undisturbed
from entrypoints.settings import Settings


@contextmanager
def database(settings: Settings, report: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with a database."""
    if settings.database_url:
        yield settings
        return
    with _running(EmbeddedPostgres(settings.home, report=report)) as url:
        yield msgspec.structs.replace(settings, database_url=url)


@contextmanager
def storage(settings: Settings, report: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with an object store."""
    if settings.storage_url:
        yield settings
        return
    with _running(EmbeddedStorage(settings.home, port=settings.storage_port, report=report)) as url:
        yield msgspec.structs.replace(settings, storage_url=url)


@contextmanager
def _running(server: AbstractContextManager[str]) -> Iterator[str]:
    """Nothing disturbs its end."""
    with ExitStack() as embedded:
        url = embedded.enter_context(server)
        try:
            yield url
        finally:
            with undisturbed():
                embedded.close()
