import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from botocore.exceptions import ClientError

from adapters.s3.bucket import Bucket
from adapters.s3.discarding import discard_keys
from adapters.s3.errors import is_missing, reached
from adapters.s3.keys import backups_key, object_key
from adapters.s3.streams import MissingObjectError, ObjectChangedError, get_stream, put_stream
from application.backups.store import FileVault
from domain.backups.backup import BackupDamagedError
from domain.backups.manifest import KeptFile
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId

_SOME: Final = 1000


@dataclass(frozen=True, slots=True)
class S3FileVault(FileVault):
    """Bytes pass through this process, a chunk at a time: so each copy is compared with its sum before it is there."""

    bucket: Bucket

    async def kept(self, site_id: SiteId) -> AsyncIterator[tuple[UploadId, int]]:
        prefix = self.bucket.prefix + backups_key(site_id, "files")
        async for page in self.bucket.pages("list_objects_v2", Prefix=prefix):
            for one in page.get("Contents", ()):
                yield UploadId(UUID(one["Key"].removeprefix(prefix))), int(one["Size"])

    async def keep(self, site_id: SiteId, file: KeptFile) -> None:
        await self._copy(_original(site_id, file), _kept(site_id, file), file)

    async def put_back(self, site_id: SiteId, file: KeptFile, *, into: SiteId) -> None:
        target = _original(into, file)
        if await self._size(target) != file.size:
            await self._copy(_kept(site_id, file), target, file)

    async def original(self, site_id: SiteId, file: KeptFile) -> AsyncIterator[bytes]:
        async with aclosing(self._checked(_original(site_id, file), file)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def discard(self, site_id: SiteId, upload_ids: Collection[UploadId]) -> None:
        keys = [backups_key(site_id, "files", upload_id) for upload_id in upload_ids]
        for start in range(0, len(keys), _SOME):
            await discard_keys(self.bucket, keys[start : start + _SOME])

    async def _copy(self, source: str, target: str, file: KeptFile) -> None:
        described = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}
        await put_stream(self.bucket, target, self._checked(source, file), described)

    async def _checked(self, key: str, file: KeptFile) -> AsyncGenerator[bytes, None]:
        digest, size = hashlib.sha256(), 0
        try:
            async for chunk in get_stream(self.bucket, key):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
        except (MissingObjectError, ObjectChangedError) as error:
            raise BackupDamagedError(f"the bytes of upload {file.upload_id} are missing") from error
        if (size, digest.hexdigest()) != (file.size, file.sha256):
            raise BackupDamagedError(f"the bytes of upload {file.upload_id} are not those that were stored")

    async def _size(self, key: str) -> int | None:
        try:
            with reached():
                return int((await self.bucket.client.head_object(**self.bucket.at(key)))["ContentLength"])
        except ClientError as error:
            if is_missing(error):
                return None
            raise


def _kept(site_id: SiteId, file: KeptFile) -> str:
    return backups_key(site_id, "files", UploadId(file.upload_id))


def _original(site_id: SiteId, file: KeptFile) -> str:
    return object_key(site_id, "files", UploadId(file.upload_id))
