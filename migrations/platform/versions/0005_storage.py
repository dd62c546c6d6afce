"""how many bytes of files sites and organizations keep

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
        "organization_storage",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_organization_storage")),
    )
    op.create_table(
        "site_storage",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_storage")),
    )
    op.create_index("ix_site_storage_organization_id", "site_storage", ["organization_id"], unique=False)


def downgrade() -> None:
    op.drop_table("site_storage")
    op.drop_table("organization_storage")
