from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from adapters.postgres.access.memberships import GIVEN
from adapters.postgres.identity.rows import SessionRow, UserRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.ports import AccessReader
from application.identity.views import Access
from application.shared.ports import Clock
from domain.identity.entry import Passage
from domain.shared.caller import SessionId, UserId
from domain.tenancy.scope import PlatformScope

_PASSAGE: Final = ("linked", "impersonator", "platform_session", "entered_at")


def _select(*more: ColumnElement[Any]) -> Sql:
    return Sql(
        select(
            UserRow.username,
            UserRow.is_active,
            UserRow.token_version,
            UserRow.is_admin,
            UserRow.linked_user_id.label("linked"),
            SessionRow.impersonator,
            SessionRow.impersonator_label,
            SessionRow.platform_session,
            SessionRow.created_at.label("entered_at"),
            or_(
                SessionRow.id.is_(None),
                SessionRow.ended_at.is_not(None),
                SessionRow.expires_at <= bindparam("at"),
            ).label("ended"),
            *more,
        )
        .outerjoin(
            SessionRow,
            and_(SessionRow.id == bindparam("session"), SessionRow.user_id == UserRow.id),
        )
        .where(UserRow.id == bindparam("user"))
    )


_ON_THE_PLATFORM: Final = _select()
_IN_A_SITE: Final = _select(GIVEN.label("given"))


class PostgresAccessReader(AccessReader):
    def __init__(self, session: ScopedSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        sql = _ON_THE_PLATFORM if isinstance(self._session.scope, PlatformScope) else _IN_A_SITE
        record = await self._session.fetchrow(sql, user=user_id, session=session_id, at=self._clock())
        if record is None:
            return None
        return Access(
            username=record["username"],
            is_active=record["is_active"],
            token_version=record["token_version"],
            permissions=self._session.scope.permissions(
                is_admin=record["is_admin"] and not record["linked"], given=record.get("given", ())
            ),
            passage=None if record["ended"] else Passage(**{name: record[name] for name in _PASSAGE}),
            impersonator_label=record["impersonator_label"] or "",
            is_linked=record["linked"] is not None,
        )
