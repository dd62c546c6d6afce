"""SQL on the tables of a schema whatever they are: their names come from the catalog."""

from collections.abc import Collection, Sequence
from typing import Final

from adapters.postgres.sql import identifier, quoted
from domain.tenancy.schema import SchemaName

TABLES: Final = """
select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relkind in ('r', 'p') order by 1
"""
COLUMNS: Final = """
select a.attname::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
KEYS: Final = """
select c.relname::text as "table", k.conname::text as name, pg_get_constraintdef(k.oid) as definition
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and k.contype = 'f' order by 1, 2
"""


BUILT_NOW: Final = """
select format('comment on schema %I is %L', $1::text, 'built at ' || extract(epoch from now())::bigint)
"""
BUILT_BEFORE: Final = r"""
select nspname::text as name from pg_namespace where nspname like 'restoring\_%\_'
and substring(obj_description(oid, 'pg_namespace') from '^built at (\d+)$')::bigint < $1
and ($2::text is null or nspname = $2) order by 1
"""


def not_built(schema: SchemaName) -> str:
    """It is a site's by now."""
    return f"COMMENT ON SCHEMA {quoted(schema)} IS NULL"


def table_within(schema: SchemaName, table: str) -> str:
    return f"{quoted(schema)}.{identifier(table)}"


def sum_of(schema: SchemaName, table: str) -> str:
    """Rows, and a sum of 64 bits of each one's MD5: the same in any order, another for any other content."""
    return (
        "select count(*) as rows, "  # noqa: S608  the names are quoted
        "coalesce(sum(('x' || left(md5(taruvi_row::text), 16))::bit(64)::bigint::numeric), 0)::text as checksum "
        f"from {table_within(schema, table)} taruvi_row"
    )


def revision_of(schema: SchemaName) -> str:
    return f"select version_num from {table_within(schema, 'alembic_version')}"  # noqa: S608  it is quoted


def files_of(schema: SchemaName) -> str:
    return (
        f"select upload_id, size, sha256 from {table_within(schema, 'files')} "  # noqa: S608  it is quoted
        "where $1 or status <> 'quarantined' order by upload_id"
    )


def rows_of(schema: SchemaName, table: str, columns: Sequence[str]) -> str:
    listed = ", ".join(identifier(column) for column in columns)
    inner = f"select {listed} from {table_within(schema, table)}"  # noqa: S608  the names are quoted
    return f"select to_jsonb(taruvi_row)::text as row from ({inner}) taruvi_row"  # noqa: S608  the same


def without_triggers(schema: SchemaName, tables: Collection[str]) -> str:
    return " ".join(f"ALTER TABLE {table_within(schema, table)} DISABLE TRIGGER USER;" for table in tables)


def with_triggers(schema: SchemaName, tables: Collection[str]) -> str:
    return " ".join(f"ALTER TABLE {table_within(schema, table)} ENABLE TRIGGER USER;" for table in tables)


def emptied(schema: SchemaName, tables: Collection[str]) -> str:
    return f"TRUNCATE {', '.join(table_within(schema, table) for table in tables)}"


def without_key(schema: SchemaName, table: str, name: str) -> str:
    return f"ALTER TABLE {table_within(schema, table)} DROP CONSTRAINT {identifier(name)}"


def with_key(schema: SchemaName, table: str, name: str, definition: str) -> str:
    return f"ALTER TABLE {table_within(schema, table)} ADD CONSTRAINT {identifier(name)} {definition}"


def locked(schema: SchemaName, tables: Collection[str]) -> str:
    return f"LOCK TABLE {', '.join(table_within(schema, table) for table in tables)} IN ACCESS EXCLUSIVE MODE"
