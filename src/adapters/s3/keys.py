"""The keys of objects. There is no other place that makes one, and none is made of what a user wrote."""

import re
from typing import Final, Literal
from uuid import UUID

from domain.backups.backup import BackupId
from domain.files.upload import UploadId
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteId

Place = Literal["incoming", "files"]
"""`incoming`: where the requests of uploaders reach; `files`: where none of them does."""
_PLACES: Final = ("incoming", "files")


class NoSiteError(LookupError):
    """The platform itself has no files."""


def site_of(scope: Scope) -> SiteId:
    if not isinstance(scope, SiteScope):
        raise NoSiteError("the platform has no files")
    return scope.site_id


def object_key(site_id: SiteId, place: Place, upload_id: UploadId) -> str:
    """The site first, so that a prefix is a site."""
    return f"{site_prefix(site_id)}{place}/{UUID(str(upload_id))}"


def site_prefix(site_id: SiteId) -> str:
    return f"{UUID(str(site_id))}/"


def read_site(prefix: str) -> SiteId | None:
    """Whose the prefix or the key is; None where it is not one of ours."""
    try:
        site = UUID(prefix.partition("/")[0])
    except ValueError:
        return None
    return SiteId(site) if prefix.startswith(f"{site}/") else None


def is_incoming(key: str) -> bool:
    """Of a key that is ours: whether the requests of uploaders reach it."""
    return key.split("/")[1:2] == ["incoming"]


def read_upload(key: str) -> UploadId | None:
    site, _, rest = key.partition("/")
    place, _, upload = rest.partition("/")
    try:
        found = UUID(upload)
    except ValueError:
        return None
    return UploadId(found) if read_site(f"{site}/") and place in _PLACES and str(found) == upload else None


def backups_key(site_id: SiteId, of: BackupId | Literal["files"] | None = None, name: str | UploadId = "") -> str:
    """What is kept of a site for its backups: a part of one, a file that they share; or the beginning of such keys.

    In a place of its own, so that whoever discards a site discards none of it.
    """
    site = f"backups/{UUID(str(site_id))}/"
    if of is None:
        return site
    inner = "files/" if of == "files" else f"{UUID(str(of))}/"
    if name and not _PART.fullmatch(str(name)):
        raise ValueError("the parts of backups have names of our own")
    return f"{site}{inner}{name}"


def read_backup(key: str) -> BackupId | None:
    """Which backup a key of `backups_key` is of; None for a file, and for what is not ours."""
    try:
        return BackupId(UUID(key.split("/")[2]))
    except (IndexError, ValueError):
        return None


_PART: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")
