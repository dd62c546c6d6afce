"""The life of an invitation, on every store."""

from uuid import uuid4

import pytest

from domain.identity.user import EmailTakenError, UsernameTakenError
from domain.shared.caller import NotPermittedError
from domain.shared.errors import InvalidError
from domain.tenancy.invitation import (
    InvitationEndedError,
    InvitationId,
    InvitationNotFoundError,
    InvitationPendingError,
    InvitationStatus,
    NotInvitedError,
)
from domain.tenancy.membership import MemberExistsError, MemberRole
from domain.tenancy.organization import OrganizationInactiveError, UnknownOrganizationError
from domain.tenancy.plan import PlanLimitError
from tests.contracts.tenancy.invitations import Office, an_office
from tests.organizations import a_person, change_organization, join, roles
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def test_who_is_invited_joins_in_the_role_that_was_offered(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email.upper(), role=MemberRole.OWNER)
    accepted = await office.accept(made.id, await office.token(ada.email.upper()), ada)

    assert await roles(world, office.slug, ada) == [MemberRole.OWNER]
    shown = await office.show(made.id)
    assert (shown.status, shown.accepted_by) == (InvitationStatus.ACCEPTED, ada.id)
    assert (shown.message, shown.metadata) == ("Come!", {"team": ["Berlin", 1]})
    assert (shown.version, accepted.version) == (2, 2)


async def test_the_token_is_in_the_mail_and_nowhere_else(office: Office) -> None:
    made = await office.invite(office.newcomer)
    token = await office.token(office.newcomer)
    assert len(token) >= 43
    assert token.encode() not in (made.token_hash, made.token_hash.hex().encode())
    assert token not in str(await office.show(made.id))


async def test_a_newcomer_gets_an_account_with_the_address_invited(world: World, office: Office) -> None:
    made = await office.invite(office.newcomer)
    accepted = await office.accept_anew(made.id, await office.token(office.newcomer), "new")
    assert accepted.status is InvitationStatus.ACCEPTED
    client_base = "http://localhost"
    async with world.http() as client:
        body = {"email": office.newcomer, "password": "a-good-password"}
        assert (await client.post(f"{client_base}/api/auth/jwt/token/", json=body)).status_code == 200


async def test_a_newcomer_needs_a_sound_name_and_password_and_keeps_the_invitation(office: Office) -> None:
    made = await office.invite(office.newcomer)
    token = await office.token(office.newcomer)
    with pytest.raises(InvalidError) as caught:
        await office.accept_anew(made.id, token, "not a name", "short")
    assert set(caught.value.details) == {"username", "password"}
    await office.accept_anew(made.id, token, "new")


async def test_who_has_an_account_makes_no_second_one(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    with pytest.raises(EmailTakenError):
        await office.accept_anew(made.id, token, "ada2")
    with pytest.raises((UsernameTakenError, EmailTakenError)):
        await office.accept_anew(made.id, token, "olga")
    assert await roles(world, office.slug, ada) == [None]
    await office.accept(made.id, token, ada)


async def test_another_person_is_refused_and_the_token_stays_good(world: World, office: Office) -> None:
    ada, eve = await a_person(world, "ada"), await a_person(world, "eve")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    with pytest.raises(NotInvitedError):
        await office.accept(made.id, token, eve)
    assert await roles(world, office.slug, eve) == [None]
    await office.accept(made.id, token, ada)


async def test_whatever_is_wrong_with_a_token_looks_alike(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    declined, revoked, expired = [await office.invite(f"{name}@example.org") for name in ("de", "re", "ex")]
    tokens = {one.id: await office.token(one.email) for one in (declined, revoked, expired)}
    await office.decline(declined.id, tokens[declined.id])
    await office.revoke(revoked.id)
    open_one = await office.invite(ada.email)
    good = await office.token(ada.email)
    world.clock.advance(days=7)
    fresh = await office.invite("fresh@example.org")
    unknown = InvitationId(uuid4())
    attempts = [*tokens.items(), (open_one.id, good), (fresh.id, "wrong"), (fresh.id, good), (unknown, good)]
    messages = set()
    for key, token in attempts:
        for attempt in (
            office.accept(key, token, ada),
            office.accept_anew(key, token, "x"),
            office.decline(key, token),
        ):
            with pytest.raises(InvitationNotFoundError) as caught:
                await attempt
            messages.add(str(caught.value))
    assert len(messages) == 1


async def test_a_token_is_good_once(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    await office.accept(made.id, token, ada)
    with pytest.raises(InvitationNotFoundError):
        await office.accept(made.id, token, ada)


async def test_sending_again_makes_the_old_token_worthless(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email)
    old = await office.token(ada.email)
    world.clock.advance(days=6)
    again = await office.resend(made.id)
    new = await office.token(ada.email)
    assert again.expires_at > made.expires_at
    with pytest.raises(InvitationNotFoundError):
        await office.accept(made.id, old, ada)
    world.clock.advance(days=6)
    await office.accept(made.id, new, ada)


async def test_an_address_has_one_open_invitation(world: World, office: Office) -> None:
    first = await office.invite(office.newcomer)
    with pytest.raises(InvitationPendingError):
        await office.invite(office.newcomer.upper())
    await office.revoke(first.id)
    second = await office.invite(office.newcomer)
    world.clock.advance(days=8)
    third = await office.invite(office.newcomer)
    assert [one.id for one in (await office.page(status=InvitationStatus.EXPIRED)).results] == [second.id]
    with pytest.raises(InvitationPendingError):
        await office.resend(second.id)
    await office.revoke(third.id)
    await office.resend(second.id)
    with pytest.raises(InvitationEndedError):
        await office.resend(first.id)


async def test_another_organization_may_invite_the_same_address(world: World, office: Office) -> None:
    other = await an_office(world, "otto")
    await office.invite(office.newcomer)
    await other.invite(office.newcomer)


async def test_members_are_not_invited(world: World, office: Office) -> None:
    ada = await a_person(world, "ada")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    await join(world, office.slug, ada, is_active=False)
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
    for stranger in (eve, plain, (await an_office(world, "otto")).owner):
        for attempt in (office.resend(made.id, by=stranger), office.revoke(made.id, by=stranger)):
            with pytest.raises(InvitationNotFoundError):
                await attempt
    for attempt in (office.resend(made.id, by=ada), office.revoke(made.id, by=ada)):
        with pytest.raises(NotPermittedError):
            await attempt
    await office.resend(made.id, by=admin)
    await office.revoke(made.id, by=admin)


async def test_a_refused_one_sends_no_mail(world: World, office: Office) -> None:
    await office.invite(office.newcomer)
    with pytest.raises(InvitationPendingError):
        await office.invite(office.newcomer)
    await world.settle()
    assert len(world.mails.to(office.newcomer)) == 1
