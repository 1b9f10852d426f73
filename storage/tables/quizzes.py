"""Quizzes, what they ask, and how people did."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.instants import Instant, Moment
from storage.tables.base import Serial, belongs_to, metadata, one_of

quizzes = Table(
    "quizzes",
    metadata,
    Column("id", Serial, primary_key=True),
    # What a content pack calls it; loading the pack again finds it by this.
    Column("code", String(64), unique=True),
    Column("state", String(8), nullable=False, server_default="draft"),
    Column("base_locale", String(16), nullable=False),
    Column("event_id", BigInteger, ForeignKey("events.id", ondelete="SET NULL")),
    Column("audience", String(8), nullable=False, server_default="everyone"),
    # From when and until when it can be taken; without the one since it is open, without the other for good.
    Column("opens_at", Instant),
    Column("closes_at", Instant),
    Column("closed_at", Instant),
    # How often a person may try; the best counts.
    Column("attempts", Integer, nullable=False, server_default="1"),
    # Seconds for each question, or for all of them together; neither is no limit.
    Column("each_seconds", Integer),
    Column("whole_seconds", Integer),
    Column("shuffle", Boolean, nullable=False, server_default=text("false")),
    # Whether the ranking can be seen while it is open.
    Column("live_ranking", Boolean, nullable=False, server_default=text("true")),
    # Of a hundred right answers, how many a certificate takes; none is given without.
    Column("certificate_percent", Integer),
    Column("sample", Boolean, nullable=False, server_default=text("false")),
    Column("created_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    one_of("state", "draft", "open", "closed"),
    one_of("audience", "everyone", "event"),
    CheckConstraint("attempts BETWEEN 1 AND 20", name="attempts"),
    CheckConstraint("each_seconds IS NULL OR whole_seconds IS NULL", name="limit"),
    CheckConstraint("each_seconds IS NULL OR each_seconds >= 5", name="each"),
    CheckConstraint("whole_seconds IS NULL OR whole_seconds >= 30", name="whole"),
    CheckConstraint(
        "certificate_percent IS NULL OR certificate_percent BETWEEN 0 AND 100", name="certificate"
    ),
    Index("ix_quizzes_event_id", "event_id"),
    Index("ix_quizzes_created_by", "created_by"),
)

quiz_texts = Table(
    "quiz_texts",
    metadata,
    belongs_to("quizzes", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("intro", Text, nullable=False, server_default=""),
)

quiz_questions = Table(
    "quiz_questions",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("quizzes"),
    Column("position", Integer, nullable=False),
    # Telegram's id of a photo.
    Column("picture", Text),
    # How many choices there are, and which one is right, counted from 1.
    Column("choices", Integer, nullable=False),
    Column("right_choice", Integer, nullable=False),
    CheckConstraint("choices BETWEEN 2 AND 6", name="choices"),
    CheckConstraint("right_choice BETWEEN 1 AND choices", name="right_choice"),
    Index("ix_quiz_questions_quiz_id", "quiz_id", "position", "id"),
)

quiz_question_texts = Table(
    "quiz_question_texts",
    metadata,
    Column("question_id", BigInteger, ForeignKey("quiz_questions.id", ondelete="CASCADE"), primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    # Their words in order.
    Column("choices", JSON, nullable=False),
    Column("explanation", Text, nullable=False, server_default=""),
)

quiz_attempts = Table(
    "quiz_attempts",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("quizzes"),
    belongs_to("people"),
    # The first is 1.
    Column("number", Integer, nullable=False),
    # The ids of its questions as they are asked, and at which of them it is, counted from 0.
    Column("questions", JSON, nullable=False),
    Column("at", Integer, nullable=False, server_default="0"),
    Column("started_at", Moment, nullable=False),
    # Since when the present question is open; none is between an answer and the next question.
    Column("asked_at", Moment),
    # When it ends by itself; without this, when the quiz closes.
    Column("ends_at", Moment),
    Column("finished_at", Moment),
    Column("score", Integer, nullable=False, server_default="0"),
    Column("elapsed_ms", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("quiz_id", "person_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("score >= 0 AND elapsed_ms >= 0", name="counted"),
    # The ranking, in its order.
    Index("ix_quiz_attempts_ranking", "quiz_id", "score", "elapsed_ms", "finished_at"),
    Index("ix_quiz_attempts_person_id", "person_id"),
)

# What was answered; nothing where the time was over first.
quiz_answers = Table(
    "quiz_answers",
    metadata,
    Column("attempt_id", BigInteger, ForeignKey("quiz_attempts.id", ondelete="CASCADE"), primary_key=True),
    Column("question_id", BigInteger, ForeignKey("quiz_questions.id", ondelete="CASCADE"), primary_key=True),
    Column("choice", Integer),
    Column("is_right", Boolean, nullable=False),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    Column("elapsed_ms", BigInteger, nullable=False),
    CheckConstraint("NOT (is_right AND late)", name="late"),
    Index("ix_quiz_answers_question_id", "question_id"),
)

# Whether somebody's name may stand in the top ten; nobody's does before they said so.
quiz_names = Table(
    "quiz_names",
    metadata,
    belongs_to("quizzes", primary_key=True),
    belongs_to("people", primary_key=True),
    Column("shown", Boolean, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Index("ix_quiz_names_person_id", "person_id"),
)
