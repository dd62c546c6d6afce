"""Which real parts the tests run on: always the embedded PostgreSQL, and services where they answer."""

import os
import socket
from typing import Final

import pytest

DATABASE: Final = os.environ.get("TARUVI_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS: Final = os.environ.get("TARUVI_TEST_CACHE_URL", "redis://127.0.0.1:6379/9")
RABBITMQ: Final = os.environ.get("TARUVI_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672/")
REQUIRED: Final = os.environ.get("TARUVI_TEST_REQUIRE_SERVICES") == "1"
_PORTS: Final = {"postgres": 5432, "redis": 6379, "rabbitmq": 5672}


def require_service(name: str) -> None:
    """Skip by name where a service does not answer; fail where it has to (`.ci/run`)."""
    if answers(name):
        return
    message = f"the service {name} does not answer on 127.0.0.1:{_PORTS[name]}"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


def answers(name: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", _PORTS[name]), timeout=1).close()
    except OSError:
        return False
    return True


def a_free_port() -> int:
    """One on 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
