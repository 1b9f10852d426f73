"""Which message in which chat belongs to which question, and which passes on which."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, String, literal, select
from sqlalchemy.dialects.postgresql import insert

from storage import threads as thread_rows
from storage.database import Transaction
from storage.tables import thread_messages, threads
from storage.threads import Thread

# What somebody wrote themselves, the question or anything else; the rest is the bot's, by kind of notice.
ASKED, WRITTEN = "asked", "written"


@dataclass(frozen=True)
class Copy:
    """A message of the bot's that passes on somebody's own."""

    message_id: int
    kind: str


async def find_thread(tx: Transaction, chat_id: int, message_id: int) -> Thread | None:
    """The thread, open or closed, that a message belongs to."""
    thread_id = await tx.value(
        select(thread_messages.c.thread_id).where(
            thread_messages.c.chat_id == chat_id, thread_messages.c.message_id == message_id
        )
    )
    return None if thread_id is None else await thread_rows.find(tx, thread_id)


async def add(
    tx: Transaction,
    thread_id: int,
    chat_id: int,
    message_id: int,
    *,
    kind: str = "",
    source: tuple[int, int] | None = None,
) -> None:
    """Remember that a message in a chat belongs to the thread, if that has not been forgotten meanwhile.

    `source` is the chat and message that it passes on.
    """
    source_chat, source_message = source or (None, None)
    values = {
        "chat_id": literal(chat_id, BigInteger),
        "message_id": literal(message_id, BigInteger),
        "thread_id": threads.c.id,
        "kind": literal(kind, String),
        "source_chat_id": literal(source_chat, BigInteger),
        "source_message_id": literal(source_message, BigInteger),
    }
    known = select(*values.values()).where(threads.c.id == thread_id)
    await tx.run(
        insert(thread_messages)
        .from_select(list(values), known)
        .on_conflict_do_update(
            index_elements=[thread_messages.c.chat_id, thread_messages.c.message_id],
            set_={
                "thread_id": thread_id,
                "kind": kind,
                "source_chat_id": source_chat,
                "source_message_id": source_message,
            },
        )
    )


async def find_copy(tx: Transaction, source: tuple[int, int], chat_id: int) -> Copy | None:
    """The first message in the chat that passes on the source, if there is one."""
    row = await tx.row(
        select(thread_messages.c.message_id, thread_messages.c.kind)
        .where(
            thread_messages.c.source_chat_id == source[0],
            thread_messages.c.source_message_id == source[1],
            thread_messages.c.chat_id == chat_id,
        )
        .order_by(thread_messages.c.message_id)
        .limit(1)
    )
    return row and Copy(row.message_id, row.kind)


async def kind_of(tx: Transaction, chat_id: int, message_id: int) -> str | None:
    """What the message is, if it belongs to a question at all."""
    kind: str | None = await tx.value(
        select(thread_messages.c.kind).where(
            thread_messages.c.chat_id == chat_id, thread_messages.c.message_id == message_id
        )
    )
    return kind


async def list_of_person(tx: Transaction, person_id: int) -> list[tuple[int, int]]:
    """Chat and message ids of everything that the bot passed on of a person's questions."""
    query = (
        select(thread_messages.c.chat_id, thread_messages.c.message_id)
        .join_from(thread_messages, threads, threads.c.id == thread_messages.c.thread_id)
        .where(threads.c.person_id == person_id, thread_messages.c.kind.not_in((ASKED, WRITTEN)))
    )
    return [(row.chat_id, row.message_id) for row in await tx.rows(query)]
