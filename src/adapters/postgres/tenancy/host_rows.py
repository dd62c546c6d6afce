"""What leads to a site besides its slug: its own domains, and slugs that it had before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import PLATFORM, EntityTable, Table, UtcTime, one_of
from adapters.postgres.tenancy.rows import SiteRow
from domain.tenancy.domain import DomainStatus


class DomainRow(EntityTable):
    """`proof` is the value that the domain's TXT record must have; `checked_at` when it was looked for last."""

    __tablename__ = "domains"
    __table_args__ = (
        one_of("status", DomainStatus),
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

    site_id: Mapped[UUID] = mapped_column(ForeignKey(SiteRow.id, name="fk_domains_site_id_sites", ondelete="CASCADE"))
    domain: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]
    status: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcTime)


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
