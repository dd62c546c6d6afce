from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal, Self

import msgspec
from litestar import Litestar
from litestar.datastructures.headers import Accept
from litestar.serialization import encode_json, get_serializer

from entrypoints.http.docs.tidied import tidied

DocumentFormat = Literal["json", "yaml"]

JSON: Final = "application/json"
YAML: Final = "application/yaml"

# In the order of our own preference, which decides where the client has none.
FORMATS: Final[dict[str, DocumentFormat]] = {
    JSON: "json",
    "application/vnd.oai.openapi+json": "json",
    YAML: "yaml",
    "application/vnd.oai.openapi": "yaml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedDocument:
    """The OpenAPI document as it goes over the wire, with its strong entity tag."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> Self:
        return cls(body=body, etag=f'"{sha256(body).hexdigest()[:32]}"')

    def is_known_to(self, if_none_match: str) -> bool:
        """Whether the `If-None-Match` header names this very document."""
        tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return not tags.isdisjoint({"*", self.etag})


def negotiated(asked: DocumentFormat | None, accept: Accept) -> str:
    """Choose the media type: what the query asks for, else what `Accept` likes best, else JSON."""
    if asked is not None:
        return {"json": JSON, "yaml": YAML}[asked]
    return accept.best_match(list(FORMATS), default=JSON)


def rendered(app: Litestar, media_type: str) -> RenderedDocument:
    """Render the document of the application once; from then on it is kept in its state."""
    key = f"openapi_document_{FORMATS[media_type]}"
    if key not in app.state:
        app.state[key] = RenderedDocument.of(_RENDERERS[FORMATS[media_type]](app))
    document: RenderedDocument = app.state[key]
    return document


def _to_json(app: Litestar) -> bytes:
    return encode_json(tidied(app.openapi_schema.to_schema()), get_serializer(app.type_encoders))


def _to_yaml(app: Litestar) -> bytes:
    # From the JSON: so both say the same, and what occurs twice does not become a YAML alias.
    plain: Any = msgspec.json.decode(rendered(app, JSON).body)
    return msgspec.yaml.encode(plain)


_RENDERERS: Final[dict[DocumentFormat, Callable[[Litestar], bytes]]] = {
    "json": _to_json,
    "yaml": _to_yaml,
}
