from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from adapters.cache.access import AccessCache, CachedAccessReader
from application.identity.ports import AccessReader
from application.identity.views import Access
from domain.identity.entry import Passage
from domain.shared.caller import SITE_PERMISSIONS, SessionId, UserId
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from domain.tenancy.site import SiteId

ADA, GRACE = UserId(UUID(int=1)), UserId(UUID(int=2))
HERE, THERE = SessionId(UUID(int=3)), SessionId(UUID(int=4))
ACME, COPY = [SiteScope(SiteId(UUID(int=5 + n)), "acme", SchemaName("acme")) for n in range(2)]
ACCESS: Final = Access(
    username="ada",
    is_active=True,
    token_version=1,
    permissions=SITE_PERMISSIONS,
    passage=Passage(linked=None, impersonator=None, platform_session=None, entered_at=datetime(2026, 3, 2, tzinfo=UTC)),
)


@dataclass(slots=True)
class Reader(AccessReader):
    """Says the same of everybody, and counts how often it is asked."""

    said: Access | None = ACCESS
    asked: int = 0

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        self.asked += 1
        return self.said


def now() -> float:
    return 0.0


async def test_what_is_known_of_one_is_said_of_nobody_else() -> None:
    cache, scopes = AccessCache(now), (ACME, COPY, PlatformScope())
    keys: list[tuple[Scope, UserId, SessionId]] = [
        (scope, user, session) for scope in scopes for user in (ADA, GRACE) for session in (HERE, THERE)
    ]
    told = {key: replace(ACCESS, username=str(number)) for number, key in enumerate(keys)}
    for (scope, user, session), access in told.items():
        assert await CachedAccessReader(Reader(access), cache, scope).find(user, session) == access

    for (scope, user, session), access in told.items():
        silent = Reader(None)
        assert await CachedAccessReader(silent, cache, scope).find(user, session) == access
        assert silent.asked == 0


async def test_it_is_forgotten_in_time_and_nobody_is_not_remembered() -> None:
    times = iter([0.0, 0.0, 1.9, 2.0, 2.0])
    source = Reader()
    reader = CachedAccessReader(source, AccessCache(lambda: next(times), seconds=2.0), ACME)
    for asked in (1, 1, 2):
        await reader.find(ADA, HERE)
        assert source.asked == asked

    nobody = Reader(None)
    reader = CachedAccessReader(nobody, AccessCache(now), ACME)
    assert [await reader.find(ADA, HERE), await reader.find(ADA, HERE)] == [None, None]
    assert nobody.asked == 2
