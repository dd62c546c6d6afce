from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from adapters.embedded.postgres import EmbeddedPostgres
from entrypoints.cli.signals import undisturbed
from entrypoints.settings import Settings


@contextmanager
def database(settings: Settings, report: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with a database that runs: the given one, or the embedded one for so long."""
    if settings.database_url:
        yield settings
        return
    with ExitStack() as embedded:
        url = embedded.enter_context(EmbeddedPostgres(settings.home, report=report))
        try:
            yield msgspec.structs.replace(settings, database_url=url)
        finally:
            with undisturbed():
                embedded.close()
