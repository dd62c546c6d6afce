"""LogOut, EndSession, EndAllSessions, ListSessions."""

from uuid import UUID

import pytest

from application.shared.page import PageRequest
from domain.identity.session import SessionEnd, SessionNotFoundError
from domain.identity.tokens import InvalidTokenError
from domain.identity.user import UserNotFoundError
from domain.shared.caller import Caller, NotPermittedError, Permission, SessionId
from tests.application.identity.desk import ADA, ELSEWHERE, Desk
from tests.domain.identity.people import CLIENT, a_session

OPERATOR = Caller(label="operator", permissions=frozenset(Permission))


async def test_a_logout_ends_one_session() -> None:
    desk = Desk()
    here, there = await desk.log_in(), await desk.log_in()
    desk.later(minutes=1)

    await desk.log_out(here.refresh)

    first, second = desk.sessions
    assert (first.ended_at, first.ended_because) == (desk.now, SessionEnd.LOGGED_OUT)
    assert second.ended_at is None
    assert await desk.is_good(there.access)


async def test_a_logout_is_safe_to_repeat() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.log_out(pair.refresh)
    (ended,) = desk.sessions
    desk.later(minutes=1)

    await desk.log_out(pair.refresh)

    assert desk.sessions == [ended]


async def test_a_logout_with_an_older_link_ends_the_session_too() -> None:
    desk = Desk()
    first = await desk.log_in()
    second = await desk.refresh(first.refresh)

    await desk.log_out(first.refresh)

    assert not await desk.is_good(second.refresh)


async def test_nobody_logs_out_with_an_access_token_or_with_one_never_given_out() -> None:
    desk = Desk()
    pair = await desk.log_in()

    with pytest.raises(InvalidTokenError):
        await desk.log_out(pair.access)
    assert await desk.is_good(pair.refresh)
    desk.tables.refresh_tokens.clear()
    with pytest.raises(InvalidTokenError, match="never given out"):
        await desk.log_out(pair.refresh)
    desk.tables.sessions.clear()
    with pytest.raises(InvalidTokenError, match="never given out"):
        await desk.log_out(pair.refresh)


async def test_ends_one_of_the_own_sessions() -> None:
    desk = Desk()
    here, there = await desk.log_in(), await desk.log_in()
    first, second = desk.sessions

    await desk.end_session(desk.caller(first))(session_id=second.id)

    assert await desk.is_good(here.refresh)
    assert not await desk.is_good(there.refresh)
    assert desk.sessions[1].ended_because is SessionEnd.ENDED_BY_USER


async def test_to_end_a_session_is_safe_to_repeat() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.log_out(pair.refresh)
    ended = desk.sessions

    await desk.end_session(desk.caller())(session_id=ended[0].id)

    assert desk.sessions == ended


async def test_somebody_elses_session_is_not_there() -> None:
    desk = Desk()
    theirs = a_session(5, user=2)
    desk.tables.sessions[theirs.id] = theirs

    with pytest.raises(SessionNotFoundError) as refused:
        await desk.end_session(desk.caller())(session_id=theirs.id)
    with pytest.raises(SessionNotFoundError) as unknown:
        await desk.end_session(desk.caller())(session_id=SessionId(UUID(int=99)))

    assert str(refused.value) == str(unknown.value)
    assert desk.sessions == [theirs]


async def test_the_operator_has_no_sessions() -> None:
    desk = Desk()
    await desk.log_in()

    with pytest.raises(NotPermittedError):
        await desk.end_session(OPERATOR)(session_id=desk.sessions[0].id)
    with pytest.raises(NotPermittedError):
        await desk.end_all_sessions(OPERATOR)()
    with pytest.raises(NotPermittedError):
        await desk.list_sessions(OPERATOR)(PageRequest())
    assert desk.sessions[0].ended_at is None


async def test_logs_out_everywhere_and_nobody_else() -> None:
    desk = Desk()
    pairs = [await desk.log_in() for _ in range(3)]
    theirs = a_session(5, user=2)
    desk.tables.sessions[theirs.id] = theirs

    await desk.end_all_sessions(desk.caller())()

    for pair in pairs:
        assert not await desk.is_good(pair.access)
        assert not await desk.is_good(pair.refresh)
    assert desk.tables.sessions[theirs.id] == theirs
    assert desk.tables.users[ADA.id].token_version == ADA.token_version + 1


async def test_to_log_out_everywhere_keeps_why_a_session_ended_before() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.log_out(pair.refresh)
    ended = desk.sessions

    await desk.end_all_sessions(desk.caller())()

    assert desk.sessions == ended


async def test_a_user_who_was_deleted_has_nowhere_to_log_out() -> None:
    desk = Desk()
    del desk.tables.users[ADA.id]

    with pytest.raises(UserNotFoundError):
        await desk.end_all_sessions(desk.caller())()


async def test_lists_the_own_live_sessions_and_marks_the_one_that_asks() -> None:
    desk = Desk()
    first = await desk.log_in()
    desk.later(hours=1)
    await desk.log_in(client=ELSEWHERE)
    desk.later(hours=1)
    ended = await desk.log_in()
    await desk.log_out(ended.refresh)
    desk.later(hours=1)
    await desk.refresh(first.refresh)
    desk.tables.sessions[SessionId(UUID(int=5))] = a_session(5, user=2)
    mine, other, _, _ = desk.sessions

    page = await desk.list_sessions(desk.caller(mine))(PageRequest())

    assert page.count == 2
    assert [(view.id, view.current, view.address) for view in page.results] == [
        (mine.id, True, CLIENT.address),
        (other.id, False, ELSEWHERE.address),
    ]


async def test_lists_page_by_page() -> None:
    desk = Desk()
    for number in range(1, 6):
        desk.tables.sessions[SessionId(UUID(int=number))] = a_session(number)

    page = await desk.list_sessions(desk.caller())(PageRequest(number=2, size=2))

    assert page.count == 5
    assert [view.id.int for view in page.results] == [3, 2]


async def test_an_expired_session_is_not_listed() -> None:
    desk = Desk()
    await desk.log_in()
    desk.later(days=7)

    assert (await desk.list_sessions(desk.caller())(PageRequest())).count == 0
