import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Final

import asyncpg
from dishka import Provider, provide
from dishka import Scope as Lifetime
from dishka.integrations.litestar import LitestarProvider
from litestar import Litestar

from adapters.postgres.health import database_problem
from adapters.ratelimit.login_throttle import RateLimiter
from adapters.s3.bucket import Bucket
from application.jobs.transport import Transport
from entrypoints.container import make_container
from entrypoints.environment import load_settings
from entrypoints.http.app import create_app
from entrypoints.http.health import Readiness
from entrypoints.http.providers import HttpRequest
from entrypoints.jobs import NoJob
from entrypoints.logging import configure_logging
from entrypoints.server import bind_to_parent, heed_one_signal
from entrypoints.settings import Settings
from entrypoints.stores.broker import open_transport
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage

_COMPONENTS: Final = ("database", "cache", "storage", "broker")
_BROKER_SECONDS: Final = 2.0
"""Who asks for the health of a process does not wait as long as who publishes."""


class Components(Provider):
    @provide(scope=Lifetime.APP)
    async def readiness(
        self, pool: asyncpg.Pool, limiter: RateLimiter, bucket: Bucket, settings: Settings
    ) -> AsyncIterator[Readiness]:
        async with open_transport(settings, pool) as transport:

            async def ask() -> dict[str, str]:
                parts = (database_problem(pool), limiter.problem(), bucket.problem(), _broker_problem(transport))
                return dict(zip(_COMPONENTS, await asyncio.gather(*parts), strict=True))

            yield ask


async def _broker_problem(transport: Transport) -> str:
    try:
        async with asyncio.timeout(_BROKER_SECONDS):
            return await transport.problem()
    except TimeoutError:
        return "does not answer"


def settle_memory() -> None:
    """What is loaded by now stays: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 50)


def serve_app() -> Litestar:
    """What a server process runs: the application on PostgreSQL, by the settings."""
    bind_to_parent()
    heed_one_signal()
    settings = load_settings()
    configure_logging(pretty=settings.logs_pretty, level=settings.log_level)
    container = make_container(
        settings, Postgres(), S3Storage(), StrongPasswords(), LitestarProvider(), HttpRequest(), NoJob(), Components()
    )
    app = create_app(container, settings)
    app.on_startup.append(settle_memory)
    return app
