"""How many mails an organization and its people may send, on every store: nobody's mailbox is filled from here."""

import pytest

from domain.tenancy.invitation import (
    InvitationSentLatelyError,
    TooManyInvitationsError,
)
from domain.tenancy.membership import MemberRole
from tests.contracts.tenancy.invitations import Office, an_office
from tests.organizations import an_organization, change_organization, join
from tests.world import World

MOST = 20


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def invite_many(office: Office, number: int = MOST) -> None:
    for one in range(number):
        await office.invite(f"many{one}-{office.world.suffix}@example.org")


async def test_so_many_may_be_open(world: World, office: Office) -> None:
    first = await office.invite("first@example.org")
    await invite_many(office, MOST - 1)
    world.clock.advance(days=1)
    with pytest.raises(TooManyInvitationsError):
        await office.invite(office.newcomer)
    await office.resend(first.id)
    await office.revoke(first.id)
    with pytest.raises(TooManyInvitationsError):
        await office.invite(office.newcomer)
    world.clock.advance(hours=1)
    await office.invite(office.newcomer)


async def test_revoking_makes_no_room_for_more_mails_within_the_hour(world: World, office: Office) -> None:
    for _ in range(MOST):
        await office.revoke((await office.invite(office.newcomer)).id)
    with pytest.raises(TooManyInvitationsError):
        await office.invite(office.newcomer)
    world.clock.advance(hours=1)
    await office.invite(office.newcomer)


async def test_a_person_sends_no_more_by_founding_more_organizations(world: World, office: Office) -> None:
    other = await an_office(world, "otto")
    await join(world, office.slug, other.owner, MemberRole.OWNER)
    waiting = await office.invite(office.newcomer, by=other.owner)
    await invite_many(office, MOST - 1)
    second = Office(world, office.owner, await an_organization(world, office.owner, "Second"))
    await second.invite(office.newcomer)
    with pytest.raises(TooManyInvitationsError):
        await second.invite("one-more@example.org")
    await other.invite(office.newcomer)
    world.clock.advance(minutes=30)
    with pytest.raises(TooManyInvitationsError):
        await office.resend(waiting.id)


async def test_a_larger_plan_allows_more(world: World, office: Office) -> None:
    await invite_many(office)
    await change_organization(world, office.slug, max_members=MOST + 1)
    await office.invite(office.newcomer)


async def test_admins_of_the_platform_are_counted_for_the_organization_alone(world: World, office: Office) -> None:
    admin, other = await world.admin(), await an_office(world, "otto")
    for one in range(MOST):
        await office.invite(f"many{one}@example.org", by=admin)
    await other.invite(office.newcomer, by=admin)


async def test_an_invitation_is_not_sent_again_at_once(world: World, office: Office) -> None:
    made = await office.invite(office.newcomer)
    world.clock.advance(minutes=14)
    with pytest.raises(InvitationSentLatelyError):
        await office.resend(made.id)
    await world.settle()
    assert len(world.mails.to(office.newcomer)) == 1
    world.clock.advance(minutes=1)
    await office.resend(made.id)
