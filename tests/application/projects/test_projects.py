from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from adapters.memory.database import MemoryDatabase, MemorySchema, MemoryUnitOfWork, MissingSchemaError
from adapters.memory.files import MemoryFileRepository, MemoryUploadRepository
from adapters.memory.grants import MemoryGrantableObjects
from adapters.memory.projects import MemoryProjectReader, MemoryProjectRepository, MemoryProjectTasks
from adapters.memory.storage import MemoryStorageLedger
from application.access.object_access import ObjectAccess
from application.files.placed_files import PlacedFiles
from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.projects.read_projects import ListProjects, ShowProject
from application.projects.views import ProjectQuery, ProjectView
from domain.identity.user import User
from domain.projects.project import (
    Project,
    ProjectChanges,
    ProjectNotFoundError,
    ProjectStatus,
    UnknownOwnerError,
)
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from domain.tenancy.site import SiteId
from tests.recorders import RecordingJobs

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADA, BOB = UserId(UUID(int=1)), UserId(UUID(int=2))
EDITING = frozenset(
    {Permission.PROJECTS_VIEW, Permission.PROJECTS_CREATE, Permission.PROJECTS_CHANGE, Permission.PROJECTS_DELETE}
)
EDITOR = Caller(label="ada", user_id=ADA, permissions=EDITING)


def a_user(user_id: UserId, name: str) -> User:
    return User(
        id=user_id,
        username=name,
        email=f"{name}@example.org",
        password_hash="",
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
    )


@dataclass
class Acme:
    """One site in memory and its use cases, for one caller."""

    caller: Caller = EDITOR
    scope: Scope = field(default_factory=lambda: SiteScope(SiteId(uuid4()), "acme", SchemaName("acme")))
    database: MemoryDatabase = field(default_factory=MemoryDatabase)

    def __post_init__(self) -> None:
        self.database.schemas.setdefault("acme", MemorySchema(users={ADA: a_user(ADA, "ada"), BOB: a_user(BOB, "bob")}))
        self.projects = MemoryProjectRepository(self.database, self.scope)
        self.tasks = MemoryProjectTasks(self.database, self.scope)
        self.reader = MemoryProjectReader(self.database, self.scope)
        self.work = MemoryUnitOfWork(self.database)

    @property
    def access(self) -> ObjectAccess:
        return ObjectAccess(caller=self.caller, objects=MemoryGrantableObjects(self.database, self.scope))

    async def open(self, name: str = "Moon", owner: UUID | None = None) -> Project:
        use_case = OpenProject(
            caller=self.caller, projects=self.projects, work=self.work, clock=lambda: NOON, new_id=uuid4
        )
        return await use_case(name=name, description="", status=ProjectStatus.ACTIVE, owner=owner)

    async def change(
        self, project: Project, changes: ProjectChanges, seen: frozenset[int] | None = None
    ) -> ProjectView:
        use_case = ChangeProject(
            access=self.access, projects=self.projects, tasks=self.tasks, work=self.work, clock=lambda: NOON
        )
        return await use_case(project_id=project.id, changes=changes, seen=seen)

    async def delete(self, project: Project, seen: frozenset[int] | None = None) -> None:
        files = PlacedFiles(
            files=MemoryFileRepository(self.database, self.scope),
            uploads=MemoryUploadRepository(self.database, self.scope),
            ledger=MemoryStorageLedger(self.database, self.scope),
            jobs=RecordingJobs(),
        )
        use_case = DeleteProject(
            access=self.access, projects=self.projects, tasks=self.tasks, files=files, work=self.work
        )
        await use_case(project_id=project.id, seen=seen)

    async def names(self) -> list[str]:
        page = await ListProjects(access=self.access, reader=self.reader)(ProjectQuery())
        return [project.name for project in page.results]


async def test_opens_a_project_of_the_callers_own() -> None:
    acme = Acme()

    project = await acme.open()

    assert (project.owner, project.created_by, project.created_at) == (ADA, ADA, NOON)
    shown = await ShowProject(access=acme.access, reader=acme.reader)(project_id=project.id)
    assert shown.name == "Moon"


async def test_refuses_an_owner_from_elsewhere_and_keeps_nothing() -> None:
    acme = Acme()
    with pytest.raises(UnknownOwnerError):
        await acme.open(owner=uuid4())

    assert await acme.names() == []


async def test_changes_a_project_at_the_version_that_was_seen() -> None:
    acme = Acme()
    project = await acme.open()

    changed = await acme.change(project, ProjectChanges(name="Mars"), seen=frozenset({1}))

    assert (changed.name, changed.version) == ("Mars", 2)


async def test_refuses_a_change_decided_on_an_old_version() -> None:
    acme = Acme()
    project = await acme.open()
    await acme.change(project, ProjectChanges(name="Mars"))
    with pytest.raises(StaleError):
        await acme.change(project, ProjectChanges(name="Venus"), seen=frozenset({1}))
    with pytest.raises(StaleError):
        await acme.delete(project, seen=frozenset())

    assert await acme.names() == ["Mars"]


async def test_a_refused_change_changes_nothing() -> None:
    acme = Acme()
    project = await acme.open()
    with pytest.raises(InvalidError):
        await acme.change(project, ProjectChanges(name=""))

    assert await acme.names() == ["Moon"]


async def test_deletes_a_project_once() -> None:
    acme = Acme()
    project = await acme.open()
    await acme.delete(project)
    with pytest.raises(ProjectNotFoundError):
        await acme.delete(project)


async def test_needs_the_permission_to_open() -> None:
    with pytest.raises(NotPermittedError):
        await Acme(caller=replace(EDITOR, permissions=EDITING - {Permission.PROJECTS_CREATE})).open()


async def test_an_owner_may_do_everything_with_it() -> None:
    acme = Acme(caller=replace(EDITOR, permissions=frozenset({Permission.PROJECTS_CREATE})))
    project = await acme.open()

    assert await acme.names() == ["Moon"]
    await acme.change(project, ProjectChanges(name="Mars"))
    await acme.delete(project)
    assert await acme.names() == []


async def test_only_who_may_change_every_project_opens_one_for_another() -> None:
    acme = Acme(caller=replace(EDITOR, user_id=BOB, permissions=frozenset({Permission.PROJECTS_CREATE})))
    with pytest.raises(NotPermittedError):
        await acme.open(owner=ADA)
    with pytest.raises(NotPermittedError):
        await acme.open(owner=uuid4())
    assert (await acme.open(owner=BOB)).owner == BOB
    acme.caller = replace(EDITOR, user_id=BOB)
    assert (await acme.open(owner=ADA)).owner == ADA


async def test_an_owner_hands_over_what_is_theirs_and_then_has_it_no_more() -> None:
    acme = Acme(caller=replace(EDITOR, permissions=frozenset({Permission.PROJECTS_CREATE})))
    project = await acme.open()
    await acme.change(project, ProjectChanges(owner=BOB))

    assert await acme.names() == []
    with pytest.raises(ProjectNotFoundError):
        await acme.change(project, ProjectChanges(owner=ADA))


async def test_whoever_sees_nothing_site_wide_and_is_no_user_is_refused() -> None:
    acme = Acme(caller=replace(EDITOR, user_id=None, permissions=frozenset()))
    with pytest.raises(NotPermittedError):
        await acme.names()


async def test_there_are_no_projects_outside_of_a_site() -> None:
    with pytest.raises(MissingSchemaError):
        await Acme(scope=PlatformScope()).open()
