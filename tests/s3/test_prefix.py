"""Whatever a user writes: no signed request leaves the prefix of its site."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.s3.address import read_address
from adapters.s3.bucket import Bucket, open_bucket
from adapters.s3.cloudfront import Distribution
from adapters.s3.file_store import S3FileStore
from application.files.attachment import attachment, inert_type
from domain.files.upload import UploadTerms
from tests.depots import a_scope, an_upload, now, soon

HOSTILE = st.text(st.characters(codec=None, categories=["Cs", "Cc", "Cf", "L", "N", "P", "Z", "S"]), max_size=1024)
TRICKS = (
    "..",
    "../../other-site/files/x",
    "/",
    "a\0b",
    "%2e%2e%2f",
    "?x-id=1#",
    "a&X-Amz-Expires=9",
    "\r\nHost: x",
    "ü" * 1024,
)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FRONT = Distribution(url="https://d111.cloudfront.net", key_id="K1", private_key=KEY)
ADDRESSES = {
    "path": "https://s3.example.com/files-bucket/live",
    "virtual": "https://files-bucket.s3.example.com/live",
}


@pytest.fixture(scope="module")
async def buckets() -> AsyncIterator[list[tuple[Bucket, str]]]:
    """Each with where its keys begin, of either style of addressing, with and without a distribution."""
    async with AsyncExitStack() as opened:
        found = []
        for addressing, root in ADDRESSES.items():
            address = read_address(
                f"s3://key:secret@files-bucket?endpoint=https://s3.example.com&addressing={addressing}&prefix=live"
            )
            for front in (None, FRONT):
                bucket = open_bucket(address, part_bytes=5 << 20, distribution=front)
                found.append((await opened.enter_async_context(bucket), root))
        yield found


async def check(bucket: Bucket, root: str, name: str, content_type: str) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = S3FileStore(bucket, scope, now)
    header = "".join(letter for letter in content_type if letter.isascii() and letter.isprintable())
    sent = UploadTerms(content_type=header, size=3, sha256=bytes(32))
    put = (await files.sign_upload(upload_id, sent, until=soon())).parts[0].request
    got = await files.sign_download(upload_id, name=name, content_type=content_type, until=soon())

    assert put.url.partition("?")[0] == f"{root}/{scope.site_id}/incoming/{upload_id}"
    assert "response" not in put.url
    if bucket.distribution:
        root = f"{FRONT.url}/live"
    assert got.partition("?")[0] == f"{root}/{scope.site_id}/files/{upload_id}"
    query = parse_qs(urlsplit(got).query, strict_parsing=True)
    assert query["response-content-disposition"] == [attachment(name)]
    assert query["response-content-type"] == [inert_type(content_type)]
    assert all(len(values) == 1 for values in query.values())
    assert got.isascii()
    assert len(got) < 4000


@given(name=HOSTILE, content_type=HOSTILE)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_signed_request_leaves_the_prefix_of_its_site(
    buckets: list[tuple[Bucket, str]], name: str, content_type: str
) -> None:
    for bucket, root in buckets:
        await check(bucket, root, name, content_type)


@pytest.mark.parametrize("trick", TRICKS)
async def test_no_known_trick_leaves_the_prefix_of_its_site(buckets: list[tuple[Bucket, str]], trick: str) -> None:
    for bucket, root in buckets:
        await check(bucket, root, trick, trick)
