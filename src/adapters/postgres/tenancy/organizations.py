from collections.abc import Mapping
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import OrganizationRow
from application.tenancy.ports import OrganizationRepository
from domain.tenancy.organization import (
    Organization,
    OrganizationId,
    OrganizationNotFoundError,
    OrganizationSlugTakenError,
)
from domain.tenancy.plan import Plan

_COLUMNS: Final = tuple(OrganizationRow.__table__.c)
_KEPT: Final = {"id", "slug", "created_at", "created_by"}
_LIVING: Final = OrganizationRow.deleted_at.is_(None)


def _locked(where: ColumnElement[bool]) -> Sql:
    return Sql(select(*_COLUMNS).where(where, _LIVING).with_for_update())


_BY_SLUG: Final = _locked(OrganizationRow.slug == bindparam("slug"))
_BY_ID: Final = _locked(OrganizationRow.id == bindparam("key"))
_INSERT: Final = Sql(
    upsert(OrganizationRow)
    .values({column.name: bindparam(column.name) for column in _COLUMNS})
    .on_conflict_do_nothing(index_elements=[OrganizationRow.slug])
)
_UPDATE: Final = Sql(
    update(OrganizationRow)
    .where(OrganizationRow.id == bindparam("key"), _LIVING)
    .values({column.name: bindparam(column.name) for column in _COLUMNS if column.name not in _KEPT})
)


class PostgresOrganizationRepository(OrganizationRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def get(self, slug: str) -> Organization:
        return _found(await self._session.fetchrow(_BY_SLUG, slug=slug), slug)

    async def get_by_id(self, organization_id: OrganizationId) -> Organization:
        return _found(await self._session.fetchrow(_BY_ID, key=organization_id), str(organization_id))

    async def add(self, organization: Organization) -> None:
        if not await self._session.execute(_INSERT, **_to_row(organization)):
            raise OrganizationSlugTakenError(f"{organization.slug} is taken")

    async def save(self, organization: Organization) -> None:
        if not await self._session.execute(_UPDATE, key=organization.id, **_to_row(organization)):
            raise OrganizationNotFoundError(f"there is no organization {organization.slug!r}")


def _found(record: asyncpg.Record | None, name: str) -> Organization:
    if record is None:
        raise OrganizationNotFoundError(f"there is no organization {name!r}")
    row = dict(record)
    settings: Mapping[str, Any] = msgspec.json.decode(row.pop("settings"))
    return Organization(plan=Plan(row.pop("plan")), settings=settings, **row)


def _to_row(organization: Organization) -> dict[str, Any]:
    row = {column.name: getattr(organization, column.name) for column in _COLUMNS}
    settings = msgspec.json.encode(organization.settings).decode()
    return row | {"plan": organization.plan.value, "settings": settings}
