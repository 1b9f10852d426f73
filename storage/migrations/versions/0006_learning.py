"""What members asked in vain, and what organisers teach the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_lessons_actor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.create_index("ix_lessons_question_id", ["question_id"], unique=False)

    op.create_table(
        "asked",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("topic_id", sa.String(length=24), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.String(length=12), server_default="none", nullable=False),
        sa.Column("meant", sa.String(length=24), nullable=True),
        sa.Column("labelled_at", sa.BigInteger(), nullable=True),
        sa.Column("part", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "label IN ('none', 'right', 'wrong', 'chosen', 'attached', 'dismissed')",
            name=op.f("ck_asked_label"),
        ),
        sa.CheckConstraint("outcome IN ('answered', 'offered', 'nothing')", name=op.f("ck_asked_outcome")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_asked_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_asked_thread_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
        sa.UniqueConstraint("person_id", "text", name=op.f("uq_asked_person_id_text")),
    )
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.create_index(
            "ix_asked_open",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("label IN ('none', 'wrong')"),
            postgresql_where=sa.text("label IN ('none', 'wrong')"),
        )
        batch_op.create_index("ix_asked_thread_id", ["thread_id"], unique=False)

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=8), server_default="pack", nullable=False))
        batch_op.add_column(sa.Column("pack_text", sa.Text(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_answers_origin"), "origin IN ('pack', 'learned')")

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=8), server_default="pack", nullable=False))
        batch_op.add_column(
            sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch_op.create_check_constraint(op.f("ck_questions_origin"), "origin IN ('pack', 'learned')")

    with op.batch_alter_table("wordings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=8), server_default="pack", nullable=False))
        batch_op.add_column(
            sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch_op.create_check_constraint(op.f("ck_wordings_origin"), "origin IN ('pack', 'learned')")


def downgrade() -> None:
    op.execute("UPDATE answers SET text = pack_text, origin = 'pack' WHERE pack_text IS NOT NULL")
    for table in ("questions", "answers", "wordings"):
        # What organisers taught is not the pack's, and the bot of before can't tell the two apart.
        op.execute(f"DELETE FROM {table} WHERE origin = 'learned'")  # noqa: S608 - our own names
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_origin"), type_="check")
            batch_op.drop_column("origin")
    for table in ("questions", "wordings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("hidden")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_column("pack_text")
    op.drop_table("asked")
    op.drop_table("lessons")
