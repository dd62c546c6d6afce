"""What can be wrong with the settings for the object store and for the distribution before it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from adapters.s3.address import address_problems

_URL: Final = "TARUVI_STORAGE_URL"
_FRONT: Final = "TARUVI_CLOUDFRONT_"


def storage_problems(url: str) -> Iterator[str]:
    """Never with the address itself: it has a secret."""
    if url:
        yield from (f"{_URL}: {problem}" for problem in address_problems(url))


def storage_problems_in_production(url: str) -> Iterator[str]:
    if not url:
        yield f"{_URL}: production needs a bucket (s3://bucket?region=…)"
    elif not list(address_problems(url)) and parse_qs(urlsplit(url).query).get("endpoint", [""])[0].startswith("http:"):
        yield f"{_URL}: the endpoint must be https://: browsers send files there"


def cloudfront_problems(url: str, key_id: str, key: str, key_file: str) -> Iterator[str]:
    """All of them are given, or none."""
    if not (url or key_id or key or key_file):
        return
    if key and key_file:
        yield f"{_FRONT}PRIVATE_KEY and {_FRONT}PRIVATE_KEY_FILE: give one of them"
        return
    given = {"URL": url, "KEY_ID": key_id, "PRIVATE_KEY or _PRIVATE_KEY_FILE": key or key_file}
    for name in (name for name, value in given.items() if not value):
        yield f"{_FRONT}{name}: is needed beside the other {_FRONT}… settings"
    if url and not _is_origin(url):
        yield f"{_FRONT}URL: must be https:// and a host alone, like https://d111111abcdef8.cloudfront.net"
    if key or key_file:
        yield from _key_problems(key, key_file)


def cloudfront_key(key: str, key_file: str) -> str:
    """The text of the private key. Raise `OSError`, `UnicodeDecodeError`."""
    return key.replace("\\n", "\n") or Path(key_file).read_text()


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    return parts.scheme == "https" and bool(parts.hostname) and not beyond


def _key_problems(key: str, key_file: str) -> Iterator[str]:
    from adapters.s3.cloudfront import read_private_key  # noqa: PLC0415  most commands do without cryptography

    name = f"{_FRONT}PRIVATE_KEY" + ("_FILE" if key_file else "")
    try:
        read_private_key(cloudfront_key(key, key_file))
    except OSError as error:
        yield f"{name}: {key_file} cannot be read: {error.strerror}"
    except ValueError as error:
        yield f"{name}: {'is no text' if isinstance(error, UnicodeDecodeError) else error}"
