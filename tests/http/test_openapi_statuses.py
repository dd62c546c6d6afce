"""Each operation is driven to each status that is documented for it, and gives no other one."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Final

import pytest

from application.tenancy.suspend_site import SuspendSite
from domain.tenancy.membership import MemberRole
from tests.contracts.tenancy.claims import a_member
from tests.http.accounts import bearer
from tests.http.domain_driving import refuse_domain
from tests.http.driven_history import refuse_history
from tests.http.driven_mail import INVITATIONS
from tests.http.driven_people import refuse_person
from tests.http.driven_sites import SITES, inactive_organization
from tests.http.driver import (
    DOMAIN_CHECK,
    EXCHANGE,
    IN_PERSON,
    LOG_IN,
    ORGANIZATIONS,
    PASSWORD_CHANGE,
    PROJECTS,
    Driver,
)
from tests.http.file_refusals import refuse_file
from tests.http.invitation_refusals import refuse_invitation
from tests.http.job_refusals import refuse_job
from tests.http.test_health import readiness
from tests.http.test_openapi import OPERATIONS, Json
from tests.world import PASSWORD, PLATFORM, World, memory_world

UNHEALTHY: Final = ("GET /health", "GET /health/ready")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A site with an admin and a stranger, who are on the platform too; and a suspended site."""
    async with memory_world() as world:
        for scope in (PLATFORM, await world.site()):
            await world.admin(scope)
            await world.user(scope, f"stranger-{world.suffix}" if scope is PLATFORM else "stranger")
        for role in MemberRole:
            await a_member(world, role.value, role)
        await world.site("closed")
        async with world.acting() as acting:
            await (await acting.get(SuspendSite))(slug=world.slug("closed"), seen=None)
        yield world


async def succeed(driver: Driver, name: str) -> None:
    path, body = await driver.place(name), await driver.body(name)
    if name.startswith("PUT") and PROJECTS in name and body:
        shown = await driver.send(name.replace("PUT", "GET"), path=path)
        body["owner"] = shown.json()["owner"]
    if name in (f"DELETE {SITES}/{{slug}}", f"DELETE {ORGANIZATIONS}/{{slug}}"):
        path += f"?confirm={path.rpartition('/')[2]}"
    if DOMAIN_CHECK in name:
        path += "?domain=localhost"
    if name.endswith("/resume"):
        await driver.send(name.replace("resume", "suspend"), path=path.replace("resume", "suspend"))
    await driver.send(name, path=path, json=body)
    if name.endswith("/grants"):
        await driver.send(name, path=path, json=body)  # the second one replaces the first
    if name == PASSWORD_CHANGE and body:
        headers = await token_of(driver, body["new_password"])
        back = {"current_password": body["new_password"], "new_password": PASSWORD}
        await driver.send(name, headers=headers, json=back)


async def never_arriving() -> AsyncIterator[bytes]:
    yield b"{"
    raise TimeoutError


async def token_of(driver: Driver, password: str) -> dict[str, str]:
    answer = await driver.send(LOG_IN, json={"username": "admin", "password": password})
    return {"Authorization": f"Bearer {answer.json()['access']}"}


async def be_refused(driver: Driver, world: World, name: str, status: int) -> None:
    """In a way that is the same for every operation, where there is one."""
    if await be_refused_apart(driver, world, name, status):
        return
    path, body = await driver.place(name), await driver.body(name)
    match status:
        case 400 if body is None:
            await driver.send(name, path=f"{path}?unknown=1")
        case 400:
            await driver.send(name, path=path, json={"unknown": 1})
        case 403:
            await be_forbidden(driver, name, path, body)
        case 404:
            await driver.send(name, base="http://nobody.localhost", path=path, headers={})
        case 412:
            headers = await driver.signed_in(name) | {"If-Match": '"99"'}
            await driver.send(name, path=path, json=body, headers=headers)
        case 408 | 413:
            await driver.send(name, path=path, content=never_arriving() if status == 408 else b"x" * 5000)
        case 503:
            await driver.send(name, base=world.host("closed"), path=path, headers={})
        case 409 | 422 if ORGANIZATIONS in name:
            await be_refused_by_an_organization(driver, name, status)
        case _:
            await be_refused_as_it_does(driver, world, name, status)


async def be_refused_apart(driver: Driver, world: World, name: str, status: int) -> bool:
    """Whether it was done, in the way of the resource alone."""
    return (
        await refuse_history(driver, name, status)
        or await refuse_domain(driver, world, name, status)
        or await refuse_person(driver, name, status)
        or await refuse_file(driver, name, status)
        or await refuse_job(driver, name, status)
    )


async def be_forbidden(driver: Driver, name: str, path: str, body: Json | None) -> None:
    if name == EXCHANGE:
        await driver.send(name, json={"token": await driver.door.token("stranger")})
        return
    headers = await driver.signed_in(name, "member" if SITES in name else "stranger")
    if name in IN_PERSON:
        headers = bearer((await driver.door.enter("admin"))["access"])
    await driver.send(name, path=path, json=body, headers=headers)


async def be_refused_by_an_organization(driver: Driver, name: str, status: int) -> None:
    """Who is a member already cannot be added; nothing is written in one that is closed."""
    body = await driver.body(name)
    if status == 409:
        path = await driver.place(name)
        await driver.send(name, path=path, json=body)
        await driver.send(name, path=path, json=body)
    else:
        path = await driver.organizations.place(name.partition(" ")[2], closed=True)
        await driver.send(name, path=path, json=body, headers=await driver.signed_in(name, "stranger"))


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
        case 422 if name == PASSWORD_CHANGE:
            await driver.door.person("olivia", MemberRole.OWNER)
            linked = await driver.door.enter("olivia")
            await driver.send(name, json=body, headers=bearer(linked["access"]))
        case 422 if PROJECTS in name:
            await driver.tasks.made("", project=path.rpartition("/")[2], title="T")
            await driver.send(name, path=path)
        case 422 if SITES in name:
            owner = await driver.signed_in(name, "owner")
            async with inactive_organization(world):
                await driver.send(name, path=path, json=body or None, headers=owner)
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
            elif INVITATIONS not in name or not await refuse_invitation(driver, world, name, status):
                await be_refused(driver, world, name, status)
    assert seen[name] == documented
