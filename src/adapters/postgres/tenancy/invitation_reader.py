from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select

from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from adapters.postgres.tenancy.rows import InvitationRow, MemberRow, OrganizationRow
from application.shared.page import Page
from application.tenancy.invitation_ports import InvitationReader
from application.tenancy.invitation_views import InvitationOrder, InvitationQuery, InvitationView
from domain.shared.caller import UserId
from domain.tenancy.invitation import InvitationId, InvitationNotFoundError, InvitationStatus
from domain.tenancy.membership import MemberRole

_STATUS: Final = case(
    (
        and_(InvitationRow.status == "pending", InvitationRow.expires_at <= bindparam("at", type_=UtcTime)),
        InvitationStatus.EXPIRED.value,
    ),
    else_=InvitationRow.status,
)
_SLUG: Final = select(OrganizationRow.slug).where(OrganizationRow.id == InvitationRow.organization_id).scalar_subquery()
_COLUMNS: Final = (
    InvitationRow.id,
    _SLUG.label("organization"),
    InvitationRow.email,
    InvitationRow.role,
    InvitationRow.message,
    InvitationRow.details,
    _STATUS.label("status_now"),
    InvitationRow.invited_by,
    InvitationRow.accepted_by,
    InvitationRow.expires_at,
    InvitationRow.created_at,
    InvitationRow.updated_at,
    InvitationRow.created_by,
    InvitationRow.version,
)
_LIVING: Final = InvitationRow.organization_id.in_(
    select(OrganizationRow.id).where(OrganizationRow.deleted_at.is_(None))
)
_SEEN: Final = InvitationRow.organization_id.in_(
    select(MemberRow.organization_id).where(
        MemberRow.user_id == bindparam("viewer"), MemberRow.is_active, MemberRow.role == MemberRole.OWNER.value
    )
)
_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "viewer": _SEEN,
    "organization": InvitationRow.organization_id.in_(
        select(OrganizationRow.id).where(OrganizationRow.slug == bindparam("organization"))
    ),
    "status": bindparam("status") == _STATUS,
    "created_from": InvitationRow.created_at >= bindparam("created_from"),
    "created_until": InvitationRow.created_at <= bindparam("created_until"),
    "search": or_(
        InvitationRow.email.ilike(bindparam("search")),
        InvitationRow.message.ilike(bindparam("search")),
    ),
}
_BY_ID: Final = select(*_COLUMNS).where(InvitationRow.id == bindparam("key"), _LIVING)
_ANY: Final = Sql(_BY_ID)
_ONE_SEEN: Final = Sql(_BY_ID.where(_SEEN))


class PostgresInvitationReader(InvitationReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: InvitationQuery, viewer: UserId | None, *, at: datetime) -> Page[InvitationView]:
        values = _values(query, viewer)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, at=at, **values)

    async def get(self, invitation_id: InvitationId, viewer: UserId | None, *, at: datetime) -> InvitationView:
        sql = _ANY if viewer is None else _ONE_SEEN
        record = await self._session.fetchrow(sql, key=invitation_id, viewer=viewer, at=at)
        if record is None:
            raise InvitationNotFoundError
        return _to_view(tuple(record))


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: InvitationOrder) -> PageSql:
    column = getattr(InvitationRow, ordering.value.removeprefix("-"))
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [_LIVING, *(_FILTERS[name] for name in filters)],
        [key.desc() if down else key.asc() for key in (column, InvitationRow.id)],
    )


def _values(query: InvitationQuery, viewer: UserId | None) -> dict[str, Any]:
    given = {
        "viewer": viewer,
        "organization": query.organization,
        "status": query.status,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> InvitationView:
    view = InvitationView(*columns)
    view.role, view.status = MemberRole(view.role), InvitationStatus(view.status)
    view.metadata = msgspec.json.decode(columns[5])
    return view
