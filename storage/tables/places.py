"""Who takes part in what, and what was asked of them for it."""

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

rsvps = Table(
    "rsvps",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("events"),
    belongs_to("people"),
    Column("state", String(16), nullable=False),
    Column("companions", Integer, nullable=False, server_default="0"),
    # When the person asked for a place: the order of the waitlist, then the id.
    Column("asked_at", Instant, nullable=False),
    Column("seated_at", Instant),
    Column("way", String(8), nullable=False, server_default="here"),
    # The companions' names, where the event asks for them; forgotten soon after it.
    Column("names", JSON, nullable=False, server_default="[]"),
    # Until when a freed place is kept for the person.
    Column("offer_until", Instant),
    # Why it was refused, in the organiser's words.
    Column("reason", Text, nullable=False, server_default=""),
    # What had been approved has changed since; the place is kept while an organiser looks again.
    Column("to_review", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("event_id", "person_id"),
    one_of("state", "applied", "waiting", "offered", "going", "left", "refused"),
    one_of("way", "here", "online"),
    CheckConstraint("companions >= 0", name="companions"),
    CheckConstraint("(state = 'going') = (seated_at IS NOT NULL)", name="seated"),
    CheckConstraint("(state = 'offered') = (offer_until IS NOT NULL)", name="offered"),
    Index("ix_rsvps_event_id_state", "event_id", "state", "asked_at", "id"),
    # Counting an event's places reads nothing but this.
    Index("ix_rsvps_tally", "event_id", "state", "way", "companions"),
    Index("ix_rsvps_person_id", "person_id"),
)

# Who opened the link of an event that is by invitation only.
invitations = Table(
    "invitations",
    metadata,
    belongs_to("events", primary_key=True),
    belongs_to("people", primary_key=True),
    Column("invited_at", Instant, nullable=False),
    Index("ix_invitations_person_id", "person_id"),
)

# What an event asks everybody who signs up.
event_questions = Table(
    "event_questions",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("events"),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("required", Boolean, nullable=False, server_default=text("true")),
    # Numbers of the choices in their order; those removed still word the answers of those who chose them.
    Column("choices", JSON, nullable=False, server_default="[]"),
    Column("removed_choices", JSON, nullable=False, server_default="[]"),
    # It is asked only where that earlier question was answered with that choice.
    Column("after_question_id", BigInteger, ForeignKey("event_questions.id", ondelete="SET NULL")),
    Column("after_choice", Integer),
    Column("removed_at", Instant),
    one_of("kind", "text", "choice", "choices", "date", "phone", "photo", "document"),
    Index("ix_event_questions_event_id", "event_id", "position"),
)

event_question_texts = Table(
    "event_question_texts",
    metadata,
    Column("question_id", BigInteger, ForeignKey("event_questions.id", ondelete="CASCADE"), primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    # A choice's words by its number.
    Column("choices", JSON, nullable=False, server_default="{}"),
)

event_answers = Table(
    "event_answers",
    metadata,
    belongs_to("rsvps", primary_key=True),
    Column("question_id", BigInteger, ForeignKey("event_questions.id", ondelete="CASCADE"), primary_key=True),
    # A text, a choice's number, a list of them, a date as YYYY-MM-DD, a phone number, or a Telegram file id.
    Column("value", JSON, nullable=False),
    Column("answered_at", Instant, nullable=False),
)

# What a visit must know of each traveller of a party, the one who signed up being number 0.
travellers = Table(
    "travellers",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("rsvps"),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("document", String(16), nullable=False),
    Column("document_last", String(4), nullable=False),
    # A day as YYYY-MM-DD.
    Column("document_expires", String(10), nullable=False),
    Column("emergency_name", Text, nullable=False),
    Column("emergency_phone", Text, nullable=False),
    Column("diet", Text, nullable=False, server_default=""),
    Column("access", Text, nullable=False, server_default=""),
    Column("filled_at", Instant, nullable=False),
    UniqueConstraint("rsvp_id", "position"),
)

# A guardian's yes or no to a young person's taking part, given from the guardian's own account.
consents = Table(
    "consents",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("rsvps"),
    Column("token", String(32), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("guardian_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("guardian_name", Text, nullable=False, server_default=""),
    Column("relation", Text, nullable=False, server_default=""),
    Column("phone", Text, nullable=False, server_default=""),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    UniqueConstraint("rsvp_id"),
    # Adult: the person said to be of age, so that nobody's consent is needed.
    one_of("state", "asked", "given", "refused", "adult"),
)

# Who came. Somebody without an account is a name alone.
checkins = Table(
    "checkins",
    metadata,
    Column("id", Serial, primary_key=True),
    belongs_to("events"),
    belongs_to("people", nullable=True),
    Column("name", Text, nullable=False, server_default=""),
    # The person with those who came along.
    Column("party", Integer, nullable=False, server_default="1"),
    Column("at", Instant, nullable=False),
    Column("how", String(8), nullable=False),
    Column("by_person_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    UniqueConstraint("event_id", "person_id"),
    one_of("how", "code", "name", "list", "walkin"),
    CheckConstraint("party > 0", name="party"),
)

feedback = Table(
    "feedback",
    metadata,
    belongs_to("events", primary_key=True),
    belongs_to("people", primary_key=True),
    Column("score", Integer, nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    Column("given_at", Instant, nullable=False),
    CheckConstraint("score BETWEEN 1 AND 5", name="score"),
)
