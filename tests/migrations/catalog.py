"""What a schema holds, read from the catalog, without anything that names the schema."""

from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

_QUERIES = {
    "columns": """
        select table_name, column_name, data_type, is_nullable, column_default, is_identity
        from information_schema.columns where table_schema = $1 order by 1, 2""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = $1::text::regnamespace order by 1, 2""",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = $1 order by 1, 2",
    "triggers": """
        select c.relname, t.tgname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = $1::text::regnamespace and not t.tgisinternal order by 1, 2""",
    "functions": """
        select proname, pg_get_functiondef(oid) from pg_proc
        where pronamespace = $1::text::regnamespace order by 1""",
    "views": "select viewname from pg_views where schemaname = $1",
    "types": """
        select typname from pg_type t where typnamespace = $1::text::regnamespace and typtype in ('e', 'd')""",
}


async def catalog_of(connection: Connection, schema: str) -> dict[str, list[str]]:
    found = {}
    for kind, query in _QUERIES.items():
        records = await connection.fetch(query, schema)
        found[kind] = [str(tuple(record)).replace(f"{schema}.", "") for record in records]
    return found
