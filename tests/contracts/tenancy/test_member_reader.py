from dataclasses import replace

import pytest

from application.shared.page import PageRequest, Period
from application.tenancy.organization_ports import MemberReader
from application.tenancy.organization_views import MemberOrder, MemberQuery
from domain.tenancy.membership import (
    MemberRole,
)
from tests.contracts.tenancy.people import a_caller, a_member, a_user, add, found, home
from tests.world import World


@pytest.mark.parametrize("ordering", list(MemberOrder))
async def test_orders_and_pages_the_same_way_everywhere(world: World, ordering: MemberOrder) -> None:
    organization = await home(world)
    users = [await a_user(world, name) for name in ("carl", "ada", "dora", "bob", "eve")]
    roles = [MemberRole.MEMBER, MemberRole.OWNER, MemberRole.MEMBER, MemberRole.OWNER, MemberRole.MEMBER]
    await add(world, *(a_member(world, organization, u.id, role) for u, role in zip(users, roles, strict=True)))

    async with world.acting() as container:
        reader = await container.get(MemberReader)
        whole = (await reader.page(organization, MemberQuery(ordering=ordering))).results
        pages = [
            await reader.page(organization, MemberQuery(ordering=ordering, page=PageRequest(number=n, size=2)))
            for n in (1, 2, 3, 4)
        ]
    key = ordering.value.removeprefix("-")
    wanted = sorted(
        whole,
        key=lambda one: (one.user.username if key == "username" else getattr(one, key), one.id),
        reverse=ordering.value.startswith("-"),
    )
    assert whole == wanted
    assert [one for page in pages for one in page.results] == whole
    assert [page.count for page in pages] == [5] * 4


async def test_filters_alike_and_never_shows_another_organizations(world: World) -> None:
    organization = await home(world)
    other = await found(world, await a_caller(world, "stranger"))
    ada, bob = await a_user(world, "ada"), await a_user(world, "bob")
    first = replace(a_member(world, organization, ada.id, MemberRole.OWNER), title="100%_\\")
    world.clock.advance(hours=1)
    second = replace(a_member(world, organization, bob.id), department="Sales", is_active=False)
    await add(world, first, second)

    async def usernames(**query: object) -> list[str]:
        async with world.acting() as container:
            page = await (await container.get(MemberReader)).page(organization, MemberQuery(**query))  # type: ignore[arg-type]  # each test names its own
            assert page.count == len(page.results)
            return [one.user.username.partition("-")[0] for one in page.results]

    assert await usernames() == ["ada", "bob"]
    assert await usernames(role=MemberRole.OWNER) == ["ada"]
    assert await usernames(is_active=False) == ["bob"]
    assert await usernames(created=Period(start=second.created_at)) == ["bob"]
    assert await usernames(created=Period(end=first.created_at)) == ["ada"]
    for search, names in (("%_\\", ["ada"]), ("SALES", ["bob"]), ("@example", ["ada", "bob"]), ("strang", [])):
        assert await usernames(search=search) == names
    async with world.acting() as container:
        page = await (await container.get(MemberReader)).page(other.id, MemberQuery())
    assert [one.role for one in page.results] == [MemberRole.OWNER]
