"""EntryCheck and EnteredAccessReader: what the platform says at the moment, for each kind of session."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import pytest

from application.identity.entered_access import EnteredAccessReader
from application.identity.entry_check import EntryCheck
from application.identity.entry_ports import SiteEntries
from application.identity.ports import AccessReader
from application.identity.views import Access
from domain.identity.entry import EntryRole, Passage, Visitor
from domain.shared.caller import SITE_PERMISSIONS, Permission, SessionId, UserId
from tests.domain.identity.people import NOON, a_session, a_user
from tests.domain.identity.test_entry import a_visitor

ROOT, MARK = a_user(1).id, a_user(2).id
OWN = frozenset({Permission.PROJECTS_VIEW})
FROM = SessionId(UUID(int=7))
PASSAGE = Passage(linked=None, impersonator=None, platform_session=None, entered_at=NOON)
LOCAL = Access(username="ada", is_active=True, token_version=1, permissions=OWN, passage=PASSAGE)


@dataclass
class Platform(SiteEntries):
    """What the platform says of whom, and who was asked about."""

    visitors: dict[UserId, Visitor] = field(default_factory=dict)
    asked: list[UserId] = field(default_factory=list)
    open: set[SessionId] = field(default_factory=lambda: {FROM})

    async def find(self, user_id: UserId) -> Visitor | None:
        self.asked.append(user_id)
        return self.visitors.get(user_id)

    async def lock(self, user_id: UserId) -> Visitor | None:
        return await self.find(user_id)

    async def is_open(self, session_id: SessionId) -> bool:
        return session_id in self.open

    async def touch(self, user_id: UserId, *, at: datetime) -> None: ...


@dataclass
class Site(AccessReader):
    access: Access | None

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        return self.access


def a_platform(*, root: str = "", mark: str = "") -> Platform:
    """What is true of each: `active`, `admin` (of the platform), `owner`, `granted`; nobody there if nothing is."""

    def visitor(facts: str) -> Visitor:
        return a_visitor(
            is_active="active" in facts,
            is_admin="admin" in facts,
            administers="owner" in facts,
            granted="granted" in facts,
        )

    return Platform({one: visitor(facts) for one, facts in ((ROOT, root), (MARK, mark)) if facts})


async def read(platform: Platform, access: Access | None) -> Access | None:
    reader = EnteredAccessReader(source=Site(access), check=EntryCheck(entries=platform))
    return await reader.find(a_user().id, a_session().id)


def entered(linked: UserId | None, impersonator: UserId | None) -> Access:
    return replace(LOCAL, passage=replace(PASSAGE, linked=linked, impersonator=impersonator, platform_session=FROM))


async def test_of_a_user_of_the_site_alone_the_platform_is_not_asked() -> None:
    platform = a_platform()

    assert await read(platform, LOCAL) == LOCAL
    assert await read(platform, None) is None
    ended = replace(LOCAL, passage=None)
    assert await read(platform, ended) == ended
    assert platform.asked == []


@pytest.mark.parametrize(
    ("linked", "impersonator", "root", "mark", "role"),
    [
        (MARK, None, "", "active granted", EntryRole.USER),
        (MARK, None, "", "active owner", EntryRole.ADMIN),
        (MARK, None, "", "active", None),
        (MARK, None, "", "granted", None),
        (MARK, None, "", "owner", None),
        (MARK, None, "", "", None),
        (MARK, None, "", "active admin", None),
        (None, ROOT, "active admin", "", EntryRole.USER),
        (None, ROOT, "active", "", None),
        (None, ROOT, "active owner", "", None),
        (None, ROOT, "admin", "", None),
        (None, ROOT, "", "", None),
        (ROOT, ROOT, "active admin", "", EntryRole.ADMIN),
        (ROOT, ROOT, "active owner", "", None),
        (ROOT, ROOT, "admin", "", None),
        (MARK, ROOT, "active admin", "active granted", EntryRole.USER),
        (MARK, ROOT, "active admin", "active owner", EntryRole.ADMIN),
        (MARK, ROOT, "active admin", "active", None),
        (MARK, ROOT, "active admin owner", "", None),
        (MARK, ROOT, "active", "active owner", None),
    ],
)
async def test_who_goes_on_and_as_what(
    linked: UserId | None, impersonator: UserId | None, root: str, mark: str, role: EntryRole | None
) -> None:
    access = entered(linked, impersonator)
    expected = {
        EntryRole.ADMIN: replace(access, permissions=SITE_PERMISSIONS),
        EntryRole.USER: access,
        None: replace(access, is_active=False),
    }

    assert await read(a_platform(root=root, mark=mark), access) == expected[role]


@pytest.mark.parametrize(("linked", "impersonator"), [(MARK, None), (None, ROOT), (ROOT, ROOT), (MARK, ROOT)])
async def test_nobody_goes_on_after_the_session_of_the_platform(
    linked: UserId | None, impersonator: UserId | None
) -> None:
    platform, access = a_platform(root="active admin", mark="active granted"), entered(linked, impersonator)
    assert await read(platform, access) != replace(access, is_active=False)

    platform.open.clear()

    assert await read(platform, access) == replace(access, is_active=False)
