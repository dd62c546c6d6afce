import asyncio
import gc

import asyncpg
from dishka import Provider, provide
from dishka import Scope as Lifetime
from dishka.integrations.litestar import LitestarProvider
from litestar import Litestar

from adapters.postgres.health import database_problem
from adapters.ratelimit.login_throttle import RateLimiter
from adapters.s3.bucket import Bucket
from entrypoints.container import make_container
from entrypoints.environment import load_settings
from entrypoints.http.app import create_app
from entrypoints.http.health import Readiness
from entrypoints.http.providers import HttpRequest
from entrypoints.jobs import NoJob
from entrypoints.logging import configure_logging
from entrypoints.server import bind_to_parent, heed_one_signal
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage


class Components(Provider):
    @provide(scope=Lifetime.APP)
    def readiness(self, pool: asyncpg.Pool, limiter: RateLimiter, bucket: Bucket) -> Readiness:
        async def ask() -> dict[str, str]:
            database, cache, storage = await asyncio.gather(database_problem(pool), limiter.problem(), bucket.problem())
            return {"database": database, "cache": cache, "storage": storage}

        return ask


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
