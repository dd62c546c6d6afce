"""What a site takes, read in its own schema on behalf of the platform."""

from typing import Final

from sqlalchemy import BigInteger, Text, bindparam, cast, column, func, literal_column, select, table

from adapters.postgres.access.rows import GroupRow
from adapters.postgres.files.rows import FileRow, SiteStorageRow
from adapters.postgres.identity.rows import UserRow
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.rows import TaskRow
from application.tenancy.views import SiteFilesView, SiteRowsView
from domain.tenancy.scope import SiteScope

_RELATIONS: Final = table("pg_class", column("oid"), column("relnamespace"), column("relkind"), schema="pg_catalog")
_SCHEMAS: Final = table("pg_namespace", column("oid"), column("nspname"), schema="pg_catalog")
_STORED: Final = tuple(literal_column(kind, Text) for kind in ("'r'", "'m'", "'S'"))
"""Tables, materialized views, sequences; what belongs to a table (indexes, TOAST) is measured with it."""
_SIZE: Final = cast(func.coalesce(func.sum(func.pg_total_relation_size(_RELATIONS.c.oid)), 0), BigInteger)
_BYTES: Final = (
    select(_SIZE)
    .join_from(_RELATIONS, _SCHEMAS, _SCHEMAS.c.oid == _RELATIONS.c.relnamespace)
    .where(_SCHEMAS.c.nspname == bindparam("schema"), _RELATIONS.c.relkind.in_(_STORED))
)
_ROWS: Final = {"users": UserRow, "projects": ProjectRow, "tasks": TaskRow, "groups": GroupRow}
_FILE_BYTES: Final = func.coalesce(
    select(SiteStorageRow.bytes).where(SiteStorageRow.site_id == bindparam("site")).scalar_subquery(), 0
)
_MEASURE_ARCHIVED: Final = Sql(select(_FILE_BYTES.label("file_bytes")))
_MEASURE: Final = Sql(
    select(
        _BYTES.scalar_subquery().label("bytes"),
        select(func.count()).select_from(FileRow).scalar_subquery().label("files"),
        _FILE_BYTES.label("file_bytes"),
        *(select(func.count()).select_from(row).scalar_subquery().label(name) for name, row in _ROWS.items()),
    )
)


async def measure(session: ScopedSession, site: SiteScope) -> tuple[SiteRowsView, SiteFilesView, int]:
    """The rows of a site, its files, and the bytes that its schema takes, by a session in its scope."""
    record = await session.fetchrow(_MEASURE, schema=site.schema.name, site=site.site_id)
    if record is None:
        raise LookupError("a SELECT without FROM has one row")
    files = SiteFilesView(record["files"], record["file_bytes"])
    return SiteRowsView(**{name: record[name] for name in _ROWS}), files, record["bytes"]


async def measure_archived(session: ScopedSession, site: SiteScope) -> tuple[SiteRowsView, SiteFilesView, int]:
    """Of a site without a schema: nothing in the database, and what its files count for all the same."""
    record = await session.fetchrow(_MEASURE_ARCHIVED, site=site.site_id)
    return SiteRowsView(**dict.fromkeys(_ROWS, 0)), SiteFilesView(0, record["file_bytes"] if record else 0), 0
