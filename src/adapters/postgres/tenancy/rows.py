from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Index, LargeBinary, Text, collate, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.tables import PLATFORM, EntityTable, Table, UtcTime, one_of
from domain.tenancy.invitation import InvitationStatus
from domain.tenancy.membership import MemberRole
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteRole, SiteStatus


class OrganizationRow(EntityTable):
    __tablename__ = "organizations"
    __table_args__ = (
        one_of("plan", Plan),
        Index("uq_organizations_slug", "slug", unique=True),
        {"schema": PLATFORM},
    )

    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    website: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    plan: Mapped[str] = mapped_column(Text)
    max_sites: Mapped[int]
    max_members: Mapped[int]
    max_storage_bytes: Mapped[int] = mapped_column(BigInteger)
    is_active: Mapped[bool]
    is_verified: Mapped[bool]
    verified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)


class MemberRow(EntityTable):
    __tablename__ = "members"
    __table_args__ = (
        one_of("role", MemberRole),
        Index("uq_members_organization_id_user_id", "organization_id", "user_id", unique=True),
        Index("ix_members_user_id", "user_id"),
        {"schema": PLATFORM},
    )

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey(OrganizationRow.id, name="fk_members_organization_id_organizations", ondelete="CASCADE")
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserRow.id, name="fk_members_user_id_users", ondelete="RESTRICT"))
    role: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    joined_at: Mapped[datetime] = mapped_column(UtcTime)
    rights_since: Mapped[datetime] = mapped_column(UtcTime)
    last_active_at: Mapped[datetime | None] = mapped_column(UtcTime)


class InvitationRow(EntityTable):
    """`token_hash` is the SHA-256 of what stands in the mail."""

    __tablename__ = "invitations"

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey(OrganizationRow.id, name="fk_invitations_organization_id_organizations", ondelete="CASCADE")
    )
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    # "metadata" is taken in declarative classes
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    status: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    invited_by: Mapped[UUID | None]
    accepted_by: Mapped[UUID | None]
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        one_of("role", MemberRole),
        one_of("status", InvitationStatus),
        Index("uq_invitations_token_hash", "token_hash", unique=True),
        Index("ix_invitations_organization_id", "organization_id", "created_at"),
        Index("ix_invitations_invited_by", "invited_by", "expires_at"),
        Index(
            "uq_invitations_pending",
            "organization_id",
            func.lower(collate(email, "C")),
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
        {"schema": PLATFORM},
    )


class SiteRow(EntityTable):
    """`revision` is that of the site's schema, for the fleet's sake; `routed_in` the transaction that
    last changed where requests to the site go (see `directory.py`).
    """

    __tablename__ = "sites"
    __table_args__ = (
        one_of("status", SiteStatus),
        one_of("role", SiteRole),
        Index("uq_sites_slug", "slug", unique=True, postgresql_where=text("status <> 'deleted'")),
        Index("ix_sites_organization_id", "organization_id"),
        Index(
            "uq_sites_primary",
            "organization_id",
            unique=True,
            postgresql_where=text("is_primary and status <> 'deleted'"),
        ),
        Index("ix_sites_routed_in", "routed_in"),
        Index("ix_sites_closed_by", "closed_by", postgresql_where=text("closed_by is not null")),
        {"schema": PLATFORM},
    )

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey(OrganizationRow.id, name="fk_sites_organization_id_organizations")
    )
    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(Text)
    closed_by: Mapped[UUID | None]
    revision: Mapped[str | None] = mapped_column(Text)
    migration_error: Mapped[str | None] = mapped_column(Text)
    routed_in: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


class SiteAccessRow(Table):
    """A member of the organization may enter the site. Owners may without one."""

    __tablename__ = "site_access"
    __table_args__ = (
        Index("uq_site_access_member_id_site_id", "member_id", "site_id", unique=True),
        Index("ix_site_access_site_id", "site_id"),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(
        ForeignKey(MemberRow.id, name="fk_site_access_member_id_members", ondelete="CASCADE")
    )
    site_id: Mapped[UUID] = mapped_column(
        ForeignKey(SiteRow.id, name="fk_site_access_site_id_sites", ondelete="CASCADE")
    )
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
