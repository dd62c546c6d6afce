from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import PLATFORM, Table, UtcTime, one_of
from domain.tenancy.site import SiteRole, SiteStatus


class OrganizationRow(Table):
    __tablename__ = "organizations"
    __table_args__ = (
        Index("uq_organizations_slug", "slug", unique=True),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
    version: Mapped[int]


class SiteRow(Table):
    """`revision` is that of the site's schema, for the fleet's sake; `routed_in` the transaction that
    last changed where requests to the site go (see `directory.py`).
    """

    __tablename__ = "sites"
    __table_args__ = (
        one_of("status", SiteStatus),
        one_of("role", SiteRole),
        Index("uq_sites_slug", "slug", unique=True, postgresql_where=text("status <> 'deleted'")),
        Index("ix_sites_organization_id", "organization_id"),
        Index("ix_sites_routed_in", "routed_in"),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey(OrganizationRow.id, name="fk_sites_organization_id_organizations")
    )
    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    revision: Mapped[str | None] = mapped_column(Text)
    migration_error: Mapped[str | None] = mapped_column(Text)
    routed_in: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
    version: Mapped[int]


class DomainRow(Table):
    __tablename__ = "domains"
    __table_args__ = (
        Index(
            "uq_domains_verified",
            "domain",
            unique=True,
            postgresql_where=text("status = 'verified'"),
        ),
        Index("uq_domains_site_id_domain", "site_id", "domain", unique=True),
        Index("uq_domains_primary", "site_id", unique=True, postgresql_where=text("is_primary")),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey(SiteRow.id, name="fk_domains_site_id_sites", ondelete="CASCADE"))
    domain: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]
    status: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
    version: Mapped[int]


class RetiredSlugRow(Table):
    __tablename__ = "retired_slugs"
    __table_args__ = (
        Index("uq_retired_slugs_slug", "slug", unique=True),
        Index("ix_retired_slugs_site_id", "site_id"),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text)
    site_id: Mapped[UUID] = mapped_column(
        ForeignKey(SiteRow.id, name="fk_retired_slugs_site_id_sites", ondelete="CASCADE")
    )
    retired_until: Mapped[datetime] = mapped_column(UtcTime)
