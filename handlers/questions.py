"""Answering what people type."""

from handlers import other
from handlers.replies import Reply
from handlers.turns import Writing
from storage import Transaction


async def answer(writing: Writing, tx: Transaction) -> Reply:
    return other.not_text(writing)
