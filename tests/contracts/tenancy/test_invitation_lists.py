"""Who sees which invitations, on every store."""

import pytest

from application.shared.page import PageRequest, Period
from application.tenancy.invitation_views import InvitationOrder
from domain.identity.user import User
from domain.tenancy.invitation import InvitationNotFoundError, InvitationStatus
from domain.tenancy.membership import MemberRole
from tests.contracts.tenancy.invitations import Office, an_office
from tests.organizations import a_person, join
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def emails(office: Office, by: User | None = None, **query: object) -> list[str]:
    page = await office.page(by, **query)
    assert page.count >= len(page.results)
    return [one.email.partition("@")[0] for one in page.results]


async def test_owners_see_theirs_and_nobody_what_is_for_an_address_that_they_say_is_theirs(
    world: World, office: Office
) -> None:
    other = await an_office(world, "otto")
    ada, plain = await a_person(world, "ada"), await a_person(world, "plain")
    await join(world, office.slug, plain)
    mine, theirs = await office.invite("one@example.org"), await other.invite("two@example.org")
    to_ada = await other.invite(ada.email)

    assert await emails(office) == ["one"]
    assert (await office.page(other.owner)).count == 2
    assert (await office.page(ada)).count == (await office.page(plain)).count == 0
    for invitation, blind in ((mine, other.owner), (to_ada, ada), (mine, plain), (theirs, office.owner), (theirs, ada)):
        with pytest.raises(InvitationNotFoundError):
            await office.show(invitation.id, by=blind)


async def test_an_owner_who_is_inactive_or_demoted_sees_none(world: World, office: Office) -> None:
    idle, member = await a_person(world, "idle"), await a_person(world, "member")
    await join(world, office.slug, idle, MemberRole.OWNER, is_active=False)
    await join(world, office.slug, member)
    await office.invite("one@example.org")
    assert await emails(office, idle) == await emails(office, member) == []


async def test_admins_of_the_platform_see_all(world: World, office: Office) -> None:
    admin, other = await world.admin(), await an_office(world, "otto")
    for one in (office, other):
        await one.invite("one@example.org")
    for one in (office, other):
        page = await office.page(admin, organization=one.slug)
        assert [view.organization for view in page.results] == [one.slug]


async def test_filters_order_and_pages(world: World, office: Office) -> None:
    first = await office.invite("b@example.org", message="100% of it")
    world.clock.advance(days=5)
    await office.invite("a@example.org")
    world.clock.advance(days=3)
    await office.invite("c@example.org")

    assert await emails(office) == ["c", "a", "b"]
    assert await emails(office, ordering=InvitationOrder.EMAIL) == ["a", "b", "c"]
    assert await emails(office, ordering=InvitationOrder.EXPIRES_AT) == ["b", "a", "c"]
    assert await emails(office, status=InvitationStatus.EXPIRED) == ["b"]
    assert await emails(office, status=InvitationStatus.PENDING) == ["c", "a"]
    assert await emails(office, organization="nothing-of-this-name") == []
    assert await emails(office, search="100%") == ["b"]
    assert await emails(office, search="A@EXAMPLE") == ["a"]
    assert await emails(office, created=Period(end=first.created_at)) == ["b"]
    page = await office.page(page=PageRequest(number=2, size=2))
    assert (page.count, [one.email for one in page.results]) == (3, ["b@example.org"])
