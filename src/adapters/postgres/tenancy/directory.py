from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Text, and_, bindparam, cast, func, select

from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.host_rows import DomainRow, RetiredSlugRow
from adapters.postgres.tenancy.rows import OrganizationRow, SiteRow
from application.shared.ports import Clock
from application.tenancy.ports import FollowedSiteDirectory
from application.tenancy.views import Destination
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.scope import PlatformScope, SiteScope
from domain.tenancy.site import RETIREMENT, SiteId, SiteStatus
from domain.tenancy.slug import SiteSlug

_FOUND: Final = (
    select(SiteRow.id, SiteRow.slug, SiteRow.status, OrganizationRow.is_active)
    .join(OrganizationRow, OrganizationRow.id == SiteRow.organization_id)
    .where(SiteRow.status != SiteStatus.DELETED.value)
)
_BY_SLUG: Final = Sql(_FOUND.where(SiteRow.slug == bindparam("slug")))
_BY_DOMAIN: Final = Sql(
    _FOUND.join(DomainRow, and_(DomainRow.site_id == SiteRow.id, DomainRow.status == "verified")).where(
        DomainRow.domain == bindparam("domain")
    )
)
_MOVED: Final = Sql(
    _FOUND.join(RetiredSlugRow, RetiredSlugRow.site_id == SiteRow.id).where(
        RetiredSlugRow.slug == bindparam("slug"), RetiredSlugRow.retired_until > bindparam("at")
    )
)
_SNAPSHOT: Final = func.pg_snapshot_xmin(func.pg_current_snapshot())
_CHANGED: Final = Sql(
    select(
        cast(cast(_SNAPSHOT, Text), BigInteger).label("horizon"),
        func.array_agg(SiteRow.id).label("changed"),
    ).where(SiteRow.routed_in >= bindparam("seen"))
)
_PLATFORM: Final = PlatformScope()


class PostgresSiteDirectory(FollowedSiteDirectory):
    """On a pool of its own: a site whose statements hold every connection must not close all other sites' hosts."""

    failures = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        if isinstance(host, CustomHost):
            record = await self._fetchrow(_BY_DOMAIN, domain=host.domain)
        elif (record := await self._fetchrow(_BY_SLUG, slug=host.label)) is None:
            return await self._find_moved(host)
        return _to_destination(record) if record else None

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        """Every row keeps the transaction that changed it last (migrations/sql/routing.sql).

        What is returned as seen is the oldest transaction still running: whatever this look could
        not see commits in that one or a later one, so nothing is missed, in whatever order they commit.
        """
        record = await self._fetchrow(_CHANGED, seen=seen)
        return (record["horizon"], record["changed"] or []) if record else (seen, [])

    async def _find_moved(self, host: SiteHost) -> Destination | None:
        record = await self._fetchrow(_MOVED, slug=host.label, at=self._clock() + RETIREMENT)
        return Destination(_scope(record), is_open=False, has_moved=True) if record else None

    async def _fetchrow(self, sql: Sql, **values: Any) -> asyncpg.Record | None:
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
            record: asyncpg.Record | None = await connection.fetchrow(sql.within(_PLATFORM), *sql.args(values))
        return record


def _to_destination(record: asyncpg.Record) -> Destination:
    return Destination(_scope(record), record["status"] == SiteStatus.ACTIVE.value and record["is_active"])


def _scope(record: asyncpg.Record) -> SiteScope:
    slug = SiteSlug(record["slug"])
    return SiteScope(SiteId(record["id"]), slug.value, slug.schema)
