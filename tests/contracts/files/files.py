"""Files and uploads as the contracts of their repositories make them."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from application.access.grant_views import SEES_ALL
from application.files.ports import FileReader, FileRepository, StorageLedger, UploadRepository
from application.files.views import FileView
from application.shared.ports import UnitOfWork
from domain.files.file import File
from domain.files.upload import NOWHERE, Draft, FileId, Place, Upload, UploadId, UploadTerms
from domain.shared.caller import UserId
from domain.tenancy.scope import Scope
from entrypoints.identifiers import new_id
from tests.world import World

NOON: Final = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)


def terms(content: bytes = b"hello world", content_type: str = "text/plain") -> UploadTerms:
    return UploadTerms(content_type=content_type, size=len(content), sha256=hashlib.sha256(content).digest())


def a_draft(
    uploader: UserId,
    name: str = "Plan.txt",
    *,
    at: datetime = NOON,
    place: Place = NOWHERE,
    announced: UploadTerms | None = None,
    handle: str | None = None,
) -> Upload:
    return Upload(
        id=UploadId(new_id()),
        file_id=FileId(new_id()),
        terms=announced or terms(),
        handle=handle,
        expires_at=at + timedelta(hours=3),
        draft=Draft(name=name, place=place),
        created_at=at,
        created_by=uploader,
    )


def a_replacement(file: File, uploader: UserId, content: bytes = b"other") -> Upload:
    return Upload(
        id=UploadId(new_id()),
        file_id=file.id,
        terms=terms(content),
        handle=None,
        expires_at=NOON + timedelta(hours=3),
        draft=None,
        created_at=NOON,
        created_by=uploader,
    )


def a_file(
    owner: UserId,
    name: str = "Plan.txt",
    *,
    at: datetime = NOON,
    place: Place = NOWHERE,
    announced: UploadTerms | None = None,
) -> File:
    return File.of(a_draft(owner, name, at=at, place=place, announced=announced), at=at)


async def add(world: World, scope: Scope, *things: File | Upload) -> None:
    """Written down as use cases do, with what it counts."""
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        for one in things:
            if isinstance(one, File):
                await (await container.get(FileRepository)).add(one)
            else:
                await (await container.get(UploadRepository)).add(one)
        await (await container.get(StorageLedger)).take(sum(one.terms.size for one in things))


async def read(world: World, scope: Scope, file_id: FileId, uploader: UserId | None = None) -> FileView:
    async with world.acting(scope) as container:
        reader: FileReader = await container.get(FileReader)
        return await reader.get(file_id, SEES_ALL, frozenset(), uploader)
