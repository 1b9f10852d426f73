"""What was last spoken of, and texts for members only."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ONE_OF = "audience IN ('everyone', 'members')"


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.String(length=24), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("aspects", sa.String(length=48), nullable=False),
        sa.Column("spoken_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(topic_id IS NULL) <> (event_id IS NULL)", name=op.f("ck_conversations_topic_or_event")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_conversations_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_conversations_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index("ix_conversations_event_id", ["event_id"], unique=False)
        batch_op.create_index("ix_conversations_spoken_at", ["spoken_at"], unique=False)
    for table in ("programmes", "questions"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("audience", sa.String(length=16), server_default="everyone", nullable=False)
            )
            batch_op.create_check_constraint(op.f(f"ck_{table}_audience"), ONE_OF)


def downgrade() -> None:
    for table in ("questions", "programmes"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_audience"), type_="check")
            batch_op.drop_column("audience")
    op.drop_table("conversations")
