"""members know since when they have their rights; sessions have the columns that those of sites have; invitations
are counted by who invited

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("platform_session", sa.Uuid(), nullable=True))
    op.add_column(
        "members",
        sa.Column("rights_since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.alter_column("members", "rights_since", server_default=None)
    op.create_index("ix_invitations_invited_by", "invitations", ["invited_by", "expires_at"])


def downgrade() -> None:
    op.drop_index("ix_invitations_invited_by", "invitations")
    op.drop_column("members", "rights_since")
    op.drop_column("sessions", "platform_session")
