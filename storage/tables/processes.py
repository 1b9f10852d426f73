"""Which processes share the database, and whose chats are in whose hands; one alone needs none of it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from storage.instants import Instant
from storage.tables.base import Serial, metadata

processes = Table(
    "processes",
    metadata,
    Column("id", Serial, primary_key=True),
    # For the operator's eyes: the machine and the number it gave the process.
    Column("name", String(80), nullable=False),
    Column("started_at", Instant, nullable=False),
)

# A lane has a row for as long as one process sees to it: its key lets nobody else do so at the same time.
# What a dead process held falls free when its row goes.
lanes = Table(
    "lanes",
    metadata,
    Column("lane", BigInteger, primary_key=True, autoincrement=False),
    Column("process_id", BigInteger, ForeignKey("processes.id", ondelete="CASCADE"), nullable=False),
    Index("ix_lanes_process_id", "process_id"),
)
