from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg
import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.files.storage import forget_storage
from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.host_rows import DomainRow, RetiredSlugRow
from adapters.postgres.tenancy.rows import SiteRow
from application.shared.ports import NewId
from application.tenancy.ports import SiteRepository
from domain.shared.caller import UserId
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import (
    Site,
    SiteId,
    SiteNotFoundError,
    SiteRole,
    SiteStatus,
    SlugTakenError,
)
from domain.tenancy.slug import SiteSlug

_WRITTEN: Final = (
    *("name", "slug", "description", "role", "is_primary", "settings"),
    *("status", "closed_by", "updated_at", "version"),
)
_KEPT: Final = ("id", "organization_id", "created_at", "created_by")
_INSERT: Final = Sql(insert(SiteRow).values({name: bindparam(name) for name in _WRITTEN + _KEPT}))
_LIVING: Final = SiteRow.status != SiteStatus.DELETED.value
_TAKEN: Final = tuple(SiteRow.__table__.c[name] for name in _WRITTEN + _KEPT)
_LOCKED: Final = select(*_TAKEN).where(_LIVING).with_for_update()
_SELECT: Final = Sql(_LOCKED.where(SiteRow.slug == bindparam("key")))
_BY_ID: Final = Sql(_LOCKED.where(SiteRow.id == bindparam("key")))
_PRIMARY: Final = Sql(_LOCKED.where(SiteRow.organization_id == bindparam("organization"), SiteRow.is_primary))
_UPDATE: Final = Sql(
    update(SiteRow).where(SiteRow.id == bindparam("key")).values({name: bindparam(name) for name in _WRITTEN})
)
_LEFT_CLOSED: Final = Sql(
    select(*_TAKEN)
    .join(JobRow, JobRow.id == SiteRow.closed_by)
    .where(SiteRow.status == SiteStatus.SUSPENDED.value, JobRow.finished_at.is_not(None))
    .limit(bindparam("most"))
    .with_for_update(of=SiteRow, skip_locked=True)
)
_COUNT: Final = Sql(
    select(func.count()).select_from(SiteRow).where(SiteRow.organization_id == bindparam("organization"), _LIVING)
)
_RELEASE_DOMAINS: Final = Sql(delete(DomainRow).where(DomainRow.site_id == bindparam("site")))
_RETIRED: Final = Sql(
    select(RetiredSlugRow.retired_until).where(
        RetiredSlugRow.slug == bindparam("slug"),
        RetiredSlugRow.site_id != bindparam("site"),
        RetiredSlugRow.retired_until > bindparam("at"),
    )
)
_RETIRE: Final = Sql(
    upsert(RetiredSlugRow).on_conflict_do_update(
        index_elements=[RetiredSlugRow.slug],
        set_={
            "site_id": upsert(RetiredSlugRow).excluded.site_id,
            "retired_until": upsert(RetiredSlugRow).excluded.retired_until,
        },
    )
)


class PostgresSiteRepository(SiteRepository):
    def __init__(self, session: ScopedSession, new_id: NewId) -> None:
        self._session = session
        self._new_id = new_id

    async def get(self, slug: str) -> Site:
        record = await self._session.fetchrow(_SELECT, key=slug)
        if record is None:
            raise SiteNotFoundError(f"there is no site {slug!r}")
        return _to_site(record)

    async def get_by_id(self, site_id: SiteId) -> Site:
        record = await self._session.fetchrow(_BY_ID, key=site_id)
        if record is None:
            raise SiteNotFoundError(f"there is no site {site_id}")
        return _to_site(record)

    async def find_primary(self, organization_id: OrganizationId) -> Site | None:
        record = await self._session.fetchrow(_PRIMARY, organization=organization_id)
        return _to_site(record) if record else None

    async def left_closed(self, limit: int) -> Sequence[Site]:
        return [_to_site(record) for record in await self._session.fetch(_LEFT_CLOSED, most=limit)]

    async def count(self, organization_id: OrganizationId) -> int:
        record = await self._session.fetchrow(_COUNT, organization=organization_id)
        return int(record[0]) if record else 0

    async def add(self, site: Site) -> None:
        await self._write(_INSERT, site)

    async def save(self, site: Site) -> None:
        if not await self._write(_UPDATE, site):
            raise SiteNotFoundError(f"there is no site {site.slug.value!r}")
        if site.status is SiteStatus.DELETED:
            await self._session.execute(_RELEASE_DOMAINS, site=site.id)
            await forget_storage(self._session, site.id, site.organization_id)

    async def retire(self, slug: SiteSlug, site_id: SiteId, *, until: datetime) -> None:
        await self._session.execute(_RETIRE, id=self._new_id(), slug=slug.value, site_id=site_id, retired_until=until)

    async def _write(self, sql: Sql, site: Site) -> int:
        """The unique index waits for whoever is taking the slug; only then is its past asked for."""
        slug = site.slug.value
        try:
            written = await self._session.execute(sql, key=site.id, **_to_row(site))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_sites_slug":
                raise SlugTakenError(f"the slug {slug} is taken") from error
            raise
        retired = await self._session.fetchrow(_RETIRED, slug=slug, site=site.id, at=site.updated_at)
        if retired and site.status is not SiteStatus.DELETED:
            until = retired["retired_until"].isoformat(timespec="seconds")
            raise SlugTakenError(f"the slug {slug} was given up lately and is kept until {until}")
        return written


def _to_row(site: Site) -> dict[str, object]:
    return {
        "id": site.id,
        "organization_id": site.organization_id,
        "name": site.name,
        "slug": site.slug.value,
        "description": site.description,
        "role": site.role.value,
        "is_primary": site.is_primary,
        "settings": msgspec.json.encode(site.settings).decode(),
        "status": site.status.value,
        "closed_by": site.closed_by,
        "created_at": site.created_at,
        "updated_at": site.updated_at,
        "created_by": site.created_by,
        "version": site.version,
    }


def _to_site(record: asyncpg.Record) -> Site:
    return Site(
        id=SiteId(record["id"]),
        organization_id=OrganizationId(record["organization_id"]),
        name=record["name"],
        slug=SiteSlug(record["slug"]),
        description=record["description"],
        role=SiteRole(record["role"]),
        is_primary=record["is_primary"],
        settings=msgspec.json.decode(record["settings"]),
        status=SiteStatus(record["status"]),
        closed_by=record["closed_by"],
        created_at=record["created_at"],
        updated_at=record["updated_at"],
        created_by=UserId(record["created_by"]) if record["created_by"] else None,
        version=record["version"],
    )
