"""Where a renamed site answers, for who asks at its old host."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from entrypoints.http.errors import ErrorResponse, Refusal, title_of
from entrypoints.http.hosts import Peer

_KEPT: Final = "/?:@!$&'()*+,;=-._~%"
"""All that RFC 3986 allows there, and what is encoded already."""


class SiteMoved(Exception):  # noqa: N818  no error: the client is told to go on elsewhere
    """The site that had this host answers at the one of its new slug."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)


def redirection(slug: str, peer: Peer, scope: Any) -> Refusal:
    """To the same path and query on the host of the new slug, whose other labels and port stay as they were."""
    scheme, _, authority = peer.origin.partition("://")
    host = f"{slug}.{authority.partition('.')[2]}"
    status = HTTPStatus.PERMANENT_REDIRECT
    body = ErrorResponse(title_of(status), "site_moved", detail=f"This site answers at {host} now.")
    return Refusal(status, {"Location": f"{scheme}://{host}{_target(scope)}"}, body)


def _target(scope: Any) -> str:
    """Path and query as they were sent; what cannot stand in a URL is encoded, so nothing gets out of its place."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = quote(raw.partition(b"?")[0].removeprefix(b"/"), safe=_KEPT)
    query = quote(scope["query_string"], safe=_KEPT)
    return f"/{path}?{query}" if query else f"/{path}"
