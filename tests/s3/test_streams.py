"""Objects as streams, on the embedded store; what breaks is broken by a client that breaks it."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientPayloadError

from adapters.s3.address import read_address
from adapters.s3.bucket import Bucket, open_bucket
from adapters.s3.multipart import Multipart
from adapters.s3.streams import MissingObjectError, ObjectChangedError, get_stream, put_stream
from application.files.store import FileStoreUnavailableError
from tests.depots import PART_BYTES

pytestmark = pytest.mark.storage

MIB = 1 << 20


@pytest.fixture
async def bucket(storage_url: str) -> AsyncIterator[Bucket]:
    async with open_bucket(read_address(storage_url), part_bytes=PART_BYTES) as bucket:
        yield bucket


def a_key() -> str:
    return f"streams/{uuid4()}"


async def in_chunks(content: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def whole(bucket: Bucket, key: str) -> bytes:
    return b"".join([chunk async for chunk in get_stream(bucket, key)])


@pytest.mark.parametrize("size", [0, 1, 8 * MIB, 8 * MIB + 1, 20 * MIB + 7])
@pytest.mark.parametrize("chunk", [100_003, 32 * MIB], ids=["small chunks", "one large chunk"])
async def test_what_is_put_is_what_is_got(bucket: Bucket, size: int, chunk: int) -> None:
    content, key = os.urandom(size), a_key()
    stored = await put_stream(bucket, key, in_chunks(content, chunk), {"ContentType": "application/x-taruvi"})
    assert stored == (size, hashlib.sha256(content).digest())
    assert await whole(bucket, key) == content
    head = await bucket.client.head_object(**bucket.at(key))
    assert head["ContentType"] == "application/x-taruvi"


async def test_what_is_not_there_is_told(bucket: Bucket) -> None:
    with pytest.raises(MissingObjectError):
        await whole(bucket, a_key())


@pytest.mark.parametrize("sent", [MIB, 20 * MIB], ids=["before a part", "between parts"])
async def test_a_source_that_fails_leaves_what_was_there(bucket: Bucket, sent: int) -> None:
    key = a_key()
    await put_stream(bucket, key, in_chunks(b"before", 6))

    async def failing() -> AsyncIterator[bytes]:
        yield bytes(sent)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        await put_stream(bucket, key, failing())
    assert await whole(bucket, key) == b"before"
    assert [one async for one in Multipart(bucket).under(key)] == []


async def test_who_is_cancelled_leaves_nothing(bucket: Bucket) -> None:
    key, parts_are_sent = a_key(), asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield bytes(20 * MIB)
        parts_are_sent.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(put_stream(bucket, key, endless()))
    await parts_are_sent.wait()
    assert [one.key async for one in Multipart(bucket).under(key)] == [key]
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert [one async for one in Multipart(bucket).under(key)] == []
    with pytest.raises(MissingObjectError):
        await whole(bucket, key)


class Breaking:
    """A client whose bodies break off after some bytes, as often as `times` says."""

    def __init__(self, client: Any, times: int, after: int = 3 * MIB + 1) -> None:
        self._client, self.times, self._after = client, times, after
        self.ranges: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def get_object(self, **parameters: Any) -> Any:
        answer = await self._client.get_object(**parameters)
        self.ranges.append(parameters.get("Range", ""))
        if self.times:
            self.times -= 1
            answer["Body"] = self._breaking(answer["Body"])
        return answer

    @asynccontextmanager
    async def _breaking(self, body: Any) -> AsyncIterator[Any]:
        async with body as whole_body:
            yield _Broken(whole_body.content, self._after)


class _Broken:
    def __init__(self, content: Any, after: int) -> None:
        self._content, self._left = content, after
        self.content = self

    async def read(self, size: int) -> bytes:
        if not self._left:
            raise ClientPayloadError("the connection was lost")
        chunk: bytes = await self._content.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk


async def test_a_body_that_breaks_off_is_resumed(bucket: Bucket) -> None:
    content, key = os.urandom(7 * MIB), a_key()
    await put_stream(bucket, key, in_chunks(content, MIB))
    client = Breaking(bucket.client, times=2)
    assert await whole(replace(bucket, client=client), key) == content
    assert client.ranges == ["", f"bytes={3 * MIB + 1}-", f"bytes={6 * MIB + 2}-"]


async def test_a_body_that_breaks_off_for_good_is_told(bucket: Bucket) -> None:
    key = a_key()
    await put_stream(bucket, key, in_chunks(bytes(MIB), MIB))
    with pytest.raises(FileStoreUnavailableError):
        await whole(replace(bucket, client=Breaking(bucket.client, times=99, after=0)), key)


async def test_two_objects_are_never_joined(bucket: Bucket) -> None:
    key = a_key()
    await put_stream(bucket, key, in_chunks(os.urandom(7 * MIB), MIB))
    stream = get_stream(replace(bucket, client=Breaking(bucket.client, times=1)), key)
    await anext(stream)
    await put_stream(bucket, key, in_chunks(os.urandom(7 * MIB), MIB))
    with pytest.raises(ObjectChangedError):
        [chunk async for chunk in stream]
