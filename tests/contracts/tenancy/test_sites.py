from datetime import timedelta
from uuid import uuid4

import pytest

from application.shared.ports import UnitOfWork
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_site import DeleteSite
from application.tenancy.ports import FollowedSiteDirectory, SiteReader, SiteRepository
from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.organization import UnknownOrganizationError
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.site import (
    REDIRECTION,
    RETIREMENT,
    DeletionNotConfirmedError,
    SiteNotFoundError,
    SiteRole,
    SiteStatus,
    SiteStatusError,
    SlugTakenError,
)
from domain.tenancy.slug import ReservedSlugError
from tests.world import World


async def rename(world: World, name: str, new: str) -> None:
    async with world.acting() as container:
        rename_site = await container.get(RenameSite)
        await rename_site(slug=world.slug(name), new_slug=world.slug(new), seen=None)


async def delete(world: World, name: str) -> None:
    async with world.acting() as container:
        delete_site = await container.get(DeleteSite)
        await delete_site(slug=world.slug(name), confirm=world.slug(name), seen=None)


async def test_a_new_site_is_active_and_found(world: World) -> None:
    scope = await world.site()

    async with world.acting() as container:
        site = await (await container.get(SiteReader)).get(world.slug(), None)
        destination = await (await container.get(FollowedSiteDirectory)).find(SiteHost(world.slug()))
    assert site.status is SiteStatus.ACTIVE
    assert site.organization == world.organization
    assert destination is not None
    assert (destination.scope, destination.is_open) == (scope, True)


async def test_nobody_else_gets_a_taken_slug(world: World) -> None:
    await world.site()

    with pytest.raises(SlugTakenError):
        await world.site()


@pytest.mark.parametrize("slug", ["", "A", "1a", "a-", "-a", "a_b", "a.b", "a" * 49, "ä", "a\n"])
async def test_refuses_a_malformed_slug(world: World, slug: str) -> None:
    with pytest.raises(InvalidError) as refused:
        await _create(world, slug)
    assert refused.value.details.keys() == {"slug"}


@pytest.mark.parametrize("slug", ["public", "tenant", "www", "pg-x", "information-schema", "citus", "admin"])
async def test_refuses_a_reserved_slug(world: World, slug: str) -> None:
    with pytest.raises(ReservedSlugError):
        await _create(world, slug)


async def test_refuses_an_unknown_organization(world: World) -> None:
    async with world.acting() as container:
        create = await container.get(CreateSite)
        with pytest.raises(UnknownOrganizationError):
            await create(organization="nobodys", name="x", slug=world.slug(), description="", role=SiteRole.TESTING)


async def test_a_suspended_site_is_closed_until_it_is_resumed(world: World) -> None:
    await world.site()
    async with world.acting() as container:
        directory = await container.get(FollowedSiteDirectory)
        await (await container.get(SuspendSite))(slug=world.slug(), seen=None)
        closed = await directory.find(SiteHost(world.slug()))
        with pytest.raises(SiteStatusError):
            await (await container.get(SuspendSite))(slug=world.slug(), seen=None)
        await (await container.get(ResumeSite))(slug=world.slug(), seen=None)
        opened = await directory.find(SiteHost(world.slug()))

    assert closed is not None
    assert opened is not None
    assert (closed.is_open, opened.is_open) == (False, True)


async def test_a_deleted_site_is_gone_for_good(world: World) -> None:
    scope = await world.site()
    await delete(world, "acme")

    async with world.acting() as container:
        reader = await container.get(SiteReader)
        with pytest.raises(SiteNotFoundError):
            await reader.get(world.slug(), None)
        assert await (await container.get(FollowedSiteDirectory)).find(SiteHost(world.slug())) is None
    with pytest.raises(Exception, match=scope.schema.name):
        await world.admin(scope)


async def test_deleting_needs_the_slug_once_more(world: World) -> None:
    await world.site()
    async with world.acting() as container:
        with pytest.raises(DeletionNotConfirmedError):
            await (await container.get(DeleteSite))(slug=world.slug(), confirm="acme", seen=None)
        site = await (await container.get(SiteReader)).get(world.slug(), None)

    assert site.status is SiteStatus.ACTIVE


async def test_a_renamed_site_keeps_its_data(world: World) -> None:
    scope = await world.site("old")
    admin = await world.admin(scope)
    await rename(world, "old", "new")

    async with world.acting() as container:
        directory = await container.get(FollowedSiteDirectory)
        found = await directory.find(SiteHost(world.slug("new")))
    assert found is not None
    assert found.scope.site_id == scope.site_id
    with pytest.raises(Exception, match="admin"):
        await world.admin(found.scope, admin.username)


@pytest.mark.parametrize(("end", "kept"), [("rename", REDIRECTION + RETIREMENT), ("delete", RETIREMENT)])
async def test_a_slug_given_up_is_kept_from_others_for_a_time(world: World, end: str, kept: timedelta) -> None:
    await world.site("wanted")
    if end == "rename":
        await rename(world, "wanted", "elsewhere")
    else:
        await delete(world, "wanted")
    other = await world.site("other")

    with pytest.raises(SlugTakenError):
        await world.site("wanted")
    with pytest.raises(SlugTakenError):
        await rename(world, "other", "wanted")
    world.clock.advance(seconds=kept.total_seconds() - 2)
    with pytest.raises(SlugTakenError):
        await rename(world, "other", "wanted")
    world.clock.advance(seconds=4)
    await rename(world, "other", "wanted")

    async with world.acting() as container:
        found = await (await container.get(FollowedSiteDirectory)).find(SiteHost(world.slug("wanted")))
    assert found is not None
    assert found.scope.site_id == other.site_id


async def test_a_site_may_take_its_own_old_slug_back(world: World) -> None:
    await world.site("first")
    await rename(world, "first", "second")
    await rename(world, "second", "first")

    async with world.acting() as container:
        assert (await (await container.get(SiteReader)).get(world.slug("first"), None)).name == "first"


async def test_refuses_to_rename_to_a_taken_slug_and_changes_nothing(world: World) -> None:
    await world.site("a")
    scope = await world.site("b")
    with pytest.raises(SlugTakenError):
        await rename(world, "b", "a")

    await world.admin(scope)


async def test_refuses_what_was_decided_on_an_old_version(world: World) -> None:
    await world.site()
    async with world.acting() as container:
        with pytest.raises(StaleError):
            await (await container.get(SuspendSite))(slug=world.slug(), seen=frozenset({99}))


async def test_a_failed_transaction_leaves_no_site(world: World) -> None:
    await world.site("kept")
    async with world.acting() as container:
        sites = await container.get(SiteRepository)
        work = await container.get(UnitOfWork)

        async def fail_after_saving() -> None:
            async with work:
                site = await sites.get(world.slug("kept"))
                await sites.save(site.suspend(at=world.clock()))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_after_saving()
        shown = await (await container.get(SiteReader)).get(world.slug("kept"), None)

    assert shown.status is SiteStatus.ACTIVE


async def test_every_change_of_routing_is_told(world: World) -> None:
    async with world.acting() as container:
        directory = await container.get(FollowedSiteDirectory)
        seen, _ = await directory.since(0)
        first = await world.site("first")
        seen, told = await directory.since(seen)
        assert first.site_id in told
        second = await world.site("second")
        await (await container.get(SuspendSite))(slug=first.slug, seen=None)
        seen, told = await directory.since(seen)

    assert {first.site_id, second.site_id} <= set(told)


async def test_an_unverified_domain_leads_nowhere(world: World) -> None:
    async with world.acting() as container:
        directory = await container.get(FollowedSiteDirectory)
        assert await directory.find(CustomHost(f"{uuid4().hex}.example.org")) is None


async def _create(world: World, slug: str) -> None:
    async with world.acting() as container:
        create = await container.get(CreateSite)
        await create(organization=world.organization, name="x", slug=slug, description="", role=SiteRole.TESTING)
