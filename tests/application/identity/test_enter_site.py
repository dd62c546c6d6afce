"""EnterSite and LinkedUsers."""

from dataclasses import replace

import pytest

from adapters.memory.entries import MemoryLinkedUserRepository, MemorySiteEntries
from application.identity.enter_site import EnterSite
from application.identity.linked_users import LinkedUsers
from domain.identity.entry import NotAMemberError
from domain.identity.user import NO_PASSWORD, User
from domain.shared.caller import PLATFORM_PERMISSIONS, Caller, UserId
from domain.shared.errors import ThrottledError
from tests.application.identity.desk import ELSEWHERE, Desk
from tests.domain.identity.people import a_user
from tests.domain.identity.test_entry import a_visitor

ROOT = a_user(8, is_admin=True)
VISITOR = replace(
    a_visitor(is_active=True, is_admin=False, administers=False, granted=True),
    id=ROOT.id,
    username="mark",
    email="m@x.org",
)


def linked_users(desk: Desk) -> LinkedUsers:
    linked = MemoryLinkedUserRepository(desk.database, desk.scope)
    return LinkedUsers(users=desk.users, linked=linked, new_id=desk.new_id)


def enter_site(desk: Desk, caller: Caller) -> EnterSite:
    async def platform(*, token: str) -> Caller:
        return caller

    return EnterSite(
        platform=platform,
        throttle=desk.throttle,
        entries=MemorySiteEntries(desk.database, desk.scope),
        linked=linked_users(desk),
        tokens=desk.tokens,
        events=desk.events,
        work=desk.work,
        clock=desk.clock,
    )


async def test_an_impersonation_is_a_security_event() -> None:
    desk = Desk.of_site()
    desk.database.within(desk.platform).users[ROOT.id] = ROOT
    caller = Caller(label=ROOT.username, permissions=PLATFORM_PERMISSIONS, user_id=ROOT.id)

    await enter_site(desk, caller)(token="x", user=None, client=ELSEWHERE)

    ((admin, user, client),) = desk.events.impersonations
    assert (admin.id, user.linked_user_id, client) == (ROOT.id, ROOT.id, ELSEWHERE)
    (session,) = desk.sessions
    assert (session.impersonator, session.impersonator_label) == (ROOT.id, ROOT.username)
    assert session.expires_at == desk.now + desk.tokens.lifetimes.impersonation


@pytest.mark.parametrize("stored", [[], [replace(ROOT, is_active=False)], [replace(ROOT, is_admin=False)]])
async def test_what_the_token_said_counts_for_nothing_once_it_is_over(stored: list[User]) -> None:
    """Between the check of the token and the transaction the admin may be gone."""
    desk = Desk.of_site()
    desk.database.within(desk.platform).users.update({user.id: user for user in stored})
    caller = Caller(label=ROOT.username, permissions=PLATFORM_PERMISSIONS, user_id=ROOT.id)

    with pytest.raises(NotAMemberError):
        await enter_site(desk, caller)(token="x", user=None, client=ELSEWHERE)

    assert (desk.events.impersonations, desk.sessions) == ([], [])
    assert len(desk.tables.users) == 1


async def test_counts_before_anything_is_read() -> None:
    desk = Desk.of_site()
    desk.throttle.shut = True
    caller = Caller(label="mark", permissions=frozenset(), user_id=ROOT.id)

    with pytest.raises(ThrottledError):
        await enter_site(desk, caller)(token="x", user=None, client=ELSEWHERE)


async def test_makes_a_user_without_a_password_and_without_a_role() -> None:
    desk = Desk.of_site()

    user = await linked_users(desk).enter(VISITOR, at=desk.now)

    assert user == User(
        id=user.id,
        username="mark",
        email="m@x.org",
        password_hash=NO_PASSWORD,
        linked_user_id=ROOT.id,
        last_login_at=desk.now,
        created_at=desk.now,
        updated_at=desk.now,
        created_by=None,
    )
    assert desk.tables.users[user.id] == user


async def test_a_number_finds_room_in_the_longest_name() -> None:
    desk = Desk.of_site()
    desk.tables.users[UserId(ROOT.id)] = replace(ROOT, username="M" * 150)

    user = await linked_users(desk).enter(replace(VISITOR, username="m" * 150), at=desk.now)

    assert user.username == "m" * 148 + "-1"


class Hurried(MemoryLinkedUserRepository):
    """Somebody is always a moment quicker, three times."""

    rivals = 3

    async def add(self, user: User) -> bool:
        if self.rivals:
            self.rivals -= 1
            rival = a_user(100 + self.rivals, username=user.username, email=f"rival{self.rivals}@example.org")
            self._tables.users[rival.id] = rival
        return await super().add(user)


async def test_whoever_was_quicker_has_the_name() -> None:
    desk = Desk.of_site()
    hurried = replace(linked_users(desk), linked=Hurried(desk.database, desk.scope))

    assert (await hurried.enter(VISITOR, at=desk.now)).username == "mark-3"
