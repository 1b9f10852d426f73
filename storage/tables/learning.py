"""What members asked and found no good answer to, and what organisers taught the bot from it."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.instants import Instant
from storage.tables.base import Serial, belongs_to, metadata, one_of

asked = Table(
    "asked",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("text", Text, nullable=False),
    Column("locale", String(16), nullable=False),
    Column("outcome", String(12), nullable=False),
    # What was told, or offered first; its id as bot/topics.py has it.
    Column("topic_id", String(24)),
    Column("asked_at", Instant, nullable=False),
    # Only to count how many people ask, and to find what their next press is about; null some time later.
    belongs_to("people", nullable=True),
    # Where a person was asked it as well.
    Column("thread_id", BigInteger, ForeignKey("threads.id", ondelete="SET NULL")),
    # What is known of it by now, and since when; `meant` is the topic that is right.
    Column("label", String(12), nullable=False, server_default="none"),
    Column("meant", String(24)),
    Column("labelled_at", Instant),
    # Questions that organisers set apart from those like them have a number in common.
    Column("part", BigInteger),
    one_of("outcome", "answered", "offered", "nothing"),
    one_of("label", "none", "right", "wrong", "chosen", "attached", "dismissed"),
    UniqueConstraint("person_id", "text"),
    Index(
        "ix_asked_open",
        "asked_at",
        sqlite_where=text("label IN ('none', 'wrong')"),
        postgresql_where=text("label IN ('none', 'wrong')"),
    ),
    Index("ix_asked_thread_id", "thread_id"),
)

# What organisers changed in what the bot answers, each with what it takes to undo it.
lessons = Table(
    "lessons",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("action", String(24), nullable=False),
    # The entry; a pack may have dropped it since.
    Column("question_id", BigInteger),
    Column("params", JSON, nullable=False),
    Column("undone_at", Instant),
    Index("ix_lessons_question_id", "question_id"),
)
