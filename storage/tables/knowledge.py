"""What questions are answered from."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.base import Serial, belongs_to, metadata, one_of

programmes = Table(
    "programmes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("audience", String(16), nullable=False, server_default="everyone"),
    one_of("audience", "everyone", "members"),
)

programme_texts = Table(
    "programme_texts",
    metadata,
    belongs_to("programmes", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("programme_id", BigInteger, ForeignKey("programmes.id", ondelete="SET NULL")),
    Column("source", Text, nullable=False),
    Column("as_of", String(10)),
    Column("events_of_kind", String(24)),
    Column("audience", String(16), nullable=False, server_default="everyone"),
    one_of("audience", "everyone", "members"),
)

answers = Table(
    "answers",
    metadata,
    belongs_to("questions", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
)

wordings = Table(
    "wordings",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("questions"),
    Column("locale", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_wordings_question_id", "question_id"),
)
