"""plans, members, invitations, linked users, password resets

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Organizations that are there already keep what they have: they get the largest plan."""
    op.add_column("users", sa.Column("linked_user_id", sa.Uuid(), nullable=True))
    op.create_index("uq_users_linked_user_id", "users", ["linked_user_id"], unique=True)
    op.add_column("sessions", sa.Column("impersonator", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("impersonator_label", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_sessions_ended_because"), "sessions", type_="check")
    op.create_check_constraint(
        op.f("ck_sessions_ended_because"),
        "sessions",
        "ended_because in ('logged_out', 'ended_by_user', 'password_changed', 'password_reset', 'token_reused', 'ended_by_admin')",
    )
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_resets_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
    )
    op.create_index("ix_password_resets_user_id", "password_resets", ["user_id"], unique=False)
    op.create_index("uq_password_resets_token_hash", "password_resets", ["token_hash"], unique=True)
    op.add_column("organizations", sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.alter_column("organizations", "description", server_default=None)
    op.add_column("organizations", sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.alter_column("organizations", "email", server_default=None)
    op.add_column("organizations", sa.Column("website", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.alter_column("organizations", "website", server_default=None)
    op.add_column("organizations", sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.alter_column("organizations", "phone", server_default=None)
    op.add_column("organizations", sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.alter_column("organizations", "address", server_default=None)
    op.add_column("organizations", sa.Column("plan", sa.Text(), server_default=sa.text("'enterprise'"), nullable=False))
    op.alter_column("organizations", "plan", server_default=None)
    op.add_column("organizations", sa.Column("max_sites", sa.Integer(), server_default=sa.text("1000"), nullable=False))
    op.alter_column("organizations", "max_sites", server_default=None)
    op.add_column(
        "organizations", sa.Column("max_members", sa.Integer(), server_default=sa.text("10000"), nullable=False)
    )
    op.alter_column("organizations", "max_members", server_default=None)
    op.add_column(
        "organizations",
        sa.Column("max_storage_bytes", sa.BigInteger(), server_default=sa.text("5368709120000"), nullable=False),
    )
    op.alter_column("organizations", "max_storage_bytes", server_default=None)
    op.add_column(
        "organizations", sa.Column("is_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.alter_column("organizations", "is_verified", server_default=None)
    op.add_column(
        "organizations",
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.alter_column("organizations", "settings", server_default=None)
    op.add_column("organizations", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organizations", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_organizations_plan"), "organizations", "plan in ('free', 'basic', 'professional', 'enterprise')"
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role in ('owner', 'member')", name=op.f("ck_members_role")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name="fk_members_organization_id_organizations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_members_user_id_users", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index("ix_members_user_id", "members", ["user_id"], unique=False)
    op.create_index("uq_members_organization_id_user_id", "members", ["organization_id", "user_id"], unique=True)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role in ('owner', 'member')", name=op.f("ck_invitations_role")),
        sa.CheckConstraint(
            "status in ('pending', 'accepted', 'declined', 'expired', 'revoked')", name=op.f("ck_invitations_status")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name="fk_invitations_organization_id_organizations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_organization_id", "invitations", ["organization_id", "created_at"], unique=False)
    op.create_index("uq_invitations_token_hash", "invitations", ["token_hash"], unique=True)
    op.create_index(
        "uq_invitations_pending",
        "invitations",
        ["organization_id", sa.literal_column('lower(email COLLATE "C")')],
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.add_column("sites", sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.alter_column("sites", "is_primary", server_default=None)
    op.add_column(
        "sites",
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.alter_column("sites", "settings", server_default=None)
    op.create_index(
        "uq_sites_primary",
        "sites",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("is_primary and status <> 'deleted'"),
    )
    op.create_table(
        "site_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_site_access_member_id_members", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_site_access_site_id_sites", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_access")),
    )
    op.create_index("ix_site_access_site_id", "site_access", ["site_id"], unique=False)
    op.create_index("uq_site_access_member_id_site_id", "site_access", ["member_id", "site_id"], unique=True)
    op.add_column("domains", sa.Column("proof", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.alter_column("domains", "proof", server_default=None)
    op.add_column("domains", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_domains_status"), "domains", "status in ('pending', 'verified', 'failed')")
    op.execute(
        "create trigger audit after insert or update or delete on password_resets for each row execute function audit('password_resets', 'token_hash')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on members for each row execute function audit('members')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on invitations for each row execute function audit('invitations', 'token_hash')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on site_access for each row execute function audit('site_access')"
    )
    # Not at every change of a name: it writes all sites of the organization, and every process looks at them again.
    op.execute("drop trigger routing on organizations")
    op.execute(
        "create trigger routing after update of is_active on organizations for each row when (old.is_active is distinct from new.is_active) execute function mark_sites()"
    )


def downgrade() -> None:
    op.execute("drop trigger routing on organizations")
    op.execute(
        "create trigger routing after update of is_active on organizations for each row execute function mark_sites()"
    )
    op.drop_constraint(op.f("ck_domains_status"), "domains", type_="check")
    op.drop_column("domains", "checked_at")
    op.drop_column("domains", "proof")
    op.drop_table("site_access")
    op.drop_index("uq_sites_primary", table_name="sites")
    op.drop_column("sites", "settings")
    op.drop_column("sites", "is_primary")
    op.drop_table("invitations")
    op.drop_table("members")
    op.drop_constraint(op.f("ck_organizations_plan"), "organizations", type_="check")
    op.drop_column("organizations", "deleted_at")
    op.drop_column("organizations", "verified_at")
    op.drop_column("organizations", "settings")
    op.drop_column("organizations", "is_verified")
    op.drop_column("organizations", "max_storage_bytes")
    op.drop_column("organizations", "max_members")
    op.drop_column("organizations", "max_sites")
    op.drop_column("organizations", "plan")
    op.drop_column("organizations", "address")
    op.drop_column("organizations", "phone")
    op.drop_column("organizations", "website")
    op.drop_column("organizations", "email")
    op.drop_column("organizations", "description")
    op.drop_index("uq_password_resets_token_hash", table_name="password_resets")
    op.drop_index("ix_password_resets_user_id", table_name="password_resets")
    op.drop_table("password_resets")
    op.execute(
        "update sessions set ended_because = 'ended_by_user' where ended_because in ('password_reset', 'ended_by_admin')"
    )
    op.drop_constraint(op.f("ck_sessions_ended_because"), "sessions", type_="check")
    op.create_check_constraint(
        op.f("ck_sessions_ended_because"),
        "sessions",
        "ended_because in ('logged_out', 'ended_by_user', 'password_changed', 'token_reused')",
    )
    op.drop_column("sessions", "impersonator_label")
    op.drop_column("sessions", "impersonator")
    op.drop_index("uq_users_linked_user_id", table_name="users")
    op.drop_column("users", "linked_user_id")
