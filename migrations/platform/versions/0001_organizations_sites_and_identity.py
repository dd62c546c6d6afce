"""organizations sites and identity

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.Text(), nullable=True),
        sa.Column("impersonator", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("db_role", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index("ix_history_row_id_id", "history", ["row_id", "id"], unique=False)
    op.execute((SQL / "audit.sql").read_text())
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_index("uq_organizations_slug", "organizations", ["slug"], unique=True)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.literal_column('lower(email COLLATE "C")')], unique=True)
    op.create_index("uq_users_username", "users", [sa.literal_column('lower(username COLLATE "C")')], unique=True)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_because in ('logged_out', 'ended_by_user', 'password_changed', 'token_reused')",
            name=op.f("ck_sessions_ended_because"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(
        "ix_sessions_user_id",
        "sessions",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("migration_error", sa.Text(), nullable=True),
        sa.Column("routed_in", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role in ('production', 'staging', 'development', 'testing')",
            name=op.f("ck_sites_role"),
        ),
        sa.CheckConstraint(
            "status in ('provisioning', 'active', 'suspended', 'archived', 'deleted')",
            name=op.f("ck_sites_status"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_sites_organization_id_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    op.create_index("ix_sites_organization_id", "sites", ["organization_id"], unique=False)
    op.create_index("ix_sites_routed_in", "sites", ["routed_in"], unique=False)
    op.create_index(
        "uq_sites_slug",
        "sites",
        ["slug"],
        unique=True,
        postgresql_where=sa.text("status <> 'deleted'"),
    )
    op.create_table(
        "domains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_domains_site_id_sites", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
    )
    op.create_index(
        "uq_domains_primary",
        "domains",
        ["site_id"],
        unique=True,
        postgresql_where=sa.text("is_primary"),
    )
    op.create_index("uq_domains_site_id_domain", "domains", ["site_id", "domain"], unique=True)
    op.create_index(
        "uq_domains_verified",
        "domains",
        ["domain"],
        unique=True,
        postgresql_where=sa.text("status = 'verified'"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name="fk_refresh_tokens_session_id_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"], unique=False)
    op.create_index("uq_refresh_tokens_token_hash", "refresh_tokens", ["token_hash"], unique=True)
    op.create_table(
        "retired_slugs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("retired_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_retired_slugs_site_id_sites", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retired_slugs")),
    )
    op.create_index("ix_retired_slugs_site_id", "retired_slugs", ["site_id"], unique=False)
    op.create_index("uq_retired_slugs_slug", "retired_slugs", ["slug"], unique=True)
    op.execute(
        "create trigger audit after insert or update or delete on organizations for each row execute function audit('organizations')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on users for each row execute function audit('users', 'password_hash')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on sessions for each row execute function audit('sessions')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on sites for each row execute function audit('sites', 'routed_in')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on domains for each row execute function audit('domains')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on refresh_tokens for each row execute function audit('refresh_tokens', 'token_hash')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on retired_slugs for each row execute function audit('retired_slugs')"
    )
    op.execute((SQL / "routing.sql").read_text())


def downgrade() -> None:
    op.drop_index("uq_retired_slugs_slug", table_name="retired_slugs")
    op.drop_index("ix_retired_slugs_site_id", table_name="retired_slugs")
    op.drop_table("retired_slugs")
    op.drop_index("uq_refresh_tokens_token_hash", table_name="refresh_tokens")
    op.drop_index("ix_refresh_tokens_session_id", table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index("uq_domains_verified", table_name="domains", postgresql_where=sa.text("status = 'verified'"))
    op.drop_index("uq_domains_site_id_domain", table_name="domains")
    op.drop_index("uq_domains_primary", table_name="domains", postgresql_where=sa.text("is_primary"))
    op.drop_table("domains")
    op.drop_index("uq_sites_slug", table_name="sites", postgresql_where=sa.text("status <> 'deleted'"))
    op.drop_index("ix_sites_routed_in", table_name="sites")
    op.drop_index("ix_sites_organization_id", table_name="sites")
    op.drop_table("sites")
    op.drop_index("ix_sessions_user_id", table_name="sessions", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("sessions")
    op.drop_index("uq_users_username", table_name="users")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
    op.drop_index("uq_organizations_slug", table_name="organizations")
    op.drop_table("organizations")
    op.drop_index("ix_history_row_id_id", table_name="history")
    op.drop_table("history")
    op.execute("drop function audit, refuse_change")
    op.execute("drop function mark_routing, mark_sites")
