"""What an invitation is refused for, on every store: membership, the plan, and who asks."""

import pytest

from domain.shared.caller import NotPermittedError
from domain.tenancy.invitation import InvitationNotFoundError, InvitationPendingError, InvitationStatus
from domain.tenancy.membership import MemberExistsError
from domain.tenancy.organization import OrganizationInactiveError, UnknownOrganizationError
from domain.tenancy.plan import PlanLimitError
from tests.contracts.tenancy.invitations import Office, an_office
from tests.organizations import a_person, change_organization, join
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def test_members_are_not_invited(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    await join(world, office.slug, ada, is_active=False)
    world.clock.advance(minutes=15)
    for attempt in (office.resend(made.id), office.accept(made.id, token, ada)):
        with pytest.raises(MemberExistsError):
            await attempt
    await office.revoke(made.id)
    with pytest.raises(MemberExistsError):
        await office.invite(ada.email.upper())


async def test_the_plan_counts_when_one_is_accepted(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    await change_organization(world, office.slug, max_members=1)
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    with pytest.raises(PlanLimitError):
        await office.accept(made.id, token, ada)
    assert (await office.show(made.id)).status is InvitationStatus.PENDING
    await change_organization(world, office.slug, max_members=2)
    await office.accept(made.id, token, ada)


async def test_a_newcomer_without_a_place_gets_no_account(world: World, office: Office) -> None:
    await change_organization(world, office.slug, max_members=1)
    made = await office.invite(office.newcomer)
    token = await office.token(office.newcomer)
    with pytest.raises(PlanLimitError):
        await office.accept_anew(made.id, token, "new")
    await change_organization(world, office.slug, max_members=2)
    await office.accept_anew(made.id, token, "new")


async def test_an_inactive_organization_takes_nobody_in(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    await change_organization(world, office.slug, is_active=False)
    for attempt in (office.accept(made.id, token, ada), office.resend(made.id), office.invite(office.newcomer)):
        with pytest.raises(OrganizationInactiveError):
            await attempt


async def test_who_may_invite_resend_and_revoke(world: World, office: Office) -> None:
    ada, eve, admin = await a_person(world, "ada"), await a_person(world, "eve"), await world.admin()
    plain = await a_person(world, "plain")
    await join(world, office.slug, plain)
    made = await office.invite(ada.email)
    with pytest.raises(UnknownOrganizationError):
        await office.invite(office.newcomer, by=eve)
    with pytest.raises(NotPermittedError):
        await office.invite(office.newcomer, by=plain)
    for stranger in (eve, plain, ada, (await an_office(world, "otto")).owner):
        for attempt in (office.resend(made.id, by=stranger), office.revoke(made.id, by=stranger)):
            with pytest.raises(InvitationNotFoundError):
                await attempt
    world.clock.advance(minutes=15)
    await office.resend(made.id, by=admin)
    await office.revoke(made.id, by=admin)


async def test_a_refused_one_sends_no_mail(world: World, office: Office) -> None:
    await office.invite(office.newcomer)
    with pytest.raises(InvitationPendingError):
        await office.invite(office.newcomer)
    await world.settle()
    assert len(world.mails.to(office.newcomer)) == 1
