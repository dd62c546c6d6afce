import hashlib
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

from adapters.memory.database import MissingSchemaError
from adapters.memory.object_store import Key, MemoryObject, MemoryObjectStore, MemoryParts
from application.files.attachment import attachment, inert_type
from application.files.store import (
    FileStore,
    NotUploadedError,
    SignedUpload,
    SiteStores,
    StoredBytes,
    StoredUpload,
    UploadDiffersError,
    UploadPart,
)
from domain.files.upload import UploadId, UploadTerms
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteId

_CHUNK: Final = 1 << 16


def _forget(objects: MemoryObjectStore, is_meant: Callable[[Key], bool]) -> None:
    """Uploads in parts that were begun at these keys."""
    for handle in [handle for handle, begun in objects.begun.items() if is_meant(begun.key)]:
        del objects.begun[handle]


class MemoryFileStore(FileStore):
    def __init__(self, objects: MemoryObjectStore, scope: Scope) -> None:
        self._objects = objects
        self._scope = scope

    async def sign_upload(self, upload_id: UploadId, terms: UploadTerms, *, until: datetime) -> SignedUpload:
        self._objects.require()
        if terms.size <= self._objects.part_bytes:
            headers = {
                "Content-Type": terms.content_type,
                "Content-Length": str(terms.size),
                "x-amz-checksum-sha256": b64encode(terms.sha256).decode(),
            }
            request = self._objects.sign("PUT", self._incoming(upload_id), until=until, headers=headers)
            whole = UploadPart(offset=0, size=terms.size, request=request)
            return SignedUpload(parts=(whole,), handle=None, expires_at=until)
        return self._begun(self._settled(upload_id), terms.size, until)

    def _begun(self, key: Key, size: int, until: datetime) -> SignedUpload:
        step, handle = self._objects.part_bytes, secrets.token_hex(8)
        offsets = dict(enumerate(range(0, size, step), start=1))
        sizes = {number: min(step, size - offset) for number, offset in offsets.items()}
        self._objects.begun[handle] = MemoryParts(key=key, begun_at=self._objects.clock())
        parts = [
            UploadPart(
                offset=offsets[number],
                size=part,
                request=self._objects.sign(
                    *("PUT", key),
                    until=until,
                    headers={"Content-Length": str(part)},
                    handle=handle,
                    part=str(number),
                ),
            )
            for number, part in sizes.items()
        ]
        return SignedUpload(parts=parts, handle=handle, expires_at=until)

    async def settle(self, upload_id: UploadId, terms: UploadTerms, handle: str | None) -> None:
        self._objects.require()
        key, incoming = self._settled(upload_id), self._objects.objects.pop(self._incoming(upload_id), None)
        found = self._objects.objects.get(key) or incoming or self._joined(key, handle, terms)
        if found is None:
            raise NotUploadedError("nothing was uploaded, or it was thrown away")
        if len(found.content) != terms.size or hashlib.sha256(found.content).digest() != terms.sha256:
            self._objects.objects.pop(key, None)
            raise UploadDiffersError("what was uploaded is not what was announced; it was thrown away")
        self._objects.objects[key] = found

    def _joined(self, key: Key, handle: str | None, terms: UploadTerms) -> MemoryObject | None:
        begun = self._objects.begun.get(handle or "")
        if begun is None or begun.key != key:
            return None
        if (uploaded := sum(len(part) for part in begun.there.values())) != terms.size:
            raise NotUploadedError(f"only {uploaded} of {terms.size} bytes were uploaded")
        del self._objects.begun[handle or ""]
        content = b"".join(begun.there[number] for number in sorted(begun.there))
        return MemoryObject(content=content, content_type=terms.content_type, changed_at=self._objects.clock())

    async def sign_download(self, upload_id: UploadId, *, name: str, content_type: str, until: datetime) -> str:
        shown_as = {"disposition": attachment(name), "type": inert_type(content_type)}
        return self._objects.sign("GET", self._settled(upload_id), until=until, headers={}, **shown_as).url

    async def write(self, upload_id: UploadId, content_type: str, chunks: AsyncIterator[bytes]) -> StoredBytes:
        self._objects.require()
        content = b"".join([chunk async for chunk in chunks])
        self._objects.require()
        written = MemoryObject(content=content, content_type=content_type, changed_at=self._objects.clock())
        self._objects.objects[self._settled(upload_id)] = written
        return StoredBytes(len(content), hashlib.sha256(content).digest())

    async def read(self, upload_id: UploadId) -> AsyncIterator[bytes]:
        self._objects.require()
        found = self._objects.objects.get(self._settled(upload_id))
        if found is None:
            raise NotUploadedError("it was thrown away")
        for start in range(0, len(found.content), _CHUNK):
            yield found.content[start : start + _CHUNK]

    async def discard(self, upload_id: UploadId, handle: str | None) -> None:  # noqa: ARG002  the key finds all
        self._objects.require()
        self._objects.objects.pop(self._incoming(upload_id), None)
        self._objects.objects.pop(self._settled(upload_id), None)
        _forget(self._objects, lambda key: key == self._settled(upload_id))

    async def discard_incoming(self, upload_id: UploadId) -> None:
        self._objects.require()
        self._objects.objects.pop(self._incoming(upload_id), None)

    async def stored(self) -> AsyncIterator[StoredUpload]:
        self._objects.require()
        own = self._site_id
        for (site_id, place, upload_id), found in list(self._objects.objects.items()):
            if site_id == own:
                at, incoming = found.changed_at, place == "incoming"
                yield StoredUpload(id=upload_id, handle=None, changed_at=at, is_incoming=incoming)
        for handle, begun in list(self._objects.begun.items()):
            if begun.key[0] == own:
                yield StoredUpload(id=begun.key[2], handle=handle, changed_at=begun.begun_at)

    def _incoming(self, upload_id: UploadId) -> Key:
        return self._site_id, "incoming", upload_id

    def _settled(self, upload_id: UploadId) -> Key:
        return self._site_id, "files", upload_id

    @property
    def _site_id(self) -> SiteId:
        if not isinstance(self._scope, SiteScope):
            raise MissingSchemaError("the platform has no files")
        return self._scope.site_id


class MemorySiteStores(SiteStores):
    def __init__(self, objects: MemoryObjectStore) -> None:
        self._objects = objects

    async def sites(self) -> AsyncIterator[SiteId]:
        self._objects.require()
        keys = (*self._objects.objects, *(begun.key for begun in self._objects.begun.values()))
        for site_id in {site_id for site_id, _place, _upload in keys}:
            yield site_id

    async def discard_site(self, site_id: SiteId) -> None:
        self._objects.require()
        for key in [key for key in self._objects.objects if key[0] == site_id]:
            del self._objects.objects[key]
        _forget(self._objects, lambda key: key[0] == site_id)
