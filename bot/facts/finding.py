"""Whether a question asks for a fact of an event, which fact, and of which event.

It has to name both: something that can be asked of an event, and an event, by its title, its kind, a day, or
because it was just spoken of. What names less is left to whoever looks for answers in texts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from bot.facts.asked import Asked, Fact, NoneHeld, NotComing, Spoken, Which
from bot.facts.naming import Named, Names, best
from bot.questions.inquiry import Inquiry
from storage import Transaction, events, rsvps
from storage.events import Event

# So many events are looked at, the soonest, and so many offered to choose from.
MOST = 150
MOST_OFFERED = 3
# Events are still spoken of for some days after they are over.
JUST_OVER: Final = timedelta(days=14)
# Of the question's own words the event must have so many.
LEAST_EXPLAINED: Final = 0.5
# What changes from day to day and stands in no text: asked of a kind of event, it is asked of those to come.
OF_NOW: Final = frozenset({"when", "places", "full", "deadline", "on", "mine"})
# What no row has a column for: all there may be is a sentence of the organiser's.
IN_WORDS: Final = frozenset({"about", "children", "wear", "access", "diet", "food", "language", "cost"})
# So many words of a title make it certain that it is meant.
CERTAIN_TITLE: Final = 3
# Asked of what somebody has signed up for.
OF_OWN: Final = frozenset({"mine", "cancel"})
# What is told of an event that is only asked whether there is one.
WHEN: Final = ("when",)


async def find(
    tx: Transaction,
    inquiry: Inquiry,
    *,
    person_id: int | None,
    spoken: Spoken | None,
    now: datetime,
) -> Asked | None:
    """What fact of which event the question asks for, as it was read; None if it asks for none.

    Only events that the person may know of are looked at.
    """
    goes_on = spoken is not None and inquiry.is_elliptic
    if spoken is not None and spoken.event_id is not None and (goes_on or inquiry.goes_on):
        inquiry = _with_aspects(inquiry, spoken)
    if not inquiry.aspects or inquiry.is_of_us:
        return None
    known = await events.list_known(tx, ended_after=now - JUST_OVER, person_id=person_id, limit=MOST)
    held = set[int]()
    if person_id is not None:
        held = {one.event_id for one in await rsvps.list_of_person(tx, person_id, now=now)}
    look = _Look(inquiry, known, held, now)
    if spoken is not None and goes_on:
        if spoken.event_id is None:
            return look.of_kinds(spoken.kinds)
        return look.of_spoken(next((one for one in known if one.id == spoken.event_id), None))
    return look.of_named() if look.names_any else look.of_own()


def _with_aspects(inquiry: Inquiry, spoken: Spoken) -> Inquiry:
    """What goes on from an earlier question asks for the same where it asks for nothing else."""
    if inquiry.aspects and inquiry.aspects != ("coming",):
        return inquiry
    return replace(inquiry, aspects=spoken.aspects or WHEN)


class _Look:
    """One question and the events there are."""

    def __init__(self, inquiry: Inquiry, known: Sequence[Event], held: set[int], now: datetime) -> None:
        self._inquiry = inquiry
        self._aspects = WHEN if inquiry.aspects == ("coming",) else inquiry.aspects
        self._known = known
        self._held = held
        self._now = now

    @cached_property
    def _names(self) -> Names:
        return Names(self._known)

    @property
    def names_any(self) -> bool:
        asked = self._inquiry
        own = asked.aspects == ("mine",) or "mine" in asked.points
        generic = asked.of_any_kind and not own
        return bool(asked.rest or asked.kinds or asked.period or generic or "next" in asked.points)

    @property
    def _names_days_alone(self) -> bool:
        asked = self._inquiry
        named = asked.kinds or asked.of_any_kind or asked.rest or asked.points - {"us"}
        return asked.period is not None and not named and asked.aspects != ("coming",)

    def of_spoken(self, event: Event | None) -> Asked | None:
        """The event that was spoken of, or others like it where the question names a kind or a day."""
        asked = self._inquiry
        if event is None:
            return None
        if not asked.kinds and asked.period is None and "next" not in asked.points:
            return Fact(event, self._aspects)
        like = replace(asked, kinds=asked.kinds or (event.kind,), points=asked.points | {"the"})
        others = [one for one in self._known if one.id != event.id or asked.period is not None]
        return _Look(like, others, self._held, self._now).of_named()

    def of_kinds(self, kinds: tuple[str, ...]) -> Asked | None:
        """What is asked of events of the kinds that a text was about, where there are any to come."""
        asked = self._inquiry
        if not kinds or set(asked.aspects) & IN_WORDS:
            return None
        like = replace(asked, kinds=asked.kinds or kinds, points=asked.points | {"the"})
        found = _Look(like, self._known, self._held, self._now).of_named()
        return found if isinstance(found, Fact | Which) else None

    def of_own(self) -> Asked | None:
        """What the person has signed up for, or any of the next, where the question names no event at all."""
        asked = self._inquiry
        mine = [one for one in self._live(self._known) if one.id in self._held]
        if asked.aspects == ("mine",) or "mine" in asked.points:
            if not mine:
                return NoneHeld(sure=asked.aspects == ("mine",))
            return self._one_or_which(mine, sure=True)
        if "this" in asked.points and len(mine) == 1:
            return Fact(mine[0], self._aspects, sure=False)
        if asked.aspects == ("cancel",):
            return self._one_or_which(mine, sure=False) if mine else None
        coming = self._live(self._known)
        if not coming or asked.aspects == ("about",):
            return None
        first = sorted(coming, key=lambda one: (one.id not in self._held, one.starts_at, one.id))
        return self._one_or_which(first, sure=False)

    def of_named(self) -> Asked | None:
        """The events that the question names by kind, day or words."""
        asked = self._inquiry
        of_kind = self._of_kind()
        measured = [one for one in self._names.measure(asked) if self._in_period(one.event)]
        fitting = [one for one in measured if one.event.id in of_kind]
        named = best(fitting, least=LEAST_EXPLAINED)
        if asked.rest and not named:
            # What it is called says more than the kind it was taken for.
            named = best([one for one in measured if one.titled], least=LEAST_EXPLAINED)
        if asked.rest and not asked.kinds and not any(one.titled or one.placed for one in named):
            # Words of a description alone may be those of any subject.
            return None
        if asked.rest and not named:
            # A kind or a day, and words that no event of it has.
            return self._not_quite([one.event for one in fitting])
        found = self._preferred([one.event for one in named])
        if not found:
            return self._none_coming(of_kind)
        if "mine" in asked.points or (len(found) > 1 and set(asked.aspects) & OF_OWN):
            found = [one for one in found if one.id in self._held] or found
        ids = {one.id for one in found}
        sure = self._is_sure([one for one in named if one.event.id in ids])
        if "next" in asked.points and asked.aspects != ("coming",):
            return Fact(found[0], self._aspects, sure)
        if self._names_days_alone:
            # "Will it rain tomorrow?" names no event, though there may be one that day.
            return replace(self._which(found), sure=False)
        if not sure and not asked.kinds and any(one.explained < 1 for one in named):
            # What the title lacks may be what the question is about: it is only offered.
            return replace(self._which(found), sure=False)
        return self._one_or_which(found, sure=sure)

    def _of_kind(self) -> frozenset[int]:
        """The events of the kind that is named, by what they are or what they are called."""
        asked = self._inquiry
        if not asked.kinds:
            return frozenset(one.id for one in self._known)
        called = {
            one.id
            for one in self._known
            if self._in_period(one) and any(self._names.is_called(one, phrase) for phrase in asked.called)
        }
        for kind in asked.kinds:
            found = {one.id for one in self._known if one.kind == kind and self._in_period(one)}
            if self._live([one for one in self._known if one.id in found | called]):
                return frozenset(found | called)
        return frozenset({one.id for one in self._known if one.kind == asked.kinds[0]} | called)

    def _in_period(self, event: Event) -> bool:
        period, days = self._inquiry.period, self._inquiry.days
        if period is None or (self._inquiry.kinds and self._names.is_called(event, days)):
            return True
        return period.touches(event.starts_at, event.ends_at, ZoneInfo(event.zone))

    def _live(self, found: Iterable[Event]) -> list[Event]:
        return [one for one in found if one.state == "published" and one.ends_at > self._now]

    def _preferred(self, found: list[Event]) -> list[Event]:
        """Those that are to come; only where there are none, and a title names them, those that are not."""
        live = self._live(found)
        if live:
            return live
        named = self._inquiry.rest or self._inquiry.called or self._inquiry.period
        return found if named and self._inquiry.rest else self._cancelled(found)

    def _cancelled(self, found: list[Event]) -> list[Event]:
        """Cancelled ones that were still to come: whoever asks for them by day or kind is told so."""
        if not self._inquiry.is_definite or "next" in self._inquiry.points:
            return []
        return [one for one in found if one.state == "cancelled" and one.ends_at > self._now]

    def _is_sure(self, named: list[Named]) -> bool:
        """Whether the answer is given before any text is asked: it names one certain event, or what only
        the events to come can tell."""
        asked, aspects = self._inquiry, set(self._inquiry.aspects)
        enough = 1 if asked.kinds and "signup" not in aspects else CERTAIN_TITLE
        by_title = all(one.titled >= enough and one.explained == 1 for one in named)
        if asked.kinds and asked.rest:
            by_title = by_title or all(one.placed and one.explained == 1 for one in named)
        definite = asked.is_definite or by_title
        several = len(named) > 1 and "next" not in asked.points
        if aspects & IN_WORDS or (several and not aspects <= OF_NOW | {"coming"}):
            return False
        if not definite and (asked.in_general or not aspects <= OF_NOW):
            return False
        if not asked.rest:
            return bool(asked.kinds) or definite
        mostly = all(one.explained > LEAST_EXPLAINED for one in named)
        if asked.kinds:
            return mostly
        # A place alone may be anybody's: then no word may be left over.
        return definite and all(
            (one.titled and mostly) or (one.placed and one.explained == 1) for one in named
        )

    def _not_quite(self, near: list[Event]) -> Asked | None:
        asked = self._inquiry
        coming = self._live(near)
        if not coming or not asked.kinds or asked.aspects == ("coming",):
            return None
        # Even a single one is only offered: the words that it lacks may be those that count.
        return replace(self._which(coming), sure=False)

    def _none_coming(self, of_kind: frozenset[int]) -> NotComing | None:
        asked = self._inquiry
        if asked.rest or self._names_days_alone or not (asked.kinds or asked.period or asked.of_any_kind):
            return None
        if len(self._known) >= MOST:
            # There may be one among those that were not looked at.
            return None
        kind = asked.kinds[0] if asked.kinds else None
        coming = self._live(self._known)
        like = [one for one in coming if one.id in of_kind] if kind else coming
        return NotComing(self._aspects, kind, asked.period, tuple(like[:MOST_OFFERED]))

    def _one_or_which(self, found: list[Event], *, sure: bool) -> Fact | Which:
        if len(found) == 1:
            return Fact(found[0], self._aspects, sure)
        return replace(self._which(found), sure=sure)

    def _which(self, found: list[Event]) -> Which:
        return Which(tuple(found[:MOST_OFFERED]), self._aspects, more=len(found) > MOST_OFFERED)
