import json
from base64 import b64decode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.cloudfront import Distribution, read_private_key
from adapters.s3.file_store import S3FileStore
from tests.depots import a_scope, an_upload, now

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FRONT = Distribution(url="https://d111.cloudfront.net", key_id="K2JCJMDEHXQW5F", private_key=KEY)
UNTIL = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def as_cloudfront_reads(text: str) -> bytes:
    return b64decode(text.translate(str.maketrans("-_~", "+=/")))


async def signed(name: str) -> tuple[str, str]:
    """The key in the bucket, and the URL for reading it."""
    scope, upload_id = a_scope(), an_upload()
    address = read_address("s3://key:secret@files?region=eu-central-1&prefix=live")
    async with open_bucket(address, part_bytes=5 << 20, distribution=FRONT) as bucket:
        files = S3FileStore(bucket, scope, now)
        url = await files.sign_download(upload_id, name=name, content_type="text/html", until=UNTIL)
    return f"live/{scope.site_id}/files/{upload_id}", url


def verified_policy(url: str) -> dict[str, object]:
    """What CloudFront makes of a URL with a canned policy: raise `InvalidSignature` where it was not signed so."""
    resource, _, rest = url.partition("&Expires=")
    expires, signature, key_id = rest.split("&")
    policy = (
        f'{{"Statement":[{{"Resource":"{resource}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'
    )
    KEY.public_key().verify(
        as_cloudfront_reads(signature.removeprefix("Signature=")),
        policy.encode(),
        PKCS1v15(),
        hashes.SHA1(),  # noqa: S303  CloudFront's
    )
    assert key_id == f"Key-Pair-Id={FRONT.key_id}"
    return dict(json.loads(policy)["Statement"][0])


async def test_a_download_goes_through_the_distribution_and_is_signed_as_a_whole() -> None:
    key, url = await signed('Größe & "Maß".html')
    policy = verified_policy(url)
    assert policy["Condition"] == {"DateLessThan": {"AWS:EpochTime": int(UNTIL.timestamp())}}
    parts = urlsplit(str(policy["Resource"]))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "d111.cloudfront.net", f"/{key}")
    assert parse_qs(parts.query) == {
        "response-content-disposition": [
            "attachment; filename=\"Gr__e & _Ma__.html\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%20_Ma%C3%9F_.html"
        ],
        "response-content-type": ["application/octet-stream"],
    }


async def test_a_changed_url_is_not_signed() -> None:
    _key, url = await signed("a.html")
    for changed in (
        url.replace("a.html", "b.html"),
        url.replace("Expires=1", "Expires=2"),
        url.replace("/files/", "/x/"),
    ):
        assert changed != url
        with pytest.raises(InvalidSignature):
            verified_policy(changed)


def test_reads_rsa_keys_alone() -> None:
    assert read_private_key(pem(KEY)).private_numbers() == KEY.private_numbers()
    for text in (pem(ec.generate_private_key(ec.SECP256R1())), "no key", ""):
        with pytest.raises(ValueError, match="key"):
            read_private_key(text)
    assert "PrivateKey" not in repr(FRONT)
