import asyncio
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

from adapters.memory.differences import Tables, differences
from adapters.memory.stored_job import StoredJob
from application.health.ports import ComponentHealth
from application.shared.ports import Clock, UnitOfWork
from application.shared.trail import Trail, TrailSource
from application.tenancy.views import SiteDayView
from domain.access.grant import Grant, GrantId
from domain.access.group import Group, GroupId, GroupMember
from domain.audit.entry import HistoryEntry, HistoryEntryId
from domain.backups.backup import Backup, BackupId
from domain.files.file import File
from domain.files.upload import FileId, Upload
from domain.identity.password_reset import PasswordReset, PasswordResetId
from domain.identity.session import RefreshToken, RefreshTokenId, Session
from domain.identity.user import User
from domain.jobs.job import JobId
from domain.jobs.schedule import Schedule, ScheduleId
from domain.projects.project import Project, ProjectId
from domain.shared.caller import SessionId, UserId
from domain.shared.kinds import TaskId
from domain.tasks.task import Task
from domain.tenancy.domain import Domain, DomainId
from domain.tenancy.invitation import Invitation, InvitationId
from domain.tenancy.membership import Member, MemberId
from domain.tenancy.organization import Organization, OrganizationId
from domain.tenancy.schema import PLATFORM_SCHEMA
from domain.tenancy.scope import PlatformScope, Scope
from domain.tenancy.site import Site, SiteId


class MissingSchemaError(LookupError):
    """A statement named a schema that is not there; in PostgreSQL: undefined table."""


@dataclass(slots=True)
class MemorySchema:
    """The tables of one site, or of the platform. Entities are frozen, so they need no copying."""

    users: dict[UserId, User] = field(default_factory=dict)
    sessions: dict[SessionId, Session] = field(default_factory=dict)
    refresh_tokens: dict[RefreshTokenId, RefreshToken] = field(default_factory=dict)
    projects: dict[ProjectId, Project] = field(default_factory=dict)
    tasks: dict[TaskId, Task] = field(default_factory=dict)
    password_resets: dict[PasswordResetId, PasswordReset] = field(default_factory=dict)
    groups: dict[GroupId, Group] = field(default_factory=dict)
    group_members: dict[tuple[GroupId, UserId], GroupMember] = field(default_factory=dict)
    grants: dict[GrantId, Grant] = field(default_factory=dict)
    files: dict[FileId, File] = field(default_factory=dict)
    uploads: dict[FileId, Upload] = field(default_factory=dict)
    history: list[HistoryEntry] = field(default_factory=list)
    kept_since: datetime | None = None

    def tables(self) -> Tables:
        tables = {table.name: getattr(self, table.name) for table in fields(self)}
        return {name: dict(rows) for name, rows in tables.items() if isinstance(rows, dict)}


@dataclass(slots=True)
class MemoryDatabase:
    """Everything there is.

    `changed` are the sites whose routing changed, oldest first; `entries` is how many of history were written ever.
    """

    organizations: dict[OrganizationId, Organization] = field(default_factory=dict)
    deleted_organizations: dict[OrganizationId, Organization] = field(default_factory=dict)
    members: dict[MemberId, Member] = field(default_factory=dict)
    invitations: dict[InvitationId, Invitation] = field(default_factory=dict)
    site_access: dict[tuple[MemberId, SiteId], datetime] = field(default_factory=dict)
    sites: dict[SiteId, Site] = field(default_factory=dict)
    domains: dict[DomainId, Domain] = field(default_factory=dict)
    organization_storage: dict[OrganizationId, int] = field(default_factory=dict)
    site_storage: dict[SiteId, int] = field(default_factory=dict)
    jobs: dict[JobId, StoredJob] = field(default_factory=dict)
    schedules: dict[ScheduleId, Schedule] = field(default_factory=dict)
    components: dict[str, ComponentHealth] = field(default_factory=dict)
    site_days: dict[tuple[SiteId, date], SiteDayView] = field(default_factory=dict)
    backups: dict[BackupId, Backup] = field(default_factory=dict)
    retired: dict[str, tuple[SiteId, datetime]] = field(default_factory=dict)
    changed: list[UUID] = field(default_factory=list)
    schemas: dict[str, MemorySchema] = field(default_factory=lambda: {PLATFORM_SCHEMA.name: MemorySchema()})
    built: dict[str, datetime] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    entries: int = 0

    def within(self, scope: Scope) -> MemorySchema:
        """The tables of one scope, and of no other."""
        if (schema := self.schemas.get(scope.schema.name)) is None:
            raise MissingSchemaError(scope.schema.name)
        return schema

    def of_site(self, scope: Scope) -> MemorySchema:
        """The tables of a site: the platform has neither projects nor tasks, nor anything to grant."""
        if isinstance(scope, PlatformScope):
            raise MissingSchemaError("this is the platform, not a site")
        return self.within(scope)

    def tables(self, schema: MemorySchema) -> Tables:
        """What has a history in a schema."""
        if schema is not self.schemas[PLATFORM_SCHEMA.name]:
            return schema.tables()
        return schema.tables() | {
            "organizations": {**self.organizations, **self.deleted_organizations},
            "members": dict(self.members),
            "invitations": dict(self.invitations),
            "sites": dict(self.sites),
            "domains": dict(self.domains),
            "schedules": {key: _without_runs(one) for key, one in self.schedules.items()},
        }


def _without_runs(schedule: Schedule) -> Schedule:
    """The history does not tell of them."""
    return replace(schedule, next_run_at=None, last_run_at=None, run_count=0)


def _nobody() -> Trail:
    return Trail(actor=None, actor_label="", request_id="")


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryUnitOfWork(UnitOfWork):
    """One at a time: what a transaction changed is undone if it fails, and nobody saw it.

    What it changed in the end is written into the history, as by a trigger, so no repository can forget to.
    """

    def __init__(self, database: MemoryDatabase, trail: TrailSource = _nobody, clock: Clock = _now) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock
        self._saved: dict[str, object] = {}
        self._before: dict[int, Tables] = {}
        self._began = clock()

    async def __aenter__(self) -> None:
        await self._database.turn.acquire()
        self._began = self._clock()
        self._before = {id(schema): self._database.tables(schema) for schema in self._database.schemas.values()}
        self._saved = {
            table.name: copy(getattr(self._database, table.name))
            for table in fields(self._database)
            if table.name not in ("turn", "schemas")
        }
        self._saved["schemas"] = {name: _copied(schema) for name, schema in self._database.schemas.items()}

    async def __aexit__(self, exc_type: type[BaseException] | None, *_: object) -> None:
        if exc_type is not None:
            for name, table in self._saved.items():
                setattr(self._database, name, table)
        else:
            self._write_history()
        self._database.turn.release()

    def _write_history(self) -> None:
        trail = self._trail()
        for schema in self._database.schemas.values():
            for change in differences(self._before.get(id(schema), {}), self._database.tables(schema)):
                self._database.entries += 1
                entry = HistoryEntry(
                    id=HistoryEntryId(self._database.entries),
                    at=self._began,
                    actor=trail.actor,
                    actor_label=trail.actor_label or None,
                    impersonator=trail.impersonator,
                    request_id=trail.request_id or None,
                    db_role="memory",
                    operation=change.operation,
                    table=change.table,
                    row_id=change.row_id,
                    before=change.before,
                    after=change.after,
                )
                schema.history.append(entry)


def _copied(schema: MemorySchema) -> MemorySchema:
    """With tables anew; what they hold is frozen."""
    return MemorySchema(*(copy(getattr(schema, table.name)) for table in fields(schema)))
