"""An object store in this process, and the requests that it signs: for tests."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from application.files.store import FileStoreUnavailableError, SignedRequest
from application.shared.ports import Clock
from domain.backups.backup import BackupId
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId

Place = Literal["incoming", "files"]
Key = tuple[SiteId, Place, UploadId]
PartKey = tuple[SiteId, BackupId, str]
"""Of a part of a backup."""

HOST: Final = "https://files.invalid"
_OK: Final = 200
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryObject:
    content: bytes
    content_type: str
    changed_at: datetime


@dataclass(slots=True, kw_only=True)
class MemoryParts:
    """An upload in parts that was begun, and what is there of it by number."""

    key: Key
    begun_at: datetime
    there: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryAnswer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


class MemoryObjectStore:
    """What all sites have stored. While `is_down`, neither it nor its requests are answered."""

    def __init__(self, clock: Clock, *, part_bytes: int = 64 << 20) -> None:
        self.clock = clock
        self.part_bytes = part_bytes
        self.objects: dict[Key, MemoryObject] = {}
        self.begun: dict[str, MemoryParts] = {}
        self.parts: dict[PartKey, bytes] = {}
        self.vault: dict[tuple[SiteId, UploadId], bytes] = {}
        self.is_down = False
        self._secret = secrets.token_bytes(32)

    def require(self) -> None:
        """Raise `FileStoreUnavailableError` while it is down."""
        if self.is_down:
            raise FileStoreUnavailableError

    def sign(
        self, method: str, key: Key | PartKey, *, until: datetime, headers: Mapping[str, str], **query: str
    ) -> SignedRequest:
        """A request bound to all of these; expiry is in whole seconds."""
        names = ";".join(sorted(name.lower() for name in headers))
        unsigned = {**query, "expires": str(int(until.timestamp())), "headers": names}
        target = f"/{key[0]}/{key[1]}/{key[2]}?{urlencode(unsigned)}"
        url = f"{HOST}{target}&signature={self._signature(method, target, headers)}"
        return SignedRequest(method=method, url=url, headers=dict(headers))

    def send(self, request: SignedRequest, content: bytes = b"") -> MemoryAnswer:
        """Carry out a request as the store itself would: 403 where it is not what was signed."""
        self.require()
        parts = urlsplit(request.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if not self._is_signed(request) or self.clock() > datetime.fromtimestamp(int(query["expires"]), UTC):
            return MemoryAnswer(status=_FORBIDDEN)
        site, place, upload = parts.path.strip("/").split("/")
        if place not in ("incoming", "files"):
            return self._shown(self.parts.get((SiteId(UUID(site)), BackupId(UUID(place)), upload)), query)
        key: Key = (SiteId(UUID(site)), "incoming" if place == "incoming" else "files", UploadId(UUID(upload)))
        if request.method == "GET":
            return self._read(key, query)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not _fits(headers, content):
            return MemoryAnswer(status=_FORBIDDEN)
        if "handle" in query:
            return self._put_part(query, content)
        self.objects[key] = MemoryObject(content=content, content_type=headers["content-type"], changed_at=self.clock())
        return MemoryAnswer(status=_OK)

    def fetch(self, url: str) -> MemoryAnswer:
        """What whoever follows a URL for downloading gets."""
        return self.send(SignedRequest(method="GET", url=url))

    def _read(self, key: Key, query: Mapping[str, str]) -> MemoryAnswer:
        found = self.objects.get(key)
        return self._shown(found.content if found else None, query)

    def _shown(self, content: bytes | None, query: Mapping[str, str]) -> MemoryAnswer:
        if content is None:
            return MemoryAnswer(status=_NOT_FOUND)
        headers = {"content-disposition": query["disposition"], "content-type": query["type"]}
        return MemoryAnswer(status=_OK, headers=headers, content=content)

    def _put_part(self, query: Mapping[str, str], content: bytes) -> MemoryAnswer:
        parts = self.begun.get(query["handle"])
        if parts is None:
            return MemoryAnswer(status=_NOT_FOUND)
        parts.there[int(query["part"])] = content
        return MemoryAnswer(status=_OK)

    def _is_signed(self, request: SignedRequest) -> bool:
        signed, _, signature = request.url.removeprefix(HOST).partition("&signature=")
        names = dict(parse_qsl(urlsplit(signed).query, keep_blank_values=True)).get("headers", "")
        headers = {name: value for name, value in request.headers.items() if name.lower() in names.split(";")}
        return hmac.compare_digest(signature, self._signature(request.method, signed, headers))

    def _signature(self, method: str, target: str, headers: Mapping[str, str]) -> str:
        lines = sorted(f"{name.lower()}:{value}" for name, value in headers.items())
        return hmac.new(self._secret, "\n".join((method, target, *lines)).encode(), hashlib.sha256).hexdigest()


def _fits(headers: Mapping[str, str], content: bytes) -> bool:
    """The bytes have the length and the sum that the headers say."""
    sha256 = b64encode(hashlib.sha256(content).digest()).decode()
    return headers["content-length"] == str(len(content)) and headers.get("x-amz-checksum-sha256", sha256) == sha256
