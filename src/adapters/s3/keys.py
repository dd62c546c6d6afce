"""The keys of objects. There is no other place that makes one, and none is made of what a user wrote."""

from typing import Final, Literal
from uuid import UUID

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
