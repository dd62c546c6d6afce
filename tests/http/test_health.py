from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from dishka import Provider
from dishka import Scope as Lifetime
from structlog.testing import capture_logs

from adapters.postgres.health import database_problem
from entrypoints.http.health import Readiness
from tests.world import HttpClient, World, token


def readiness(**problems: str) -> Provider:
    async def ask() -> dict[str, str]:
        return problems

    provider = Provider(scope=Lifetime.APP)
    provider.provide(lambda: ask, provides=Readiness, override=True)
    return provider


def of_the_database() -> Provider:
    def ready(pool: asyncpg.Pool) -> Readiness:
        async def ask() -> dict[str, str]:
            return {"database": await database_problem(pool)}

        return ask

    provider = Provider(scope=Lifetime.APP)
    provider.provide(ready, override=True)
    return provider


@pytest.mark.parametrize("path", ["/health", "/health/", "/health/ready", "/health/ready/"])
@pytest.mark.parametrize("host", ["localhost", "nobody.localhost", "10.0.0.7:8000", "[::1]", "", "ü"])
async def test_every_host_answers_for_load_balancers(postgres: World, path: str, host: str) -> None:
    async with postgres.http(readiness(database="", cache="")) as client:
        answer = await client.get(f"http://127.0.0.1{path}", headers=[(b"Host", host.encode())])
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "components": {"database": "ok", "cache": "ok"}}


async def test_a_component_that_does_not_work_takes_it_out_of_service(postgres: World) -> None:
    async with postgres.http(readiness(database="cannot be reached", cache="")) as client:
        ready = await client.get("http://localhost/health/ready/")
        live = await client.get("http://localhost/health/live/")
    assert ready.status_code == 503
    assert ready.json() == {"status": "unavailable", "components": {"database": "cannot be reached", "cache": "ok"}}
    assert (live.status_code, live.json()) == (200, {"status": "ok", "components": {}})


async def test_without_its_storage_it_stays_in_service(postgres: World) -> None:
    """Most requests need no files; a bucket that is away is away for every process at once."""
    async with postgres.http(readiness(database="", cache="", storage="cannot be reached")) as client:
        ready = await client.get("http://localhost/health/ready/")
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "degraded",
        "components": {"database": "ok", "cache": "ok", "storage": "cannot be reached"},
    }
    async with postgres.http(readiness(database="away", storage="cannot be reached")) as client:
        assert (await client.get("http://localhost/health/ready/")).status_code == 503


async def test_without_its_broker_it_stays_in_service(postgres: World) -> None:
    """Jobs wait as rows until it is back."""
    async with postgres.http(readiness(database="", broker="does not answer")) as client:
        ready = await client.get("http://localhost/health/ready/")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert ready.json()["components"] == {"database": "ok", "broker": "does not answer"}


async def test_probes_that_find_all_well_are_for_debugging_alone(postgres: World) -> None:
    async with postgres.http(readiness(database="")) as client, postgres.http(readiness(database="away")) as ill:
        with capture_logs() as lines:
            await client.get("http://localhost/health/")
            await ill.get("http://localhost/health/")
            await client.get("http://localhost/nothing/")
    assert [(line["status"], line["log_level"]) for line in lines] == [(200, "debug"), (503, "info"), (404, "info")]


@asynccontextmanager
async def closed(database_url: str) -> AsyncIterator[None]:
    """Nobody can connect to the database, and nobody stays connected."""
    name = urlsplit(database_url).path[1:]
    operator = await asyncpg.connect(urlsplit(database_url)._replace(path="/postgres").geturl())
    try:
        await operator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        yield
    finally:
        await operator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await operator.close()


async def status(client: HttpClient, url: str, headers: dict[str, str]) -> int:
    answer = await client.get(url, headers=headers)
    assert ("retry-after" in answer.headers) is (answer.status_code == 503 and "/health/" not in url)
    return answer.status_code


async def test_an_outage_of_the_database_is_answered_and_gets_over(postgres: World) -> None:
    await postgres.admin(await postgres.site())
    projects = f"{postgres.host()}/api/projects/"
    ready = "http://localhost/health/ready/"
    async with postgres.http(of_the_database()) as client:
        headers = await token(client, postgres.host())
        assert [await status(client, url, headers) for url in (projects, ready)] == [200, 200]
        async with closed(postgres.settings.database_url):
            assert {await status(client, projects, headers) for _ in range(20)} == {503}
            assert await status(client, ready, headers) == 503
            assert await status(client, "http://localhost/health/live/", headers) == 200
            unknown = await client.get("http://another.localhost/")
            assert (unknown.status_code, unknown.headers["retry-after"]) == (503, "5")
        assert [await status(client, url, headers) for url in (projects, ready)] == [200, 200]
