"""Several processes share the work."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_table(
        "lanes",
        sa.Column("lane", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_lanes_process_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lanes")),
    )
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.create_index("ix_lanes_process_id", ["process_id"], unique=False)


def downgrade() -> None:
    op.drop_table("lanes")
    op.drop_table("processes")
