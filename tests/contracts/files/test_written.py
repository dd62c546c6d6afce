"""What each object store does with bytes of our own making."""

import hashlib
import os
from collections.abc import AsyncIterator

import pytest

from application.files.store import NotUploadedError, StoredBytes
from tests.depots import Depot, a_scope, an_upload, soon, terms_of

MIB = 1 << 20


async def chunks(content: bytes, size: int = MIB) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def breaking_off(content: bytes) -> AsyncIterator[bytes]:
    async for chunk in chunks(content):
        yield chunk
    raise ZeroDivisionError


@pytest.mark.parametrize("size", [0, 1, MIB, 20 * MIB + 17], ids=["none", "one", "a part", "several parts"])
async def test_what_is_written_is_there_at_once(depot: Depot, size: int) -> None:
    scope, upload_id, content = a_scope(), an_upload(), os.urandom(size)
    files = depot.files(scope)
    stored = await files.write(upload_id, "text/csv", chunks(content))
    assert stored == StoredBytes(size, hashlib.sha256(content).digest())
    assert b"".join([chunk async for chunk in files.read(upload_id)]) == content
    answer = await depot.fetch(await files.sign_download(upload_id, name="a", content_type="text/csv", until=soon()))
    assert (answer.status, answer.content == content) == (200, True)
    assert [(one.id, one.handle, one.is_incoming) async for one in files.stored()] == [(upload_id, None, False)]


@pytest.mark.parametrize("size", [MIB, 20 * MIB], ids=["a part", "several parts"])
async def test_nothing_stays_of_what_breaks_off(depot: Depot, size: int) -> None:
    scope = a_scope()
    with pytest.raises(ZeroDivisionError):
        await depot.files(scope).write(an_upload(), "text/csv", breaking_off(os.urandom(size)))
    assert await depot.stored(scope) == []


async def test_it_is_in_large_parts_whatever_the_chunks_are(depot: Depot) -> None:
    files, upload_id, content = depot.files(a_scope()), an_upload(), os.urandom(9 * MIB)
    await files.write(upload_id, "text/csv", chunks(content, 1000))
    assert b"".join([chunk async for chunk in files.read(upload_id)]) == content


async def test_no_chunk_that_is_read_is_large(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await files.write(upload_id, "text/csv", chunks(bytes(9 * MIB)))
    assert max([len(chunk) async for chunk in files.read(upload_id)]) <= MIB


async def test_another_site_reads_nothing_of_it(depot: Depot) -> None:
    upload_id = an_upload()
    await depot.files(a_scope()).write(upload_id, "text/csv", chunks(b"ours"))
    with pytest.raises(NotUploadedError):
        _ = [chunk async for chunk in depot.files(a_scope()).read(upload_id)]


async def test_what_was_uploaded_is_read_when_it_is_settled(depot: Depot) -> None:
    files, upload_id, content = depot.files(a_scope()), an_upload(), b"title\nPaint\n"
    await depot.put(await files.sign_upload(upload_id, terms_of(content), until=soon()), content)
    with pytest.raises(NotUploadedError):
        _ = [chunk async for chunk in files.read(upload_id)]
    await files.settle(upload_id, terms_of(content), None)
    assert b"".join([chunk async for chunk in files.read(upload_id)]) == content


async def test_what_was_discarded_is_not_read(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await files.write(upload_id, "text/csv", chunks(b"ours"))
    await files.discard(upload_id, None)
    with pytest.raises(NotUploadedError):
        _ = [chunk async for chunk in files.read(upload_id)]


async def test_a_page_is_stored_as_nothing_that_a_browser_runs(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await files.write(upload_id, "text/html", chunks(b"<script>"))
    url = await files.sign_download(upload_id, name="a.html", content_type="text/html", until=soon())
    assert (await depot.fetch(url)).headers["content-type"] == "application/octet-stream"
