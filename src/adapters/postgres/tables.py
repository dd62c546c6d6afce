"""What every row class is made from, and which schema stands where its name is still open."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.schema import BLANK_SCHEMA

PLATFORM: Final = "public"
"""Tables of the platform alone."""
TENANT: Final = "tenant"
"""Tables of a site alone: the name is never a real schema, each statement gets the site's."""
SCOPE: Final = "scope"
"""Tables that the platform and every site have: users, sessions, history. Never a real schema."""

UtcTime: Final = DateTime(timezone=True)

_NOWHERE: Final[Any] = None
"""SQLAlchemy takes None for a table without a schema; its annotation forgets that."""
_NONE: Final[Any] = BLANK_SCHEMA
"""The same for a foreign key, where None means: as it was."""


class Table(DeclarativeBase):
    """A row class describes a table: for statements and for migrations. Rows are never loaded as objects."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class EntityTable(Table):
    """A table of entities: who made each and when, and its version, which a change must name."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(UtcTime, sort_order=1)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, sort_order=2)
    created_by: Mapped[UUID | None] = mapped_column(sort_order=3)
    version: Mapped[int] = mapped_column(sort_order=4)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A text column that may hold these values only (no ENUM types: one per tenant would break drivers)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


def metadata_of(schemas: Collection[str | None]) -> MetaData:
    """The tables of these schemas as they are inside one schema, for one migration history."""
    target = MetaData(naming_convention=Table.metadata.naming_convention)
    for table in Table.metadata.sorted_tables:
        if table.schema in schemas:
            table.to_metadata(target, schema=_NOWHERE, referred_schema_fn=lambda *_: _NONE)
    return target
