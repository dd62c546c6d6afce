from dishka import Provider, WithParents, provide
from dishka import Scope as Lifetime

from adapters.memory.components import MemoryHealthBoard
from adapters.memory.database import MemoryDatabase, MemoryUnitOfWork
from adapters.memory.identity import MemoryAccessReader
from adapters.memory.site_directory import MemorySiteDirectory
from application.identity.entry_ports import PlatformAccessReader
from application.identity.ports import AccessReader
from application.shared.ports import Clock, UnitOfWork
from application.shared.trail import TrailSource
from application.tenancy.ports import FollowedSiteDirectory
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.component_checks import DatabaseCheck, always_well
from entrypoints.stores import access, audit, backups, files, identity, jobs, projects, tasks, tenancy


class Memory(Provider):
    """Everything in this process, and gone with it: for tests."""

    scope = Lifetime.REQUEST

    def __init__(self, database: MemoryDatabase | None = None) -> None:
        super().__init__()
        self._database = database or MemoryDatabase()

    @provide(scope=Lifetime.APP)
    def database(self) -> MemoryDatabase:
        return self._database

    @provide(scope=Lifetime.APP)
    def directory(self, database: MemoryDatabase, clock: Clock) -> FollowedSiteDirectory:
        return MemorySiteDirectory(database, clock)

    @provide
    def site_access(self, database: MemoryDatabase, scope: Scope, clock: Clock) -> AccessReader:
        return MemoryAccessReader(database, scope, clock)

    @provide
    def platform_access(self, database: MemoryDatabase, clock: Clock) -> PlatformAccessReader:
        return MemoryAccessReader(database, PlatformScope(), clock)

    @provide
    def work(self, database: MemoryDatabase, trail: TrailSource, clock: Clock) -> UnitOfWork:
        return MemoryUnitOfWork(database, trail, clock)

    @provide(scope=Lifetime.APP)
    def check(self) -> DatabaseCheck:
        return always_well

    health = provide(WithParents[MemoryHealthBoard])
    identity = identity.MEMORY
    access = access.MEMORY
    projects = projects.MEMORY
    tasks = tasks.MEMORY
    files = files.MEMORY
    audit = audit.MEMORY
    jobs = jobs.MEMORY
    backups = backups.MEMORY
    tenancy = tenancy.MEMORY
