"""What the desk keeps beside members' questions: topics, notes, who is barred, answers kept ready."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from storage.instants import Instant
from storage.tables.base import Serial, belongs_to, metadata

# A member's topic in the desk's group. It has no number while Telegram is being asked for it.
desk_topics = Table(
    "desk_topics",
    metadata,
    belongs_to("people", primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger),
    # The notice that asks for it.
    Column("occasion", String(160), nullable=False),
    UniqueConstraint("chat_id", "topic_id"),
)

# Whoever has taken a question on.
assignments = Table(
    "assignments",
    metadata,
    belongs_to("threads", primary_key=True),
    belongs_to("people"),
    Index("ix_assignments_person_id", "person_id"),
)

# What the desk writes down for itself about a question.
desk_notes = Table(
    "desk_notes",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("threads"),
    Column("author_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    Index("ix_desk_notes_thread_id", "thread_id"),
    Index("ix_desk_notes_author_id", "author_id"),
)

# Whoever may not write to the desk for a while; `until` is null until somebody lifts it.
desk_bans = Table(
    "desk_bans",
    metadata,
    belongs_to("people", primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
)

# Answers that are given again and again: what organisers call them, and their words by locale.
ready_answers = Table(
    "ready_answers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("title", Text, nullable=False),
    Column("texts", JSON, nullable=False),
)

# Those who sign their answers with their own name.
signatures = Table(
    "signatures",
    metadata,
    belongs_to("people", primary_key=True),
)
