from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import bindparam, insert, select, update

from adapters.postgres.identity.rows import SessionRow
from adapters.postgres.paging import PageSql
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.ports import SessionReader, SessionRepository
from application.identity.views import SessionView
from application.shared.page import Page, PageRequest
from domain.identity.session import Client, Session, SessionEnd
from domain.shared.caller import SessionId, UserId

_INSERT: Final = Sql(insert(SessionRow))
_SELECT: Final = Sql(select(*SessionRow.__table__.c).where(SessionRow.id == bindparam("key")).with_for_update())
_UPDATE: Final = Sql(
    update(SessionRow)
    .where(SessionRow.id == bindparam("key"))
    .values({name: bindparam(name) for name in ("last_used_at", "expires_at", "ended_at", "ended_because")})
)
_END_ALL: Final = Sql(
    update(SessionRow)
    .where(SessionRow.user_id == bindparam("user"), SessionRow.ended_at.is_(None))
    .values(ended_at=bindparam("at"), ended_because=bindparam("because"))
)
_LIVE: Final = PageSql(
    (
        SessionRow.id,
        SessionRow.created_at,
        SessionRow.last_used_at,
        SessionRow.expires_at,
        SessionRow.address,
        SessionRow.user_agent,
        (SessionRow.id == bindparam("current")).label("current"),
        SessionRow.impersonator_label,
    ),
    (
        SessionRow.user_id == bindparam("user"),
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > bindparam("at"),
    ),
    (SessionRow.last_used_at.desc(), SessionRow.id.desc()),
)


class PostgresSessionRepository(SessionRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, session_id: SessionId) -> Session | None:
        record = await self._session.fetchrow(_SELECT, key=session_id)
        return _to_session(record) if record else None

    async def add(self, session: Session) -> None:
        await self._session.execute(_INSERT, **_to_row(session))

    async def save(self, session: Session) -> None:
        await self._session.execute(_UPDATE, key=session.id, **_to_row(session))

    async def end_all(self, user_id: UserId, because: SessionEnd, *, at: datetime) -> None:
        await self._session.execute(_END_ALL, user=user_id, because=because.value, at=at)


class PostgresSessionReader(SessionReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(
        self, user_id: UserId, current: SessionId | None, page: PageRequest, *, at: datetime
    ) -> Page[SessionView]:
        return await _LIVE.fetch(self._session, page, _to_view, user=user_id, current=current, at=at)


def _to_view(columns: tuple[Any, ...]) -> SessionView:
    return SessionView(*columns)


def _to_row(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "user_id": session.user_id,
        "address": session.client.address,
        "user_agent": session.client.user_agent,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "expires_at": session.expires_at,
        "ended_at": session.ended_at,
        "ended_because": session.ended_because and session.ended_because.value,
        "impersonator": session.impersonator,
        "impersonator_label": session.impersonator_label,
        "platform_session": session.platform_session,
    }


def _to_session(record: asyncpg.Record) -> Session:
    because = record["ended_because"]
    return Session(
        id=SessionId(record["id"]),
        user_id=UserId(record["user_id"]),
        client=Client(address=record["address"], user_agent=record["user_agent"]),
        created_at=record["created_at"],
        last_used_at=record["last_used_at"],
        expires_at=record["expires_at"],
        ended_at=record["ended_at"],
        ended_because=SessionEnd(because) if because else None,
        impersonator=UserId(record["impersonator"]) if record["impersonator"] else None,
        impersonator_label=record["impersonator_label"],
        platform_session=SessionId(record["platform_session"]) if record["platform_session"] else None,
    )
