"""Two at once, by what the mails bring: one wins, and nothing is half done."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from domain.shared.errors import DomainError
from domain.tenancy.invitation import (
    InvitationNotFoundError,
    InvitationPendingError,
    InvitationSentLatelyError,
    InvitationStatus,
)
from domain.tenancy.membership import MemberRole
from domain.tenancy.plan import PlanLimitError
from tests.contracts.identity.test_password_resets import asked, log_in, reset
from tests.contracts.tenancy.invitations import Office, an_office
from tests.organizations import a_person, change_organization, roles
from tests.world import PLATFORM, World

pytestmark = pytest.mark.postgres


@pytest.fixture
async def office(postgres: World) -> Office:
    return await an_office(postgres)


async def at_once(*attempts: Awaitable[Any]) -> list[type[BaseException]]:
    """What the ones that failed were refused with."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(one, DomainError) for one in refused), refused
    return [type(one) for one in refused]


async def test_the_last_place_is_for_one_and_the_other_stays_invited(postgres: World, office: Office) -> None:
    await change_organization(postgres, office.slug, max_members=2)
    people = [await a_person(postgres, name) for name in ("ada", "bea", "cy")]
    made = [await office.invite(one.email) for one in people]
    tokens = [await office.token(one.email) for one in people]

    refused = await at_once(
        *(office.accept(one.id, token, by) for one, token, by in zip(made, tokens, people, strict=True))
    )

    assert refused == [PlanLimitError] * 2
    assert sorted(map(str, await roles(postgres, office.slug, *people))) == ["None", "None", "member"]
    states = [(await office.show(one.id)).status for one in made]
    assert sorted(states) == [InvitationStatus.ACCEPTED, InvitationStatus.PENDING, InvitationStatus.PENDING]


async def test_a_token_is_used_once(postgres: World, office: Office) -> None:
    ada = await a_person(postgres, "ada")
    made = await office.invite(ada.email)
    token = await office.token(ada.email)
    refused = await at_once(*(office.accept(made.id, token, ada) for _ in range(5)))
    assert refused == [InvitationNotFoundError] * 4
    assert await roles(postgres, office.slug, ada) == [MemberRole.MEMBER]


async def test_one_account_is_made(postgres: World, office: Office) -> None:
    made = await office.invite(office.newcomer)
    token = await office.token(office.newcomer)
    refused = await at_once(*(office.accept_anew(made.id, token, f"new{number}") for number in range(4)))
    assert refused == [InvitationNotFoundError] * 3


async def test_it_is_accepted_or_revoked_and_never_both(postgres: World, office: Office) -> None:
    for number in range(5):
        person = await a_person(postgres, f"p{number}")
        made = await office.invite(person.email)
        token = await office.token(person.email)
        await at_once(office.accept(made.id, token, person), office.revoke(made.id), office.decline(made.id, token))
        status = (await office.show(made.id)).status
        is_member = (await roles(postgres, office.slug, person)) != [None]
        assert status is not InvitationStatus.PENDING
        assert is_member is (status is InvitationStatus.ACCEPTED)


async def test_one_of_two_invitations_to_an_address_is_made(postgres: World, office: Office) -> None:
    refused = await at_once(*(office.invite(email) for email in ("a@example.org", "A@example.org", "a@Example.org")))
    assert refused == [InvitationPendingError] * 2
    await postgres.settle()
    assert len(postgres.mails.sent) == 1


async def test_only_the_last_of_two_mails_opens(postgres: World, office: Office) -> None:
    ada = await a_person(postgres, "ada")
    made = await office.invite(ada.email)
    postgres.clock.advance(minutes=15)
    assert await at_once(office.resend(made.id), office.resend(made.id)) == [InvitationSentLatelyError]
    await postgres.settle()
    refused = []
    for mail in postgres.mails.to(ada.email):
        token = mail.text.partition("token=")[2].split()[0]
        refused += await at_once(office.accept(made.id, token, ada))
    assert refused == [InvitationNotFoundError]


async def test_a_reset_is_used_once(postgres: World) -> None:
    user = await a_person(postgres, "ada")
    token = await asked(postgres, PLATFORM, user)
    passwords = [f"a-new-password-{number}" for number in range(4)]
    refused = await at_once(*(reset(postgres, PLATFORM, token, one) for one in passwords))
    assert len(refused) == 3
    assert len(await at_once(*(log_in(postgres, PLATFORM, user, one) for one in passwords))) == 3


async def test_of_mails_that_were_asked_for_at_once_one_works(postgres: World) -> None:
    user = await a_person(postgres, "ada")
    await asyncio.gather(*(asked(postgres, PLATFORM, user) for _ in range(4)))
    tokens = [mail.text.partition("token=")[2].split()[0] for mail in postgres.mails.to(user.email)]
    refused = [await at_once(reset(postgres, PLATFORM, token)) for token in tokens]
    assert len(tokens) == 4
    assert sorted(len(one) for one in refused) == [0, 1, 1, 1]
