"""What Amazon's store is sent: told by the URLs alone, without one."""

from base64 import b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.file_store import S3FileStore
from adapters.s3.signing import part_sizes
from tests.depots import a_scope, an_upload, now, soon, terms_of

TERMS = terms_of(b"Berlin")
GIB = 1 << 30
MIB = 1 << 20


async def signed(options: str) -> tuple[str, dict[str, str]]:
    async with open_bucket(read_address(f"s3://key:secret@files?{options}"), part_bytes=5 << 20) as bucket:
        upload = await S3FileStore(bucket, a_scope(), now).sign_upload(an_upload(), TERMS, until=soon())
    return upload.parts[0].request.url, dict(upload.parts[0].request.headers)


async def test_every_header_that_is_told_is_signed() -> None:
    url, headers = await signed("region=eu-central-1&encryption=aws:kms&kms_key=key-1")
    assert headers == {
        "Content-Type": "text/plain",
        "Content-Length": "6",
        "x-amz-checksum-sha256": b64encode(TERMS.sha256).decode(),
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "key-1",
    }
    names = parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"][0].split(";")
    assert set(names) == {"host", *(name.lower() for name in headers)}


@pytest.mark.parametrize(
    ("options", "beginning"),
    [
        ("region=eu-central-1", "https://files.s3.eu-central-1.amazonaws.com/"),
        ("region=eu-central-1&addressing=path", "https://s3.eu-central-1.amazonaws.com/files/"),
        ("endpoint=http://127.0.0.1:9070&addressing=path", "http://127.0.0.1:9070/files/"),
        ("endpoint=https://s3.example.com&addressing=virtual", "https://files.s3.example.com/"),
    ],
)
async def test_where_requests_go_is_as_it_is_set(options: str, beginning: str) -> None:
    url, _headers = await signed(options)
    assert url.startswith(beginning)


async def test_a_request_lasts_as_long_as_it_is_told() -> None:
    async with open_bucket(read_address("s3://key:secret@files?region=eu-central-1"), part_bytes=5 << 20) as bucket:
        at = now()
        files = S3FileStore(bucket, a_scope(), lambda: at)
        upload = await files.sign_upload(an_upload(), TERMS, until=at + timedelta(minutes=15))
        assert parse_qs(urlsplit(upload.parts[0].request.url).query)["X-Amz-Expires"] == ["900"]
        for until in (at, at - timedelta(hours=1), at + timedelta(days=8)):
            with pytest.raises(ValueError, match="seven days"):
                await files.sign_upload(an_upload(), TERMS, until=until)


@pytest.mark.parametrize(
    ("size", "part_bytes", "count", "largest"),
    [
        (0, 64 * MIB, 1, 0),
        (64 * MIB, 64 * MIB, 1, 64 * MIB),
        (64 * MIB + 1, 64 * MIB, 2, 64 * MIB),
        (50_000 * MIB, 5 * MIB, 10_000, 5 * MIB),
        (50_000 * MIB + 1, 5 * MIB, 8334, 6 * MIB),
        (5 << 40, 5 * MIB, 9987, 525 * MIB),
    ],
)
def test_parts_keep_to_the_limits_of_the_store(size: int, part_bytes: int, count: int, largest: int) -> None:
    parts = part_sizes(size, part_bytes)
    assert len(parts) == count <= 10_000
    assert max(part for _offset, part in parts) == largest <= 5 * GIB
    assert [offset for offset, _part in parts] == [
        sum(part for _, part in parts[:n]) for n in range(min(count, 100))
    ] + [offset for offset, _part in parts[100:]]
    assert sum(part for _offset, part in parts) == size
