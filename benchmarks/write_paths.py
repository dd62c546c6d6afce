"""Ways to write one row in a transaction of its own with the audit trigger on, in one process.

Usage: write_paths.py --rounds N --seconds N     on TARUVI_DATABASE_URL, with the site t001 of seed.py
"""

import argparse
import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any, Final

import asyncpg
import uvloop
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from report import publish, spread, table
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from adapters.postgres.pool import open_pool
from adapters.postgres.projects.repository import PostgresProjectRepository
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.session import PostgresUnitOfWork, ScopedSession
from adapters.postgres.tables import TENANT
from application.shared.trail import Trail
from domain.projects.project import Project, ProjectId, ProjectStatus
from domain.shared.caller import UserId
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from entrypoints.identifiers import new_id, now

SITE: Final = "t001"
AT_ONCE: Final = 16
CONNECTIONS: Final = 8
COLUMNS: Final = tuple(column.name for column in ProjectRow.__table__.columns)
INSERT: Final = (
    f'insert into "{SITE}".projects ({", ".join(COLUMNS)}) '
    f"values ({', '.join(f'${number}' for number in range(1, len(COLUMNS) + 1))})"
)
Write = Callable[[Project, Trail], Awaitable[None]]


class Projects(SQLAlchemyAsyncRepository[ProjectRow]):
    model_type = ProjectRow


def values_of(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "status": project.status.value,
        "owner_id": project.owner,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
        "created_by": project.created_by,
        "version": project.version,
    }


def by_asyncpg(pool: asyncpg.Pool) -> Write:
    async def write(project: Project, trail: Trail) -> None:
        values = values_of(project)
        async with pool.acquire() as connection:
            await connection.execute(trail.begin())
            await connection.execute(INSERT, *(values[name] for name in COLUMNS))
            await connection.execute("COMMIT")

    return write


def by_ours(pool: asyncpg.Pool, scope: SiteScope) -> Write:
    async def write(project: Project, trail: Trail) -> None:
        session = ScopedSession(pool, scope, lambda: trail)
        async with PostgresUnitOfWork(session):
            await PostgresProjectRepository(session).add(project)

    return write


def by_core(engine: AsyncEngine) -> Write:
    statement = insert(ProjectRow)

    async def write(project: Project, trail: Trail) -> None:
        async with engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            await raw.execute(trail.begin())
            await connection.execute(statement, values_of(project))
            await raw.execute("COMMIT")

    return write


def by_session(engine: AsyncEngine) -> Write:
    async def write(project: Project, trail: Trail) -> None:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            raw: Any = (await (await session.connection()).get_raw_connection()).driver_connection
            await raw.execute(trail.begin())
            session.add(ProjectRow(**values_of(project)))
            await session.flush()
            await raw.execute("COMMIT")

    return write


def by_repository(engine: AsyncEngine) -> Write:
    async def write(project: Project, trail: Trail) -> None:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            raw: Any = (await (await session.connection()).get_raw_connection()).driver_connection
            await raw.execute(trail.begin())
            projects = Projects(session=session, auto_refresh=False, wrap_exceptions=False)
            await projects.add(ProjectRow(**values_of(project)))
            await raw.execute("COMMIT")

    return write


async def measure(write: Write, owner: UserId, seconds: float) -> tuple[float, float]:
    """Writes a second, and milliseconds of this process's CPU for each."""
    until, count = time.perf_counter() + seconds, 0

    async def work() -> None:
        nonlocal count
        while time.perf_counter() < until:
            at = now()
            project = Project(
                id=ProjectId(new_id()),
                name="New project",
                description="created by the benchmark",
                status=ProjectStatus.ACTIVE,
                owner=owner,
                created_at=at,
                updated_at=at,
                created_by=owner,
            )
            await write(project, Trail(actor=owner, actor_label="bench", request_id=str(new_id())))
            count += 1

    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - started), (time.process_time() - used) / count * 1000


async def compare(rounds: int, seconds: float) -> None:
    url = os.environ["TARUVI_DATABASE_URL"]
    pool = await open_pool(url, size=CONNECTIONS, statements=1000, name="taruvi bench")
    engine = create_async_engine(
        url.replace("postgresql:", "postgresql+asyncpg:"),
        pool_size=CONNECTIONS,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",  # the transaction is ours: BEGIN carries the trail
        connect_args={"statement_cache_size": 1000, "prepared_statement_cache_size": 0},
    ).execution_options(schema_translate_map={TENANT: SITE})
    owner = UserId(await pool.fetchval(f'select id from "{SITE}".users'))
    scope = SiteScope(SiteId(new_id()), SITE, SchemaName(SITE))
    ways = {
        "asyncpg, SQL by hand": by_asyncpg(pool),
        "ours: asyncpg, SQL compiled by Core once": by_ours(pool, scope),
        "SQLAlchemy Core on its own connection": by_core(engine),
        "ORM session": by_session(engine),
        "ORM session and advanced-alchemy repository": by_repository(engine),
    }
    for write in ways.values():
        await measure(write, owner, 1)
    found = defaultdict(list)
    for _ in range(rounds):
        for name, write in ways.items():
            found[name].append(await measure(write, owner, seconds))
    await pool.close()
    await engine.dispose()
    _publish(found, rounds, seconds)


def _publish(found: dict[str, list[tuple[float, float]]], rounds: int, seconds: float) -> None:
    first = next(iter(found.values()))
    rows = []
    for name, samples in found.items():
        rates = [mine[0] / its[0] for mine, its in zip(samples, first, strict=True)]
        cpu = [mine[1] / its[1] for mine, its in zip(samples, first, strict=True)]
        rows.append(
            [
                name,
                spread(rates, 2),
                spread(cpu, 2),
                f"{median(s[0] for s in samples):.0f}",
                f"{median(s[1] for s in samples):.2f}",
            ]
        )
    publish(
        "write-paths",
        "Ways to write a row",
        f"One project in a transaction of its own, trail set and audit trigger on; one process, {AT_ONCE} tasks, "
        f"{CONNECTIONS} connections, {rounds} rounds of {seconds:g} s in turn. Ratios to asyncpg with SQL by hand.",
        table(["way", "writes, ratio", "CPU of the process for each, ratio", "writes/s here", "CPU ms here"], rows),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    given = parser.parse_args()
    uvloop.run(compare(given.rounds, given.seconds))


if __name__ == "__main__":
    main()
