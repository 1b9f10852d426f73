"""Alembic's way in: the caller brings the connection and the transaction."""

from typing import Any, Literal

from alembic import context

from storage.instants import Instant
from storage.tables import metadata


def render(kind: str, thing: Any, _: object) -> str | Literal[False]:
    """A migration speaks of plain integers, so that it stays true whatever our types become."""
    return "sa.BigInteger()" if kind == "type" and isinstance(thing, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render,
)
context.run_migrations()
