"""A signed request is good for what it was signed for, and for nothing else."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from application.files.store import SignedRequest, UploadDiffersError
from tests.depots import PART_BYTES, Depot, a_scope, an_upload, now, soon, terms_of, with_headers

CONTENT = b"Berlin, 1989\n"
LARGE = os.urandom(PART_BYTES + 100)


async def a_put(depot: Depot) -> SignedRequest:
    upload = await depot.files(a_scope()).sign_upload(an_upload(), terms_of(CONTENT), until=soon())
    return upload.parts[0].request


async def a_part(depot: Depot) -> SignedRequest:
    """The last one, of 100 bytes."""
    upload = await depot.files(a_scope()).sign_upload(an_upload(), terms_of(LARGE), until=soon())
    return upload.parts[-1].request


async def test_another_length_is_refused(depot: Depot) -> None:
    put, part = await a_put(depot), await a_part(depot)
    for content in (CONTENT + b"!", CONTENT[:-1], b""):
        assert (await depot.send(with_headers(put, content_length=str(len(content))), content)).is_refused
    for size in (99, 101):
        assert (await depot.send(with_headers(part, content_length=str(size)), b"x" * size)).is_refused
    assert (await depot.send(put, CONTENT)).status == 200
    assert (await depot.send(part, LARGE[-100:])).status == 200


async def test_another_type_is_refused(depot: Depot) -> None:
    put = await a_put(depot)
    assert put.headers["Content-Type"] == "text/plain"
    assert (await depot.send(with_headers(put, content_type="text/html"), CONTENT)).is_refused
    assert (await depot.send(with_headers(put, content_type=None), CONTENT)).is_refused


async def test_another_sum_is_refused(depot: Depot) -> None:
    put = await a_put(depot)
    other = with_headers(put, x_amz_checksum_sha256="A" * 43 + "=")
    assert (await depot.send(other, CONTENT)).is_refused
    assert (await depot.send(with_headers(put, x_amz_checksum_sha256=None), CONTENT)).is_refused


async def test_other_bytes_of_the_right_length_come_to_nothing(depot: Depot) -> None:
    """Refused by stores that check sums (Amazon's, memory), found out at the latest when they are settled."""
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    upload = await files.sign_upload(upload_id, terms_of(CONTENT), until=soon())
    answer = await depot.send(upload.parts[0].request, CONTENT[::-1])
    if not answer.is_refused:
        with pytest.raises(UploadDiffersError):
            await files.settle(upload_id, terms_of(CONTENT), None)
    assert await depot.stored(scope) == []


async def test_another_method_is_refused(depot: Depot) -> None:
    for request, content in ((await a_put(depot), CONTENT), (await a_part(depot), LARGE[-100:])):
        for method in ("GET", "POST", "DELETE"):
            assert (await depot.send(replace(request, method=method), content)).is_refused


async def test_a_download_reads_and_does_nothing_else(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    await files.settle(upload_id, terms_of(CONTENT), None)
    url = await files.sign_download(upload_id, name="a", content_type="text/plain", until=soon())
    put = SignedRequest(method="PUT", url=url, headers={"Content-Type": "text/plain", "Content-Length": "1"})
    assert (await depot.send(put, b"x")).is_refused
    assert (await depot.send(SignedRequest(method="DELETE", url=url), b"")).is_refused
    assert (await depot.fetch(url)).content == CONTENT


async def test_a_changed_url_is_refused(depot: Depot) -> None:
    scope, upload_id, other = a_scope(), an_upload(), an_upload()
    files = depot.files(scope)
    for one in (upload_id, other):
        await depot.put(await files.sign_upload(one, terms_of(CONTENT), until=soon()), CONTENT)
        await files.settle(one, terms_of(CONTENT), None)
    url = await files.sign_download(upload_id, name="a.txt", content_type="text/plain", until=soon())
    assert (await depot.fetch(url.replace(str(upload_id), str(other)))).is_refused
    assert (await depot.fetch(url.replace(str(scope.site_id), str(a_scope().site_id)))).is_refused
    assert (await depot.fetch(url.replace("text%2Fplain", "text%2Fhtml"))).is_refused
    assert (await depot.fetch(url.replace("attachment", "inline"))).is_refused
    put = await a_put(depot)
    assert (await depot.send(replace(put, url=put.url.replace("/incoming/", "/files/")), CONTENT)).is_refused


async def test_a_request_expires(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    until = now() + timedelta(seconds=5)
    upload = await files.sign_upload(upload_id, terms_of(CONTENT), until=until)
    url = await files.sign_download(upload_id, name="a", content_type="text/plain", until=until)
    await depot.put(upload, CONTENT)

    async def is_over(put: SignedRequest, get: str) -> bool:
        return (await depot.send(put, CONTENT)).is_refused and (await depot.fetch(get)).is_refused

    async with asyncio.timeout(20):
        while not (await is_over(upload.parts[0].request, url)):  # noqa: ASYNC110  the store's own clock says when
            await asyncio.sleep(0.1)
    assert now() >= until - timedelta(seconds=1.5)
