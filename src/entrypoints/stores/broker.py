from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from dishka import Provider, provide
from dishka import Scope as Lifetime

from adapters.memory.transport import MemoryTransport
from adapters.postgres.jobs.transport import PostgresTransport
from application.jobs.transport import Transport
from entrypoints.broker_problems import broker_scheme
from entrypoints.settings import Settings
from entrypoints.stores.jobs import EnginePool


class JobBroker(Provider):
    """What carries jobs to workers, by the scheme of `settings.broker_url`."""

    @provide(scope=Lifetime.APP)
    async def transport(self, settings: Settings, pool: EnginePool) -> AsyncIterator[Transport]:
        async with open_transport(settings, pool) as transport:
            yield transport


@asynccontextmanager
async def open_transport(settings: Settings, pool: asyncpg.Pool) -> AsyncIterator[Transport]:
    """For as long as the process lives. Nothing is connected before it is used."""
    if broker_scheme(settings.broker_url) == "postgresql":
        yield PostgresTransport(pool, settings.database_url)
    else:
        async with open_broker(settings) as transport:
            yield transport


@asynccontextmanager
async def open_broker(settings: Settings) -> AsyncIterator[Transport]:
    """The same, of a broker that is not the database."""
    match broker_scheme(settings.broker_url):
        case "amqp" | "amqps":
            async with _rabbitmq(settings) as transport:
                yield transport
        case "sqs":
            async with _sqs(settings) as transport:
                yield transport
        case _:
            yield MemoryTransport()


@asynccontextmanager
async def _rabbitmq(settings: Settings) -> AsyncIterator[Transport]:
    from adapters.brokers.rabbitmq.address import RabbitAddress  # noqa: PLC0415  most processes use one broker
    from adapters.brokers.rabbitmq.transport import RabbitTransport  # noqa: PLC0415  the same

    transport = RabbitTransport(RabbitAddress(url=settings.broker_url, prefix=settings.broker_prefix))
    yield transport
    await transport.close()


@asynccontextmanager
async def _sqs(settings: Settings) -> AsyncIterator[Transport]:
    from adapters.brokers.sqs.address import read_sqs_address  # noqa: PLC0415  most processes use one broker
    from adapters.brokers.sqs.transport import open_sqs  # noqa: PLC0415  the same

    address = read_sqs_address(
        settings.broker_url,
        prefix=settings.broker_prefix,
        visibility_seconds=settings.sqs_visibility_seconds,
        wait_seconds=settings.sqs_wait_seconds,
    )
    async with open_sqs(address) as transport:
        yield transport
