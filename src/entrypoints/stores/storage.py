from collections.abc import AsyncIterator

from dishka import Provider, provide
from dishka import Scope as Lifetime

from adapters.memory.archives import MemoryArchiveStore, MemoryFileVault
from adapters.memory.file_store import MemoryFileStore, MemorySiteStores
from adapters.memory.object_store import MemoryObjectStore
from adapters.s3.address import read_address
from adapters.s3.archives import S3ArchiveStore
from adapters.s3.bucket import Bucket, open_bucket
from adapters.s3.cloudfront import Distribution, read_private_key
from adapters.s3.file_store import S3FileStore
from adapters.s3.file_vault import S3FileVault
from adapters.s3.site_stores import S3SiteStores
from application.backups.store import ArchiveStore, FileVault
from application.files.store import FileStore, SiteStores
from application.shared.ports import Clock
from domain.tenancy.scope import Scope
from entrypoints.component_checks import StorageCheck, always_well
from entrypoints.settings import Settings
from entrypoints.storage_problems import cloudfront_key


class S3Storage(Provider):
    """Files in the bucket at `settings.storage_url`, which is not empty any more where one is used."""

    scope = Lifetime.REQUEST

    @provide(scope=Lifetime.APP)
    async def bucket(self, settings: Settings) -> AsyncIterator[Bucket]:
        address, front = read_address(settings.storage_url), distribution_of(settings)
        async with open_bucket(address, part_bytes=settings.storage_part_bytes, distribution=front) as bucket:
            yield bucket

    @provide
    def files(self, bucket: Bucket, scope: Scope, clock: Clock) -> FileStore:
        return S3FileStore(bucket, scope, clock)

    @provide(scope=Lifetime.APP)
    def sites(self, bucket: Bucket) -> SiteStores:
        return S3SiteStores(bucket)

    @provide(scope=Lifetime.APP)
    def check(self, bucket: Bucket) -> StorageCheck:
        return bucket.problem

    @provide(scope=Lifetime.APP)
    def archives(self, bucket: Bucket, clock: Clock) -> ArchiveStore:
        return S3ArchiveStore(bucket, clock)

    @provide(scope=Lifetime.APP)
    def vault(self, bucket: Bucket) -> FileVault:
        return S3FileVault(bucket)


def distribution_of(settings: Settings) -> Distribution | None:
    if not settings.cloudfront_url:
        return None
    key = cloudfront_key(settings.cloudfront_private_key, settings.cloudfront_private_key_file)
    return Distribution(
        url=settings.cloudfront_url.rstrip("/"),
        key_id=settings.cloudfront_key_id,
        private_key=read_private_key(key),
    )


class MemoryStorage(Provider):
    """Files in this process, and gone with it: for tests."""

    scope = Lifetime.REQUEST

    def __init__(self, objects: MemoryObjectStore) -> None:
        super().__init__()
        self._objects = objects

    @provide(scope=Lifetime.APP)
    def objects(self) -> MemoryObjectStore:
        return self._objects

    @provide
    def files(self, objects: MemoryObjectStore, scope: Scope) -> FileStore:
        return MemoryFileStore(objects, scope)

    @provide(scope=Lifetime.APP)
    def sites(self, objects: MemoryObjectStore) -> SiteStores:
        return MemorySiteStores(objects)

    @provide(scope=Lifetime.APP)
    def check(self) -> StorageCheck:
        return always_well

    @provide(scope=Lifetime.APP)
    def archives(self, objects: MemoryObjectStore) -> ArchiveStore:
        return MemoryArchiveStore(objects)

    @provide(scope=Lifetime.APP)
    def vault(self, objects: MemoryObjectStore) -> FileVault:
        return MemoryFileVault(objects)
