"""SessionRepository, SessionReader and AccessReader."""

from datetime import timedelta
from uuid import UUID

import pytest

from application.shared.page import PageRequest
from domain.identity.session import Client, SessionEnd
from domain.shared.caller import PLATFORM_PERMISSIONS, SITE_PERMISSIONS, SessionId
from domain.tenancy.scope import PlatformScope, SiteScope
from tests.contracts.identity.ports import reading, store, transaction
from tests.domain.identity.people import NOON, WEEK, a_session, a_user
from tests.world import World

ADA, GRACE = a_user(1), a_user(2)
LATER = NOON + timedelta(hours=1)


async def test_gives_back_what_was_added(world: World, site: SiteScope) -> None:
    session = a_session(client=Client(address="2001:db8::1", user_agent="Ünïcode 🦀 'quoted'"))
    await store(world, site, ADA, session)

    async with transaction(world, site) as ports:
        assert await ports.sessions.find(session.id) == session
        assert await ports.sessions.find(SessionId(UUID(int=99))) is None


async def test_saves_use_and_end(world: World, site: SiteScope) -> None:
    await store(world, site, ADA, a_session(1), a_session(2))
    used = a_session(1).used(at=LATER, until=LATER + WEEK)
    ended = a_session(2).end(SessionEnd.LOGGED_OUT, at=LATER)

    async with transaction(world, site) as ports:
        await ports.sessions.save(used)
        await ports.sessions.save(ended)

    async with transaction(world, site) as ports:
        assert await ports.sessions.find(used.id) == used
        assert await ports.sessions.find(ended.id) == ended


@pytest.mark.parametrize("because", SessionEnd)
async def test_knows_every_reason_to_end(world: World, site: SiteScope, because: SessionEnd) -> None:
    ended = a_session().end(because, at=LATER)
    await store(world, site, ADA, ended)

    async with transaction(world, site) as ports:
        assert await ports.sessions.find(ended.id) == ended


async def test_ends_all_of_one_user_but_those_that_ended_before(world: World, site: SiteScope) -> None:
    before = a_session(3).end(SessionEnd.TOKEN_REUSED, at=NOON)
    theirs = a_session(4, user=2)
    await store(world, site, ADA, GRACE, a_session(1), a_session(2), before, theirs)

    for at in (LATER, LATER + WEEK):
        async with transaction(world, site) as ports:
            await ports.sessions.end_all(ADA.id, SessionEnd.ENDED_BY_USER, at=at)

    async with transaction(world, site) as ports:
        for number in (1, 2):
            expected = a_session(number).end(SessionEnd.ENDED_BY_USER, at=LATER)
            assert await ports.sessions.find(expected.id) == expected
        assert await ports.sessions.find(before.id) == before
        assert await ports.sessions.find(theirs.id) == theirs


async def test_what_fails_leaves_every_session_as_it_was(world: World, site: SiteScope) -> None:
    await store(world, site, ADA, a_session(1))

    async def end_all_and_fail() -> None:
        async with transaction(world, site) as ports:
            await ports.sessions.add(a_session(2))
            await ports.sessions.end_all(ADA.id, SessionEnd.ENDED_BY_USER, at=LATER)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await end_all_and_fail()

    async with transaction(world, site) as ports:
        assert await ports.sessions.find(a_session(1).id) == a_session(1)
        assert await ports.sessions.find(a_session(2).id) is None


async def test_two_sites_never_see_each_others_sessions(world: World, site: SiteScope, other: SiteScope) -> None:
    await store(world, site, ADA, a_session(1))
    await store(world, other, ADA, a_session(2))

    async with transaction(world, other) as ports:
        assert await ports.sessions.find(a_session(1).id) is None
        await ports.sessions.end_all(ADA.id, SessionEnd.ENDED_BY_USER, at=LATER)
    async with transaction(world, site) as ports:
        assert await ports.sessions.find(a_session(1).id) == a_session(1)
    async with reading(world, site) as ports:
        page = await ports.reader.page(ADA.id, None, PageRequest(), at=NOON)
        assert [view.id for view in page.results] == [a_session(1).id]
        assert (await ports.access.find(ADA.id, a_session(2).id)).session_ended  # type: ignore[union-attr]  # Ada is here


async def test_lists_live_sessions_the_one_used_last_first(world: World, site: SiteScope) -> None:
    await store(
        world,
        site,
        ADA,
        GRACE,
        a_session(1, last_used_at=NOON + timedelta(minutes=2)),
        a_session(2, last_used_at=NOON + timedelta(minutes=3)),
        a_session(3, last_used_at=NOON + timedelta(minutes=2)),
        a_session(4).end(SessionEnd.LOGGED_OUT, at=NOON),
        a_session(5, expires_at=LATER),
        a_session(6, user=2),
    )

    async with reading(world, site) as ports:
        page = await ports.reader.page(ADA.id, a_session(3).id, PageRequest(), at=LATER)

    assert page.count == 3
    assert [(view.id.int, view.current) for view in page.results] == [(2, False), (3, True), (1, False)]
    first = page.results[0]
    session = a_session(2)
    assert (first.address, first.user_agent) == (session.client.address, session.client.user_agent)
    assert (first.created_at, first.expires_at) == (session.created_at, session.expires_at)
    assert first.last_used_at == NOON + timedelta(minutes=3)


async def test_lists_page_by_page_for_whoever_has_no_session(world: World, site: SiteScope) -> None:
    await store(world, site, ADA, *(a_session(number) for number in range(1, 6)))

    async with reading(world, site) as ports:
        pages = [
            await ports.reader.page(ADA.id, None, PageRequest(number=number, size=2), at=NOON)
            for number in (1, 2, 3, 4)
        ]

    assert [page.count for page in pages] == [5, 5, 5, 5]
    assert [[view.id.int for view in page.results] for page in pages] == [[5, 4], [3, 2], [1], []]
    assert not any(view.current for page in pages for view in page.results)


async def test_tells_what_a_user_may_do_now(world: World, site: SiteScope) -> None:
    boss = a_user(2, is_admin=True, token_version=5, is_active=False)
    until = world.clock() + WEEK
    await store(world, site, ADA, boss, a_session(1, expires_at=until), a_session(2, user=2, expires_at=until))

    async with reading(world, site) as ports:
        ada = await ports.access.find(ADA.id, a_session(1).id)
        admin = await ports.access.find(boss.id, a_session(2).id)

    assert ada
    assert (ada.username, ada.is_active, ada.token_version) == ("ada1", True, 1)
    assert (ada.permissions, ada.session_ended) == (frozenset(), False)
    assert admin
    assert (admin.username, admin.is_active, admin.token_version) == ("ada2", False, 5)
    assert (admin.permissions, admin.session_ended) == (SITE_PERMISSIONS, False)


async def test_an_admin_of_the_platform_may_other_things_than_one_of_a_site(world: World) -> None:
    admin = await world.admin()

    async with reading(world, PlatformScope()) as ports:
        access = await ports.access.find(admin.id, SessionId(UUID(int=1)))

    assert access
    assert access.permissions == PLATFORM_PERMISSIONS


async def test_nobody_has_no_access(world: World, site: SiteScope) -> None:
    async with reading(world, site) as ports:
        assert await ports.access.find(ADA.id, a_session().id) is None


async def test_a_session_counts_as_ended_when_it_is_over_unknown_or_somebody_elses(
    world: World, site: SiteScope
) -> None:
    now = world.clock()
    await store(
        world,
        site,
        ADA,
        GRACE,
        a_session(1, expires_at=now + WEEK).end(SessionEnd.LOGGED_OUT, at=NOON),
        a_session(2, expires_at=now - timedelta(seconds=1)),
        a_session(3, user=2, expires_at=now + WEEK),
        a_session(4, expires_at=now + timedelta(hours=1)),
    )

    async def ended() -> list[bool]:
        async with reading(world, site) as ports:
            found = [await ports.access.find(ADA.id, SessionId(UUID(int=number))) for number in (1, 2, 3, 99, 4)]
            return [access.session_ended for access in found if access]

    assert await ended() == [True, True, True, True, False]
    world.clock.advance(hours=1)
    assert await ended() == [True, True, True, True, True]
