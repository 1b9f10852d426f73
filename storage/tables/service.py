"""Volunteers, their shifts and their hours."""

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

volunteers = Table(
    "volunteers",
    metadata,
    belongs_to("people", primary_key=True),
    Column("languages", JSON, nullable=False),
    Column("skills", Text, nullable=False),
    Column("free", JSON, nullable=False),
    Column("signed_up_at", Instant, nullable=False),
)

volunteer_certificates = Table(
    "volunteer_certificates",
    metadata,
    belongs_to("people", primary_key=True),
    Column("kind", String(24), primary_key=True),
    # A day as YYYY-MM-DD; null: it doesn't expire.
    Column("expires_on", String(10)),
    # The picture or document that shows it, and who has looked at it.
    Column("file", Text),
    Column("checked_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("checked_at", Instant),
    Column("given_at", Instant, nullable=False),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("events"),
    Column("code", String(64)),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("places", Integer, nullable=False),
    # The spoken languages that the work needs, by their codes.
    Column("languages", JSON, nullable=False, server_default="[]"),
    Column("cancelled_at", Instant),
    Column("approval", Boolean, nullable=False, server_default=text("false")),
    # The kind of certificate that the work needs.
    Column("certificate", String(24)),
    # Raised by every change that calendars go by.
    Column("revision", Integer, nullable=False, server_default="0"),
    UniqueConstraint("event_id", "code"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("places > 0", name="places"),
    Index("ix_shifts_starts_at", "starts_at"),
)

shift_texts = Table(
    "shift_texts",
    metadata,
    belongs_to("shifts", primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("role", Text, nullable=False),
    # What it takes, or what to do.
    Column("note", Text, nullable=False, server_default=""),
)

shift_signups = Table(
    "shift_signups",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("shifts"),
    belongs_to("people"),
    Column("state", String(16), nullable=False),
    Column("taken_at", Instant, nullable=False),
    # Sees the others on the shift and checks them in.
    Column("leader", Boolean, nullable=False, server_default=text("false")),
    Column("arrived_at", Instant),
    Column("arrived_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    # Since when somebody else is sought for it; the shift stays the person's meanwhile.
    Column("cover_since", Instant),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("shift_id", "person_id"),
    one_of("state", "applied", "taken", "dropped", "refused", "missed"),
    Index("ix_shift_signups_person_id", "person_id"),
)

# One volunteer's wish to exchange a shift with a named other one; both keep theirs until both have agreed.
swaps = Table(
    "swaps",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("giver_id", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("giver_shift_id", BigInteger, ForeignKey("shifts.id", ondelete="CASCADE"), nullable=False),
    Column("taker_id", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("taker_shift_id", BigInteger, ForeignKey("shifts.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    one_of("state", "asked", "done", "refused", "withdrawn", "lapsed"),
    Index("ix_swaps_taker_id", "taker_id", "state"),
    Index("ix_swaps_giver_id", "giver_id", "state"),
)

# Minutes of service: what a shift earned, and corrections as entries of their own.
service_hours = Table(
    "service_hours",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("people"),
    belongs_to("shifts", nullable=True),
    belongs_to("events", nullable=True),
    Column("minutes", Integer, nullable=False),
    # The day it began, in the event's zone, as YYYY-MM-DD.
    Column("worked_on", String(10), nullable=False),
    Column("entry", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("entered_by", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("entered_at", Instant, nullable=False),
    one_of("entry", "earned", "correction"),
    Index("ix_service_hours_person_id", "person_id", "worked_on"),
    Index(
        "ix_service_hours_earned",
        "person_id",
        "shift_id",
        unique=True,
        sqlite_where=text("entry = 'earned'"),
        postgresql_where=text("entry = 'earned'"),
    ),
)
