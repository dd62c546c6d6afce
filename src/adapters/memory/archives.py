import hashlib
from collections.abc import AsyncIterator, Collection
from datetime import datetime

from adapters.memory.object_store import MemoryObject, MemoryObjectStore
from application.backups.store import ArchiveStore, FileVault, Part, Written
from application.files.attachment import attachment
from domain.backups.backup import BackupDamagedError, BackupId
from domain.backups.manifest import KeptFile
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId


class MemoryArchiveStore(ArchiveStore):
    def __init__(self, objects: MemoryObjectStore) -> None:
        self._objects = objects

    async def write(self, part: Part, chunks: AsyncIterator[bytes]) -> Written:
        self._objects.require()
        content = b"".join([chunk async for chunk in chunks])
        self._objects.parts[part.site_id, part.backup_id, part.name] = content
        return Written(len(content), hashlib.sha256(content).digest())

    async def read(self, part: Part) -> AsyncIterator[bytes]:
        self._objects.require()
        content = self._objects.parts.get((part.site_id, part.backup_id, part.name))
        if content is None:
            raise BackupDamagedError(f"the {part.name} of the backup is missing")
        yield content

    async def discard(self, site_id: SiteId, backup_id: BackupId) -> None:
        self._objects.require()
        for key in [key for key in self._objects.parts if key[:2] == (site_id, backup_id)]:
            del self._objects.parts[key]

    async def sign_download(self, part: Part, *, name: str, content_type: str, until: datetime) -> str:
        shown_as = {"disposition": attachment(name), "type": content_type}
        key = (part.site_id, part.backup_id, part.name)
        return self._objects.sign("GET", key, until=until, headers={}, **shown_as).url

    async def stored(self, site_id: SiteId) -> AsyncIterator[BackupId]:
        self._objects.require()
        for backup_id in {key[1] for key in self._objects.parts if key[0] == site_id}:
            yield backup_id


class MemoryFileVault(FileVault):
    def __init__(self, objects: MemoryObjectStore) -> None:
        self._objects = objects

    async def kept(self, site_id: SiteId) -> AsyncIterator[tuple[UploadId, int]]:
        self._objects.require()
        for (owner, upload_id), content in list(self._objects.vault.items()):
            if owner == site_id:
                yield upload_id, len(content)

    async def keep(self, site_id: SiteId, file: KeptFile) -> None:
        content = b"".join([chunk async for chunk in self.original(site_id, file)])
        self._objects.vault[site_id, UploadId(file.upload_id)] = content

    async def put_back(self, site_id: SiteId, file: KeptFile, *, into: SiteId) -> None:
        self._objects.require()
        there = self._objects.objects.get((into, "files", UploadId(file.upload_id)))
        if there is None or len(there.content) != file.size:
            content = _checked(self._objects.vault.get((site_id, UploadId(file.upload_id))), file)
            self._objects.objects[into, "files", UploadId(file.upload_id)] = MemoryObject(
                content=content, content_type="application/octet-stream", changed_at=self._objects.clock()
            )

    async def original(self, site_id: SiteId, file: KeptFile) -> AsyncIterator[bytes]:
        self._objects.require()
        found = self._objects.objects.get((site_id, "files", UploadId(file.upload_id)))
        yield _checked(found.content if found else None, file)

    async def discard(self, site_id: SiteId, upload_ids: Collection[UploadId]) -> None:
        self._objects.require()
        for upload_id in upload_ids:
            self._objects.vault.pop((site_id, upload_id), None)


def _checked(content: bytes | None, file: KeptFile) -> bytes:
    if content is None:
        raise BackupDamagedError(f"the bytes of upload {file.upload_id} are missing")
    if (len(content), hashlib.sha256(content).hexdigest()) != (file.size, file.sha256):
        raise BackupDamagedError(f"the bytes of upload {file.upload_id} are not those that were stored")
    return content
