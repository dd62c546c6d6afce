"""Run as a script: move argv[3] bytes through signed requests to the store at argv[1], in parts of argv[2] at most.

Writes how much the peak of its memory grew meanwhile, in bytes.
"""

import asyncio
import hashlib
import resource
import sys
from collections.abc import AsyncIterator, Iterator

import httpx

from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.file_store import S3FileStore
from application.files.store import FileStore, UploadPart
from domain.files.upload import UploadTerms
from tests.depots import a_scope, an_upload, now, soon

STEP = 1 << 18


def content(offset: int, size: int) -> Iterator[bytes]:
    """Bytes that are others at every offset, and never all there."""
    for at in range(offset, offset + size, STEP):
        block = hashlib.sha256(str(at).encode()).digest() * (STEP // 32)
        yield block[: min(STEP, offset + size - at)]


async def put(client: httpx.AsyncClient, part: UploadPart) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for block in content(part.offset, part.size):
            yield block

    request = part.request
    answer = await client.request(request.method, request.url, headers=dict(request.headers), content=stream())
    answer.raise_for_status()


async def move(files: FileStore, size: int) -> None:
    digest = hashlib.sha256()
    for block in content(0, size):
        digest.update(block)
    terms, upload_id = UploadTerms(content_type="video/mp4", size=size, sha256=digest.digest()), an_upload()
    upload = await files.sign_upload(upload_id, terms, until=soon())
    async with httpx.AsyncClient(timeout=60) as client:
        for part in upload.parts:
            await put(client, part)
        await files.settle(upload_id, terms, upload.handle)
        url = await files.sign_download(upload_id, name="film.mp4", content_type="video/mp4", until=soon())
        got = hashlib.sha256()
        async with client.stream("GET", url) as answer:
            async for block in answer.aiter_bytes():
                got.update(block)
    if got.digest() != terms.sha256:
        raise ValueError("what was uploaded is not what was downloaded")
    await files.discard(upload_id, upload.handle)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def main(url: str, part_bytes: str, size: str) -> None:
    async with open_bucket(read_address(url), part_bytes=int(part_bytes)) as bucket:
        files = S3FileStore(bucket, a_scope(), now)
        await move(files, 4 * STEP)
        before = peak()
        await move(files, int(size))
    sys.stdout.write(str(peak() - before))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
