from functools import lru_cache
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import MemberRow, OrganizationRow, SiteRow
from application.shared.page import Page
from application.tenancy.organization_ports import OrganizationReader
from application.tenancy.organization_views import Onlooker, OrganizationOrder, OrganizationQuery, OrganizationView
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import OrganizationId, OrganizationNotFoundError
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteStatus

_OF_IT: Final = MemberRow.organization_id == OrganizationRow.id
_OWNS: Final = and_(MemberRow.role == MemberRole.OWNER.value, MemberRow.is_active)
_MINE: Final = (MemberRow.user_id == bindparam("onlooker"), MemberRow.is_active)
_MY_ROLE: Final = select(MemberRow.role).where(_OF_IT, *_MINE).scalar_subquery()


def _number(row: type[MemberRow | SiteRow], *where: ColumnElement[bool]) -> ColumnElement[int]:
    of_it = row.organization_id == OrganizationRow.id
    return select(func.count()).select_from(row).where(of_it, *where).scalar_subquery()


_COLUMNS: Final = (
    OrganizationRow.id,
    OrganizationRow.name,
    OrganizationRow.slug,
    OrganizationRow.description,
    OrganizationRow.email,
    OrganizationRow.website,
    OrganizationRow.phone,
    OrganizationRow.address,
    OrganizationRow.plan,
    OrganizationRow.max_sites,
    OrganizationRow.max_members,
    OrganizationRow.max_storage_bytes,
    OrganizationRow.is_active,
    OrganizationRow.is_verified,
    OrganizationRow.verified_at,
    OrganizationRow.settings,
    _number(MemberRow).label("member_count"),
    _number(MemberRow, _OWNS).label("owner_count"),
    _number(SiteRow, SiteRow.status != SiteStatus.DELETED.value).label("site_count"),
    _MY_ROLE.label("my_role"),
    OrganizationRow.created_at,
    OrganizationRow.updated_at,
    OrganizationRow.created_by,
    OrganizationRow.version,
)
_NAMES: Final = [column.key for column in _COLUMNS]
_LIVING: Final = OrganizationRow.deleted_at.is_(None)
_SEEN: Final = OrganizationRow.id.in_(select(MemberRow.organization_id).where(*_MINE))
_FILTERS: Final = {
    "sees_all": _LIVING,
    "sees_own": _LIVING & _SEEN,
    "plan": OrganizationRow.plan == bindparam("plan"),
    "is_active": OrganizationRow.is_active == bindparam("is_active"),
    "is_verified": OrganizationRow.is_verified == bindparam("is_verified"),
    "my_role": bindparam("my_role") == _MY_ROLE,
    "created_from": OrganizationRow.created_at >= bindparam("created_from"),
    "created_until": OrganizationRow.created_at <= bindparam("created_until"),
    "search": or_(
        OrganizationRow.name.ilike(bindparam("search")),
        OrganizationRow.slug.ilike(bindparam("search")),
        OrganizationRow.description.ilike(bindparam("search")),
    ),
}
_SLUG: Final = OrganizationRow.slug == bindparam("slug")
_ONE: Final = {name: Sql(select(*_COLUMNS).where(_SLUG, _FILTERS[name])) for name in ("sees_all", "sees_own")}
_ID: Final = {name: Sql(select(OrganizationRow.id).where(_SLUG, _FILTERS[name])) for name in ("sees_all", "sees_own")}

_DELETED: Final = Sql(select(OrganizationRow.id).where(_SLUG, OrganizationRow.deleted_at.is_not(None)))


class PostgresOrganizationReader(OrganizationReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: OrganizationQuery, onlooker: Onlooker) -> Page[OrganizationView]:
        values = _values(query)
        statement = _statement((_sight(onlooker), *values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, onlooker=onlooker.user_id, **values)

    async def get(self, slug: str, onlooker: Onlooker) -> OrganizationView:
        return _to_view(tuple(await self._one(_ONE, slug, onlooker)))

    async def id_of(self, slug: str, onlooker: Onlooker) -> OrganizationId:
        return OrganizationId((await self._one(_ID, slug, onlooker))["id"])

    async def find_deleted(self, slug: str) -> OrganizationId | None:
        record = await self._session.fetchrow(_DELETED, slug=slug)
        return OrganizationId(record["id"]) if record else None

    async def _one(self, sql: dict[str, Sql], slug: str, onlooker: Onlooker) -> asyncpg.Record:
        record = await self._session.fetchrow(sql[_sight(onlooker)], slug=slug, onlooker=onlooker.user_id)
        if record is None:
            raise OrganizationNotFoundError(f"there is no organization {slug!r}")
        return record


def _sight(onlooker: Onlooker) -> str:
    return "sees_all" if onlooker.sees_all else "sees_own"


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: OrganizationOrder) -> PageSql:
    keys = (getattr(OrganizationRow, ordering.value.removeprefix("-")), OrganizationRow.id)
    down = ordering.value.startswith("-")
    return PageSql(_COLUMNS, [_FILTERS[name] for name in filters], [key.desc() if down else key.asc() for key in keys])


def _values(query: OrganizationQuery) -> dict[str, Any]:
    given = {
        "plan": query.plan,
        "is_active": query.is_active,
        "is_verified": query.is_verified,
        "my_role": query.my_role,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> OrganizationView:
    row = dict(zip(_NAMES, columns, strict=True))
    settings, my_role = msgspec.json.decode(row["settings"]), row["my_role"]
    return OrganizationView(
        **row | {"plan": Plan(row["plan"]), "settings": settings, "my_role": my_role and MemberRole(my_role)}
    )
