"""Where a bucket is: `s3://KEY:SECRET@bucket?region=…&endpoint=https://…&addressing=…&encryption=…&prefix=…`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_OPTIONS: Final = ("region", "endpoint", "addressing", "encryption", "kms_key", "prefix")
_ADDRESSING: Final = ("auto", "path", "virtual")
_ENCRYPTION: Final = ("AES256", "aws:kms")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION: Final = re.compile(r"[a-z0-9-]{1,50}")
_PREFIX: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/?)(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/?)*")
_ANY_REGION: Final = "us-east-1"
"""What stores that are not Amazon's expect in signatures where they have no regions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Address:
    """`key_id` and `secret` are empty where Amazon's own chain finds credentials; `endpoint` where it is Amazon's.

    `prefix` is empty or ends with a slash: what this deployment has of the bucket.
    """

    bucket: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    region: str
    endpoint: str
    addressing: str
    encryption: str
    kms_key: str
    prefix: str

    @property
    def is_local(self) -> bool:
        """Reached on this machine, so by no proxy."""
        return urlsplit(self.endpoint).hostname in ("127.0.0.1", "::1", "localhost")


def read_address(url: str) -> S3Address:
    """Raise `ValueError` with everything that is wrong; never with the address itself, which has a secret."""
    if problems := list(address_problems(url)):
        raise ValueError("; ".join(problems))
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    prefix = options.get("prefix", "")
    return S3Address(
        bucket=_bucket(parts),
        key_id=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        region=options.get("region", _ANY_REGION),
        endpoint=options.get("endpoint", "").rstrip("/"),
        addressing=options.get("addressing", "auto"),
        encryption=options.get("encryption", ""),
        kms_key=options.get("kms_key", ""),
        prefix=f"{prefix.rstrip('/')}/" if prefix else "",
    )


def address_problems(url: str) -> Iterator[str]:
    """What is wrong with it, in words that have nothing of its secret."""
    try:
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        _ = parts.port
    except ValueError:
        yield "is no address: are the key and the secret percent-encoded?"
        return
    if parts.scheme != "s3":
        yield "must begin with s3://"
        return
    if not _BUCKET.fullmatch(_bucket(parts)) or parts.path.strip("/") or parts.fragment:
        yield "must name a bucket, in lower case, and nothing but options after it"
    if bool(parts.username) != bool(parts.password):
        yield "has only one of key and secret"
    yield from _option_problems([name for name, _ in given], dict(given))


def _bucket(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _option_problems(names: list[str], options: dict[str, str]) -> Iterator[str]:
    for name in sorted({one for one in names if one not in _OPTIONS}):
        yield f"has an unknown option; there are {', '.join(_OPTIONS)}" if len(name) > _LONG else f"no option {name!r}"
    if len(names) != len(set(names)):
        yield "has an option twice"
    if not options.get("region") and not options.get("endpoint"):
        yield "needs region=… (or endpoint=… for a store that is not Amazon's)"
    if "region" in options and not _REGION.fullmatch(options["region"]):
        yield "region must be a name like eu-central-1"
    yield from _endpoint_problems(options.get("endpoint"))
    if options.get("addressing", "auto") not in _ADDRESSING:
        yield f"addressing must be one of {', '.join(_ADDRESSING)}"
    if "encryption" in options and options["encryption"] not in _ENCRYPTION:
        yield f"encryption must be one of {', '.join(_ENCRYPTION)}"
    if "kms_key" in options and options.get("encryption") != "aws:kms":
        yield "kms_key needs encryption=aws:kms"
    if "prefix" in options and not _PREFIX.fullmatch(options["prefix"]):
        yield "prefix must be names of letters, digits, - _ . with / between them"


_LONG: Final = 30
"""A longer name may be a piece of a secret that was not encoded."""


def _endpoint_problems(endpoint: str | None) -> Iterator[str]:
    if endpoint is None:
        return
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in ("https", "http") and parts.hostname and (parts.port or 1)
    except ValueError:
        sound = False
    if not sound or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        yield "endpoint must be scheme, host and port alone, like https://s3.example.com"
