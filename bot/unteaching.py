"""Taking back what organisers have taught."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import audit
from bot.teaching import Already, Gone
from storage import Transaction, asked, content, entries, lessons
from storage.entries import Whole


@dataclass(frozen=True)
class ChangedSince:
    """It can't be undone, as it was changed again: that has to be undone first."""


@dataclass(frozen=True)
class Undone:
    question_id: int | None


async def undo(
    tx: Transaction, lesson_id: int, *, actor_id: int, now: datetime
) -> Undone | Gone | Already | ChangedSince:
    """Put everything back as it was before the lesson; undoing twice is harmless.

    Questions are open again, unless their asker has said something else of them since.
    """
    lesson = await lessons.find(tx, lesson_id)
    if lesson is None:
        return Gone()
    if not await lessons.mark_undone(tx, lesson_id, now=now):
        return Already()
    params, question_id = lesson.params, lesson.question_id
    entry = await entries.find(tx, question_id) if question_id is not None else None
    match lesson.action:
        case _ if question_id is not None and entry is None:
            # A pack that was loaded since has dropped it; its questions are open again.
            pass
        case "answer_added" | "answer_changed":
            if entry is None or not await _put_back(tx, entry, params):
                await lessons.mark_done(tx, lesson_id)
                return ChangedSince()
        case "entry_added" if question_id is not None:
            await entries.set_hidden(tx, question_id, True)
        case "entry_deleted" if question_id is not None:
            await entries.set_hidden(tx, question_id, False)
        case _:
            added = [*params.get("added", ()), *params.get("shown", ())]
            if entry is not None and added and {way.id for way in entry.wordings} <= set(added):
                await lessons.mark_done(tx, lesson_id)
                return ChangedSince()
            await entries.hide_wordings(tx, added, True)
    await entries.hide_wordings(tx, params.get("taken", ()), False)
    if before := params.get("asked"):
        label = "dismissed" if lesson.action == "dismissed" else "attached"
        await asked.restore(tx, {one: (former, meant) for one, former, meant in before}, label)
    await content.raise_revision(tx)
    named: dict[str, Any] = {"entry": question_id} if question_id is not None else {}
    await audit.note(tx, "lesson_undone", now=now, actor_id=actor_id, of=lesson.action, **named)
    return Undone(question_id)


async def _put_back(tx: Transaction, entry: Whole, params: Mapping[str, Any]) -> bool:
    """The answer as it was, unless it is another by now than the lesson made it."""
    locale, now_is = params["locale"], entry.answers.get(params["locale"])
    if now_is is None or now_is.text != params["after"] or now_is.origin != "learned":
        return False
    if params["before"] is None:
        if len(entry.answers) == 1:
            return False
        await entries.drop_answer(tx, entry.id, locale)
    else:
        text, origin, pack_text = params["before"]
        await entries.put_answer(tx, entry.id, locale, text, origin=origin, pack_text=pack_text)
    return True
