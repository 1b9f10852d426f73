"""Events, what happens when on them, and what is due by the clock."""

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
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.instants import Instant
from storage.tables.base import Serial, belongs_to, metadata, one_of

# Several events that belong together, each with places of its own.
series = Table(
    "series",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(64), unique=True),
    Column("names", JSON, nullable=False),
    # Whether people sign up for all its sessions at once, for single ones, or as they like.
    Column("sign_up", String(16), nullable=False, server_default="either"),
    Column("created_at", Instant, nullable=False),
    one_of("sign_up", "whole", "single", "either"),
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
    Column("opens_at", Instant),
    # Where people take part: on the spot, online, or as they choose. `capacity` is for the spot.
    Column("ways", String(8), nullable=False, server_default="here"),
    Column("online_capacity", Integer),
    Column("audience", String(8), nullable=False, server_default="everyone"),
    Column("group_id", BigInteger, ForeignKey("groups.id", ondelete="SET NULL")),
    Column("invite_token", String(32), unique=True),
    Column("approval", Boolean, nullable=False, server_default=text("false")),
    # Whether somebody who was refused may apply once more.
    Column("apply_again", Boolean, nullable=False, server_default=text("false")),
    # How long a freed place is kept for the one it is offered to; null: it is theirs at once.
    Column("offer_minutes", Integer),
    # Whether a smaller party may overtake one that doesn't fit.
    Column("smaller_first", Boolean, nullable=False, server_default=text("false")),
    Column("companion_names", Boolean, nullable=False, server_default=text("false")),
    Column("series_id", BigInteger, ForeignKey("series.id", ondelete="SET NULL")),
    Column("traveller_details", Boolean, nullable=False, server_default=text("false")),
    Column("guardian_consent", Boolean, nullable=False, server_default=text("false")),
    # Days after the end until travellers' details are deleted.
    Column("purge_days", Integer, nullable=False, server_default="14"),
    # Hours ahead of a shift at which the organiser hears that it is not full.
    Column("unfilled_hours", JSON, nullable=False, server_default="[72, 24]"),
    # Whether a volunteer who can't come keeps the shift until somebody takes it over.
    Column("hold_shifts", Boolean, nullable=False, server_default=text("false")),
    Column("feedback", Boolean, nullable=False, server_default=text("true")),
    Column("merged_into", BigInteger, ForeignKey("events.id", ondelete="SET NULL")),
    # When those on its shifts are reminded; null: as the association has it for this kind of event.
    Column("shift_reminders", JSON),
    # Whether it takes place is not known just now, and why: since when.
    Column("held_at", Instant),
    Column("held_because", String(16)),
    one_of("state", "draft", "published", "cancelled"),
    one_of("ways", "here", "online", "both"),
    one_of("audience", "everyone", "group", "invited"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
    CheckConstraint("online_capacity IS NULL OR online_capacity > 0", name="online_capacity"),
    CheckConstraint("companions >= 0", name="companions"),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="map"),
    Index("ix_events_state_starts_at", "state", "starts_at"),
)

event_texts = Table(
    "event_texts",
    metadata,
    belongs_to("events", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False, server_default=""),
    Column("bring", Text, nullable=False, server_default=""),
)

# What happens when on a visit of several days, and where one meets.
stops = Table(
    "stops",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("events"),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("meeting", Boolean, nullable=False, server_default=text("false")),
    Column("latitude", Float),
    Column("longitude", Float),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="map"),
    CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="order"),
    Index("ix_stops_event_id", "event_id", "starts_at", "id"),
)

stop_texts = Table(
    "stop_texts",
    metadata,
    belongs_to("stops", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
)

# One row for each moment at which people are reminded of an event or a shift, however many they are.
reminders = Table(
    "reminders",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("events", nullable=True),
    belongs_to("shifts", nullable=True),
    Column("before", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("fired_at", Instant),
    UniqueConstraint("event_id", "before"),
    UniqueConstraint("shift_id", "before"),
    CheckConstraint("(event_id IS NULL) <> (shift_id IS NULL)", name="subject"),
    Index("ix_reminders_due_at", "fired_at", "due_at"),
)

# What is to be done at an instant about one thing: an offer that ends, details that are to be deleted.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    UniqueConstraint("kind", "subject_id"),
    Index("ix_jobs_due_at", "due_at"),
)
