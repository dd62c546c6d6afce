"""A settling process that dies between any two of its steps: whoever settles again gets it right."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from adapters.s3.bucket import Bucket
from adapters.s3.file_store import S3FileStore
from application.files.store import NotUploadedError, UploadDiffersError
from domain.files.upload import UploadId, UploadTerms
from domain.tenancy.scope import SiteScope
from tests.depots import PART_BYTES, Depot, a_scope, an_upload, now, s3_depot, soon, terms_of

pytestmark = pytest.mark.storage

MOST_STEPS = 12
SMALL = b"Berlin, 1989\n"
LARGE = os.urandom(PART_BYTES + 17)


class DiedError(Exception):
    """The process is gone."""


class DyingClient:
    """Does what it is asked `steps` times, and dies then."""

    def __init__(self, client: Any, steps: int) -> None:
        self._client, self.left = client, steps

    def __getattr__(self, name: str) -> Any:
        call: Callable[..., Any] = getattr(self._client, name)
        if name == "get_paginator":
            return call

        async def step(**parameters: Any) -> Any:
            if self.left == 0:
                raise DiedError
            self.left -= 1
            return await call(**parameters)

        return step


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """An upload of which all bytes are there."""

    scope: SiteScope
    id: UploadId
    handle: str | None

    async def settle(self, depot: Depot, terms: UploadTerms) -> None:
        await depot.files(self.scope).settle(self.id, terms, self.handle)

    async def dies(self, bucket: Bucket, steps: int, terms: UploadTerms) -> bool:
        """Settle with a client that does so many steps; whether it died."""
        dying = replace(bucket, client=DyingClient(bucket.client, steps))
        try:
            await S3FileStore(dying, self.scope, now).settle(self.id, terms, self.handle)
        except DiedError:
            return True
        except UploadDiffersError:
            return False
        return False


async def a_put(depot: Depot, content: bytes) -> Put:
    scope, upload_id = a_scope(), an_upload()
    upload = await depot.files(scope).sign_upload(upload_id, terms_of(content), until=soon())
    await depot.put(upload, content)
    return Put(scope=scope, id=upload_id, handle=upload.handle)


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["one part", "parts"])
async def test_settling_goes_on_where_it_was_interrupted(storage_url: str, content: bytes) -> None:
    async with s3_depot(storage_url) as (depot, bucket):
        for steps in range(MOST_STEPS):
            put = await a_put(depot, content)
            died = await put.dies(bucket, steps, terms_of(content))
            await put.settle(depot, terms_of(content))
            assert await depot.stored(put.scope) == [(put.id, None)]
            files = depot.files(put.scope)
            url = await files.sign_download(put.id, name="a", content_type="text/plain", until=soon())
            assert (await depot.fetch(url)).content == content
            if not died:
                break
    assert 3 < steps < MOST_STEPS - 1


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["one part", "parts"])
async def test_what_differs_is_never_settled_however_often_it_is_interrupted(storage_url: str, content: bytes) -> None:
    announced = terms_of(content[::-1])
    async with s3_depot(storage_url) as (depot, bucket):
        for steps in range(MOST_STEPS):
            put = await a_put(depot, content)
            died = await put.dies(bucket, steps, announced)
            with pytest.raises((UploadDiffersError, NotUploadedError)):
                await put.settle(depot, announced)
            assert await depot.stored(put.scope) == []
            if not died:
                break
    assert 3 < steps < MOST_STEPS - 1


async def test_a_sum_that_the_uploader_claimed_is_not_believed(storage_url: str) -> None:
    """rclone takes any bytes for the signed sum, and tells the sum as if it were theirs."""
    async with s3_depot(storage_url) as (depot, bucket):
        scope, upload_id = a_scope(), an_upload()
        upload = await depot.files(scope).sign_upload(upload_id, terms_of(SMALL), until=soon())
        assert (await depot.send(upload.parts[0].request, SMALL[::-1])).status == 200
        told = await bucket.client.head_object(**bucket.at(f"{scope.site_id}/incoming/{upload_id}"))
        assert told["ChecksumSHA256"] == upload.parts[0].request.headers["x-amz-checksum-sha256"]
        with pytest.raises(UploadDiffersError):
            await depot.files(scope).settle(upload_id, terms_of(SMALL), None)
        assert await depot.stored(scope) == []
