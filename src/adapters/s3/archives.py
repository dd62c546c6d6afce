from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.s3.bucket import Bucket
from adapters.s3.discarding import discard_under
from adapters.s3.keys import backups_key, read_backup
from adapters.s3.signing import Signer
from adapters.s3.streams import MissingObjectError, ObjectChangedError, get_stream, put_stream
from application.backups.store import ArchiveStore, Part, Written
from application.files.attachment import attachment
from application.shared.ports import Clock
from domain.backups.backup import BackupDamagedError, BackupId
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True)
class S3ArchiveStore(ArchiveStore):
    bucket: Bucket
    clock: Clock

    async def write(self, part: Part, chunks: AsyncIterator[bytes]) -> Written:
        described = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}
        return Written(*await put_stream(self.bucket, _key(part), chunks, described))

    async def read(self, part: Part) -> AsyncIterator[bytes]:
        try:
            async for chunk in get_stream(self.bucket, _key(part)):
                yield chunk
        except (MissingObjectError, ObjectChangedError) as error:
            raise BackupDamagedError(
                f"the {part.name} of the backup is missing, or changed while it was read"
            ) from error

    async def discard(self, site_id: SiteId, backup_id: BackupId) -> None:
        await discard_under(self.bucket, backups_key(site_id, backup_id))

    async def sign_download(self, part: Part, *, name: str, content_type: str, until: datetime) -> str:
        shown = attachment(name)
        if self.bucket.distribution is not None:
            full = self.bucket.at(_key(part))["Key"]
            return self.bucket.distribution.sign(full, disposition=shown, content_type=content_type, until=until)
        shown_as = {"ResponseContentDisposition": shown, "ResponseContentType": content_type}
        return await Signer(self.bucket, self.clock).get(_key(part), shown_as, until)

    async def stored(self, site_id: SiteId) -> AsyncIterator[BackupId]:
        told: set[BackupId] = set()
        under: dict[str, Any] = {"Prefix": self.bucket.prefix + backups_key(site_id)}
        async for page in self.bucket.pages("list_objects_v2", **under):
            for one in page.get("Contents", ()):
                found = read_backup(one["Key"].removeprefix(self.bucket.prefix))
                if found is not None and found not in told:
                    told.add(found)
                    yield found


def _key(part: Part) -> str:
    return backups_key(part.site_id, part.backup_id, part.name)
