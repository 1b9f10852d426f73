"""What texts mean is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meanings",
        sa.Column("edition", sa.String(length=48), nullable=False),
        sa.Column("text_key", sa.String(length=32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "text_key", name=op.f("pk_meanings")),
    )


def downgrade() -> None:
    op.drop_table("meanings")
