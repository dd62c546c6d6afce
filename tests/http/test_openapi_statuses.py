"""Each operation is driven to each status that is documented for it, and gives no other one."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from application.tenancy.suspend_site import SuspendSite
from tests.http.test_health import readiness
from tests.http.test_openapi import OPERATIONS, Json
from tests.world import PASSWORD, PLATFORM, HttpClient, World, memory_world, token

PLATFORM_BASE: Final = "http://localhost"
NOBODY: Final = "00000000-0000-7000-8000-000000000000"
SITES: Final = "/api/sites"
PROJECTS: Final = "/api/projects"
LOG_IN: Final = "POST /api/auth/jwt/token"
PASSWORD_CHANGE: Final = "POST /api/profile/change-password"
TAKES_A_TOKEN: Final = {"refresh": "refresh", "blacklist": "refresh", "verify": "token"}
UNHEALTHY: Final = ("GET /health", "GET /health/ready")


class Driver:
    """Sends the requests of every operation, and notes what came back."""

    def __init__(self, world: World, client: HttpClient, seen: dict[str, set[int]]) -> None:
        self._world = world
        self._client = client
        self._seen = seen
        self._made = 0

    def base(self, name: str) -> str:
        return PLATFORM_BASE if SITES in name else self._world.host()

    async def signed_in(self, name: str, user: str = "admin") -> dict[str, str]:
        base = self.base(name)
        return await token(self._client, base, user if base != PLATFORM_BASE else f"{user}-{self._world.suffix}")

    async def send(
        self, name: str, *, base: str = "", path: str = "", headers: dict[str, str] | None = None, **kwargs: Any
    ) -> httpx.Response:
        method, _, template = name.partition(" ")
        if "security" in OPERATIONS[name] and headers is None:
            headers = await self.signed_in(name)
        answer = await self._client.request(
            method, (base or self.base(name)) + (path or template), headers=headers, **kwargs
        )
        self._seen[name].add(answer.status_code)
        if answer.content and answer.status_code >= 400 and "/health" not in template:
            assert answer.json()["code"], answer.text
        return answer

    async def place(self, name: str) -> str:
        """A path of the operation to something that was made for it."""
        path = name.partition(" ")[2]
        if "{slug}" in path:
            path = path.replace("{slug}", await self.a_site())
        if "{project_id}" in path:
            headers = await self.signed_in(PROJECTS)
            made = await self._client.post(f"{self._world.host()}{PROJECTS}", json={"name": "Moon"}, headers=headers)
            path = path.replace("{project_id}", made.json()["id"])
        if "{session_id}" in path:
            headers = await self.signed_in(name)
            found = await self._client.get(f"{self._world.host()}/api/auth/sessions/?page_size=1", headers=headers)
            path = path.replace("{session_id}", found.json()["results"][0]["id"])
        return path

    async def a_site(self) -> str:
        body = self.a_new_site()
        answer = await self.send(f"POST {SITES}", json=body)
        assert answer.status_code == 201, answer.text
        return str(body["slug"])

    def a_new_site(self) -> Json:
        self._made += 1
        slug = self._world.slug(f"site{self._made}")
        return {"organization": self._world.organization, "name": "A site", "slug": slug}

    async def body(self, name: str) -> Json | None:
        """A sound body, where the operation has one."""
        if "requestBody" not in OPERATIONS[name]:
            return None
        last = name.rpartition("/")[2]
        if last in TAKES_A_TOKEN:
            log_in = {"username": "admin", "password": PASSWORD}
            pair = (await self._client.post(f"{self._world.host()}/api/auth/jwt/token/", json=log_in)).json()
            return {TAKES_A_TOKEN[last]: pair["refresh"]}
        bodies: dict[str, Json] = {
            LOG_IN: {"username": "admin", "password": PASSWORD},
            PASSWORD_CHANGE: {"current_password": PASSWORD, "new_password": "another-good-one"},
            f"POST {PROJECTS}": {"name": "Moon"},
            f"PATCH {PROJECTS}/{{project_id}}": {"name": "Mars"},
            f"PUT {PROJECTS}/{{project_id}}": {"name": "M", "description": "", "status": "active", "owner": NOBODY},
            f"POST {SITES}": self.a_new_site(),
            f"POST {SITES}/{{slug}}/rename": {"slug": self.a_new_site()["slug"]},
        }
        return bodies[name]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A site with an admin and a stranger, who are on the platform too; and a suspended site."""
    async with memory_world() as world:
        for scope in (PLATFORM, await world.site()):
            await world.admin(scope)
            await world.user(scope, f"stranger-{world.suffix}" if scope is PLATFORM else "stranger")
        await world.site("closed")
        async with world.acting() as acting:
            await (await acting.get(SuspendSite))(slug=world.slug("closed"), seen=None)
        yield world


async def succeed(driver: Driver, name: str) -> None:
    path, body = await driver.place(name), await driver.body(name)
    if name.startswith("PUT") and body:
        shown = await driver.send(name.replace("PUT", "GET"), path=path)
        body["owner"] = shown.json()["owner"]
    if name == f"DELETE {SITES}/{{slug}}":
        path += f"?confirm={path.rpartition('/')[2]}"
    if name.endswith("/resume"):
        await driver.send(name.replace("resume", "suspend"), path=path.replace("resume", "suspend"))
    await driver.send(name, path=path, json=body)
    if name == PASSWORD_CHANGE and body:
        headers = await token_of(driver, body["new_password"])
        back = {"current_password": body["new_password"], "new_password": PASSWORD}
        await driver.send(name, headers=headers, json=back)


async def token_of(driver: Driver, password: str) -> dict[str, str]:
    answer = await driver.send(LOG_IN, json={"username": "admin", "password": password})
    return {"Authorization": f"Bearer {answer.json()['access']}"}


async def be_refused(driver: Driver, world: World, name: str, status: int) -> None:
    """In a way that is the same for every operation, where there is one."""
    path, body = await driver.place(name), await driver.body(name)
    match status:
        case 400 if body is None:
            await driver.send(name, path=f"{path}?unknown=1")
        case 400:
            await driver.send(name, path=path, json={"unknown": 1})
        case 403:
            stranger = await driver.signed_in(name, "stranger")
            await driver.send(name, path=path, json=body, headers=stranger)
        case 404:
            await driver.send(name, base="http://nobody.localhost", path=path, headers={})
        case 412:
            headers = await driver.signed_in(name) | {"If-Match": '"99"'}
            await driver.send(name, path=path, json=body, headers=headers)
        case 413:
            await driver.send(name, path=path, json={"name": "x" * 5000})
        case 503:
            await driver.send(name, base=world.host("closed"), path=path, headers={})
        case _:
            await be_refused_as_it_does(driver, world, name, status)


async def be_refused_as_it_does(driver: Driver, world: World, name: str, status: int) -> None:
    path, body = await driver.place(name), await driver.body(name) or {}
    signs_in = "security" in OPERATIONS[name]
    headers = await driver.signed_in(name) if signs_in else {}
    match status:
        case 401 if signs_in:
            await driver.send(name, path=path, json=body or None, headers={"Authorization": "Bearer nonsense"})
        case 401:
            wrong = {"password": "wrong"} if name == LOG_IN else dict.fromkeys(body, "nonsense")
            await driver.send(name, json=body | wrong)
        case 409:
            await driver.send(name, path=path, json=body | {"slug": world.slug("acme")})
        case 415:
            await driver.send(name, path=path, content=b"{}", headers=headers | {"Content-Type": "text/plain"})
        case 422 if name.endswith("/suspend"):
            await driver.send(name, path=f"{SITES}/{world.slug('closed')}/suspend")
        case 422:
            await driver.send(name, path=path)
        case 429:
            wrong = {key: "a-wrong-password" if "password" in key else value for key, value in body.items()}
            for _ in range(12):
                await driver.send(name, json=wrong, headers=headers)
        case _:
            pytest.fail(f"nothing here drives {name} to {status}")


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_operation_gives_what_is_documented_and_nothing_else(world: World, name: str) -> None:
    documented = {int(status) for status in OPERATIONS[name]["responses"]}
    seen: dict[str, set[int]] = defaultdict(set)
    async with world.http(readiness(database=""), max_body_bytes=4096) as client:
        driver = Driver(world, client, seen)
        for status in sorted(documented):
            if name in UNHEALTHY and status == 503:
                async with world.http(readiness(database="away")) as ill:
                    await Driver(world, ill, seen).send(name)
            elif status < 400:
                await succeed(driver, name)
            else:
                await be_refused(driver, world, name, status)
    assert seen[name] == documented
