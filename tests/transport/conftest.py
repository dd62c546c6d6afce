import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from moto.server import ThreadedMotoServer

from tests.services import require_service
from tests.transport.brokers import Broker, memory_broker, postgres_broker, rabbit_broker, sqs_broker


@pytest.fixture(scope="session")
def sqs_endpoint() -> Iterator[str]:
    """An SQS on this machine, one for all tests."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(
    params=[
        "memory",
        pytest.param("database_url", marks=pytest.mark.postgres, id="postgresql"),
        pytest.param("service_url", marks=pytest.mark.service("postgres"), id="postgresql-service"),
        pytest.param("rabbitmq", marks=pytest.mark.service("rabbitmq")),
        pytest.param("sqs_endpoint", id="sqs"),
    ]
)
def broker_kind(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Each broker in turn: which it is, and its address where it has to be started."""
    if request.param == "rabbitmq":
        require_service("rabbitmq")
    if request.param in ("memory", "rabbitmq"):
        return request.param, ""
    return request.param, request.getfixturevalue(request.param)


@pytest.fixture
async def broker(broker_kind: tuple[str, str]) -> AsyncIterator[Broker]:
    """Each broker in turn, empty."""
    kind, address = broker_kind
    match kind:
        case "memory":
            opened = memory_broker()
        case "rabbitmq":
            opened = rabbit_broker()
        case "sqs_endpoint":
            opened = sqs_broker(address)
        case _:
            opened = postgres_broker(address)
    async with opened as broker:
        yield broker
