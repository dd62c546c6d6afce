"""How jobs of tests end, and what they leave."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from application.files.ports import FileRepository
from application.files.read_files import ListFiles, ShowFile
from application.files.store import FileStore
from application.files.views import FileQuery, FileView
from application.jobs.ports import JobRepository
from application.jobs.reader import JobReader
from application.jobs.views import JobView, JobViewer
from application.shared.ports import UnitOfWork
from application.tenancy.ports import OrganizationRepository
from domain.files.file import File, FileStatus
from domain.files.upload import NOWHERE, FileId, UploadId, UploadTerms
from domain.identity.user import User
from domain.jobs.job import JobId
from domain.shared.caller import Caller, Permission
from domain.tenancy.organization import OrganizationChanges
from domain.tenancy.scope import SiteScope
from entrypoints.identifiers import new_id
from entrypoints.worker.execution import ProgressBoard
from tests.world import World


def as_user(user: User, *permissions: Permission) -> Caller:
    """A user as a request has them. A job has the permissions that the store gives them then."""
    return Caller(label=user.username, permissions=frozenset(permissions), user_id=user.id)


async def shown(world: World, site: SiteScope, job_id: JobId) -> JobView:
    async with world.acting(site) as container:
        reader: JobReader = await container.get(JobReader)
        return await reader.get(job_id, JobViewer(None))


async def ended(world: World, site: SiteScope, job_id: JobId) -> JobView:
    """After it, and all that it added, was run."""
    await world.settle()
    return await shown(world, site, job_id)


async def crash(world: World, job_id: JobId, board: ProgressBoard | None = None) -> None:
    """Run it, and die before its end is written down: it waits once more."""
    async with world.desk.claimed(job_id) as (execution, running):
        assert running
        await execution(running, board or ProgressBoard())
    async with world.acting() as container, await container.get(UnitOfWork):
        jobs = await container.get(JobRepository)
        await jobs.save((await jobs.get(job_id)).hand_back(at=world.clock()))


def file_of(job: JobView) -> str:
    """The id of the file that a job has made."""
    assert job.result
    return str(job.result["file"])


async def content_of(world: World, site: SiteScope, by: Caller, file_id: UUID | str) -> bytes:
    """Of a file, for somebody who may view it."""
    async with world.acting(site, by) as container:
        file = await (await container.get(ShowFile))(file_id=FileId(UUID(str(file_id))))
        store = await container.get(FileStore)
        return b"".join([chunk async for chunk in store.read(UploadId(file.upload_id))])


async def files_of(world: World, site: SiteScope, by: Caller) -> list[FileView]:
    async with world.acting(site, by) as container:
        return (await (await container.get(ListFiles))(FileQuery())).results


async def kept(world: World, site: SiteScope) -> list[UploadId]:
    """All that the object store has of the site."""
    async with world.acting(site) as container:
        store: FileStore = await container.get(FileStore)
        return [one.id async for one in store.stored()]


async def a_file(world: World, site: SiteScope, owner: User, content: bytes, **fields: Any) -> File:
    """One that is there."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    upload_id, now = UploadId(new_id()), world.clock()
    async with world.acting(site) as container:
        stored = await (await container.get(FileStore)).write(upload_id, "text/csv", chunks())
        given: dict[str, Any] = {
            "name": "tasks.csv",
            "terms": UploadTerms(content_type="text/csv", size=stored.size, sha256=stored.sha256),
            "status": FileStatus.STORED,
            "place": NOWHERE,
        }
        file = File(
            id=FileId(new_id()),
            upload_id=upload_id,
            owner=owner.id,
            created_at=now,
            updated_at=now,
            created_by=owner.id,
            version=1,
            **given | fields,
        )
        async with await container.get(UnitOfWork):
            await (await container.get(FileRepository)).add(file)
    return file


async def allow(world: World, size: int) -> None:
    """So many bytes of files, to the one organization."""
    async with world.acting() as container, await container.get(UnitOfWork):
        organizations = await container.get(OrganizationRepository)
        found = await organizations.get(world.organization)
        await organizations.save(found.change(OrganizationChanges(max_storage_bytes=size), at=world.clock()))
