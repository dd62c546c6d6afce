"""What ends a session in a site for good: the end of the one on the platform, and the loss of what let its user in."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.tenancy.membership import MemberRole
from tests.http.accounts import JWT, PLATFORM, bearer
from tests.http.entrance import Entrance
from tests.world import World

WITHDRAWALS = {
    "access to the site": ("mark", "DELETE", "/sites/{site}/", None, "POST", "/sites/{site}/", None),
    "the active member": ("mark", "PATCH", "/", {"is_active": False}, "PATCH", "/", {"is_active": True}),
    "the active owner": ("olga", "PATCH", "/", {"is_active": False}, "PATCH", "/", {"is_active": True}),
    "the role of owner": ("olga", "PATCH", "/", {"role": "member"}, "PATCH", "/", {"role": "owner"}),
}


@pytest.fixture
async def door(world: World) -> AsyncIterator[Entrance]:
    acme = await world.site()
    async with world.http(access_check_seconds=0) as client:
        entrance = Entrance(world, client)
        await entrance.person("olivia", MemberRole.OWNER)
        await entrance.person("olga", MemberRole.OWNER)
        await entrance.person("mark", MemberRole.MEMBER, acme)
        yield entrance


async def is_out(door: Entrance, pair: dict[str, str]) -> bool:
    inside = door.inside()
    statuses = {
        await door.projects(pair),
        await inside.verify(pair["access"]),
        await inside.verify(pair["refresh"]),
        (await inside.refresh(pair["refresh"])).status_code,
    }
    assert statuses in ({200}, {401})
    return statuses == {401}


async def test_a_logout_on_the_platform_ends_what_was_opened_from_it_and_no_more(door: Entrance) -> None:
    first, second = await door.at_platform("mark").log_in(), await door.at_platform("mark").log_in()
    entered, other = [(await door.exchange(pair["access"])).json() for pair in (first, second)]

    assert (await door.at_platform("mark").post(f"{JWT}/blacklist/", {"refresh": first["refresh"]})).status_code == 200

    assert await is_out(door, entered)
    assert not await is_out(door, other)


async def test_a_new_password_on_the_platform_ends_every_session_in_a_site(door: Entrance) -> None:
    """Whoever stole the old one may have entered with it."""
    stolen = await door.enter("mark")
    own = await door.at_platform("mark").change_password(await door.token("mark"))

    assert own.status_code == 200
    assert await is_out(door, stolen)
    assert not await is_out(door, (await door.exchange(own.json()["access"])).json())


async def test_an_impersonation_ends_when_the_admin_logs_out(door: Entrance) -> None:
    world = door.world
    await world.admin(username="root")
    local = await world.admin(await world.site("other"))
    pair = await door.at_platform("root").log_in()
    acting = [(await door.exchange(pair["access"], "other", user)).json() for user in (None, local.id)]
    assert [await door.projects(one, "other") for one in acting] == [200, 200]

    await door.at_platform("root").post(f"{JWT}/blacklist/", {"refresh": pair["refresh"]})

    assert [await door.projects(one, "other") for one in acting] == [401, 401]


@pytest.mark.parametrize("what", WITHDRAWALS)
async def test_what_is_given_back_revives_nothing(door: Entrance, what: str) -> None:
    name, *steps = WITHDRAWALS[what]
    kept, pair = await door.token(name), await door.enter(name)
    for method, path, body in (steps[:3], steps[3:]):
        door.world.clock.advance(seconds=1)
        await manage(door, name, str(method), str(path), body)

    assert await is_out(door, pair)
    assert not await is_out(door, (await door.exchange(kept)).json())


async def manage(door: Entrance, name: str, method: str, path: str, body: Any) -> None:
    """What Olivia does to a member of hers."""
    headers = bearer(await door.token("olivia"))
    me = await door.client.get(f"{PLATFORM}/api/users/me/", headers=bearer(await door.token(name)))
    site = door.world.slug()
    url = f"{PLATFORM}/api/organizations/{door.world.organization}/members/{me.json()['id']}{path.format(site=site)}"
    answer = await door.client.request(method, url, json=body, headers=headers)
    assert answer.status_code in (200, 204), answer.text
