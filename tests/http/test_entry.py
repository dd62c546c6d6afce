from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import jwt
import pytest

from application.identity.entry_ports import LinkedUserRepository
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.suspend_site import SuspendSite
from domain.identity.user import User
from domain.shared.caller import UserId
from domain.tenancy.membership import Member, MemberRole
from domain.tenancy.scope import SiteScope
from tests.contracts.identity.ports import transaction
from tests.http.accounts import JWT, PLATFORM
from tests.http.entrance import Entrance
from tests.world import PASSWORD, World
from tests.world import PLATFORM as PLATFORM_SCOPE

OWNER, MEMBER = MemberRole.OWNER, MemberRole.MEMBER


@pytest.fixture
async def acme(world: World) -> SiteScope:
    return await world.site()


@pytest.fixture
async def door(world: World, acme: SiteScope) -> AsyncIterator[Entrance]:
    """Sites `acme` and `other`; the owner `olivia`, the member `mark` with access to `acme` alone, and `nobody`."""
    await world.site("other")
    async with world.http() as client:
        door = Entrance(world, client)
        await door.person("olivia", OWNER)
        await door.person("mark", MEMBER, acme)
        await door.person("nobody")
        yield door


async def linked(world: World, site: SiteScope, of: UUID) -> User | None:
    async with world.acting(site) as container:
        users: LinkedUserRepository = await container.get(LinkedUserRepository)
        return await users.find(UserId(of))


async def test_an_owner_is_admin_in_every_site_and_a_member_a_user_where_it_was_granted(door: Entrance) -> None:
    assert await door.users(await door.enter("olivia")) == 200
    assert await door.users(await door.enter("olivia", "other"), "other") == 200

    mark = await door.enter("mark")
    assert (await door.inside().sessions(mark["access"])).status_code == 200
    assert await door.users(mark) == 403
    refused = await door.exchange(await door.token("mark"), "other")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_member")


async def test_who_is_no_member_learns_nothing_but_that(door: Entrance, world: World, acme: SiteScope) -> None:
    user = await door.person("gone")
    gone = await door.join(user, MEMBER, acme)
    async with world.acting() as container:
        await (await container.get(MemberRepository)).save(_inactive(gone))

    answers = [await door.exchange(await door.token(name)) for name in ("nobody", "gone")]

    assert {answer.status_code for answer in answers} == {403}
    assert answers[0].json() == answers[1].json()
    assert await linked(world, acme, user.id) is None


def _inactive(member: Member) -> Member:
    return replace(member, is_active=False)


async def test_the_first_entry_makes_a_user_and_later_ones_keep_it(door: Entrance, world: World) -> None:
    first, second = await door.enter("olivia"), await door.enter("olivia")

    subjects = {jwt.decode(pair["access"], options={"verify_signature": False})["sub"] for pair in (first, second)}
    assert len(subjects) == 1
    assert (await door.inside().sessions(first["access"])).json()["count"] == 2
    claims = jwt.decode(first["access"], options={"verify_signature": False})
    assert "imp" not in claims


async def test_tokens_of_the_site_refresh_verify_and_log_out_as_any(door: Entrance) -> None:
    here = door.inside()
    pair = await door.enter("mark")

    assert await here.verify(pair["access"]) == await here.verify(pair["refresh"]) == 200
    renewed = (await here.refresh(pair["refresh"])).json()
    assert (await here.sessions(renewed["access"])).status_code == 200
    assert (await here.post(f"{JWT}/blacklist/", {"refresh": renewed["refresh"]})).status_code == 200
    assert (await here.sessions(renewed["access"])).status_code == 401


async def test_a_token_of_the_platform_is_checked_as_on_the_platform(door: Entrance, world: World) -> None:
    at_platform = door.at_platform("olivia")
    pair = await at_platform.log_in()
    inside = await door.enter("olivia")
    for token in ("nonsense", pair["refresh"], inside["access"], inside["refresh"]):
        refused = await door.exchange(token)
        assert (refused.status_code, refused.json()["code"]) == (401, "token_not_valid")

    await at_platform.post(f"{JWT}/blacklist/", {"refresh": pair["refresh"]})
    assert (await door.exchange(pair["access"])).status_code == 401
    old = await at_platform.log_in()
    await at_platform.change_password(old["access"])
    assert (await door.exchange(old["access"])).status_code == 401
    mark = await door.token("mark")
    world.clock.advance(minutes=16)
    assert (await door.exchange(mark)).status_code == 401


async def test_a_user_of_the_site_alone_has_no_way_round(door: Entrance, world: World, acme: SiteScope) -> None:
    await world.admin(acme)
    local = await door.client.post(f"{world.host()}{JWT}/token/", json={"username": "admin", "password": PASSWORD})

    assert (await door.exchange(local.json()["access"])).status_code == 401


async def test_who_came_from_the_platform_has_no_password_here(door: Entrance, world: World, acme: SiteScope) -> None:
    pair = await door.enter("olivia")

    for password in (PASSWORD, "!", "plain:!"):
        refused = await door.inside(name="olivia").attempt(password)
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_credentials")
    changed = await door.inside().change_password(pair["access"])
    assert (changed.status_code, changed.json()["code"]) == (422, "linked_user")


@pytest.mark.parametrize("hashed", ["!", f"plain:{PASSWORD}"])
async def test_not_even_one_that_somebody_stored(door: Entrance, world: World, acme: SiteScope, hashed: str) -> None:
    await door.enter("olivia")
    async with transaction(world, acme) as ports:
        user = await ports.users.find_by_login(f"olivia-{world.suffix}")
        assert user
        await ports.users.save(replace(user, password_hash=hashed, is_admin=True))

    assert (await door.inside(name="olivia").attempt()).status_code == 401


async def test_a_role_stored_in_the_site_counts_for_nothing(door: Entrance, world: World, acme: SiteScope) -> None:
    pair = await door.enter("mark")
    async with transaction(world, acme) as ports:
        user = await ports.users.find_by_login(f"mark-{world.suffix}")
        assert user
        await ports.users.save(replace(user, is_admin=True))

    assert await door.users(pair) == 403


async def test_names_and_addresses_that_are_taken_stay_with_whom_they_belong_to(
    door: Entrance, world: World, acme: SiteScope
) -> None:
    local = await world.user(acme, f"mark-{world.suffix}")
    await world.user(acme, f"mark-{world.suffix}-1")

    await door.enter("mark")

    async with transaction(world, acme) as ports:
        mark = await ports.users.find_by_login(f"mark-{world.suffix}-2")
        assert mark
        assert mark.email == f"{mark.linked_user_id}@linked.invalid"
        assert await ports.users.find_by_login(local.email) == local


async def test_later_entries_bring_the_name_along(door: Entrance, world: World, acme: SiteScope) -> None:
    await door.enter("mark")
    async with transaction(world, PLATFORM_SCOPE) as ports:
        mark = await ports.users.find_by_login(f"mark-{world.suffix}")
        assert mark
        await ports.users.save(replace(mark, first_name="Mark", last_name="Twain"))
    await door.enter("mark")

    user = await linked(world, acme, mark.id)
    assert user
    assert (user.first_name, user.last_name, user.version) == ("Mark", "Twain", 2)


async def test_who_was_deactivated_in_the_site_does_not_come_in(door: Entrance, world: World, acme: SiteScope) -> None:
    pair = await door.enter("olivia")
    async with transaction(world, acme) as ports:
        olivia = await ports.users.find_by_login(f"olivia-{world.suffix}")
        assert olivia
        await ports.users.save(replace(olivia, is_active=False))

    assert await door.projects(pair) == 401
    refused = await door.exchange(await door.token("olivia"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_member")


async def test_a_member_is_noted_as_active_once_a_minute(door: Entrance, world: World) -> None:
    async def last_active() -> object:
        async with world.acting() as container:
            organization = await (await container.get(OrganizationRepository)).get(world.organization)
            mark = await (await container.get(MemberRepository)).find(organization.id, user)
            assert mark
            assert mark.version == 1
            return mark.last_active_at

    async with transaction(world, PLATFORM_SCOPE) as ports:
        found = await ports.users.find_by_login(f"mark-{world.suffix}")
        assert found
        user = found.id
    assert await last_active() is None
    await door.enter("mark")
    first = await last_active()
    world.clock.advance(seconds=50)
    await door.enter("mark")
    assert await last_active() == first
    world.clock.advance(seconds=11)
    await door.enter("mark")
    assert await last_active() != first


async def test_sites_alone_can_be_entered(door: Entrance, world: World) -> None:
    token = await door.token("olivia")

    answer = await door.client.post(f"{PLATFORM}{JWT}/exchange/", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    aliased = await door.client.post(f"{world.host()}/api/cloud/auth/jwt/exchange/", json={"token": token})
    assert aliased.status_code == 200
    async with world.acting() as acting:
        await (await acting.get(SuspendSite))(slug=world.slug(), seen=None)
    await door.client.catch_up()
    assert (await door.exchange(token)).status_code == 503


async def test_nobody_but_an_admin_of_the_platform_names_a_user(door: Entrance, world: World, acme: SiteScope) -> None:
    local = await world.user(acme, "local")
    for name in ("olivia", "mark", "nobody"):
        for user in (local.id, uuid4()):
            refused = await door.exchange(await door.token(name), user=user)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "token"), ({"token": ""}, "token"), ({"token": "x", "user": "ada"}, "user"), ({"token": "x", "a": 1}, "a")],
)
async def test_names_every_wrong_field(door: Entrance, world: World, body: dict[str, object], field: str) -> None:
    answer = await door.client.post(f"{world.host()}{JWT}/exchange/", json=body)

    assert (answer.status_code, list(answer.json()["details"])) == (400, [field])


async def test_entries_count_by_visitor(door: Entrance) -> None:
    token = await door.token("olivia")
    statuses = [(await door.exchange(token)).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]
    assert (await door.exchange(token, "other")).status_code == 200
    assert (await door.enter("mark"))["access"]
