import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.service import Service
from tests.embedded.processes import kill_server, kill_store

StartService = Callable[..., Service]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="taruvi-e2e-"))
    folder.chmod(0o755)
    yield folder
    kill_server(folder)
    kill_store(folder)
    shutil.rmtree(folder)


@pytest.fixture
def port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def start(place: Path, port: int) -> Iterator[StartService]:
    """Start `taruvi dev` (or another command line that does); what is left of them ends with the test."""
    services: list[Service] = []

    def start_one(*command: str, **options: Any) -> Service:
        services.append(Service(place, port, len(services), *command, **options))
        return services[-1]

    yield start_one
    for service in services:
        service.kill_all()
