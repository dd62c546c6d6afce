"""The only place where a schema's name gets into SQL."""

from typing import Any, Final

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from adapters.postgres.tables import PLATFORM, SCOPE, TENANT
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import PlatformScope, Scope

_DIALECT: Final[Dialect] = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
_TENANT_SLOT: Final = '"{tenant}"'
_SCOPE_SLOT: Final = '"{scope}"'


class MissingSiteError(RuntimeError):
    """A statement on a site's tables ran outside of any site: a defect, and it touched nothing."""


class Sql:
    """A SQLAlchemy Core statement, compiled once, in which the schema is still open.

    `names` are its parameters in the order of `$1, $2, …`; `args` puts values in that order. What both the
    platform and every site have, a statement `of_platform` takes from the platform, whoever runs it.
    """

    def __init__(self, statement: ClauseElement, *, of_platform: bool = False) -> None:
        compiled = statement.compile(
            dialect=_DIALECT,
            schema_translate_map={TENANT: "{tenant}", SCOPE: PLATFORM if of_platform else "{scope}"},
            render_schema_translate=True,
        )
        self._text = str(compiled)
        self._needs_site = _TENANT_SLOT in self._text
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]  # SQLCompiler
        self._defaults: dict[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}

    def within(self, scope: Scope) -> str:
        """The text for one scope: every table qualified with that scope's own schema."""
        if self._needs_site and isinstance(scope, PlatformScope):
            raise MissingSiteError(self._text)
        schema = quoted(scope.schema)
        return self._text.replace(_TENANT_SLOT, schema).replace(_SCOPE_SLOT, schema)

    def args(self, values: dict[str, Any]) -> list[Any]:
        if self._defaults:
            values = self._defaults | values
        return [values[name] for name in self._names]


def quoted(schema: SchemaName) -> str:
    """A schema's name as an SQL identifier."""
    return f'"{schema.name}"'


def identifier(name: str) -> str:
    """Any name as an SQL identifier: of a table or a column, as the catalog tells it."""
    if "\0" in name:
        raise ValueError("a name has no NUL")
    return '"' + name.replace('"', '""') + '"'


def create_schema(schema: SchemaName) -> str:
    return f"CREATE SCHEMA {quoted(schema)}"


def rename_schema(old: SchemaName, new: SchemaName) -> str:
    return f"ALTER SCHEMA {quoted(old)} RENAME TO {quoted(new)}"


def drop_schema(schema: SchemaName) -> str:
    return f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE"


def script_within(script: str, schema: SchemaName) -> str:
    """Unqualified DDL for one schema. The search path holds for this script, in this transaction."""
    inside = f"SELECT set_config('search_path', {literal(f'{quoted(schema)}, pg_temp')}, true);"
    return f"{inside}\n{script}\nSELECT set_config('search_path', '', true);"


def literal(text: str) -> str:
    """A value as an SQL string, for the one command that can take no parameters: BEGIN with its settings."""
    if "\0" in text or "\\" in text:
        raise ValueError("a setting may hold neither NUL nor backslash")
    return "'" + text.replace("'", "''") + "'"
