"""groups, grants, linked users, password resets

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
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
    op.create_table(
        "groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    op.create_index("uq_groups_name", "groups", [sa.literal_column('lower(name COLLATE "C")')], unique=True)
    op.create_table(
        "group_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_group_members_group_id_groups", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_group_members_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
    )
    op.create_index("ix_group_members_user_id", "group_members", ["user_id"], unique=False)
    op.create_index("uq_group_members_group_id_user_id", "group_members", ["group_id", "user_id"], unique=True)
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("num_nonnulls(user_id, group_id) = 1", name=op.f("ck_grants_receiver")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_grants_user_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_grants_group_id_groups", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_group_id", "grants", ["group_id"], unique=False)
    op.create_index("ix_grants_user_id", "grants", ["user_id"], unique=False)
    op.create_index(
        "uq_grants_group",
        "grants",
        ["object_id", "group_id", "resource"],
        unique=True,
        postgresql_where=sa.text("group_id is not null"),
    )
    op.create_index(
        "uq_grants_user",
        "grants",
        ["object_id", "user_id", "resource"],
        unique=True,
        postgresql_where=sa.text("user_id is not null"),
    )
    op.execute(
        "create trigger audit after insert or update or delete on password_resets for each row execute function audit('password_resets', 'token_hash')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on groups for each row execute function audit('groups')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on group_members for each row execute function audit('group_members')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on grants for each row execute function audit('grants')"
    )
    op.execute((SQL / "grants.sql").read_text())


def downgrade() -> None:
    op.execute("drop trigger grants on projects")
    op.execute("drop function forget_grants")
    op.drop_table("grants")
    op.drop_table("group_members")
    op.drop_table("groups")
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
