from dataclasses import replace

import pytest

from adapters.memory.organization_readers import MemoryMemberReader
from application.tenancy.read_members import ShowMember
from domain.shared.caller import NotPermittedError
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.organization import (
    OrganizationChanges,
    OrganizationNotFoundError,
    OrganizationSlugTakenError,
    PlatformFieldsError,
)
from domain.tenancy.plan import Plan
from tests.application.tenancy.platform import ADA, ADMIN, BOB, EVE, OPERATOR, Platform


async def test_whoever_founds_it_owns_it_on_the_free_plan(platform: Platform) -> None:
    made = await platform.creating(BOB)(name="Acme", description="Other", settings={"a": 1})

    assert (made.slug, made.plan, made.created_by) == ("acme-1", Plan.FREE, BOB.user_id)
    assert (made.description, made.settings) == ("Other", {"a": 1})
    assert await platform.listed(BOB) == ["acme", "acme-1"]


async def test_only_the_platform_gives_slugs_and_plans(platform: Platform) -> None:
    for asked in ({"slug": "mine"}, {"plan": Plan.BASIC}):
        with pytest.raises(NotPermittedError):
            await platform.creating(ADA)(name="Mine", **asked)
    with pytest.raises(NotPermittedError):
        await platform.creating(replace(ADA, user_id=None))(name="Mine")
    with pytest.raises(OrganizationSlugTakenError):
        await platform.creating(ADMIN)(name="Mine", slug="acme")
    assert (await platform.creating(OPERATOR)(name="Mine", slug="mine", plan=Plan.BASIC)).max_sites == 5
    with pytest.raises(InvalidError):
        await platform.creating(ADA)(name="", email="x")
    assert await platform.listed(ADA) == ["acme"]


async def test_each_sees_where_they_take_part(platform: Platform) -> None:
    assert await platform.listed(EVE) == []
    assert await platform.listed(BOB) == ["acme"]
    assert await platform.listed(ADMIN) == await platform.listed(OPERATOR) == ["acme"]
    assert await platform.people(BOB) == await platform.people(ADMIN) == ["ada", "bob"]
    with pytest.raises(OrganizationNotFoundError):
        await platform.people(EVE)
    show = ShowMember(caller=EVE, organizations=platform.reader, reader=MemoryMemberReader(platform.database))
    with pytest.raises(OrganizationNotFoundError):
        await show(organization="acme", user_id=EVE.require_user())


async def test_owners_describe_it_and_the_platform_limits_it(platform: Platform) -> None:
    both = OrganizationChanges(name="Other", max_sites=9, is_active=False)

    with pytest.raises(PlatformFieldsError, match="max_sites, is_active"):
        await platform.change(ADA, both)
    with pytest.raises(NotPermittedError):
        await platform.change(BOB, OrganizationChanges(name="Mine"))
    with pytest.raises(OrganizationNotFoundError):
        await platform.change(EVE, both)
    with pytest.raises(StaleError):
        await platform.change(ADA, OrganizationChanges(name="Mine"), seen=0)
    assert (await platform.change(ADA, OrganizationChanges(name="Other"), seen=1)).name == "Other"
    assert (await platform.change(ADMIN, both)).max_sites == 9


async def test_is_deleted_by_owners_and_the_platform(platform: Platform) -> None:
    for caller, refusal in ((BOB, NotPermittedError), (EVE, OrganizationNotFoundError)):
        with pytest.raises(refusal):
            await platform.delete(caller)
    with pytest.raises(InvalidError):
        await platform.delete(ADA, confirm="")
    await platform.delete(ADA)
    with pytest.raises(OrganizationNotFoundError):
        await platform.delete(ADMIN)
    assert await platform.listed(ADA) == await platform.listed(ADMIN) == []
    assert (await platform.creating(ADA)(name="Acme")).slug == "acme-1"
