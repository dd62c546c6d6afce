import os
from dataclasses import replace
from typing import Any

import pytest

from adapters.s3.file_store import S3FileStore
from application.files.store import NotUploadedError
from tests.depots import PART_BYTES, a_scope, an_upload, now, s3_depot, soon, terms_of

pytestmark = pytest.mark.storage

LARGE = os.urandom(PART_BYTES + 17)


class SentMeanwhile:
    """A client that names a part by what it was before: as if it came again between listing and joining."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def complete_multipart_upload(self, **parameters: Any) -> Any:
        parameters["MultipartUpload"]["Parts"][0]["ETag"] = f'"{"0" * 32}"'
        return await self._client.complete_multipart_upload(**parameters)


async def test_a_part_that_is_sent_while_all_are_joined_is_told(storage_url: str) -> None:
    """Amazon keeps the parts then, and takes them the next time; rclone forgets the upload."""
    async with s3_depot(storage_url) as (depot, bucket):
        files = S3FileStore(replace(bucket, client=SentMeanwhile(bucket.client)), a_scope(), now)
        upload_id, terms = an_upload(), terms_of(LARGE)
        upload = await files.sign_upload(upload_id, terms, until=soon())
        await depot.put(upload, LARGE)
        with pytest.raises(NotUploadedError, match="meanwhile"):
            await files.settle(upload_id, terms, upload.handle)
