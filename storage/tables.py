"""Every table, with what its rows may say."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.instants import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only numbers rows by itself when the key is a plain INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, *values: str) -> CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def _belongs_to(table: str, *, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    column = {"people": "person_id"}.get(table, f"{table[:-1]}_id")
    return Column(
        column,
        BigInteger,
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=nullable,
    )


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
    _one_of("role", "member", "organiser"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    Index("ix_people_locale", "locale"),
)

mutes = Table(
    "mutes",
    metadata,
    _belongs_to("people", primary_key=True),
    Column("subject", String(16), primary_key=True),
    _one_of("subject", "events", "shifts", "broadcasts"),
)

interests = Table(
    "interests",
    metadata,
    _belongs_to("people", primary_key=True),
    Column("kind", String(24), primary_key=True),
    Index("ix_interests_kind", "kind"),
)

dialogues = Table(
    "dialogues",
    metadata,
    _belongs_to("people", primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("data", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

programmes = Table(
    "programmes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("source", Text, nullable=False),
)

programme_texts = Table(
    "programme_texts",
    metadata,
    _belongs_to("programmes", primary_key=True),
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
)

answers = Table(
    "answers",
    metadata,
    _belongs_to("questions", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
)

wordings = Table(
    "wordings",
    metadata,
    Column("id", Serial, primary_key=True),
    _belongs_to("questions"),
    Column("locale", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_wordings_question_id", "question_id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(64), unique=True),
    Column("kind", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("base_locale", String(16), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("deadline_at", Instant),
    Column("capacity", Integer),
    Column("companions", Integer, nullable=False, server_default="0"),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("online_url", Text),
    Column("reminders", JSON, nullable=False),
    Column("programme_id", BigInteger, ForeignKey("programmes.id", ondelete="SET NULL")),
    Column("sample", Boolean, nullable=False, server_default=text("false")),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("created_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("changed_at", Instant, nullable=False),
    _one_of("state", "draft", "published", "cancelled"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
    CheckConstraint("companions >= 0", name="companions"),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="map"),
    Index("ix_events_state_starts_at", "state", "starts_at"),
)

event_texts = Table(
    "event_texts",
    metadata,
    _belongs_to("events", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False, server_default=""),
    Column("bring", Text, nullable=False, server_default=""),
)

rsvps = Table(
    "rsvps",
    metadata,
    Column("id", Serial, primary_key=True),
    _belongs_to("events"),
    _belongs_to("people"),
    Column("state", String(16), nullable=False),
    Column("companions", Integer, nullable=False, server_default="0"),
    # When the person asked for a place: the order of the waitlist, then the id.
    Column("asked_at", Instant, nullable=False),
    Column("seated_at", Instant),
    UniqueConstraint("event_id", "person_id"),
    _one_of("state", "going", "waiting", "left"),
    CheckConstraint("companions >= 0", name="companions"),
    CheckConstraint("(state = 'going') = (seated_at IS NOT NULL)", name="seated"),
    Index("ix_rsvps_event_id_state", "event_id", "state", "asked_at", "id"),
    Index("ix_rsvps_person_id", "person_id"),
)

volunteers = Table(
    "volunteers",
    metadata,
    _belongs_to("people", primary_key=True),
    Column("languages", JSON, nullable=False),
    Column("skills", Text, nullable=False),
    Column("free", JSON, nullable=False),
    Column("signed_up_at", Instant, nullable=False),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Serial, primary_key=True),
    _belongs_to("events"),
    Column("code", String(64)),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("places", Integer, nullable=False),
    # The spoken languages that the work needs, by their codes.
    Column("languages", JSON, nullable=False, server_default="[]"),
    Column("cancelled_at", Instant),
    UniqueConstraint("event_id", "code"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("places > 0", name="places"),
    Index("ix_shifts_starts_at", "starts_at"),
)

shift_texts = Table(
    "shift_texts",
    metadata,
    _belongs_to("shifts", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("role", Text, nullable=False),
    # What it takes, or what to do.
    Column("note", Text, nullable=False, server_default=""),
)

shift_signups = Table(
    "shift_signups",
    metadata,
    Column("id", Serial, primary_key=True),
    _belongs_to("shifts"),
    _belongs_to("people"),
    Column("state", String(16), nullable=False),
    Column("taken_at", Instant, nullable=False),
    UniqueConstraint("shift_id", "person_id"),
    _one_of("state", "taken", "dropped"),
    Index("ix_shift_signups_person_id", "person_id"),
)

# One row for each moment at which people are reminded of an event or a shift, however many they are.
reminders = Table(
    "reminders",
    metadata,
    Column("id", Serial, primary_key=True),
    _belongs_to("events", nullable=True),
    _belongs_to("shifts", nullable=True),
    Column("before", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("fired_at", Instant),
    UniqueConstraint("event_id", "before"),
    UniqueConstraint("shift_id", "before"),
    CheckConstraint("(event_id IS NULL) <> (shift_id IS NULL)", name="subject"),
    Index("ix_reminders_due_at", "fired_at", "due_at"),
)

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
    _one_of("state", "draft", "sending", "paused", "cancelled", "done"),
)

broadcast_variants = Table(
    "broadcast_variants",
    metadata,
    _belongs_to("broadcasts", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("entities", JSON, nullable=False),
    Column("photo", Text),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", String(24), nullable=False),
    _belongs_to("people", nullable=True),
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
    Column("problem", Text),
    _belongs_to("events", nullable=True),
    _belongs_to("shifts", nullable=True),
    _belongs_to("broadcasts", nullable=True),
    _one_of("state", "owed", "claimed", "sent", "blocked", "failed", "unknown", "missed", "cancelled"),
    CheckConstraint("(person_id IS NULL) <> (chat_id IS NULL)", name="addressee"),
    Index("ix_notices_state_rank_due_at", "state", "rank", "due_at", "id"),
    Index("ix_notices_person_id", "person_id"),
    Index("ix_notices_broadcast_id_state", "broadcast_id", "state"),
    Index("ix_notices_event_id", "event_id"),
    Index("ix_notices_shift_id", "shift_id"),
)

threads = Table(
    "threads",
    metadata,
    Column("id", Serial, primary_key=True),
    _belongs_to("people"),
    Column("state", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    # How often the member has written since, and when somebody last answered.
    Column("follow_ups", Integer, nullable=False, server_default="0"),
    Column("answered_at", Instant),
    Column("closed_at", Instant),
    _one_of("state", "open", "closed"),
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
    _belongs_to("threads"),
    Index("ix_thread_messages_thread_id", "thread_id"),
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
    _one_of("state", "new", "done", "aside"),
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
