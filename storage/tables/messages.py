"""What came in, what is owed to whom, and what was done."""

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

from storage.instants import Instant
from storage.tables.base import Serial, belongs_to, metadata, one_of


def _open(name: str, *columns: str, where: str) -> Index:
    """An index of some of the rows alone."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("author_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("state", String(16), nullable=False),
    Column("base_locale", String(16), nullable=False),
    Column("audience", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    # The last person for whom a notice was written; recipients are added in chunks.
    Column("spread_to", BigInteger, nullable=False, server_default="0"),
    Column("spread_done", Boolean, nullable=False, server_default=text("false")),
    Column("progress_chat_id", BigInteger),
    Column("progress_message_id", BigInteger),
    Column("progress_shown", Text, nullable=False, server_default=""),
    # What stands under the message, for all languages alike; labels by locale.
    Column("buttons", JSON, nullable=False, server_default="[]"),
    Column("send_at", Instant),
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    # How it reaches those for whom it is night: at once, without a sound, or in the morning.
    Column("night", String(8), nullable=False, server_default="morning"),
    Column("paid", Boolean, nullable=False, server_default=text("false")),
    Column("submitted_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("approved_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    # Null: somebody paused it; else what the bot found.
    Column("paused_because", String(16)),
    # How far it had come at the moments of the last minute: what tells the rate, and failures that rise.
    Column("pulse", JSON, nullable=False, server_default="[]"),
    # When the present round began: sent once more, it reaches those who joined meanwhile.
    Column("round_at", Instant),
    one_of("state", "draft", "review", "scheduled", "sending", "paused", "cancelled", "done"),
    one_of("night", "now", "silent", "morning"),
)

# What is done afterwards to the messages of a broadcast that have arrived, each person's in turn.
broadcast_changes = Table(
    "broadcast_changes",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("broadcasts"),
    Column("kind", String(16), nullable=False),
    # The language whose readers it concerns; null: everybody.
    Column("locale", String(16)),
    Column("author_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("spread_to", BigInteger, nullable=False, server_default="0"),
    Column("spread_done", Boolean, nullable=False, server_default=text("false")),
    one_of("kind", "correct", "recall"),
    Index("ix_broadcast_changes_broadcast_id", "broadcast_id"),
)

broadcast_variants = Table(
    "broadcast_variants",
    metadata,
    belongs_to("broadcasts", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("entities", JSON, nullable=False),
    # Pictures, films and files by Telegram's ids, the text being the first one's caption.
    # Or else a poll, or a place on the map.
    Column("media", JSON, nullable=False, server_default="[]"),
    Column("poll", JSON),
    Column("place", JSON),
)

# How many messages of a broadcast have ended how, counted along, as counting a million takes a while.
broadcast_tallies = Table(
    "broadcast_tallies",
    metadata,
    belongs_to("broadcasts", primary_key=True),
    # What it was: the message itself, its correction or its recall.
    Column("kind", String(24), primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("people", Integer, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", String(24), nullable=False),
    belongs_to("people", nullable=True),
    # Where it goes when it is owed to a chat (the desk) and not to a person.
    Column("chat_id", BigInteger),
    Column("params", JSON, nullable=False),
    # The same occasion never makes two notices.
    Column("occasion", String(160), nullable=False, unique=True),
    Column("rank", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("useful_until", Instant),
    Column("state", String(16), nullable=False, server_default="owed"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("settled_at", Instant),
    Column("message_id", BigInteger),
    # The messages after the first, where there were several.
    Column("more_messages", JSON),
    Column("problem", Text),
    belongs_to("events", nullable=True),
    belongs_to("shifts", nullable=True),
    belongs_to("broadcasts", nullable=True),
    one_of("state", "owed", "claimed", "sent", "blocked", "failed", "unknown", "missed", "cancelled"),
    CheckConstraint("(person_id IS NULL) <> (chat_id IS NULL)", name="addressee"),
    # Only what is still open is looked for by its state: what is settled costs these nothing.
    _open("ix_notices_owed", "rank", "due_at", "id", where="state = 'owed'"),
    _open("ix_notices_stale", "useful_until", where="state = 'owed' AND useful_until IS NOT NULL"),
    _open("ix_notices_open", "broadcast_id", where="state IN ('owed', 'claimed')"),
    Index("ix_notices_person_id", "person_id"),
    Index("ix_notices_broadcast_id", "broadcast_id", "person_id"),
    Index("ix_notices_event_id", "event_id"),
    Index("ix_notices_shift_id", "shift_id"),
)

# Letters that come again and again, to those who asked for them: what lies ahead on some topics.
newsletters = Table(
    "newsletters",
    metadata,
    Column("id", Serial, primary_key=True),
    # Kinds of events; none: all of them.
    Column("kinds", JSON, nullable=False),
    # Every week on a day from Monday, 0, or every month on a day of it; at a minute of that local day.
    Column("every", String(8), nullable=False),
    Column("day", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("next_at", Instant),
    Column("created_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    one_of("every", "week", "month"),
)

newsletter_texts = Table(
    "newsletter_texts",
    metadata,
    belongs_to("newsletters", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    # Stands above the events of the next letter, if anything.
    Column("foreword", Text, nullable=False, server_default=""),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    belongs_to("newsletters", primary_key=True),
    belongs_to("people", primary_key=True),
    Column("since", Instant, nullable=False),
    # "offered": asked once, and not answered.
    Column("state", String(8), nullable=False, server_default="on"),
    one_of("state", "on", "off", "offered"),
    Index("ix_subscriptions_person_id", "person_id"),
)

# One issue of a newsletter, on its way to its readers in chunks.
letters = Table(
    "letters",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("newsletters"),
    Column("due_at", Instant, nullable=False),
    # What stands above the events, by locale.
    Column("forewords", JSON, nullable=False),
    Column("spread_to", BigInteger, nullable=False, server_default="0"),
    Column("spread_done", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("newsletter_id", "due_at"),
)

threads = Table(
    "threads",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("people"),
    Column("state", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    # How often the member has written since, and when somebody last answered.
    Column("follow_ups", Integer, nullable=False, server_default="0"),
    Column("answered_at", Instant),
    Column("closed_at", Instant),
    # What the bot had answered to it.
    Column("offered", Text),
    # Since when the member has waited for an answer, and when they were told that it takes longer.
    Column("waiting_since", Instant),
    Column("reminded_at", Instant),
    # The latest answer of the desk in plain text.
    Column("answer", Text),
    one_of("state", "open", "closed"),
    Index(
        "ix_threads_open",
        "person_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# Which message in which chat belongs to which thread, so that a reply to an old one still finds its way.
thread_messages = Table(
    "thread_messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    belongs_to("threads"),
    # What it is: somebody's own message, "written", or the kind of notice that the bot said it in.
    Column("kind", String(24), nullable=False, server_default=""),
    # The message that it passes on.
    Column("source_chat_id", BigInteger),
    Column("source_message_id", BigInteger),
    Index("ix_thread_messages_thread_id", "thread_id"),
    Index("ix_thread_messages_source", "source_chat_id", "source_message_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("lane", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(16), nullable=False, server_default="new"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("received_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("problem", Text),
    one_of("state", "new", "done", "aside"),
    Index("ix_inbox_state", "state", "id"),
    Index("ix_inbox_settled_at", "settled_at"),
    sqlite_autoincrement=True,
)

replies = Table(
    "replies",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("lane", BigInteger, nullable=False),
    Column("calls", JSON, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Index("ix_replies_lane", "lane", "id"),
    sqlite_autoincrement=True,
)

# What organisers did. Names are looked up when it is read, so that none outlives its person.
audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("action", String(32), nullable=False),
    # Null: the bot itself, by the clock.
    Column("actor_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    belongs_to("events", nullable=True),
    belongs_to("shifts", nullable=True),
    Column("subject_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("params", JSON, nullable=False),
    Index("ix_audit_event_id", "event_id", "id"),
)
