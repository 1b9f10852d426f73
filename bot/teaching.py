"""What organisers teach: which answer a question needs, in which words, and what the answer says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot import audit
from bot.questions.normalise import HAS_HAN, fold, simplify
from storage import Transaction, asked, content, entries, lessons
from storage.asked import Asked
from storage.entries import Whole

# Where an answer comes from that the team wrote itself; no pack can have a source of this name.
TEAM: Final = ":team"
WORDING_LIMIT: Final = 200
ANSWER_LIMIT: Final = 900
# More wordings of one group than this teach nothing new.
MOST_WAYS: Final = 40
# Among how many lessons a second press looks for the first.
LATELY: Final = 20


@dataclass(frozen=True)
class Taught:
    """Done; the lesson undoes it. `wordings` are new ones, `questions` those that have an answer now."""

    lesson_id: int
    question_id: int | None = None
    wordings: int = 0
    questions: int = 0


@dataclass(frozen=True)
class Gone:
    """The entry or the wording is not there any more."""


@dataclass(frozen=True)
class Already:
    """It is so already, was undone already, or somebody else has dealt with the questions."""


@dataclass(frozen=True)
class LastOne:
    """The only wording of an entry can't be taken away: nobody would find it any more."""


def same_words(text: str) -> str:
    """What two wordings have in common that are one: letter for letter, but for case, script and signs."""
    return "".join(character for character in fold(text) if character.isalnum())


def locale_of(text: str, locale: str) -> str:
    """In which of our languages somebody has written who reads the locale; their own where that may be."""
    if HAS_HAN.search(text):
        if locale.startswith("zh"):
            return locale
        return "zh_Hant_HK" if simplify(text) != text else "zh_Hans_CN"
    return "en" if locale.startswith("zh") and any(character.isalpha() for character in text) else locale


async def attach(
    tx: Transaction, asked_ids: Collection[int], question_id: int, *, actor_id: int, now: datetime
) -> Taught | Gone | Already:
    """The entry answers these questions: from now on it is found in their words.

    What another entry has learned in the very same words is taken away from it.
    """
    entry = await entries.find(tx, question_id)
    if entry is None or entry.hidden:
        return Gone()
    settled = await asked.settle(tx, asked_ids, "attached", f"q{question_id}", now=now)
    if not settled:
        return Already()
    params = await _learn(tx, entry, [one for one, _ in settled])
    params["asked"] = _before(settled)
    return await _taught(tx, "attached", question_id, params, actor_id=actor_id, now=now, n=len(settled))


async def begin_entry(
    tx: Transaction,
    question: str,
    answer: str,
    locale: str,
    *,
    asked_ids: Collection[int] = (),
    programme_id: int | None = None,
    actor_id: int,
    now: datetime,
    home: ZoneInfo,
) -> Taught:
    """A new entry with its first wording and answer; these questions are answered by it."""
    today = now.astimezone(home).date().isoformat()
    question_id = await entries.add(tx, programme_id=programme_id, source=TEAM, as_of=today)
    await entries.add_wording(tx, question_id, locale, question)
    await entries.put_answer(tx, question_id, locale, answer, origin="learned", pack_text=None)
    settled = await asked.settle(tx, asked_ids, "attached", f"q{question_id}", now=now)
    entry = await entries.find(tx, question_id)
    if entry is None:
        raise LookupError("an entry just written was not found")
    params = await _learn(tx, entry, [one for one, _ in settled])
    params["asked"] = _before(settled)
    return await _taught(tx, "entry_added", question_id, params, actor_id=actor_id, now=now, n=len(settled))


async def dismiss(
    tx: Transaction, asked_ids: Collection[int], *, actor_id: int, now: datetime
) -> Taught | Already:
    """These are no questions for us: nothing should answer them."""
    settled = await asked.settle(tx, asked_ids, "dismissed", None, now=now)
    if not settled:
        return Already()
    params = {"asked": _before(settled)}
    return await _taught(tx, "dismissed", None, params, actor_id=actor_id, now=now, n=len(settled))


async def taught_before(
    tx: Transaction, asked_id: int, action: str, question_id: int | None = None
) -> Taught | None:
    """The lesson that did this very thing with the question, if it was among the latest and holds still.

    Whoever presses twice sees once more what was learned, and how to undo it.
    """
    for lesson in await lessons.list_page(tx, limit=LATELY):
        questions = [one for one, _, _ in lesson.params.get("asked", ())]
        same = lesson.action == action and lesson.question_id == question_id
        if same and lesson.undone_at is None and asked_id in questions:
            return Taught(lesson.id, question_id, _new(lesson.params), len(questions))
    return None


async def set_apart(tx: Transaction, chosen: Collection[int], others: Collection[int]) -> None:
    """Of a group, keep the chosen ones together and apart from the others."""
    for ids in (chosen, others):
        if ids:
            await asked.set_part(tx, ids, min(ids))


async def add_wording(
    tx: Transaction, question_id: int, locale: str, text: str, *, actor_id: int, now: datetime
) -> Taught | Gone | Already:
    """One more way to ask for the entry."""
    entry = await entries.find(tx, question_id)
    if entry is None or entry.hidden:
        return Gone()
    if any(way.locale == locale and same_words(way.text) == same_words(text) for way in entry.wordings):
        return Already()
    params = await _learn_ways(tx, entry, [(locale, text)])
    return await _taught(tx, "wording_added", question_id, params, actor_id=actor_id, now=now, locale=locale)


async def remove_wording(
    tx: Transaction, wording_id: int, *, actor_id: int, now: datetime
) -> Taught | Gone | LastOne:
    """Nobody finds the entry by this wording any more, also when the pack that has it is loaded again."""
    found = await entries.find_wording(tx, wording_id)
    entry = await entries.find(tx, found[0]) if found else None
    if found is None or entry is None or entry.hidden:
        return Gone()
    if len(entry.wordings) == 1:
        return LastOne()
    if not await entries.hide_wordings(tx, [wording_id], True):
        return Gone()
    params = {"taken": [wording_id]}
    return await _taught(
        tx, "wording_removed", entry.id, params, actor_id=actor_id, now=now, locale=found[1].locale
    )


async def correct_answer(
    tx: Transaction, question_id: int, locale: str, text: str, *, actor_id: int, now: datetime
) -> Taught | Gone | Already:
    """The entry's answer in this language, new or in place of the one there.

    Over a pack's answer it holds until the pack itself says something else.
    """
    entry = await entries.find(tx, question_id)
    if entry is None or entry.hidden:
        return Gone()
    was = entry.answers.get(locale)
    if was is not None and was.text == text:
        return Already()
    pack_text = None if was is None else was.text if was.origin == "pack" else was.pack_text
    await entries.put_answer(tx, question_id, locale, text, origin="learned", pack_text=pack_text)
    before = None if was is None else [was.text, was.origin, was.pack_text]
    params = {"locale": locale, "before": before, "after": text}
    action = "answer_added" if was is None else "answer_changed"
    return await _taught(tx, action, question_id, params, actor_id=actor_id, now=now, locale=locale)


async def delete_entry(tx: Transaction, question_id: int, *, actor_id: int, now: datetime) -> Taught | Gone:
    """Take an entry that was learned out of use. One of the pack's is the pack's to drop."""
    if not await entries.set_hidden(tx, question_id, True):
        return Gone()
    return await _taught(tx, "entry_deleted", question_id, {}, actor_id=actor_id, now=now)


async def _learn(tx: Transaction, entry: Whole, questions: Sequence[Asked]) -> dict[str, Any]:
    counted: dict[tuple[str, str], int] = {}
    for one in questions:
        way = (locale_of(one.text, one.locale), one.text)
        counted[way] = counted.get(way, 0) + 1
    most_asked = sorted(counted, key=lambda way: (-counted[way], way))
    return await _learn_ways(tx, entry, most_asked[:MOST_WAYS])


async def _learn_ways(tx: Transaction, entry: Whole, ways: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Add those that the entry does not have yet; say what that changed, by wordings' ids."""
    known = {(way.locale, same_words(way.text)) for way in entry.wordings}
    added, shown = [], []
    for locale, text in ways:
        if (locale, same_words(text)) in known:
            continue
        known.add((locale, same_words(text)))
        hidden = await entries.find_hidden(tx, entry.id, locale, text)
        if hidden is None:
            added.append(await entries.add_wording(tx, entry.id, locale, text))
        else:
            shown.append(hidden)
    await entries.hide_wordings(tx, shown, False)
    taken = []
    elsewhere = await entries.list_learned_elsewhere(tx, [text for _, text in ways], entry.id)
    for wording_id, other_id in elsewhere:
        other = await entries.find(tx, other_id)
        # An entry without a wording could not be found any more.
        if other is not None and len(other.wordings) > 1:
            taken.append(wording_id)
            await entries.hide_wordings(tx, [wording_id], True)
    return {"added": added, "shown": shown, "taken": taken}


def _before(settled: Sequence[tuple[Asked, str | None]]) -> list[tuple[int, str, str | None]]:
    return [(one.id, one.label, meant) for one, meant in settled]


async def _taught(
    tx: Transaction,
    action: str,
    question_id: int | None,
    params: Mapping[str, Any],
    *,
    actor_id: int,
    now: datetime,
    **noted: Any,
) -> Taught:
    lesson_id = await lessons.add(
        tx, action, question_id=question_id, actor_id=actor_id, params=params, now=now
    )
    named: dict[str, Any] = {"entry": question_id} if question_id is not None else {}
    await audit.note(tx, AUDITED[action], now=now, actor_id=actor_id, lesson=lesson_id, **named, **noted)
    await content.raise_revision(tx)
    return Taught(lesson_id, question_id, _new(params), len(params.get("asked", ())))


def _new(params: Mapping[str, Any]) -> int:
    """How many wordings a lesson added."""
    return len(params.get("added", ())) + len(params.get("shown", ()))


AUDITED: Final = {
    "attached": "questions_attached",
    "entry_added": "entry_added",
    "dismissed": "questions_dismissed",
    "wording_added": "wording_added",
    "wording_removed": "wording_removed",
    "answer_added": "answer_added",
    "answer_changed": "answer_changed",
    "entry_deleted": "entry_deleted",
}
