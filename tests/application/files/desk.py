"""One site in memory with an object store, and the use cases of files for whoever is named."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from adapters.memory.database import MemoryDatabase, MemorySchema, MemoryUnitOfWork
from adapters.memory.file_store import MemoryFileStore
from adapters.memory.files import MemoryFileReader, MemoryFileRepository, MemoryUploadRepository
from adapters.memory.grants import MemoryGrantableObjects
from adapters.memory.object_store import MemoryObjectStore
from adapters.memory.storage import MemoryStorageLedger
from application.access.object_access import ObjectAccess
from application.files.begin_file import BeginFile
from application.files.change_file import ChangeFile
from application.files.complete_file import CompleteFile
from application.files.delete_file import DeleteFile
from application.files.discard_uploads import DiscardUploads
from application.files.download_file import DownloadFile
from application.files.file_place import FilePlace
from application.files.file_standing import FileStanding
from application.files.ports import FileLifetimes
from application.files.quarantine_file import QuarantineFile
from application.files.read_files import ListFiles, ShowFile
from application.files.replace_file import ReplaceFile
from application.files.store import SignedUpload
from application.files.sweep_files import SweepFiles, Swept
from application.files.upload_signing import UploadSigning
from application.files.views import BegunUpload, FileQuery, FileView
from domain.files.file import File, FileChanges, FileStatus
from domain.files.terms import FileRules
from domain.files.upload import NOWHERE, FileId, Place
from domain.projects.project import Project, ProjectStatus
from domain.shared.caller import SITE_PERMISSIONS, Caller, Permission, UserId
from domain.shared.kinds import ProjectId
from domain.tenancy.organization import Organization, OrganizationId
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import Site, SiteId
from domain.tenancy.slug import SiteSlug
from entrypoints.identifiers import new_id
from tests.newcomers import a_user
from tests.recorders import RecordingJobs

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
CREATE: Final = frozenset({Permission.FILES_CREATE})
HELLO: Final = b"hello world"


def a_caller(name: str, *permissions: Permission) -> Caller:
    return Caller(label=name, user_id=UserId(new_id()), permissions=frozenset(permissions))


ADA: Final = a_caller("ada", *CREATE)
BOB: Final = a_caller("bob", *CREATE)
ADMIN: Final = a_caller("admin", *SITE_PERMISSIONS)
OPERATOR: Final = Caller(label="operator", permissions=frozenset(Permission))


@dataclass
class Desk:
    """`now` is the time; `room` what the plan allows."""

    room: int = 1 << 30
    part_bytes: int = 1 << 20
    now: datetime = NOON
    database: MemoryDatabase = field(default_factory=MemoryDatabase)

    def __post_init__(self) -> None:
        owner = OrganizationId(new_id())
        made: dict[str, Any] = {"name": "Acme", "created_at": NOON, "updated_at": NOON, "created_by": None}
        self.database.organizations[owner] = Organization(id=owner, slug="acme", max_storage_bytes=self.room, **made)
        site = Site(id=SiteId(new_id()), organization_id=owner, slug=SiteSlug("acme"), description="", **made)
        self.database.sites[site.id] = site.activate(at=NOON)
        users = {one.require_user(): a_user(one.label, "", NOON) for one in (ADA, BOB, ADMIN)}
        self.database.schemas["acme"] = MemorySchema(users=users)
        self.scope = SiteScope(site.id, "acme", SchemaName("acme"))
        self.objects = MemoryObjectStore(lambda: self.now, part_bytes=self.part_bytes)
        self.store = MemoryFileStore(self.objects, self.scope)
        self.files = MemoryFileRepository(self.database, self.scope)
        self.uploads = MemoryUploadRepository(self.database, self.scope)
        self.ledger = MemoryStorageLedger(self.database, self.scope)
        self.reader = MemoryFileReader(self.database, self.scope)
        self.work = MemoryUnitOfWork(self.database)
        self.jobs = RecordingJobs()
        self.rules = FileRules(types=("text/plain", "image/*"), largest=1 << 20)
        self.lifetimes = FileLifetimes(upload=timedelta(hours=3), download=timedelta(minutes=5))

    @property
    def tables(self) -> MemorySchema:
        return self.database.schemas["acme"]

    @property
    def used(self) -> int:
        return self.database.site_storage.get(self.scope.site_id, 0)

    def clock(self) -> datetime:
        return self.now

    def access(self, who: Caller) -> ObjectAccess:
        return ObjectAccess(caller=who, objects=MemoryGrantableObjects(self.database, self.scope))

    def standing(self, who: Caller) -> FileStanding:
        access = self.access(who)
        return FileStanding(access=access, place=FilePlace(access=access), files=self.files, uploads=self.uploads)

    @property
    def signing(self) -> UploadSigning:
        return UploadSigning(
            store=self.store,
            ledger=self.ledger,
            lifetimes=self.lifetimes,
            jobs=self.jobs,
            work=self.work,
            clock=self.clock,
            new_id=new_id,
        )

    def a_project(self, owner: Caller) -> ProjectId:
        project = ProjectId(new_id())
        self.tables.projects[project] = Project(
            id=project,
            name="Moon",
            description="",
            status=ProjectStatus.ACTIVE,
            owner=owner.require_user(),
            created_at=NOON,
            updated_at=NOON,
            created_by=None,
        )
        return project

    async def begin(
        self,
        who: Caller = ADA,
        content: bytes = HELLO,
        *,
        name: str = "Plan.txt",
        content_type: str = "text/plain",
        place: Place = NOWHERE,
    ) -> BegunUpload:
        begin = BeginFile(
            place=FilePlace(access=self.access(who)),
            uploads=self.uploads,
            signing=self.signing,
            rules=self.rules,
            work=self.work,
        )
        digest = hashlib.sha256(content).digest()
        return await begin(name=name, content_type=content_type, size=len(content), sha256=digest, place=place)

    async def replace(self, file: FileView, content: bytes, who: Caller = ADA) -> BegunUpload:
        replace = ReplaceFile(standing=self.standing(who), signing=self.signing, rules=self.rules, work=self.work)
        digest = hashlib.sha256(content).digest()
        return await replace(file_id=FileId(file.id), content_type="text/plain", size=len(content), sha256=digest)

    def send(self, signed: SignedUpload, content: bytes = HELLO) -> None:
        for part in signed.parts:
            answer = self.objects.send(part.request, content[part.offset : part.offset + part.size])
            assert answer.status == 200

    def completing(self, who: Caller = ADA) -> CompleteFile:
        return CompleteFile(
            standing=self.standing(who),
            store=self.store,
            ledger=self.ledger,
            jobs=self.jobs,
            work=self.work,
            clock=self.clock,
        )

    async def complete(self, file: FileView, who: Caller = ADA) -> FileView:
        return await self.completing(who)(file_id=FileId(file.id))

    async def stored(self, who: Caller = ADA, content: bytes = HELLO, *, place: Place = NOWHERE) -> FileView:
        """A file that is there."""
        begun = await self.begin(who, content, place=place)
        self.send(begun.signed, content)
        return await self.complete(begun.file, who)

    async def change(
        self, file: FileView, changes: FileChanges, who: Caller = ADA, seen: frozenset[int] | None = None
    ) -> File:
        change = ChangeFile(standing=self.standing(who), work=self.work, clock=self.clock)
        return await change(file_id=FileId(file.id), changes=changes, seen=seen)

    async def delete(self, file: FileView, who: Caller = ADA, seen: frozenset[int] | None = None) -> None:
        delete = DeleteFile(standing=self.standing(who), ledger=self.ledger, jobs=self.jobs, work=self.work)
        await delete(file_id=FileId(file.id), seen=seen)

    async def show(self, file: FileView, who: Caller = ADA) -> FileView:
        return await ShowFile(access=self.access(who), reader=self.reader)(file_id=FileId(file.id))

    async def names(self, who: Caller = ADA, status: FileStatus | None = None) -> list[str]:
        page = await ListFiles(access=self.access(who), reader=self.reader)(FileQuery(status=status))
        return [file.name for file in page.results]

    async def download(self, file: FileView, who: Caller = ADA) -> bytes:
        show = ShowFile(access=self.access(who), reader=self.reader)
        download = DownloadFile(show_file=show, store=self.store, lifetimes=self.lifetimes, clock=self.clock)
        return self.objects.fetch(await download(file_id=FileId(file.id))).content

    async def quarantine(self, file: FileView, who: Caller = OPERATOR, *, release: bool = False) -> File:
        quarantine = QuarantineFile(standing=self.standing(who), work=self.work, clock=self.clock)
        return await quarantine(file_id=FileId(file.id), release=release)

    async def sweep(self, who: Caller = OPERATOR, *, only_look: bool = False) -> Swept:
        sweep = SweepFiles(
            caller=who,
            files=self.files,
            uploads=self.uploads,
            ledger=self.ledger,
            store=self.store,
            work=self.work,
            clock=self.clock,
        )
        return await sweep(only_look=only_look)

    async def tidy(self) -> None:
        """The jobs that were added are done."""
        added, self.jobs.added = self.jobs.added, []
        for use_case, arguments in added:
            assert use_case is DiscardUploads
            await DiscardUploads(store=self.store, uploads=self.uploads, work=self.work)(**arguments)

    def kept(self) -> set[UUID]:
        """The uploads of which the store has something."""
        return {key[2] for key in self.objects.objects} | {one.key[2] for one in self.objects.begun.values()}
