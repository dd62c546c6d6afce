"""The files of the demo: two in the oldest project, uploaded as any client would."""

import asyncio
import hashlib
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from dishka import AsyncContainer

from application.access.grant_views import SEES_ALL
from application.files.ports import FileLifetimes, FileReader, FileRepository, StorageLedger
from application.files.store import FileStore, SignedRequest, SignedUpload
from application.files.views import FileQuery
from application.identity.ports import UserRepository
from application.projects.ports import ProjectReader
from application.projects.views import ProjectOrder, ProjectQuery
from application.shared.page import PageRequest
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.files.file import File
from domain.files.upload import Draft, FileId, Place, Upload, UploadId, UploadTerms
from domain.shared.caller import UserId
from domain.shared.kinds import ProjectId

FILES: Final = {
    "Plan.md": ("text/markdown", b"# The plan\n\nFirst the roof, then the rest.\n"),
    "Prices.csv": ("text/csv", b"article,price\nroof,12000\nrest,7000\n"),
}
_OLDEST: Final = ProjectQuery(page=PageRequest(size=1), ordering=ProjectOrder.CREATED_AT)
_ONE: Final = FileQuery(page=PageRequest(size=1))
_SECONDS: Final = 10

Send: TypeAlias = Callable[[SignedRequest, bytes], Awaitable[None]]
"""Carries out a request that the store signed."""


async def send(request: SignedRequest, content: bytes) -> None:
    """By HTTP, past any proxy: the store is on this machine."""
    put = urllib.request.Request(  # noqa: S310  the URL is our own store's
        request.url, data=content, headers=dict(request.headers), method=request.method
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    await asyncio.to_thread(lambda: opener.open(put, timeout=_SECONDS).close())


async def make_files(container: AsyncContainer, admin: str, send: Send) -> None:
    """There are none, or some: a second start adds nothing."""
    owner = await (await container.get(UserRepository)).find_by_login(admin)
    found = await (await container.get(FileReader)).page(_ONE, SEES_ALL, frozenset())
    projects = (await (await container.get(ProjectReader)).page(_OLDEST, SEES_ALL)).results
    if found.count or owner is None or not projects:
        return
    place = Place(project=ProjectId(projects[0].id))
    for name, (content_type, content) in FILES.items():
        terms = UploadTerms(content_type=content_type, size=len(content), sha256=hashlib.sha256(content).digest())
        upload, signed = await _begun(container, owner.id, Draft(name=name, place=place), terms)
        for part in signed.parts:
            await send(part.request, content[part.offset : part.offset + part.size])
        await (await container.get(FileStore)).settle(upload.id, terms, upload.handle)
        async with await container.get(UnitOfWork):
            await (await container.get(FileRepository)).add(File.of(upload, at=upload.created_at))
            await (await container.get(StorageLedger)).take(terms.size)


async def _begun(
    container: AsyncContainer, owner: UserId, draft: Draft, terms: UploadTerms
) -> tuple[Upload, SignedUpload]:
    store, new_id = await container.get(FileStore), await container.get(NewId)
    now, lifetimes = (await container.get(Clock))(), await container.get(FileLifetimes)
    upload_id = UploadId(new_id())
    signed = await store.sign_upload(upload_id, terms, until=now + lifetimes.upload)
    upload = Upload(
        id=upload_id,
        file_id=FileId(new_id()),
        terms=terms,
        handle=signed.handle,
        expires_at=signed.expires_at,
        draft=draft,
        created_at=now,
        created_by=owner,
    )
    return upload, signed
