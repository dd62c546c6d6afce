"""tasks

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'done') = (completed_at is not null)", name=op.f("ck_tasks_completed_at")),
        sa.CheckConstraint("priority in ('low', 'normal', 'high', 'urgent')", name=op.f("ck_tasks_priority")),
        sa.CheckConstraint("status in ('todo', 'in_progress', 'done', 'cancelled')", name=op.f("ck_tasks_status")),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name="fk_tasks_assignee_id_users", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_tasks_owner_id_users", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_tasks_project_id_projects", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_assignee_id_status", "tasks", ["assignee_id", "status"], unique=False)
    op.create_index("ix_tasks_completed_at", "tasks", ["completed_at"], unique=False)
    op.create_index("ix_tasks_created_at_id", "tasks", ["created_at", "id"], unique=False)
    op.create_index("ix_tasks_due_date_id", "tasks", ["due_date", "id"], unique=False)
    op.create_index("ix_tasks_owner_id", "tasks", ["owner_id"], unique=False)
    op.create_index("ix_tasks_priority_status", "tasks", ["priority", "status"], unique=False)
    op.create_index("ix_tasks_project_id_created_at_id", "tasks", ["project_id", "created_at", "id"], unique=False)
    op.create_index("ix_tasks_status_due_date", "tasks", ["status", "due_date"], unique=False)
    op.create_index("ix_grants_object_id", "grants", ["object_id"], unique=False)
    op.execute(
        "create trigger audit after insert or update or delete on tasks for each row execute function audit('tasks')"
    )
    op.execute("create trigger grants after delete on tasks for each row execute function forget_grants('tasks')")


def downgrade() -> None:
    op.execute("delete from grants where resource = 'tasks'")
    op.drop_index("ix_grants_object_id", table_name="grants")
    op.drop_index("ix_tasks_status_due_date", table_name="tasks")
    op.drop_index("ix_tasks_project_id_created_at_id", table_name="tasks")
    op.drop_index("ix_tasks_priority_status", table_name="tasks")
    op.drop_index("ix_tasks_owner_id", table_name="tasks")
    op.drop_index("ix_tasks_due_date_id", table_name="tasks")
    op.drop_index("ix_tasks_created_at_id", table_name="tasks")
    op.drop_index("ix_tasks_completed_at", table_name="tasks")
    op.drop_index("ix_tasks_assignee_id_status", table_name="tasks")
    op.drop_table("tasks")
