"""Uploads in parts: begun by us, put by others, and joined by us."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from adapters.s3.bucket import Bucket
from adapters.s3.errors import is_missing, is_of_another_part
from application.files.store import NotUploadedError


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunUpload:
    key: str
    handle: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Multipart:
    bucket: Bucket

    async def begin(self, key: str, described: Mapping[str, str]) -> str:
        """The handle of a new one."""
        begun = await self.bucket.client.create_multipart_upload(**self.bucket.at(key), **described)
        return str(begun["UploadId"])

    async def join(self, key: str, handle: str, *, size: int) -> None:
        """Make the object of all parts, which have `size` bytes together. Nothing where it is joined or gone.

        Raise `NotUploadedError` where not all are there, or one came again since they were listed.
        """
        place = {**self.bucket.at(key), "UploadId": handle}
        try:
            there = await self._parts(place)
            if (uploaded := sum(one["Size"] for one in there)) != size:
                raise NotUploadedError(f"only {uploaded} of {size} bytes were uploaded")
            parts = [{"PartNumber": one["PartNumber"], "ETag": one["ETag"]} for one in there]
            await self.bucket.client.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
        except ClientError as error:
            if is_of_another_part(error):
                raise NotUploadedError("a part was sent once more meanwhile: complete it again") from error
            if not is_missing(error):
                raise

    async def abort(self, key: str, handle: str) -> None:
        try:
            await self.bucket.client.abort_multipart_upload(**self.bucket.at(key), UploadId=handle)
        except ClientError as error:
            if not is_missing(error):
                raise

    async def abort_all(self, prefix: str) -> None:
        async for begun in self.under(prefix):
            await self.abort(begun.key, begun.handle)

    async def under(self, prefix: str) -> AsyncIterator[BegunUpload]:
        """Those that were begun and neither joined nor aborted, with keys that begin so."""
        full = self.bucket.prefix + prefix
        try:
            async for page in self.bucket.pages("list_multipart_uploads", Prefix=full):
                for one in page.get("Uploads", ()):
                    key = one["Key"].removeprefix(self.bucket.prefix)
                    yield BegunUpload(key=key, handle=str(one["UploadId"]), begun_at=one["Initiated"])
        except ClientError as error:
            if not is_missing(error):  # so rclone says where it never had any
                raise

    async def _parts(self, place: Mapping[str, str]) -> list[dict[str, Any]]:
        """Those that were uploaded, in their order."""
        pages = self.bucket.client.get_paginator("list_parts").paginate(**place)
        return [one async for page in pages for one in page.get("Parts", ())]
