from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.host_rows import DomainRow
from adapters.postgres.tenancy.rows import SiteRow
from application.tenancy.domains.ports import DomainRepository
from domain.tenancy.domain import (
    Domain,
    DomainExistsError,
    DomainId,
    DomainNotFoundError,
    DomainStatus,
    DomainTakenError,
    SiteDomains,
)
from domain.tenancy.site import SiteId

_COLUMNS: Final = tuple(DomainRow.__table__.c)
_WRITTEN: Final = ("is_primary", "status", "checked_at", "verified_at", "updated_at", "version")
_BY_ID: Final = DomainRow.id == bindparam("key")
_HELD: Final = (DomainRow.domain == bindparam("domain"), DomainRow.status == DomainStatus.VERIFIED.value)
_OF_SITE: Final = DomainRow.site_id == bindparam("site")


def _locked_site(*where: ColumnElement[bool]) -> Sql:
    site = select(DomainRow.site_id).where(*where).scalar_subquery()
    return Sql(select(SiteRow.id).where(SiteRow.id == site).with_for_update())


def _selected(*where: ColumnElement[bool]) -> Sql:
    return Sql(select(*_COLUMNS).where(*where))


_ALL_OF_SITE: Final = Sql(select(*_COLUMNS).where(_OF_SITE).order_by(DomainRow.id))
_LOCK_BY_ID: Final = _locked_site(_BY_ID)
_FIND_BY_ID: Final = _selected(_BY_ID, _OF_SITE)
_LOCK_HOLDER: Final = _locked_site(*_HELD)
_FIND_HOLDER: Final = _selected(*_HELD, _OF_SITE)
_INSERT: Final = Sql(insert(DomainRow))
_UPDATE: Final = Sql(update(DomainRow).where(_BY_ID).values({name: bindparam(name) for name in _WRITTEN}))
_DELETE: Final = Sql(delete(DomainRow).where(_BY_ID))


class PostgresDomainRepository(DomainRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def of_site(self, site_id: SiteId) -> SiteDomains:
        records = await self._session.fetch(_ALL_OF_SITE, site=site_id)
        return SiteDomains([_to_domain(record) for record in records])

    async def find(self, domain_id: DomainId) -> Domain | None:
        return await self._find(_LOCK_BY_ID, _FIND_BY_ID, key=domain_id)

    async def find_holder(self, domain: str) -> Domain | None:
        return await self._find(_LOCK_HOLDER, _FIND_HOLDER, domain=domain)

    async def add(self, domain: Domain) -> None:
        await self._write(_INSERT, domain)

    async def save(self, domain: Domain) -> None:
        if not await self._write(_UPDATE, domain):
            raise DomainNotFoundError(f"the domain {domain.domain!r} is not there any more")

    async def remove(self, domain: Domain) -> None:
        await self._session.execute(_DELETE, key=domain.id)

    async def _find(self, lock: Sql, find: Sql, **values: Any) -> Domain | None:
        """What was true before the lock may not be any more: it is read once more, of the site that was locked."""
        site = await self._session.fetchrow(lock, **values)
        record = await self._session.fetchrow(find, site=site["id"], **values) if site else None
        return _to_domain(record) if record else None

    async def _write(self, sql: Sql, domain: Domain) -> int:
        try:
            return await self._session.execute(sql, key=domain.id, **_to_row(domain))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_domains_verified":
                raise DomainTakenError(_TAKEN.format(domain.domain)) from error
            if error.constraint_name == "uq_domains_site_id_domain":
                raise DomainExistsError(f"this site has the domain {domain.domain} already") from error
            raise


_TAKEN: Final = "{} is verified for another site, whose TXT record is still there; remove it and try again"


def _to_row(domain: Domain) -> dict[str, Any]:
    return {column.name: getattr(domain, column.name) for column in _COLUMNS} | {"status": domain.status.value}


def _to_domain(record: asyncpg.Record) -> Domain:
    row = dict(record)
    return Domain(status=DomainStatus(row.pop("status")), **row)
