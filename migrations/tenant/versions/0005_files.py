"""files and open uploads

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status in ('stored', 'quarantined')", name=op.f("ck_files_status")),
        sa.CheckConstraint("num_nonnulls(project_id, task_id) <= 1", name=op.f("ck_files_place")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_files_task_id_tasks", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_files_owner_id_users", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_files_project_id_projects", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_created_at_id", "files", ["created_at", "id"], unique=False)
    op.create_index("ix_files_owner_id", "files", ["owner_id"], unique=False)
    op.create_index("ix_files_project_id", "files", ["project_id"], unique=False)
    op.create_index("ix_files_task_id", "files", ["task_id"], unique=False)
    op.create_index("uq_files_upload_id", "files", ["upload_id"], unique=True)
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(project_id, task_id) <= case when name is null then 0 else 1 end",
            name=op.f("ck_uploads_place"),
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_uploads_task_id_tasks", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_uploads_project_id_projects", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_uploads_created_by_users", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_created_by", "uploads", ["created_by"], unique=False)
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"], unique=False)
    op.create_index("ix_uploads_project_id", "uploads", ["project_id"], unique=False)
    op.create_index("ix_uploads_task_id", "uploads", ["task_id"], unique=False)
    op.create_index("uq_uploads_upload_id", "uploads", ["upload_id"], unique=True)
    op.execute(
        "create trigger audit after insert or update or delete on files for each row execute function audit('files')"
    )
    op.execute(
        "create trigger audit after insert or update or delete on uploads for each row execute function audit('uploads')"
    )
    op.execute("create trigger grants after delete on files for each row execute function forget_grants('files')")


def downgrade() -> None:
    op.execute("delete from grants where resource = 'files'")
    op.drop_table("uploads")
    op.drop_table("files")
