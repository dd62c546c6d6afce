import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.shared.page import PageRequest
from application.shared.ports import UnitOfWork
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_organization import DeleteOrganization
from application.tenancy.organization_ports import OrganizationReader
from application.tenancy.organization_views import Onlooker, OrganizationOrder, OrganizationQuery, OrganizationView
from application.tenancy.ports import OrganizationRepository
from application.tenancy.read_organizations import ListOrganizations, ShowOrganization
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.shared.errors import DomainError
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import (
    Organization,
    OrganizationChanges,
    OrganizationId,
    OrganizationInUseError,
    OrganizationNotFoundError,
    OrganizationSlugTakenError,
    UnknownOrganizationError,
)
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteRole
from entrypoints.identifiers import new_id
from tests.contracts.tenancy.people import a_caller, found, stored
from tests.world import World

EVERYTHING = Onlooker(None, sees_all=True)
NOBODY = Onlooker(None, sees_all=False)
SETTINGS: dict[str, Any] = {"a": [1, 2.5, -0.25, 1e-9, 1 << 53, True, None, "ä😀", {"b": {}}], "": ""}


async def save(world: World, organization: Organization) -> None:
    async with world.acting() as container:
        repository = await container.get(OrganizationRepository)
        async with await container.get(UnitOfWork):
            await repository.save(organization)


async def seen(world: World, onlooker: Onlooker, query: OrganizationQuery | None = None) -> list[str]:
    async with world.acting() as container:
        page = await (await container.get(OrganizationReader)).page(query or OrganizationQuery(), onlooker)
        assert page.count == len(page.results)
        return [one.slug for one in page.results]


async def test_gives_back_every_field_that_was_saved(world: World) -> None:
    first = await found(world, await a_caller(world, "ada"))
    assert await stored(world, first.slug) == first
    changes = OrganizationChanges(
        name="Other",
        description="d",
        email="e@example.org",
        website="https://w.example",
        phone="p",
        address="a",
        settings=SETTINGS,
        plan=Plan.BASIC,
        max_sites=1,
        max_members=2,
        max_storage_bytes=1 << 60,
        is_verified=True,
        is_active=False,
    )
    changed = first.change(changes, at=first.created_at + timedelta(days=1))
    await save(world, changed)

    assert await stored(world, first.slug) == changed
    async with world.acting() as container:
        repository, work = await container.get(OrganizationRepository), await container.get(UnitOfWork)
        async with work:
            assert await repository.get_by_id(first.id) == changed
        shown = await (await container.get(OrganizationReader)).get(first.slug, EVERYTHING)
    names = set(OrganizationView.__slots__) - {"member_count", "owner_count", "site_count", "my_role"}
    assert {name: getattr(shown, name) for name in names} == {name: getattr(changed, name) for name in names}


async def test_a_deleted_one_is_nowhere_but_its_slug_is_taken(world: World) -> None:
    ada = await a_caller(world, "ada")
    gone = await found(world, ada)
    assert ada.user_id
    await save(world, gone.delete(at=gone.created_at, confirm=gone.slug, sites=0))

    assert await seen(world, Onlooker(ada.user_id, sees_all=False)) == []
    assert gone.slug not in await seen(world, EVERYTHING, OrganizationQuery(search=gone.slug))
    async with world.acting() as container:
        repository, reader = await container.get(OrganizationRepository), await container.get(OrganizationReader)
        for method, args in (
            (repository.get, (gone.slug,)),
            (repository.get_by_id, (gone.id,)),
            (repository.save, (gone,)),
            (reader.get, (gone.slug, EVERYTHING)),
            (reader.id_of, (gone.slug, EVERYTHING)),
        ):
            with pytest.raises(OrganizationNotFoundError):
                async with await container.get(UnitOfWork):
                    await method(*args)
        with pytest.raises(OrganizationSlugTakenError):
            async with await container.get(UnitOfWork):
                await repository.add(replace(gone, id=OrganizationId(new_id())))


async def test_those_who_take_the_same_name_at_once_get_their_own_slugs(world: World) -> None:
    ada = await a_caller(world, "ada")

    made = await asyncio.gather(*(found(world, ada) for _ in range(6)))

    first = f"acme-{world.suffix}"
    assert sorted(one.slug for one in made) == [first, *(f"{first}-{number}" for number in range(1, 6))]


async def test_shows_its_own_to_each(world: World) -> None:
    ada, bob = await a_caller(world, "ada"), await a_caller(world, "bob")
    hers, his = await found(world, ada, "Hers"), await found(world, bob, "His")
    assert ada.user_id

    onlooker = Onlooker(ada.user_id, sees_all=False)
    assert await seen(world, onlooker) == [hers.slug]
    assert await seen(world, NOBODY) == []
    assert {hers.slug, his.slug} <= set(await seen(world, EVERYTHING, OrganizationQuery(search=world.suffix)))
    async with world.acting() as container:
        reader = await container.get(OrganizationReader)
        assert await reader.id_of(hers.slug, onlooker) == hers.id
        assert (await reader.get(hers.slug, onlooker)).my_role is MemberRole.OWNER
        assert (await reader.get(hers.slug, EVERYTHING)).my_role is None
        for slug in (his.slug, "nothing"):
            with pytest.raises(OrganizationNotFoundError):
                await reader.get(slug, onlooker)
            with pytest.raises(OrganizationNotFoundError):
                await reader.id_of(slug, onlooker)


@pytest.mark.parametrize("ordering", list(OrganizationOrder))
async def test_orders_and_pages_the_same_way_everywhere(world: World, ordering: OrganizationOrder) -> None:
    ada = await a_caller(world, "ada")
    for name in ("b", "a", "d", "c", "a"):
        await found(world, ada, name)
    onlooker = Onlooker.of(ada)

    async with world.acting() as container:
        reader = await container.get(OrganizationReader)
        whole = (await reader.page(OrganizationQuery(ordering=ordering), onlooker)).results
        halves = [
            await reader.page(OrganizationQuery(ordering=ordering, page=PageRequest(number=n, size=3)), onlooker)
            for n in (1, 2, 3)
        ]
    key = ordering.value.removeprefix("-")
    wanted = sorted(whole, key=lambda one: (getattr(one, key), one.id), reverse=ordering.value.startswith("-"))
    assert whole == wanted
    assert [one for half in halves for one in half.results] == whole
    assert {half.count for half in halves} == {5}


async def test_an_operator_sees_all_and_nobody_sees_nothing(world: World) -> None:
    async with world.acting() as container:
        shown = await (await container.get(ShowOrganization))(slug=world.organization)
        assert (shown.member_count, shown.owner_count, shown.my_role) == (0, 0, None)
    async with world.acting(caller=Caller(label="nobody", permissions=frozenset())) as container:
        with pytest.raises(NotPermittedError):
            await (await container.get(ListOrganizations))(OrganizationQuery())


async def test_an_organization_is_not_deleted_under_a_site_that_is_being_made(world: World) -> None:
    boss = await a_caller(world, "boss", frozenset(Permission))
    slugs = [(await found(world, boss)).slug for _ in range(4)]

    async def make(slug: str) -> DomainError | None:
        async with world.acting(caller=boss) as container:
            create = await container.get(CreateSite)
            try:
                name = f"s-{uuid4().hex[:12]}"
                await create(organization=slug, name="x", slug=name, description="", role=SiteRole.TESTING)
            except DomainError as error:
                return error
        return None

    async def delete(slug: str) -> DomainError | None:
        async with world.acting(caller=boss) as container:
            try:
                await (await container.get(DeleteOrganization))(slug=slug, confirm=slug, seen=None)
            except DomainError as error:
                return error
        return None

    for slug in slugs:
        made, deleted = await asyncio.gather(make(slug), delete(slug))
        if made is None:
            assert isinstance(deleted, OrganizationInUseError)
        else:
            assert (type(made), deleted) == (UnknownOrganizationError, None)
