from typing import Final

import asyncpg
from sqlalchemy import bindparam, insert, select

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import OrganizationRow
from application.tenancy.ports import OrganizationRepository
from domain.tenancy.organization import (
    Organization,
    OrganizationSlugTakenError,
    UnknownOrganizationError,
)

_COLUMNS: Final = tuple(OrganizationRow.__table__.c)
_INSERT: Final = Sql(insert(OrganizationRow))
_BY_SLUG: Final = Sql(select(*_COLUMNS).where(OrganizationRow.slug == bindparam("slug")))


class PostgresOrganizationRepository(OrganizationRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def get_by_slug(self, slug: str) -> Organization:
        record = await self._session.fetchrow(_BY_SLUG, slug=slug)
        if record is None:
            raise UnknownOrganizationError(slug)
        return Organization(**dict(record))

    async def add(self, organization: Organization) -> None:
        row = {column.name: getattr(organization, column.name) for column in _COLUMNS}
        try:
            await self._session.execute(_INSERT, **row)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_organizations_slug":
                raise OrganizationSlugTakenError(f"{organization.slug} is taken") from error
            raise
