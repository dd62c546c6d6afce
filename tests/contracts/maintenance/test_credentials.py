"""What has expired is purged; what reuse detection and others' sessions lean on is not."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.identity.log_in import LogIn
from application.identity.purge_credentials import (
    LEANT_ON,
    MARGIN,
    Purged,
    PurgedResets,
    PurgePasswordResets,
    PurgeSessions,
)
from application.identity.refresh_session import RefreshSession
from application.identity.request_password_reset import RequestPasswordReset
from domain.identity.session import SessionEnd
from domain.identity.tokens import InvalidTokenError, TokenPair
from domain.shared.caller import SessionId
from domain.tenancy.scope import Scope
from tests.contracts.identity.ports import reading, store
from tests.domain.identity.people import CLIENT, a_link, a_session
from tests.world import PASSWORD, PLATFORM, World

HOUR = timedelta(hours=1)
HASHES = {name: bytes([number]) * 32 for number, name in enumerate(("old", "used", "live"), 1)}


async def purge(world: World, scope: Scope) -> Purged:
    async with world.acting(scope) as container:
        return await (await container.get(PurgeSessions))()


async def sessions_of(world: World, scope: Scope, **sessions: dict[str, Any]) -> dict[str, SessionId]:
    """New ones of one new user, by name."""
    user = await world.user(scope, f"ada-{world.suffix}")
    ids = {name: SessionId(uuid4()) for name in sessions}
    await store(
        world, scope, *(a_session(user_id=user.id, id=ids[name], **fields) for name, fields in sessions.items())
    )
    return ids


async def left(world: World, scope: Scope, ids: dict[str, SessionId]) -> set[str]:
    async with reading(world, scope) as ports:
        return {name for name, one in ids.items() if await ports.sessions.find(one) is not None}


async def test_expired_tokens_go_and_those_that_tell_of_reuse_stay(world: World) -> None:
    site, other, now = await world.site(), await world.site("other"), world.clock()
    for scope in (site, other):
        ids = await sessions_of(world, scope, one={"expires_at": now + HOUR})
        links: dict[str, dict[str, Any]] = {
            "old": {"expires_at": now - MARGIN - HOUR, "consumed_at": now - MARGIN * 8},
            "used": {"expires_at": now + HOUR, "consumed_at": now - HOUR},
            "live": {"expires_at": now - HOUR},
        }
        await store(
            world,
            scope,
            *(
                a_link(id=UUID(int=number), session_id=ids["one"], token_hash=HASHES[name], **fields)
                for number, (name, fields) in enumerate(links.items(), 1)
            ),
        )
    assert await purge(world, site) == Purged(refresh_tokens=1, sessions=0)
    assert await purge(world, site) == Purged()
    for scope, gone in ((site, {"old"}), (other, set[str]())):
        async with reading(world, scope) as ports:
            found = {name for name, one in HASHES.items() if await ports.chain.find(one) is not None}
        assert found == HASHES.keys() - gone


async def test_sessions_go_once_no_token_of_them_is_good(world: World) -> None:
    site, now = await world.site(), world.clock()
    ended = {"ended_at": now - 30 * MARGIN, "ended_because": SessionEnd.TOKEN_REUSED}
    ids = await sessions_of(
        world,
        site,
        live={"expires_at": now + HOUR},
        fresh={"expires_at": now - HOUR},
        over={"expires_at": now - MARGIN - HOUR},
        ended_early={"expires_at": now + HOUR, **ended},
        ended_long_ago={"expires_at": now - MARGIN - HOUR, **ended},
    )
    assert (await purge(world, site)).sessions == 2
    assert await left(world, site, ids) == {"live", "fresh", "ended_early"}


async def test_sessions_of_sites_lean_on_those_of_the_platform_that_nobody_ended(world: World) -> None:
    now = world.clock()
    ids = await sessions_of(
        world,
        PLATFORM,
        over={"expires_at": now - MARGIN - HOUR},
        ended={"expires_at": now - MARGIN - HOUR, "ended_at": now - 9 * MARGIN, "ended_because": SessionEnd.LOGGED_OUT},
        ancient={"expires_at": now - MARGIN - LEANT_ON - HOUR},
    )
    await purge(world, PLATFORM)
    assert await left(world, PLATFORM, ids) == {"over"}


async def test_a_token_that_is_used_twice_is_found_out_after_a_purge_too(world: World) -> None:
    site = await world.site()
    await world.user(site, "ada")

    async def refresh(pair: TokenPair) -> TokenPair:
        async with world.acting(site) as container:
            return await (await container.get(RefreshSession))(refresh=pair.refresh)

    async with world.acting(site) as container:
        first = await (await container.get(LogIn))(login="ada", password=PASSWORD, client=CLIENT)
    second = await refresh(first)
    world.clock.advance(days=2)
    await purge(world, site)
    with pytest.raises(InvalidTokenError, match="used before"):
        await refresh(first)
    with pytest.raises(InvalidTokenError):
        await refresh(second)


async def test_links_to_set_a_new_password_go_when_they_have_expired(world: World) -> None:
    site, other = await world.site(), await world.site("other")
    for scope in (site, other):
        user = await world.user(scope, "ada")
        async with world.acting(scope) as container:
            ask = await container.get(RequestPasswordReset)
            await ask(email=user.email, host="acme.localhost", client=CLIENT)
    await world.settle()
    assert await purged_resets(world, site) == PurgedResets()
    world.clock.advance(days=1, hours=2)
    assert await purged_resets(world, site) == PurgedResets(password_resets=1)
    assert await purged_resets(world, site) == PurgedResets()
    assert await purged_resets(world, other) == PurgedResets(password_resets=1)


async def purged_resets(world: World, scope: Scope) -> PurgedResets:
    async with world.acting(scope) as container:
        return await (await container.get(PurgePasswordResets))()
