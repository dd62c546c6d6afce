from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import and_, bindparam, or_, select, update

from adapters.postgres.identity.rows import SessionRow, UserRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import MissingSiteError, Sql
from adapters.postgres.tenancy.rows import MemberRow, OrganizationRow, SiteAccessRow, SiteRow
from application.identity.entry_ports import SiteEntries
from domain.identity.entry import Visitor
from domain.shared.caller import SessionId, UserId
from domain.tenancy.membership import RIGHTS, MemberRole, OrganizationRight
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId

_MINUTE: Final = timedelta(minutes=1)
_USERS: Final = UserRow.__table__
_MEMBERS: Final = MemberRow.__table__
_PLACES: Final = (
    _MEMBERS.join(OrganizationRow.__table__, OrganizationRow.id == MemberRow.organization_id)
    .join(SiteRow.__table__, and_(SiteRow.organization_id == OrganizationRow.id, SiteRow.id == bindparam("site")))
    .outerjoin(
        SiteAccessRow.__table__,
        and_(SiteAccessRow.member_id == MemberRow.id, SiteAccessRow.site_id == SiteRow.id),
    )
)
"""Members of the site's organization, with the access to it that they were given."""
_FIND: Final = Sql(
    select(
        UserRow.id,
        UserRow.username,
        UserRow.email,
        UserRow.first_name,
        UserRow.last_name,
        UserRow.is_active,
        UserRow.is_admin,
        MemberRow.role,
        MemberRow.rights_since,
        SiteAccessRow.created_at.label("granted_at"),
    )
    .select_from(
        _USERS.outerjoin(
            _PLACES,
            and_(
                MemberRow.user_id == UserRow.id,
                MemberRow.is_active,
                OrganizationRow.is_active,
                OrganizationRow.deleted_at.is_(None),
            ),
        )
    )
    .where(UserRow.id == bindparam("user")),
    of_platform=True,
)
_IS_OPEN: Final = Sql(
    select(SessionRow.id).where(SessionRow.id == bindparam("session"), SessionRow.ended_at.is_(None)), of_platform=True
)
_MEMBERSHIP: Final = and_(
    MemberRow.user_id == bindparam("user"),
    MemberRow.organization_id
    == select(SiteRow.organization_id).where(SiteRow.id == bindparam("site")).scalar_subquery(),
)
_LOCK: Final = Sql(select(MemberRow.id).where(_MEMBERSHIP).with_for_update(key_share=True))
"""As strongly as `_TOUCH` does: two that share a lock could not both go on to write."""
_TOUCH: Final = Sql(
    update(MemberRow)
    .where(_MEMBERSHIP, or_(MemberRow.last_active_at.is_(None), MemberRow.last_active_at <= bindparam("lately")))
    .values(last_active_at=bindparam("at"))
)


class PostgresSiteEntries(SiteEntries):
    """Reads `public` alone, in statements of their own: none joins it with the site's schema."""

    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, user_id: UserId) -> Visitor | None:
        record = await self._session.fetchrow(_FIND, user=user_id, site=self._site)
        return _to_visitor(record) if record else None

    async def lock(self, user_id: UserId) -> Visitor | None:
        """The lock first: what is read after it, whoever held it before has committed."""
        await self._session.fetchrow(_LOCK, user=user_id, site=self._site)
        return await self.find(user_id)

    async def is_open(self, session_id: SessionId) -> bool:
        return await self._session.fetchrow(_IS_OPEN, session=session_id) is not None

    async def touch(self, user_id: UserId, *, at: datetime) -> None:
        await self._session.execute(_TOUCH, user=user_id, site=self._site, at=at, lately=at - _MINUTE)

    @property
    def _site(self) -> SiteId:
        if isinstance(self._session.scope, SiteScope):
            return self._session.scope.site_id
        raise MissingSiteError("the platform has no door")


def _to_visitor(record: asyncpg.Record) -> Visitor:
    row: dict[str, Any] = dict(record)
    role = row.pop("role")
    rights = RIGHTS[MemberRole(role)] if role else frozenset()
    return Visitor(administers=OrganizationRight.ADMINISTER_SITES in rights, **row)
