"""Quizzes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quizzes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), server_default="draft", nullable=False),
        sa.Column("base_locale", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.String(length=8), server_default="everyone", nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("each_seconds", sa.Integer(), nullable=True),
        sa.Column("whole_seconds", sa.Integer(), nullable=True),
        sa.Column("shuffle", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("live_ranking", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("certificate_percent", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("audience IN ('everyone', 'event')", name=op.f("ck_quizzes_audience")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_quizzes_state")),
        sa.CheckConstraint("attempts BETWEEN 1 AND 20", name=op.f("ck_quizzes_attempts")),
        sa.CheckConstraint(
            "certificate_percent IS NULL OR certificate_percent BETWEEN 0 AND 100",
            name=op.f("ck_quizzes_certificate"),
        ),
        sa.CheckConstraint("each_seconds IS NULL OR each_seconds >= 5", name=op.f("ck_quizzes_each")),
        sa.CheckConstraint("each_seconds IS NULL OR whole_seconds IS NULL", name=op.f("ck_quizzes_limit")),
        sa.CheckConstraint("whole_seconds IS NULL OR whole_seconds >= 30", name=op.f("ck_quizzes_whole")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_quizzes_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_quizzes_event_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes")),
        sa.UniqueConstraint("code", name=op.f("uq_quizzes_code")),
    )
    with op.batch_alter_table("quizzes", schema=None) as batch_op:
        batch_op.create_index("ix_quizzes_created_by", ["created_by"], unique=False)
        batch_op.create_index("ix_quizzes_event_id", ["event_id"], unique=False)

    op.create_table(
        "quiz_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("at", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Integer(), server_default="0", nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_quiz_attempts_number")),
        sa.CheckConstraint("score >= 0 AND elapsed_ms >= 0", name=op.f("ck_quiz_attempts_counted")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_attempts_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_attempts_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempts")),
        sa.UniqueConstraint(
            "quiz_id", "person_id", "number", name=op.f("uq_quiz_attempts_quiz_id_person_id_number")
        ),
    )
    with op.batch_alter_table("quiz_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_attempts_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "ix_quiz_attempts_ranking", ["quiz_id", "score", "elapsed_ms", "finished_at"], unique=False
        )

    op.create_table(
        "quiz_names",
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_names_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_names_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quiz_id", "person_id", name=op.f("pk_quiz_names")),
    )
    with op.batch_alter_table("quiz_names", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_names_person_id", ["person_id"], unique=False)

    op.create_table(
        "quiz_questions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("choices", sa.Integer(), nullable=False),
        sa.Column("right_choice", sa.Integer(), nullable=False),
        sa.CheckConstraint("choices BETWEEN 2 AND 6", name=op.f("ck_quiz_questions_choices")),
        sa.CheckConstraint("right_choice BETWEEN 1 AND choices", name=op.f("ck_quiz_questions_right_choice")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_questions_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_questions")),
    )
    with op.batch_alter_table("quiz_questions", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_questions_quiz_id", ["quiz_id", "position", "id"], unique=False)

    op.create_table(
        "quiz_texts",
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("intro", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_texts_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quiz_id", "locale", name=op.f("pk_quiz_texts")),
    )
    op.create_table(
        "quiz_answers",
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("NOT (is_right AND late)", name=op.f("ck_quiz_answers_late")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempts.id"], name=op.f("fk_quiz_answers_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["quiz_questions.id"],
            name=op.f("fk_quiz_answers_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attempt_id", "question_id", name=op.f("pk_quiz_answers")),
    )
    with op.batch_alter_table("quiz_answers", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_answers_question_id", ["question_id"], unique=False)

    op.create_table(
        "quiz_question_texts",
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["quiz_questions.id"],
            name=op.f("fk_quiz_question_texts_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "locale", name=op.f("pk_quiz_question_texts")),
    )


def downgrade() -> None:
    op.drop_table("quiz_question_texts")
    with op.batch_alter_table("quiz_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_answers_question_id")

    op.drop_table("quiz_answers")
    op.drop_table("quiz_texts")
    with op.batch_alter_table("quiz_questions", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_questions_quiz_id")

    op.drop_table("quiz_questions")
    with op.batch_alter_table("quiz_names", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_names_person_id")

    op.drop_table("quiz_names")
    with op.batch_alter_table("quiz_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_attempts_ranking")
        batch_op.drop_index("ix_quiz_attempts_person_id")

    op.drop_table("quiz_attempts")
    with op.batch_alter_table("quizzes", schema=None) as batch_op:
        batch_op.drop_index("ix_quizzes_event_id")
        batch_op.drop_index("ix_quizzes_created_by")

    op.drop_table("quizzes")
