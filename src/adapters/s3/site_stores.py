from collections.abc import AsyncIterator
from dataclasses import dataclass

from adapters.s3.bucket import Bucket
from adapters.s3.discarding import discard_under
from adapters.s3.errors import reached
from adapters.s3.keys import read_site, site_prefix
from adapters.s3.multipart import Multipart
from application.files.store import SiteStores
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True)
class S3SiteStores(SiteStores):
    bucket: Bucket

    async def sites(self) -> AsyncIterator[SiteId]:
        told: set[SiteId] = set()
        async for key in self._beginnings():
            site_id = read_site(key)
            if site_id is not None and site_id not in told:
                told.add(site_id)
                yield site_id

    async def discard_site(self, site_id: SiteId) -> None:
        await discard_under(self.bucket, site_prefix(site_id))

    async def _beginnings(self) -> AsyncIterator[str]:
        """Of all keys; some more than once. rclone tells empty folders as well, which are asked for their objects."""
        prefix = self.bucket.prefix
        async for page in self.bucket.pages("list_objects_v2", Prefix=prefix, Delimiter="/"):
            for one in page.get("CommonPrefixes", ()):
                if await self._has_objects(one["Prefix"]):
                    yield one["Prefix"].removeprefix(prefix)
        async for begun in Multipart(self.bucket).under(""):
            yield begun.key

    async def _has_objects(self, prefix: str) -> bool:
        with reached():
            page = await self.bucket.client.list_objects_v2(Bucket=self.bucket.name, Prefix=prefix, MaxKeys=1)
        return bool(page.get("Contents"))
