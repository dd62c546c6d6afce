import re
from dataclasses import dataclass
from typing import Final

from domain.shared.errors import InvalidError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")


@dataclass(frozen=True, slots=True)
class SchemaName:
    """The name of a PostgreSQL schema that holds one site, or the platform."""

    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidError({"schema": [f"{self.name!r} is not a schema name"]})


PLATFORM_SCHEMA: Final = SchemaName("public")
