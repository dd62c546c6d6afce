from typing import Any, Final

from sqlalchemy import and_, bindparam, select

from adapters.postgres.paging import PageSql
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import DomainRow, OrganizationRow, SiteRow
from application.shared.page import Page, PageRequest
from application.tenancy.ports import SiteReader
from application.tenancy.views import SiteView
from domain.tenancy.site import SiteNotFoundError, SiteRole, SiteStatus

_PRIMARY_DOMAIN: Final = (
    select(DomainRow.domain).where(and_(DomainRow.site_id == SiteRow.id, DomainRow.is_primary)).scalar_subquery()
)
_ORGANIZATION: Final = (
    select(OrganizationRow.slug).where(OrganizationRow.id == SiteRow.organization_id).scalar_subquery()
)
_COLUMNS: Final = (
    SiteRow.id,
    SiteRow.slug,
    SiteRow.name,
    SiteRow.description,
    _ORGANIZATION.label("organization"),
    SiteRow.role,
    SiteRow.status,
    _PRIMARY_DOMAIN.label("primary_domain"),
    SiteRow.created_at,
    SiteRow.updated_at,
    SiteRow.created_by,
    SiteRow.version,
)
_LIVING: Final = SiteRow.status != SiteStatus.DELETED.value
_PAGE: Final = PageSql(_COLUMNS, (_LIVING,), (SiteRow.slug.asc(),))
_ONE: Final = Sql(select(*_COLUMNS).where(_LIVING, SiteRow.slug == bindparam("slug")))


class PostgresSiteReader(SiteReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, page: PageRequest) -> Page[SiteView]:
        return await _PAGE.fetch(self._session, page, _to_view)

    async def get(self, slug: str) -> SiteView:
        record = await self._session.fetchrow(_ONE, slug=slug)
        if record is None:
            raise SiteNotFoundError(f"there is no site {slug!r}")
        return _to_view(tuple(record))


def _to_view(columns: tuple[Any, ...]) -> SiteView:
    site = SiteView(*columns)
    site.role, site.status = SiteRole(site.role), SiteStatus(site.status)
    return site
