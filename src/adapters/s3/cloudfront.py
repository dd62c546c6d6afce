"""Downloads through a CloudFront distribution before the bucket, by signed URLs."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """`url` is its origin, without a slash at the end; `key_id` names the public key in its trusted key group."""

    url: str
    key_id: str
    private_key: RSAPrivateKey = field(repr=False)

    def sign(self, key: str, *, disposition: str, content_type: str, until: datetime) -> str:
        """With a canned policy: the whole URL, the headers of the answer in it, and until when."""
        from botocore.signers import CloudFrontSigner  # noqa: PLC0415  takes a tenth of a second

        shown_as = {"response-content-disposition": disposition, "response-content-type": content_type}
        url = f"{self.url}/{quote(key)}?{urlencode(shown_as, quote_via=quote, safe='')}"
        signed: str = CloudFrontSigner(self.key_id, self._signature).generate_presigned_url(url, date_less_than=until)
        return signed

    def _signature(self, policy: bytes) -> bytes:
        # S303: CloudFront takes no other hash.
        return self.private_key.sign(policy, PKCS1v15(), hashes.SHA1())  # noqa: S303


def read_private_key(pem: str) -> RSAPrivateKey:
    """Raise `ValueError` where it is no RSA key in PEM form without a password."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("is no private key in PEM form without a password") from error
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("is not an RSA key, the only kind CloudFront signs downloads with here")  # noqa: TRY004  of text
    return key
