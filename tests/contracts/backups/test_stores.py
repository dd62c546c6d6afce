"""The store of backups and the vault of files, in memory and on a real store."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from adapters.memory.archives import MemoryArchiveStore, MemoryFileVault
from adapters.memory.file_store import MemorySiteStores
from adapters.memory.object_store import MemoryObject, MemoryObjectStore
from adapters.s3.address import read_address
from adapters.s3.archives import S3ArchiveStore
from adapters.s3.bucket import open_bucket
from adapters.s3.file_vault import S3FileVault
from adapters.s3.keys import object_key
from adapters.s3.site_stores import S3SiteStores
from adapters.s3.streams import put_stream
from application.backups.store import ArchiveStore, FileVault, Part, Written
from application.files.store import SiteStores
from domain.backups.backup import BackupDamagedError, BackupId
from domain.backups.manifest import KeptFile
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId
from tests.depots import PART_BYTES, now, soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    archives: ArchiveStore
    vault: FileVault
    sites: SiteStores
    objects: MemoryObjectStore | None = None
    bucket: object = None

    async def upload(self, site_id: SiteId, content: bytes) -> KeptFile:
        """A file that the site has."""
        upload_id = UploadId(uuid4())
        if self.objects is not None:
            one = MemoryObject(content=content, content_type="text/plain", changed_at=now())
            self.objects.objects[site_id, "files", upload_id] = one
        else:
            await put_stream(self.bucket, object_key(site_id, "files", upload_id), chunks(content))  # type: ignore[arg-type]  # a Bucket
        return KeptFile(upload_id=upload_id, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    async def fetch(self, url: str) -> tuple[int, bytes]:
        if self.objects is not None:
            answer = self.objects.fetch(url)
            return answer.status, answer.content
        async with httpx.AsyncClient() as client:
            got = await client.get(url)
        return got.status_code, got.content


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.storage)])
def shelf_url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "memory" else str(request.getfixturevalue("storage_url"))


@pytest.fixture
async def shelf(shelf_url: str) -> AsyncIterator[Shelf]:
    if not shelf_url:
        objects = MemoryObjectStore(now)
        kept = MemoryArchiveStore(objects)
        yield Shelf(archives=kept, vault=MemoryFileVault(objects), sites=MemorySiteStores(objects), objects=objects)
        return
    async with open_bucket(read_address(shelf_url), part_bytes=PART_BYTES) as bucket:
        archives, stores = S3ArchiveStore(bucket, now), S3SiteStores(bucket)
        yield Shelf(archives=archives, vault=S3FileVault(bucket), sites=stores, bucket=bucket)


def a_part(site_id: SiteId | None = None) -> Part:
    return Part(site_id=site_id or SiteId(uuid4()), backup_id=BackupId(uuid4()), name="dump")


async def chunks(*content: bytes) -> AsyncIterator[bytes]:
    for chunk in content:
        yield chunk


async def read(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in stream])


async def test_a_part_is_what_was_written_and_replaced_as_a_whole(shelf: Shelf) -> None:
    part = a_part()
    for content in ((b"a", b"", b"bc"), (b"later",)):
        whole = b"".join(content)
        written = await shelf.archives.write(part, chunks(*content))
        assert written == Written(len(whole), hashlib.sha256(whole).digest())
        assert await read(shelf.archives.read(part)) == whole


async def test_a_part_that_is_not_there_is_told(shelf: Shelf) -> None:
    with pytest.raises(BackupDamagedError, match="dump"):
        await read(shelf.archives.read(a_part()))


async def test_what_fails_while_it_is_written_leaves_nothing(shelf: Shelf) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("broke")

    part = a_part()
    with pytest.raises(RuntimeError, match="broke"):
        await shelf.archives.write(part, failing())
    assert [one async for one in shelf.archives.stored(part.site_id)] == []


async def test_one_backup_goes_and_the_others_stay(shelf: Shelf) -> None:
    site_id = SiteId(uuid4())
    one, other, foreign = a_part(site_id), a_part(site_id), a_part()
    for part in (one, other, foreign):
        await shelf.archives.write(part, chunks(b"x"))
    for _ in range(2):
        await shelf.archives.discard(site_id, one.backup_id)
    assert [found async for found in shelf.archives.stored(site_id)] == [other.backup_id]
    assert await read(shelf.archives.read(foreign)) == b"x"


async def test_a_signed_url_gives_the_bytes_and_no_other(shelf: Shelf) -> None:
    part, other = a_part(), a_part()
    await shelf.archives.write(part, chunks(b"bytes"))
    await shelf.archives.write(other, chunks(b"others"))
    url = await shelf.archives.sign_download(part, name="a.zip", content_type="application/zip", until=soon())
    assert await shelf.fetch(url) == (200, b"bytes")
    assert (await shelf.fetch(url.replace(str(part.backup_id), str(other.backup_id))))[0] in (400, 403)
    late = now() + timedelta(days=8)
    if shelf.objects is None:
        with pytest.raises(ValueError, match="seven days"):
            await shelf.archives.sign_download(part, name="a", content_type="b", until=late)


async def test_files_outlive_their_site_and_come_back_into_another(shelf: Shelf) -> None:
    site_id, copy_id = SiteId(uuid4()), SiteId(uuid4())
    files = [await shelf.upload(site_id, content) for content in (b"", b"one", b"x" * 300_000)]
    for file in files:
        await shelf.vault.keep(site_id, file)
    await shelf.sites.discard_site(site_id)
    assert {one async for one in shelf.vault.kept(site_id)} == {(file.upload_id, file.size) for file in files}
    assert [one async for one in shelf.vault.kept(copy_id)] == []

    for file in files:
        for _ in range(2):
            await shelf.vault.put_back(site_id, file, into=copy_id)
    found = [await read(shelf.vault.original(copy_id, file)) for file in files]
    assert found == [b"", b"one", b"x" * 300_000]
    await shelf.vault.discard(site_id, [UploadId(file.upload_id) for file in files[1:]])
    assert [one async for one in shelf.vault.kept(site_id)] == [(files[0].upload_id, 0)]


async def test_bytes_that_are_others_are_refused_and_not_kept(shelf: Shelf) -> None:
    site_id = SiteId(uuid4())
    file = await shelf.upload(site_id, b"as it was")
    claimed = KeptFile(upload_id=file.upload_id, size=file.size, sha256=hashlib.sha256(b"another!!").hexdigest())
    absent = KeptFile(upload_id=uuid4(), size=1, sha256="00")
    for wrong in (claimed, absent):
        with pytest.raises(BackupDamagedError, match=str(wrong.upload_id)):
            await shelf.vault.keep(site_id, wrong)
        with pytest.raises(BackupDamagedError, match=str(wrong.upload_id)):
            await read(shelf.vault.original(site_id, wrong))
    assert [one async for one in shelf.vault.kept(site_id)] == []
    with pytest.raises(BackupDamagedError):
        await shelf.vault.put_back(site_id, file, into=SiteId(uuid4()))
