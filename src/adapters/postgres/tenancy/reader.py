from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import and_, bindparam, or_, select

from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.host_rows import DomainRow
from adapters.postgres.tenancy.rows import MemberRow, OrganizationRow, SiteRow
from adapters.postgres.tenancy.usage import measure, measure_archived
from adapters.postgres.tenancy.usage_days import days_of
from application.shared.page import Page
from application.tenancy.ports import SiteReader
from application.tenancy.views import SiteOrder, SiteQuery, SiteUsageView, SiteView
from domain.shared.caller import UserId
from domain.tenancy.organization import OrganizationNotFoundError
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import HAVE_SCHEMAS, SiteId, SiteNotFoundError, SiteRole, SiteStatus
from domain.tenancy.slug import SiteSlug

_PRIMARY_DOMAIN: Final = (
    select(DomainRow.domain).where(and_(DomainRow.site_id == SiteRow.id, DomainRow.is_primary)).scalar_subquery()
)
_OWNER: Final = OrganizationRow.id == SiteRow.organization_id
_ORGANIZATION: Final = select(OrganizationRow.slug).where(_OWNER).scalar_subquery()
_MAX_STORAGE: Final = select(OrganizationRow.max_storage_bytes).where(_OWNER).scalar_subquery()
_COLUMNS: Final = (
    SiteRow.id,
    SiteRow.slug,
    SiteRow.name,
    SiteRow.description,
    _ORGANIZATION.label("organization"),
    SiteRow.role,
    SiteRow.is_primary,
    SiteRow.status,
    SiteRow.settings,
    _PRIMARY_DOMAIN.label("primary_domain"),
    SiteRow.created_at,
    SiteRow.updated_at,
    SiteRow.created_by,
    SiteRow.version,
)
_LIVING: Final = SiteRow.status != SiteStatus.DELETED.value
_THEIRS: Final = select(MemberRow.organization_id).where(MemberRow.user_id == bindparam("viewer"), MemberRow.is_active)
_SLUG: Final = SiteRow.slug == bindparam("slug")
_FILTERS: Final = {
    "viewer": SiteRow.organization_id.in_(_THEIRS),
    "organization": SiteRow.organization_id
    == select(OrganizationRow.id).where(OrganizationRow.slug == bindparam("organization")).scalar_subquery(),
    "status": SiteRow.status == bindparam("status"),
    "role": SiteRow.role == bindparam("role"),
    "created_from": SiteRow.created_at >= bindparam("created_from"),
    "created_until": SiteRow.created_at <= bindparam("created_until"),
    "search": or_(
        SiteRow.slug.ilike(bindparam("search")),
        SiteRow.name.ilike(bindparam("search")),
        SiteRow.description.ilike(bindparam("search")),
    ),
}
_ANYBODYS: Final = select(*_COLUMNS).where(_LIVING, _SLUG)
_ONE: Final = (Sql(_ANYBODYS), Sql(_ANYBODYS.where(_FILTERS["viewer"])))
_DELETED: Final = Sql(select(SiteRow.id).where(~_LIVING, _SLUG).order_by(SiteRow.updated_at.desc()).limit(1))
_MEASURED: Final = select(SiteRow.id, SiteRow.slug, SiteRow.status, _MAX_STORAGE.label("max_storage_bytes")).where(
    _LIVING, _SLUG
)
_USED: Final = (Sql(_MEASURED), Sql(_MEASURED.where(_FILTERS["viewer"])))
_EXISTING: Final = select(OrganizationRow.id).where(
    OrganizationRow.slug == bindparam("slug"), OrganizationRow.deleted_at.is_(None)
)
_IN_SIGHT: Final = (Sql(_EXISTING), Sql(_EXISTING.where(OrganizationRow.id.in_(_THEIRS))))


class PostgresSiteReader(SiteReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: SiteQuery, viewer: UserId | None) -> Page[SiteView]:
        values = _values(query, viewer)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def get(self, slug: str, viewer: UserId | None) -> SiteView:
        return _to_view(tuple(await self._seen(_ONE, slug, viewer)))

    async def find_deleted(self, slug: str) -> UUID | None:
        record = await self._session.fetchrow(_DELETED, slug=slug)
        return record["id"] if record else None

    async def usage(self, slug: str, viewer: UserId | None, *, days: int) -> SiteUsageView:
        site = await self._seen(_USED, slug, viewer)
        scope = SiteScope(SiteId(site["id"]), site["slug"], SiteSlug(site["slug"]).schema)
        measured = measure if site["status"] in HAVE_SCHEMAS else measure_archived
        rows, files, size = await measured(self._session.within(scope), scope)
        by_day = await days_of(self._session, scope.site_id, days)
        return SiteUsageView(rows, files, size, site["max_storage_bytes"], by_day)

    async def require_organization(self, slug: str, viewer: UserId | None) -> None:
        if not await self._find(_IN_SIGHT, slug, viewer):
            raise OrganizationNotFoundError(f"there is no organization {slug!r}")

    async def _seen(self, sql: tuple[Sql, Sql], slug: str, viewer: UserId | None) -> asyncpg.Record:
        if (record := await self._find(sql, slug, viewer)) is None:
            raise SiteNotFoundError(f"there is no site {slug!r}")
        return record

    async def _find(self, sql: tuple[Sql, Sql], slug: str, viewer: UserId | None) -> asyncpg.Record | None:
        """By the first statement for whoever sees all, by the second for anybody else."""
        if viewer is None:
            return await self._session.fetchrow(sql[0], slug=slug)
        return await self._session.fetchrow(sql[1], slug=slug, viewer=viewer)


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: SiteOrder) -> PageSql:
    keys = (getattr(SiteRow, ordering.value.removeprefix("-")), SiteRow.id)
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [_LIVING, *(_FILTERS[name] for name in filters)],
        [key.desc() if down else key.asc() for key in keys],
    )


def _values(query: SiteQuery, viewer: UserId | None) -> dict[str, Any]:
    given = {
        "viewer": viewer,
        "organization": query.organization,
        "status": query.status,
        "role": query.role,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> SiteView:
    site = SiteView(*columns)
    site.role, site.status = SiteRole(site.role), SiteStatus(site.status)
    site.settings = msgspec.json.decode(columns[8])
    return site
