"""What members typed and found no good answer to, and what is known of it by now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import asked

# What organisers still have to look at.
OPEN = ("none", "wrong")
CHUNK = 500


@dataclass(frozen=True)
class Asked:
    """A question as one member typed it; `topic_id` is what was told or offered first."""

    id: int
    text: str
    locale: str
    outcome: str
    topic_id: str | None
    asked_at: datetime
    # None when that is not kept any more.
    person_id: int | None
    thread_id: int | None
    label: str
    meant: str | None
    part: int | None


_columns = (
    asked.c.id,
    asked.c.text,
    asked.c.locale,
    asked.c.outcome,
    asked.c.topic_id,
    asked.c.asked_at,
    asked.c.person_id,
    asked.c.thread_id,
    asked.c.label,
    asked.c.meant,
    asked.c.part,
)
_NEW = insert(asked).values(
    person_id=bindparam("person_id"),
    text=bindparam("text"),
    locale=bindparam("locale"),
    outcome=bindparam("outcome"),
    topic_id=bindparam("topic_id"),
    asked_at=bindparam("now"),
)
_SAME = [asked.c.person_id, asked.c.text]
# Asked again, it is the same question; what is known of it stays known.
_NOTE = _NEW.on_conflict_do_update(
    index_elements=_SAME,
    set_={"outcome": _NEW.excluded.outcome, "topic_id": _NEW.excluded.topic_id, "asked_at": bindparam("now")},
    where=asked.c.label == "none",
)


async def note(
    tx: Transaction,
    person_id: int,
    text: str,
    *,
    locale: str,
    outcome: str,
    topic_id: str | None,
    now: datetime,
) -> None:
    """Keep that the person asked this; of the same words the latest time counts."""
    await tx.run(
        _NOTE, person_id=person_id, text=text, locale=locale, outcome=outcome, topic_id=topic_id, now=now
    )


async def note_thread(
    tx: Transaction,
    person_id: int,
    text: str,
    thread_id: int,
    *,
    locale: str,
    topic_id: str | None,
    now: datetime,
) -> None:
    """Keep that the person asked this and had it passed to a person."""
    row = insert(asked).values(
        person_id=person_id,
        text=text,
        locale=locale,
        outcome="answered" if topic_id else "nothing",
        topic_id=topic_id,
        asked_at=now,
        thread_id=thread_id,
    )
    await tx.run(row.on_conflict_do_update(index_elements=_SAME, set_={"thread_id": thread_id}))


async def label_right(
    tx: Transaction, person_id: int, text: str, topic_id: str, *, locale: str, now: datetime
) -> None:
    """The person says that the topic is what they asked.

    Where another topic was told first and was wrong, that stays so, and this says which one is right.
    """
    row = insert(asked).values(
        person_id=person_id,
        text=text,
        locale=locale,
        outcome="answered",
        topic_id=topic_id,
        asked_at=now,
        label="right",
        meant=topic_id,
        labelled_at=now,
    )
    was_wrong = and_(asked.c.label == "wrong", asked.c.topic_id != topic_id)
    await tx.run(
        row.on_conflict_do_update(
            index_elements=_SAME,
            set_={
                "label": case((was_wrong, "wrong"), else_="right"),
                "meant": topic_id,
                "labelled_at": now,
            },
            where=asked.c.label.in_(("none", "wrong", "right", "chosen")),
        )
    )


async def label_wrong(
    tx: Transaction, person_id: int, text: str, topic_id: str, *, locale: str, now: datetime
) -> None:
    """The person says that the topic is not what they asked, whatever was known of it before."""
    values = {"topic_id": topic_id, "label": "wrong", "meant": None, "labelled_at": now, "asked_at": now}
    row = insert(asked).values(person_id=person_id, text=text, locale=locale, outcome="answered", **values)
    await tx.run(row.on_conflict_do_update(index_elements=_SAME, set_=values))


async def label_chosen(tx: Transaction, person_id: int, text: str, topic_id: str, *, now: datetime) -> None:
    """The person took the topic, of those that were offered; after a wrong answer it only says what is right.

    A topic that was named without being offered is no label: people look at those out of curiosity.
    """
    offered = and_(asked.c.outcome == "offered", asked.c.label.in_(("none", "chosen")))
    await tx.run(
        update(asked)
        .where(
            asked.c.person_id == person_id,
            asked.c.text == text,
            or_(offered, and_(asked.c.label == "wrong", asked.c.topic_id != topic_id)),
        )
        .values(
            label=case((asked.c.label == "wrong", "wrong"), else_="chosen"), meant=topic_id, labelled_at=now
        )
    )


async def list_open(tx: Transaction, *, since: datetime, limit: int, of_one: int = 50) -> list[Asked]:
    """What has no good answer yet, newest first; of one person no more than so many."""
    place = func.row_number().over(
        partition_by=asked.c.person_id, order_by=(asked.c.asked_at.desc(), asked.c.id.desc())
    )
    numbered = (
        select(*_columns, place.label("place"))
        .where(asked.c.label.in_(OPEN), asked.c.asked_at > since)
        .subquery()
    )
    query = (
        select(*(numbered.c[column.name] for column in _columns))
        .where(numbered.c.place <= of_one)
        .order_by(numbered.c.asked_at.desc(), numbered.c.id.desc())
        .limit(limit)
    )
    return [Asked(**row._mapping) for row in await tx.rows(query)]


async def list_labelled(tx: Transaction, *, limit: int) -> list[Asked]:
    """What is known to be right or wrong, the latest first."""
    query = (
        select(*_columns)
        .where(asked.c.label != "none")
        .order_by(asked.c.labelled_at.desc(), asked.c.id.desc())
        .limit(limit)
    )
    return [Asked(**row._mapping) for row in await tx.rows(query)]


async def list_of_person(tx: Transaction, person_id: int) -> list[Asked]:
    query = select(*_columns).where(asked.c.person_id == person_id).order_by(asked.c.asked_at, asked.c.id)
    return [Asked(**row._mapping) for row in await tx.rows(query)]


async def settle(
    tx: Transaction, ids: Collection[int], label: str, meant: str | None, *, now: datetime
) -> list[tuple[Asked, str | None]]:
    """Label those that are open still: each as it was, with the topic that it was known to mean.

    Of two who do this at once, one gets each question.
    """
    was: dict[int, Asked] = {}
    taken: list[int] = []
    for chunk in _chunks(ids):
        query = select(*_columns).where(asked.c.id.in_(chunk), asked.c.label.in_(OPEN)).with_for_update()
        was.update({row.id: Asked(**row._mapping) for row in await tx.rows(query)})
        rows = await tx.rows(
            update(asked)
            .where(asked.c.id.in_(chunk), asked.c.label.in_(OPEN))
            .values(label=label, meant=meant, labelled_at=now)
            .returning(asked.c.id)
        )
        taken += [row.id for row in rows]
    return [(was[one], was[one].meant) for one in sorted(taken) if one in was]


async def restore(tx: Transaction, before: Mapping[int, tuple[str, str | None]], label: str) -> int:
    """Give questions that have this label still the label and the meaning they had before; say how many."""
    count = 0
    for asked_id, (former, meant) in before.items():
        count += await tx.run(
            update(asked)
            .where(asked.c.id == asked_id, asked.c.label == label)
            .values(label=former, meant=meant, labelled_at=None if former == "none" else asked.c.labelled_at)
        )
    return count


async def set_part(tx: Transaction, ids: Collection[int], part: int) -> None:
    """Keep these together, and apart from those that have another number."""
    for chunk in _chunks(ids):
        await tx.run(update(asked).where(asked.c.id.in_(chunk)).values(part=part))


async def purge(tx: Transaction, *, asked_before: datetime, labelled_before: datetime) -> int:
    """Forget what nobody has labelled for long, and who asked what is labelled; say how much was touched."""
    dropped = await tx.run(delete(asked).where(asked.c.label == "none", asked.c.asked_at < asked_before))
    settled = and_(asked.c.label.not_in(OPEN), asked.c.labelled_at < labelled_before)
    old = and_(asked.c.label == "wrong", asked.c.asked_at < asked_before)
    return dropped + await tx.run(
        update(asked)
        .where(asked.c.person_id.is_not(None), or_(settled, old))
        .values(person_id=None, thread_id=None)
    )


def _chunks(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    listed: list[Any] = sorted(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
