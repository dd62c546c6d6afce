"""Object stores as tests see them: signed into by the application, and reached by whoever holds a signed request."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import httpx

from adapters.memory.file_store import MemoryFileStore, MemorySiteStores
from adapters.memory.object_store import MemoryObjectStore
from adapters.s3.address import read_address
from adapters.s3.bucket import Bucket, open_bucket
from adapters.s3.file_store import S3FileStore
from adapters.s3.site_stores import S3SiteStores
from application.files.store import FileStore, SignedRequest, SignedUpload, SiteStores
from domain.files.upload import UploadId, UploadTerms
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteId

PART_BYTES: Final = 5 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_refused(self) -> bool:
        """By Amazon with 403, by rclone sometimes with 400."""
        return self.status in (400, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """`send` carries out a request that was signed, as somebody who has nothing else."""

    files: Callable[[Scope], FileStore]
    sites: SiteStores
    send: Callable[[SignedRequest, bytes], Awaitable[Answer]]

    async def fetch(self, url: str) -> Answer:
        return await self.send(SignedRequest(method="GET", url=url), b"")

    async def put(self, upload: SignedUpload, content: bytes) -> None:
        """All parts, the last one first."""
        for part in reversed(upload.parts):
            sent = await self.send(part.request, content[part.offset : part.offset + part.size])
            assert sent.status == 200, sent

    async def stored(self, scope: Scope) -> list[tuple[UploadId, str | None]]:
        return sorted([(one.id, one.handle) async for one in self.files(scope).stored()], key=str)


def now() -> datetime:
    return datetime.now(UTC)


def soon() -> datetime:
    return now() + timedelta(minutes=5)


def a_scope() -> SiteScope:
    site_id = SiteId(uuid4())
    return SiteScope(site_id, "acme", SchemaName(f"site_{site_id.hex}"))


def an_upload() -> UploadId:
    return UploadId(uuid4())


def terms_of(content: bytes, content_type: str = "text/plain") -> UploadTerms:
    return UploadTerms(content_type=content_type, size=len(content), sha256=hashlib.sha256(content).digest())


def with_headers(request: SignedRequest, **changes: str | None) -> SignedRequest:
    """The same with other headers (`content_type="…"`), or without those that are None."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in request.headers.items() if name.lower() not in named}
    return replace(request, headers=kept | {name: value for name, value in named.items() if value is not None})


def memory_depot() -> tuple[Depot, MemoryObjectStore]:
    objects = MemoryObjectStore(now, part_bytes=PART_BYTES)

    async def send(request: SignedRequest, content: bytes) -> Answer:
        answer = objects.send(request, content)
        return Answer(answer.status, answer.headers, answer.content)

    return Depot(
        files=lambda scope: MemoryFileStore(objects, scope), sites=MemorySiteStores(objects), send=send
    ), objects


@asynccontextmanager
async def s3_depot(url: str) -> AsyncIterator[tuple[Depot, Bucket]]:
    """On a real store."""
    async with open_bucket(read_address(url), part_bytes=PART_BYTES) as bucket, httpx.AsyncClient() as client:

        async def send(request: SignedRequest, content: bytes) -> Answer:
            answer = await client.request(
                request.method, request.url, headers=dict(request.headers), content=content or None
            )
            return Answer(answer.status_code, answer.headers, answer.content)

        files = lambda scope: S3FileStore(bucket, scope, now)  # noqa: E731  beside the one of memory
        yield Depot(files=files, sites=S3SiteStores(bucket), send=send), bucket
