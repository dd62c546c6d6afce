import re
from dataclasses import dataclass

from domain.shared.errors import InvalidError
from domain.tenancy.schema import SchemaName

_SLUG = re.compile(r"[a-z]([a-z0-9-]{0,46}[a-z0-9])?")
_RESERVED = frozenset(
    {"public", "platform", "tenant", "scope", "app", "www", "api", "admin", "static", "mail"}
    | {"information-schema", "citus"}
)


class ReservedSlugError(InvalidError):
    code = "slug_reserved"


@dataclass(frozen=True, slots=True)
class SiteSlug:
    """A site's DNS label and, with `-` as `_`, the name of its schema."""

    value: str

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.value):
            message = (
                "must be 1 to 48 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen"
            )
            raise InvalidError({"slug": [message]})
        if self.value in _RESERVED or self.value.startswith("pg-"):
            raise ReservedSlugError({"slug": [f"{self.value} is a reserved name"]})

    @property
    def schema(self) -> SchemaName:
        return SchemaName(self.value.replace("-", "_"))
