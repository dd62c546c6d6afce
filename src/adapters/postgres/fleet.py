"""Bringing the platform's schema and those of all sites to the newest revision."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from adapters.postgres.migrations import History
from adapters.postgres.pool import FAILURES
from adapters.postgres.session import begin
from adapters.postgres.sql import literal, script_within
from application.shared.trail import Trail
from domain.tenancy.schema import PLATFORM_SCHEMA
from domain.tenancy.slug import SiteSlug

_LOCK: Final = 7_205_759_403
"""Advisory lock of whoever migrates `public`: two never do at once."""
_ATTEMPTS: Final = 5
_LOCK_SITE: Final = """
select slug, revision from public.sites where id = $1 and status <> 'deleted' for no key update
"""
_SELECT: Final = """
select id, slug, revision from public.sites
where status in ('active', 'suspended') and ($1::text is null or slug = $1) order by slug
"""


class UnknownRevisionError(RuntimeError):
    """The database is at a revision that this code does not know: it is newer than the code."""


@dataclass(frozen=True, slots=True)
class SiteRevision:
    """A site and the revision its schema is at."""

    id: UUID
    slug: str
    revision: str


@dataclass(frozen=True, slots=True)
class SiteResult:
    """How one site's migration ended; `error` is empty if well."""

    site: SiteRevision
    error: str = ""


class Fleet:
    """Each site is migrated in a transaction of its own, with its own recorded revision.

    Whatever stops it halfway, what is done is done and a second run goes on with the rest.
    """

    def __init__(self, pool: asyncpg.Pool, platform: History, tenant: History, trail: Trail) -> None:
        self._pool = pool
        self._platform = platform
        self._tenant = tenant
        self._trail = trail

    async def platform_revision(self) -> str:
        """`base` before the first migration."""
        async with self._pool.acquire() as connection:
            return await _revision_of_public(connection)

    async def migrate_platform(self) -> bool:
        """Bring `public` up to date; say whether there was anything to do."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            revision = await _revision_of_public(connection)
            if revision == self._platform.head:
                return False
            await connection.execute("select set_config('lock_timeout', '10s', true)")
            script = self._step(self._platform, revision)
            await connection.execute(script_within(script, PLATFORM_SCHEMA))
            return True

    async def sites(self, slug: str | None = None) -> list[SiteRevision]:
        records = await self._pool.fetch(_SELECT, slug)
        return [SiteRevision(r["id"], r["slug"], r["revision"] or "base") for r in records]

    def behind(self, sites: Sequence[SiteRevision]) -> list[SiteRevision]:
        return [site for site in sites if site.revision != self._tenant.head]

    async def migrate(
        self,
        sites: Sequence[SiteRevision],
        *,
        connections: int,
        report: Callable[[SiteResult], None],
    ) -> None:
        """Migrate these, the first one alone as a canary: if it fails, no other is touched.

        `report` is called as each is done; a failing site leaves the others alone.
        """
        waiting = iter(sites)

        async def work() -> None:
            for site in waiting:
                report((await self._migrate_site(site))[0])

        for canary in waiting:
            result, was_tried = await self._migrate_site(canary)
            report(result)
            if result.error:
                return
            if was_tried:
                break
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(work())

    async def _migrate_site(self, site: SiteRevision) -> tuple[SiteResult, bool]:
        """How it ended, and whether the step was tried at all: another process may have been quicker."""
        for attempt in range(_ATTEMPTS):
            try:
                return SiteResult(site), await self._try_site(site)
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                await asyncio.sleep(0.2 * 2**attempt)
            except (*FAILURES, UnknownRevisionError) as error:
                return await self._failed(site, str(error) or type(error).__name__), True
        return await self._failed(site, "its tables stayed locked; try again when it is quieter"), True

    async def _try_site(self, site: SiteRevision) -> bool:
        async with self._pool.acquire() as connection:
            try:
                return await self._step_forward(connection, site)
            finally:
                if not connection.is_closed() and connection.is_in_transaction():
                    await connection.execute("ROLLBACK")

    async def _step_forward(self, connection: Any, site: SiteRevision) -> bool:
        await connection.execute(f"{begin(self._trail)}, set_config('lock_timeout', '2s', true)")
        current = await connection.fetchrow(_LOCK_SITE, site.id)
        if current is None or current["revision"] == self._tenant.head:
            return False
        script = script_within(
            self._step(self._tenant, current["revision"] or "base"), SiteSlug(current["slug"]).schema
        )
        await connection.execute(f"{script} {self._record(site)}; COMMIT")
        return True

    def _record(self, site: SiteRevision) -> str:
        head, key = literal(self._tenant.head), literal(str(site.id))
        return f"UPDATE public.sites SET revision = {head}, migration_error = NULL WHERE id = {key}"  # noqa: S608  both are quoted

    async def _failed(self, site: SiteRevision, error: str) -> SiteResult:
        try:
            await self._pool.execute("update public.sites set migration_error = $2 where id = $1", site.id, error)
        except FAILURES as lost:
            error = f"{error} (and that could not be recorded: {lost})"
        return SiteResult(site, error)

    def _step(self, history: History, revision: str) -> str:
        if revision != "base" and revision not in history.revisions:
            raise UnknownRevisionError(
                f"the {history.name} schema is at revision {revision}, which this version of the code "
                "does not know: deploy the newer code"
            )
        return history.upgrade(revision)


async def _revision_of_public(connection: Any) -> str:
    if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
        return "base"
    return str(await connection.fetchval("select version_num from public.alembic_version") or "base")
