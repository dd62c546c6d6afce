from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from entrypoints.settings import Settings


def make_server(settings: Settings) -> Granian:
    """The HTTP server: `settings.workers` processes, each with the whole application."""
    return Granian(
        "entrypoints.http.main:serve_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=35,
    )
