"""Requests that others may send to the store: each bound to one key, one method, and what its headers say."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

from adapters.s3.bucket import Bucket
from adapters.s3.errors import reached
from application.files.store import SignedRequest, UploadPart
from application.shared.ports import Clock
from domain.files.upload import UploadTerms

_LONGEST: Final = 7 * 24 * 3600
_MOST_PARTS: Final = 10_000
_MIB: Final = 1 << 20
_HEADERS: Final = {
    "ContentType": "Content-Type",
    "ContentLength": "Content-Length",
    "ChecksumSHA256": "x-amz-checksum-sha256",
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
}
"""Which header a parameter becomes. All of them are signed, so the store refuses a request where one differs."""


@dataclass(frozen=True, slots=True)
class Signer:
    bucket: Bucket
    clock: Clock

    async def put(self, key: str, terms: UploadTerms, until: datetime) -> SignedRequest:
        bound = {
            "ContentType": terms.content_type,
            "ContentLength": terms.size,
            "ChecksumSHA256": b64encode(terms.sha256).decode(),
            **self.bucket.encryption,
        }
        return await self._signed("put_object", "PUT", self.bucket.at(key), bound, until)

    async def put_part(self, key: str, handle: str, number: int, size: int, until: datetime) -> SignedRequest:
        place = {**self.bucket.at(key), "UploadId": handle, "PartNumber": number}
        return await self._signed("upload_part", "PUT", place, {"ContentLength": size}, until)

    async def get(self, key: str, shown_as: Mapping[str, str], until: datetime) -> str:
        """`shown_as`: the headers of the answer, `ResponseContentType` and the like; they are signed as well."""
        request = await self._signed("get_object", "GET", {**self.bucket.at(key), **shown_as}, {}, until)
        return request.url

    async def _signed(
        self, operation: str, method: str, place: Mapping[str, Any], bound: Mapping[str, Any], until: datetime
    ) -> SignedRequest:
        with reached():
            url = await self.bucket.client.generate_presigned_url(
                operation, Params={**place, **bound}, ExpiresIn=self._seconds(until), HttpMethod=method
            )
        headers = {_HEADERS[name]: str(value) for name, value in bound.items()}
        return SignedRequest(method=method, url=url, headers=headers)

    def _seconds(self, until: datetime) -> int:
        seconds = int((until - self.clock()).total_seconds())
        if not 0 < seconds <= _LONGEST:
            raise ValueError("a signed request is good for a second to seven days")
        return seconds


def part_sizes(size: int, part_bytes: int) -> list[tuple[int, int]]:
    """Offset and size of each part, one if it fits: of `part_bytes`, or larger where they would be too many."""
    fitting = max(part_bytes, ceil(size / _MOST_PARTS / _MIB) * _MIB)
    return [(offset, min(fitting, size - offset)) for offset in range(0, size, fitting)] or [(0, 0)]


async def signed_parts(
    signer: Signer, key: str, handle: str, parts: list[tuple[int, int]], until: datetime
) -> list[UploadPart]:
    """Each takes a third of a millisecond and nothing that is waited for: others have their turn after each."""
    signed: list[UploadPart] = []
    for number, (offset, size) in enumerate(parts, start=1):
        request = await signer.put_part(key, handle, number, size, until)
        signed.append(UploadPart(offset=offset, size=size, request=request))
        await asyncio.sleep(0)
    return signed
