from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from adapters.embedded.storage import EmbeddedStorage
from entrypoints.cli.signals import undisturbed
from entrypoints.settings import Settings


@contextmanager
def storage(settings: Settings, report: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with an object store that runs: the given one, or the embedded one for so long."""
    if settings.storage_url:
        yield settings
        return
    with ExitStack() as embedded:
        url = embedded.enter_context(EmbeddedStorage(settings.home, port=settings.storage_port, report=report))
        try:
            yield msgspec.structs.replace(settings, storage_url=url)
        finally:
            with undisturbed():
                embedded.close()
