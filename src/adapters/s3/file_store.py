import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from adapters.s3.bucket import Bucket
from adapters.s3.errors import is_missing, is_there_already, reached
from adapters.s3.keys import is_incoming, object_key, read_upload, site_of, site_prefix
from adapters.s3.multipart import Multipart
from adapters.s3.signing import Signer, part_sizes, signed_parts
from adapters.s3.streams import MissingObjectError, ObjectChangedError, get_stream, put_stream
from application.files.attachment import attachment, inert_type
from application.files.store import (
    FileStore,
    FileStoreUnavailableError,
    NotUploadedError,
    SignedUpload,
    StoredBytes,
    StoredUpload,
    UploadDiffersError,
    UploadPart,
)
from application.shared.ports import Clock
from domain.files.upload import UploadId, UploadTerms
from domain.tenancy.scope import Scope

_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class S3FileStore(FileStore):
    """One request puts to `incoming/`, and settling copies from there to `files/`, which nobody can put to.

    Parts go to `files/` from the start: no request changes what was joined of them.
    """

    bucket: Bucket
    scope: Scope
    clock: Clock

    async def sign_upload(self, upload_id: UploadId, terms: UploadTerms, *, until: datetime) -> SignedUpload:
        parts = part_sizes(terms.size, self.bucket.part_bytes)
        if len(parts) == 1:
            request = await self._signer.put(self._incoming(upload_id), terms, until)
            whole = UploadPart(offset=0, size=terms.size, request=request)
            return SignedUpload(parts=(whole,), handle=None, expires_at=until)
        key = self._settled(upload_id)
        with reached():
            handle = await self._multipart.begin(key, {**_described(terms.content_type), **self.bucket.encryption})
        signed = await signed_parts(self._signer, key, handle, parts, until)
        return SignedUpload(parts=signed, handle=handle, expires_at=until)

    async def settle(self, upload_id: UploadId, terms: UploadTerms, handle: str | None) -> None:
        key = self._settled(upload_id)
        with reached():
            found = await self._head(key) or await self._taken(upload_id, terms, handle)
            is_right = await self._is_right(key, found, terms)
            if not is_right:
                await self._delete(key)
            await self._delete(self._incoming(upload_id))
        if not is_right:
            raise UploadDiffersError("what was uploaded is not what was announced; it was thrown away")

    async def sign_download(self, upload_id: UploadId, *, name: str, content_type: str, until: datetime) -> str:
        key, shown, kind = self._settled(upload_id), attachment(name), inert_type(content_type)
        if self.bucket.distribution is not None:
            full = self.bucket.at(key)["Key"]
            return self.bucket.distribution.sign(full, disposition=shown, content_type=kind, until=until)
        shown_as = {"ResponseContentDisposition": shown, "ResponseContentType": kind}
        return await self._signer.get(key, shown_as, until)

    async def write(self, upload_id: UploadId, content_type: str, chunks: AsyncIterator[bytes]) -> StoredBytes:
        key = self._settled(upload_id)
        try:
            return StoredBytes(*await put_stream(self.bucket, key, chunks, _described(content_type)))
        except FileStoreUnavailableError:
            with suppress(FileStoreUnavailableError):  # the last request may have arrived; the sweep finds it, too
                await self.discard(upload_id, None)
            raise

    async def read(self, upload_id: UploadId) -> AsyncIterator[bytes]:
        try:
            async for chunk in get_stream(self.bucket, self._settled(upload_id)):
                yield chunk
        except (MissingObjectError, ObjectChangedError) as error:
            raise NotUploadedError("it was thrown away") from error

    async def discard(self, upload_id: UploadId, handle: str | None) -> None:
        key = self._settled(upload_id)
        with reached():
            if handle is not None:
                await self._multipart.abort(key, handle)
            await self._multipart.abort_all(key)
            await self._delete(self._incoming(upload_id))
            await self._delete(key)

    async def discard_incoming(self, upload_id: UploadId) -> None:
        with reached():
            await self._delete(self._incoming(upload_id))

    async def stored(self) -> AsyncIterator[StoredUpload]:
        site = site_prefix(site_of(self.scope))
        async for page in self.bucket.pages("list_objects_v2", Prefix=self.bucket.prefix + site):
            for one in page.get("Contents", ()):
                key, at = one["Key"].removeprefix(self.bucket.prefix), one["LastModified"]
                if (upload_id := read_upload(key)) is not None:
                    yield StoredUpload(id=upload_id, handle=None, changed_at=at, is_incoming=is_incoming(key))
        async for begun in self._multipart.under(site):
            if (upload_id := read_upload(begun.key)) is not None:
                yield StoredUpload(id=upload_id, handle=begun.handle, changed_at=begun.begun_at)

    async def _taken(self, upload_id: UploadId, terms: UploadTerms, handle: str | None) -> dict[str, Any]:
        """What is out of the uploader's reach then."""
        key = self._settled(upload_id)
        if handle is None:
            await self._copy(upload_id, terms)
        else:
            await self._multipart.join(key, handle, size=terms.size)
        found = await self._head(key)
        if found is None:
            raise NotUploadedError("nothing was uploaded, or it was thrown away")
        return found

    async def _copy(self, upload_id: UploadId, terms: UploadTerms) -> None:
        """Where another settles the same, the first copy stays. Types are the terms', names no uploader's."""
        try:
            await self._client.copy_object(
                **self.bucket.at(self._settled(upload_id)),
                CopySource=self.bucket.at(self._incoming(upload_id)),
                IfNoneMatch="*",
                MetadataDirective="REPLACE",
                ChecksumAlgorithm="SHA256",
                **_described(terms.content_type),
                **self.bucket.encryption,
            )
        except ClientError as error:
            if not (is_missing(error) or is_there_already(error)):
                raise

    async def _is_right(self, key: str, found: dict[str, Any], terms: UploadTerms) -> bool:
        """By the store's own sum where it has computed one; others echo what the uploader claimed."""
        if found["ContentLength"] != terms.size:
            return False
        if found.get("ChecksumType") == "FULL_OBJECT" and "ChecksumSHA256" in found:
            return bool(found["ChecksumSHA256"] == b64encode(terms.sha256).decode())
        return await self._sha256(key) == terms.sha256

    async def _sha256(self, key: str) -> bytes:
        """Of all bytes, a little at a time. They may be gone by now, if another settled or discarded them."""
        digest = hashlib.sha256()
        try:
            answer = await self._client.get_object(**self.bucket.at(key))
        except ClientError as error:
            raise (NotUploadedError("it was thrown away meanwhile") if is_missing(error) else error) from error
        async with answer["Body"] as body:
            while chunk := await body.content.read(_CHUNK):
                digest.update(chunk)
        return digest.digest()

    async def _head(self, key: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = await self._client.head_object(**self.bucket.at(key), ChecksumMode="ENABLED")
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        return found

    async def _delete(self, key: str) -> None:
        await self._client.delete_object(**self.bucket.at(key))

    def _incoming(self, upload_id: UploadId) -> str:
        return object_key(site_of(self.scope), "incoming", upload_id)

    def _settled(self, upload_id: UploadId) -> str:
        return object_key(site_of(self.scope), "files", upload_id)

    @property
    def _multipart(self) -> Multipart:
        return Multipart(self.bucket)

    @property
    def _signer(self) -> Signer:
        return Signer(self.bucket, self.clock)

    @property
    def _client(self) -> Any:
        return self.bucket.client


def _described(content_type: str) -> dict[str, str]:
    """What the store says of settled bytes where nobody asks for anything else: nothing that a browser runs."""
    return {"ContentType": inert_type(content_type), "ContentDisposition": "attachment"}
