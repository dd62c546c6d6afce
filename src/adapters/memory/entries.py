from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from adapters.memory.database import MemoryDatabase
from adapters.memory.scoped import Scoped
from application.identity.entry_ports import LinkedUserRepository, SiteEntries
from domain.identity.entry import Visitor
from domain.identity.login import folded
from domain.identity.user import User
from domain.shared.caller import SessionId, UserId
from domain.tenancy.membership import Member, OrganizationRight
from domain.tenancy.scope import PlatformScope, Scope, SiteScope

_MINUTE: Final = timedelta(minutes=1)


class MemorySiteEntries(SiteEntries):
    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def find(self, user_id: UserId) -> Visitor | None:
        user = self._database.within(PlatformScope()).users.get(user_id)
        if user is None:
            return None
        member = self._member(user_id)
        return Visitor(
            id=user.id,
            username=user.username,
            email=user.email,
            first_name=user.first_name,
            last_name=user.last_name,
            is_active=user.is_active,
            is_admin=user.is_admin,
            administers=bool(member and OrganizationRight.ADMINISTER_SITES in member.rights),
            rights_since=member.rights_since if member and member.is_active else None,
            granted_at=self._granted_at(member) if member and member.is_active else None,
        )

    async def lock(self, user_id: UserId) -> Visitor | None:
        return await self.find(user_id)

    async def is_open(self, session_id: SessionId) -> bool:
        session = self._database.within(PlatformScope()).sessions.get(session_id)
        return session is not None and session.ended_at is None

    async def touch(self, user_id: UserId, *, at: datetime) -> None:
        member = self._member(user_id)
        if member and (member.last_active_at is None or member.last_active_at <= at - _MINUTE):
            self._database.members[member.id] = replace(member, last_active_at=at)

    def _granted_at(self, member: Member) -> datetime | None:
        return self._database.site_access.get((member.id, self._site.site_id))

    def _member(self, user_id: UserId) -> Member | None:
        """Of the site's organization, unless that is closed."""
        site = self._database.sites.get(self._site.site_id)
        if site is None or not self._database.organizations[site.organization_id].is_active:
            return None
        members = self._database.members.values()
        return next((m for m in members if m.user_id == user_id and m.organization_id == site.organization_id), None)

    @property
    def _site(self) -> SiteScope:
        if isinstance(self._scope, SiteScope):
            return self._scope
        raise LookupError("the platform has no door")


class MemoryLinkedUserRepository(Scoped, LinkedUserRepository):
    async def find(self, linked_user_id: UserId) -> User | None:
        users = self._tables.users.values()
        return next((user for user in users if user.linked_user_id == linked_user_id), None)

    async def add(self, user: User) -> bool:
        if any(_clash(user, other) for other in self._tables.users.values()):
            return False
        self._tables.users[user.id] = user
        return True


def _clash(one: User, other: User) -> bool:
    return (
        one.linked_user_id == other.linked_user_id
        or folded(one.username) == folded(other.username)
        or folded(one.email) == folded(other.email)
    )
