"""The old host of a renamed site leads to the new one for a time."""

import asyncio

import pytest

from application.tenancy.delete_site import DeleteSite
from application.tenancy.ports import FollowedSiteDirectory
from application.tenancy.rename_site import RenameSite
from application.tenancy.suspend_site import SuspendSite
from application.tenancy.views import Destination
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.site import REDIRECTION, SiteNotFoundError, SlugTakenError
from tests.world import World


async def rename(world: World, old: str, new: str) -> None:
    async with world.acting() as container:
        await (await container.get(RenameSite))(slug=world.slug(old), new_slug=world.slug(new), seen=None)


async def found(world: World, name: str) -> Destination | None:
    async with world.acting() as container:
        directory: FollowedSiteDirectory = await container.get(FollowedSiteDirectory)
        return await directory.find(SiteHost(world.slug(name)))


async def leads_to(world: World, name: str) -> str:
    """The slug; a site that is there itself leads nowhere."""
    destination = await found(world, name)
    return destination.scope.slug if destination and destination.has_moved else ""


async def test_leads_from_the_old_host_to_the_new(world: World) -> None:
    scope = await world.site("a")
    await rename(world, "a", "b")

    moved = await found(world, "a")
    assert moved is not None
    assert (moved.scope.site_id, moved.scope.slug, moved.is_open) == (scope.site_id, world.slug("b"), False)
    assert await leads_to(world, "b") == ""
    async with world.acting() as container:
        directory = await container.get(FollowedSiteDirectory)
        assert await directory.find(CustomHost(world.slug("a"))) is None


async def test_a_chain_leads_to_its_end(world: World) -> None:
    await world.site("a")
    await rename(world, "a", "b")
    await rename(world, "b", "c")

    assert await leads_to(world, "a") == await leads_to(world, "b") == world.slug("c")


async def test_a_site_that_took_its_slug_back_is_there_itself(world: World) -> None:
    await world.site("a")
    await rename(world, "a", "b")
    await rename(world, "b", "a")

    back = await found(world, "a")
    assert back is not None
    assert (back.is_open, back.has_moved) == (True, False)
    assert await leads_to(world, "b") == world.slug("a")


async def test_leads_there_for_seven_days(world: World) -> None:
    await world.site("a")
    await rename(world, "a", "b")
    world.clock.advance(seconds=REDIRECTION.total_seconds() - 5)
    assert await leads_to(world, "a") == world.slug("b")
    world.clock.advance(seconds=10)

    assert await found(world, "a") is None
    with pytest.raises(SlugTakenError):
        await world.site("a")


async def test_a_deleted_site_leads_nowhere(world: World) -> None:
    await world.site("a")
    await rename(world, "a", "b")
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=world.slug("b"), confirm=world.slug("b"), seen=None)

    assert await found(world, "a") is None
    assert await found(world, "b") is None


async def test_a_suspended_site_leads_to_where_it_will_be(world: World) -> None:
    await world.site("a")
    await rename(world, "a", "b")
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=world.slug("b"), seen=None)

    assert await leads_to(world, "a") == world.slug("b")


async def test_whoever_has_the_slug_next_is_not_led_away(world: World) -> None:
    await world.site("a")
    await rename(world, "a", "b")
    world.clock.advance(days=8)
    other = await world.site("a")

    destination = await found(world, "a")
    assert destination is not None
    assert (destination.scope.site_id, destination.is_open) == (other.site_id, True)
    await rename(world, "a", "c")
    assert await leads_to(world, "a") == world.slug("c")


async def test_of_two_that_want_a_slug_at_once_one_gets_it(world: World) -> None:
    await world.site("a")
    await world.site("b")
    both = await asyncio.gather(rename(world, "a", "c"), rename(world, "b", "c"), return_exceptions=True)

    assert sorted(map(type, both), key=str) == sorted([type(None), SlugTakenError], key=str)


async def test_renamed_and_taken_over_at_once_stays_with_its_site(world: World) -> None:
    scope = await world.site("a")
    await world.site("b")
    _, taken = await asyncio.gather(rename(world, "a", "c"), rename(world, "b", "a"), return_exceptions=True)

    assert isinstance(taken, SlugTakenError)
    moved = await found(world, "a")
    assert moved is not None
    assert moved.scope.site_id == scope.site_id


async def test_renamed_twice_at_once_ends_at_one_of_both(world: World) -> None:
    await world.site("a")
    both = await asyncio.gather(rename(world, "a", "b"), rename(world, "a", "c"), return_exceptions=True)

    assert sorted(map(type, both), key=str) == sorted([type(None), SiteNotFoundError], key=str)
    assert await leads_to(world, "a") == world.slug("b" if both[0] is None else "c")
