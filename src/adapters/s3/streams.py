"""Objects as streams of chunks: as large as they like, in the memory of a part or two."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from adapters.s3.bucket import Bucket
from adapters.s3.errors import is_missing, reached
from adapters.s3.multipart import Multipart
from application.files.store import FileStoreUnavailableError

_PART: Final = 8 << 20
"""A store wants 5 MiB at least."""
_GROWTH: Final = 1000
"""After so many parts they get larger by another `_PART`: the ten thousand that a store takes hold 430 GiB."""
_CHUNK: Final = 1 << 18
_ATTEMPTS: Final = 5
_PAUSE: Final = 0.1


class MissingObjectError(LookupError):
    """There is no object of this key."""


class ObjectChangedError(RuntimeError):
    """What was read in part is another object by now."""


class Stored(NamedTuple):
    """What was put: how many bytes, and their SHA-256."""

    size: int
    sha256: bytes


async def put_stream(
    bucket: Bucket, key: str, chunks: AsyncIterator[bytes], described: Mapping[str, str] | None = None
) -> Stored:
    """Store all chunks as one object, which is there when this returns, whole, and not before.

    `described`: parameters of the object, `ContentType` and the like. Whatever `chunks` raises, and whoever cancels,
    nothing stays of what was sent, and an object that was there before stays as it was. Raise
    `FileStoreUnavailableError`.
    """
    put = _Put(bucket, key, {**(described or {}), **bucket.encryption})
    try:
        async for chunk in chunks:
            await put.take(chunk)
        return await put.finish()
    except BaseException:
        await put.give_up()
        raise


class _Put:
    """One object on its way. What is no whole part yet is held; what fits into one is sent in one request."""

    def __init__(self, bucket: Bucket, key: str, described: Mapping[str, str]) -> None:
        self._bucket, self._key, self._described = bucket, key, described
        self._held = bytearray()
        self._digest, self._size = hashlib.sha256(), 0
        self._handle: str | None = None
        self._parts: list[dict[str, Any]] = []

    async def take(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:
            room = self._room()
            self._held += view[:room]
            view = view[room:]
            if view:
                await self._send()

    async def finish(self) -> Stored:
        if self._handle is None:
            with reached():
                body = bytes(self._held)
                await self._bucket.client.put_object(**self._bucket.at(self._key), Body=body, **self._described)
            return self._counted(body)
        await self._send()
        with reached():
            parts = {"Parts": self._parts}
            await self._bucket.client.complete_multipart_upload(**self._place(), MultipartUpload=parts)
        return Stored(self._size, self._digest.digest())

    async def give_up(self) -> None:
        """Also while we are cancelled, and once more: the parts would be paid for until somebody looks."""
        if self._handle is not None:
            aborting = asyncio.ensure_future(self._abort())
            try:
                await asyncio.shield(aborting)
            except asyncio.CancelledError:
                await aborting

    async def _abort(self) -> None:
        """A store that cannot be reached keeps them: its own rule for abandoned parts, or a sweep, ends them."""
        try:
            with reached():
                await Multipart(self._bucket).abort(self._key, self._handle or "")
        except FileStoreUnavailableError:
            return

    async def _send(self) -> None:
        with reached():
            if self._handle is None:
                self._handle = await Multipart(self._bucket).begin(self._key, self._described)
            number, body = len(self._parts) + 1, bytes(self._held)
            sent = await self._bucket.client.upload_part(**self._place(), PartNumber=number, Body=body)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._counted(body)
        self._held.clear()

    def _counted(self, body: bytes) -> Stored:
        self._digest.update(body)
        self._size += len(body)
        return Stored(self._size, self._digest.digest())

    def _room(self) -> int:
        """How much goes into the part that is being filled."""
        return _PART * (1 + len(self._parts) // _GROWTH) - len(self._held)

    def _place(self) -> dict[str, Any]:
        return {**self._bucket.at(self._key), "UploadId": self._handle}


async def get_stream(bucket: Bucket, key: str) -> AsyncIterator[bytes]:
    """The bytes of one object, all of them or an error; a body that breaks off is asked for from there on.

    Raise `MissingObjectError`, `ObjectChangedError` if it became another meanwhile, `FileStoreUnavailableError` where
    it breaks off again and again.
    """
    at, whole, etag, failures = 0, 1, "", 0
    while at < whole:
        try:
            answer = await _opened(bucket, key, at, etag)
            whole, etag = at + int(answer["ContentLength"]), str(answer["ETag"])
            async for chunk in _body(answer):
                at, failures = at + len(chunk), 0
                yield chunk
            _require_all(at, whole)
        except FileStoreUnavailableError:
            failures += 1
            if failures == _ATTEMPTS:
                raise
            await asyncio.sleep(_PAUSE * 2**failures)


async def _opened(bucket: Bucket, key: str, at: int, etag: str) -> dict[str, Any]:
    resumed = {"Range": f"bytes={at}-", "IfMatch": etag} if at else {}
    try:
        with reached():
            answer: dict[str, Any] = await bucket.client.get_object(**bucket.at(key), **resumed)
    except ClientError as error:
        if is_missing(error):
            raise MissingObjectError(key) from error
        raise ObjectChangedError(key) from error
    if at and (not str(answer.get("ContentRange", "")).startswith(f"bytes {at}-") or answer["ETag"] != etag):
        answer["Body"].close()
        raise ObjectChangedError(key)
    return answer


def _require_all(got: int, whole: int) -> None:
    if got < whole:
        raise FileStoreUnavailableError


async def _body(answer: dict[str, Any]) -> AsyncIterator[bytes]:
    async with answer["Body"] as body:
        while True:
            with reached():
                chunk = await body.content.read(_CHUNK)
            if not chunk:
                return
            yield chunk
