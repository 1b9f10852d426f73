"""People, what they want, and what the bot remembers of them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from storage.instants import Instant
from storage.tables.base import Serial, belongs_to, metadata, one_of

options = Table(
    "options",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("username", String(64)),
    Column("locale", String(16), nullable=False),
    Column("role", String(16), nullable=False, server_default="member"),
    Column("joined_at", Instant, nullable=False),
    Column("unreachable_since", Instant),
    # Minutes after local midnight; both or neither.
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    one_of("role", "member", "organiser"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    Index("ix_people_locale", "locale"),
    # Few of very many, and counted for every audience.
    Index(
        "ix_people_unreachable",
        "locale",
        sqlite_where=text("unreachable_since IS NOT NULL"),
        postgresql_where=text("unreachable_since IS NOT NULL"),
    ),
)

mutes = Table(
    "mutes",
    metadata,
    belongs_to("people", primary_key=True),
    Column("subject", String(16), primary_key=True),
    one_of("subject", "events", "shifts", "broadcasts"),
)

interests = Table(
    "interests",
    metadata,
    belongs_to("people", primary_key=True),
    Column("kind", String(24), primary_key=True),
    Index("ix_interests_kind", "kind"),
)

dialogues = Table(
    "dialogues",
    metadata,
    belongs_to("people", primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("data", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

# What a person was last told of, so that "how much?" is understood; forgotten after a short silence.
conversations = Table(
    "conversations",
    metadata,
    belongs_to("people", primary_key=True),
    Column("topic_id", String(24)),
    Column("event_id", BigInteger, ForeignKey("events.id", ondelete="CASCADE")),
    Column("aspects", String(48), nullable=False),
    Column("spoken_at", Instant, nullable=False),
    CheckConstraint("(topic_id IS NULL) <> (event_id IS NULL)", name="topic_or_event"),
    Index("ix_conversations_event_id", "event_id"),
    Index("ix_conversations_spoken_at", "spoken_at"),
)

# The association's own circles of people: its members, a committee, a class.
groups = Table(
    "groups",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(64), unique=True),
    # The group's name by locale; the first one stands where a language has none.
    Column("names", JSON, nullable=False),
    # Part of the link by which people join it.
    Column("token", String(32), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    belongs_to("groups", primary_key=True),
    belongs_to("people", primary_key=True),
    Column("joined_at", Instant, nullable=False),
    Index("ix_group_members_person_id", "person_id"),
)

# The address under which a person's calendar is read by other programs.
feeds = Table(
    "feeds",
    metadata,
    belongs_to("people", primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)
