from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select

from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.host_rows import DomainRow
from adapters.postgres.tenancy.rows import MemberRow, SiteRow
from application.shared.page import Page
from application.tenancy.domains.ports import DomainReader, SiteInSight, SitesInSight
from application.tenancy.domains.views import DomainOrder, DomainQuery, DomainView, verification_of
from domain.shared.caller import UserId
from domain.tenancy.domain import DomainId, DomainNotFoundError, DomainStatus
from domain.tenancy.membership import RIGHTS, OrganizationRight
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import SiteId, SiteStatus

_COLUMNS: Final = (
    DomainRow.id,
    DomainRow.domain,
    DomainRow.is_primary,
    DomainRow.status,
    DomainRow.proof,
    DomainRow.verified_at,
    DomainRow.checked_at,
    DomainRow.created_at,
    DomainRow.updated_at,
    DomainRow.created_by,
    DomainRow.version,
)
_OF_SITE: Final = DomainRow.site_id == bindparam("site")
_FILTERS: Final = {
    "search": DomainRow.domain.like(bindparam("search")),
    "status": DomainRow.status == bindparam("status"),
    "is_primary": DomainRow.is_primary == bindparam("is_primary"),
    "created_from": DomainRow.created_at >= bindparam("created_from"),
    "created_until": DomainRow.created_at <= bindparam("created_until"),
}
_ONE: Final = Sql(select(*_COLUMNS).where(_OF_SITE, DomainRow.domain == bindparam("domain")))
_VERIFIED: Final = Sql(
    select(*_COLUMNS)
    .where(DomainRow.status == DomainStatus.VERIFIED.value, DomainRow.id > bindparam("after"))
    .order_by(DomainRow.id)
    .limit(bindparam("most"))
)
_BEFORE_ALL: Final = UUID(int=0)
_VIEWERS: Final = [role.value for role, rights in RIGHTS.items() if OrganizationRight.VIEW in rights]
_LIVING: Final = select(SiteRow.id, SiteRow.organization_id).where(
    SiteRow.slug == bindparam("slug"), SiteRow.status != SiteStatus.DELETED.value
)
_ANYBODYS: Final = Sql(_LIVING)
_VIEWED: Final = Sql(
    _LIVING.where(
        exists()
        .where(MemberRow.organization_id == SiteRow.organization_id, MemberRow.user_id == bindparam("viewer"))
        .where(MemberRow.is_active, or_(*(MemberRow.role == role for role in _VIEWERS)))
    )
)


class PostgresSitesInSight(SitesInSight):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, slug: str, viewer: UserId | None) -> SiteInSight | None:
        if viewer is None:
            record = await self._session.fetchrow(_ANYBODYS, slug=slug)
        else:
            record = await self._session.fetchrow(_VIEWED, slug=slug, viewer=viewer)
        return SiteInSight(SiteId(record[0]), OrganizationId(record[1])) if record else None


class PostgresDomainReader(DomainReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, site_id: SiteId, query: DomainQuery) -> Page[DomainView]:
        values = _values(query)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, site=site_id, **values)

    async def get(self, site_id: SiteId, domain: str) -> DomainView:
        record = await self._session.fetchrow(_ONE, site=site_id, domain=domain)
        if record is None:
            raise DomainNotFoundError(f"this site has no domain {domain!r}")
        return _to_view(tuple(record))

    async def verified_after(self, domain_id: DomainId | None, limit: int) -> Sequence[DomainView]:
        records = await self._session.fetch(_VERIFIED, after=domain_id or _BEFORE_ALL, most=limit)
        return [_to_view(tuple(record)) for record in records]


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: DomainOrder) -> PageSql:
    keys = (getattr(DomainRow, ordering.value.removeprefix("-")), DomainRow.id)
    down = ordering.value.startswith("-")
    matching = [_OF_SITE, *(_FILTERS[name] for name in filters)]
    return PageSql(_COLUMNS, matching, [key.desc() if down else key.asc() for key in keys])


def _values(query: DomainQuery) -> dict[str, Any]:
    given = {
        "search": containing(query.search.lower()) if query.search else None,
        "status": query.status,
        "is_primary": query.is_primary,
        "created_from": query.created.start,
        "created_until": query.created.end,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> DomainView:
    key, domain, is_primary, status, proof, *rest = columns
    return DomainView(key, domain, is_primary, DomainStatus(status), verification_of(domain, proof), *rest)
