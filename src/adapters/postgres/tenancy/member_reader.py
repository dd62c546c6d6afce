from functools import lru_cache
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import MemberRow, SiteAccessRow, SiteRow
from application.shared.page import Page
from application.tenancy.organization_ports import MemberReader
from application.tenancy.organization_views import MemberOrder, MemberQuery, MemberUserView, MemberView
from domain.shared.caller import UserId
from domain.tenancy.membership import MemberNotFoundError, MemberRole
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import SiteStatus

_SITES: Final = (
    select(SiteRow.slug)
    .join(SiteAccessRow, SiteAccessRow.site_id == SiteRow.id)
    .where(SiteAccessRow.member_id == MemberRow.id, SiteRow.status != SiteStatus.DELETED.value)
    .order_by(SiteRow.slug)
    .correlate(MemberRow)
    .scalar_subquery()
)
_COLUMNS: Final = (
    MemberRow.id,
    UserRow.id,
    UserRow.username,
    UserRow.email,
    UserRow.first_name,
    UserRow.last_name,
    UserRow.is_active,
    MemberRow.role,
    MemberRow.title,
    MemberRow.department,
    MemberRow.phone,
    MemberRow.is_active,
    MemberRow.joined_at,
    MemberRow.last_active_at,
    func.array(_SITES).label("sites"),
    MemberRow.created_at,
    MemberRow.updated_at,
    MemberRow.created_by,
    MemberRow.version,
)
_OF_ORGANIZATION: Final = (MemberRow.organization_id == bindparam("organization"), UserRow.id == MemberRow.user_id)
_SEARCHED: Final = (
    UserRow.username,
    UserRow.email,
    UserRow.first_name + " " + UserRow.last_name,
    MemberRow.title,
    MemberRow.department,
)
_FILTERS: Final = {
    "role": MemberRow.role == bindparam("role"),
    "is_active": MemberRow.is_active == bindparam("is_active"),
    "created_from": MemberRow.created_at >= bindparam("created_from"),
    "created_until": MemberRow.created_at <= bindparam("created_until"),
    "search": or_(*(column.ilike(bindparam("search")) for column in _SEARCHED)),
}
_ORDERED: Final = {"username": UserRow.username, "role": MemberRow.role, "joined_at": MemberRow.joined_at}
_ONE: Final = Sql(select(*_COLUMNS).where(*_OF_ORGANIZATION, MemberRow.user_id == bindparam("user")))


class PostgresMemberReader(MemberReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, organization_id: OrganizationId, query: MemberQuery) -> Page[MemberView]:
        values = _values(query)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, organization=organization_id, **values)

    async def get(self, organization_id: OrganizationId, user_id: UserId) -> MemberView:
        record = await self._session.fetchrow(_ONE, organization=organization_id, user=user_id)
        if record is None:
            raise MemberNotFoundError(f"there is no member {user_id}")
        return _to_view(tuple(record))


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: MemberOrder) -> PageSql:
    keys = (_ORDERED[ordering.value.removeprefix("-")], MemberRow.id)
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [*_OF_ORGANIZATION, *(_FILTERS[name] for name in filters)],
        [key.desc() if down else key.asc() for key in keys],
    )


def _values(query: MemberQuery) -> dict[str, Any]:
    given = {
        "role": query.role,
        "is_active": query.is_active,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> MemberView:
    member_id, user_id, username, email, first_name, last_name, is_active, role, *rest = columns
    user = MemberUserView(user_id, username, email, f"{first_name} {last_name}".strip(), is_active)
    return MemberView(member_id, user, MemberRole(role), *rest)
