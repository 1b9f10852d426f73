"""What questions are answered from."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from storage.tables.base import Serial, belongs_to, metadata, one_of


def _origin() -> tuple[Column[str], CheckConstraint]:
    """Whether it came with a pack, or organisers taught it in chat: loading a pack leaves that alone."""
    column = Column("origin", String(8), nullable=False, server_default="pack")
    return column, one_of("origin", "pack", "learned")


def _hidden() -> Column[bool]:
    """Whether organisers took it away. The row stays: it can be undone, and no pack brings it back."""
    return Column("hidden", Boolean, nullable=False, server_default=text("false"))


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
    *_origin(),
    _hidden(),
)

answers = Table(
    "answers",
    metadata,
    belongs_to("questions", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    *_origin(),
    # What the pack said when organisers corrected it; once the pack says something else, that counts.
    Column("pack_text", Text),
)

wordings = Table(
    "wordings",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("questions"),
    Column("locale", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    *_origin(),
    _hidden(),
    Index("ix_wordings_question_id", "question_id"),
)

# What texts mean, as vectors: made once for each text and edition of a model. No text of anybody's is in it.
meanings = Table(
    "meanings",
    metadata,
    Column("edition", String(48), primary_key=True),
    Column("text_key", String(32), primary_key=True),
    # 16-bit floats, in the order of little-endian machines.
    Column("vector", LargeBinary, nullable=False),
)
