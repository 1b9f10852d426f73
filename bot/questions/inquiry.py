"""What a question asks of an event, as far as its words tell: which of its facts, and which event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

from bot.questions.normalise import HAN, clean, fold, rewrite
from bot.questions.periods import Period, take_period
from bot.questions.phrases import Phrases
from bot.questions.politeness import without_politeness
from bot.questions.stems import stem
from bot.questions.tables import read_table

# What can be asked of an event, from the particular to the general: where a question has words for several,
# the first is meant.
ASPECTS: Final = (
    "mine", "cancel", "deadline", "opens", "companions", "bring", "full", "count", "places", "audience",
    "children", "wear", "access", "diet", "food", "language", "online", "cost", "ends", "on", "signup",
    "where", "when", "about", "coming",
)  # fmt: skip
# These are also asked together: "when and where".
TOGETHER: Final = frozenset(
    {"when", "where", "ends", "cost", "places", "bring", "online", "language", "food"}
)
MOST_ASPECTS: Final = 2

ANY: Final = "any"
# A word worth less than this says nothing of what is meant.
_COMMON: Final = 0.5
_WORD: Final = re.compile(rf"[{HAN}]+|[^\W_]+")
_HAN: Final = re.compile(f"[{HAN}]")
# Characters that are left over between Chinese words and say nothing by themselves.
_PARTICLES: Final = frozenset(
    "的地得了着过吗呢吧啊呀㗎嘛啦喇囉罗喔哦噢喎架咩么未没有冇无在是系係喺于与及和同或就都也还仲先再又会要想可能够应该请问"
    "我你您佢他她它们哋地咱个次场位名人家下上一二两些多点什甚麼哪边那这嗰呢到去来返俾给帮把被让跟对从比等使用用做搞"
    "不唔莫别很太真好更最只才咗晒埋住嘅既野嘢咁噉其本该此各每有说讲话时日天号间里面内咯吓嗱咧尼啲d"
)


@dataclass(frozen=True)
class Inquiry:
    """What the words of a question say; `rest` are those that say what is meant and are in no table.

    `kinds` are those a word for a kind of event may mean, likeliest first. `points` are the ways in which the
    question points at an event, as `pointers.tsv` has them.
    """

    aspects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    # The words for a kind themselves, which may also be part of a title, and the same with the word before.
    called: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    # Whether it speaks of events of no certain kind.
    of_any_kind: bool = False
    period: Period | None = None
    # The words for the days, which may also be part of a title: "weekend camp".
    days: str = ""
    points: frozenset[str] = frozenset()
    # Whether a kind is spoken of in general: "a forum", "forums".
    in_general: bool = False
    goes_on: bool = False
    rest: tuple[str, ...] = ()

    @property
    def is_definite(self) -> bool:
        """Whether one certain event is meant, and not events of a kind in general."""
        return bool(self.points & {"the", "next", "mine"}) or self.period is not None

    @property
    def is_of_us(self) -> bool:
        """Whether it asks where the association itself is: "where are you?"."""
        event = self.kinds or self.of_any_kind or self.is_definite or "this" in self.points
        return self.aspects == ("where",) and "us" in self.points and not event

    @property
    def is_elliptic(self) -> bool:
        """Whether it can only be understood by what was spoken of before."""
        if self.rest or self.is_of_us or (self.of_any_kind and not self.is_definite):
            return False
        if self.goes_on:
            return True
        # "What is on this weekend?" says by itself what it asks for.
        whole = self.aspects == ("coming",) and (self.period is not None or self.of_any_kind)
        return not whole and ("this" in self.points or (bool(self.aspects) and not self.kinds))


def read_inquiry(question: str, today: date) -> Inquiry:
    """Take a question apart. Any text may be given; most say nothing of events."""
    typed = clean(question)
    written, plain = fold(rewrite(without_politeness(typed))), fold(without_politeness(typed))
    read = _read(written, today)
    if not read.aspects and plain != written:
        # The rewriting may have gone astray where the phrase stands in the table as it was typed.
        again = _read(plain, today)
        read = again if again.aspects else read
    whole = _read(fold(rewrite(typed)), today).aspects
    if whole and (not read.aspects or ASPECTS.index(whole[0]) < ASPECTS.index(read.aspects[0])):
        # What is polite at the end of one question tells another: "我報名了嗎".
        read = replace(read, aspects=whole)
    begins, _ = _table("pointers.tsv").at_start(fold(rewrite(typed)))
    if "and" in begins:
        return replace(read, goes_on=True)
    return read


def prepare() -> None:
    """Read all tables, which takes a moment, before somebody waits for it."""
    read_inquiry("When is the forum? 論壇何時舉行？", date(2026, 1, 1))
    for aspect in ASPECTS:
        _vocabulary(aspect)


def terms_of(text: str) -> tuple[str, ...]:
    """The words of an event's own text, or of what is left of a question, as they are compared.

    Chinese comes in pairs of characters; a run of one is that character.
    """
    return tuple(_terms(fold(text)))


def _read(text: str, today: date) -> Inquiry:
    whole = text
    period, text, days = take_period(text, today)
    aspects, text = _table("aspects.tsv").take(text)
    said = text
    points, text = _table("pointers.tsv").take(text)
    everything = "all" in _table("pointers.tsv").take(whole)[0]
    if everything or ("mine" in points and not aspects):
        aspects = ("mine",)
    listed, called, text = _table("event_kinds.tsv").pick(text)
    kinds = tuple(dict.fromkeys(kind.strip() for several in listed for kind in several.split(",")))
    found = frozenset(points) - {"and", "around", "all"}
    if everything:
        found -= {"mine"}
    # Words of what is asked say nothing of the event: "any … left" leaves the "places" between.
    known = frozenset[str]().union(*(_vocabulary(aspect) for aspect in aspects))
    rest = tuple(term for term in _terms(text) if term not in known)
    named = (period is not None and "us" not in found) or (kinds and "next" in found)
    if named and not aspects and not rest:
        # "Next forum", "聽日講座", "聽日？": whether there is one, and when.
        aspects = ("coming",)
    if called and "the" in found and not any(_certain(phrase).search(said) for phrase in called):
        # "The last day to register for an event" speaks of a certain day.
        found -= {"the"}
    return Inquiry(
        _chosen(aspects),
        tuple(kind for kind in kinds if kind != ANY),
        called,
        tuple(_with_word_before(phrase, whole) for phrase in called),
        everything or ANY in kinds,
        period,
        days,
        found,
        any(_in_general(phrase).search(said) for phrase in called),
        rest=rest,
    )


def _certain(phrase: str) -> re.Pattern[str]:
    """How a certain event is spoken of by its kind: "the next big forum"; in Chinese it needs no article."""
    if _HAN.match(phrase):
        return re.compile("")
    between = r"(?:(?!(?:an?|any|for|to|of|at|in|on)\b)[\w'’-]+\s+){0,4}"
    return re.compile(rf"\b(?:the|this|that|these|those)\s+{between}{re.escape(phrase)}\b")


def _in_general(phrase: str) -> re.Pattern[str]:
    plural = phrase.isascii() and phrase.endswith("s")
    before = r"\b(?:an?|any|every|each|your|all)\s+(?:[\w'’-]+\s+){0,2}"
    return re.compile(rf"{re.escape(phrase)}\b" if plural else before + re.escape(phrase))


def _with_word_before(phrase: str, text: str) -> str:
    """The phrase as it stands in the text with the word before it, or two Chinese characters."""
    before = rf"[{HAN}]{{2}}" if _HAN.match(phrase) else r"[^\W_]+ "
    found = re.search(before + re.escape(phrase), text)
    return found.group() if found else ""


def _chosen(aspects: tuple[str, ...]) -> tuple[str, ...]:
    found = sorted(set(aspects) & set(ASPECTS), key=ASPECTS.index)
    if set(found) <= TOGETHER:
        # In the order of asking, as far as the table tells.
        return tuple(aspect for aspect in aspects if aspect in found)[:MOST_ASPECTS]
    return tuple(found[:1])


def _terms(folded: str) -> Iterator[str]:
    for match in _WORD.finditer(folded):
        word = match.group()
        if not _HAN.match(word):
            if (
                word not in _common()
                and stem(word) not in _common()
                and not (word.isascii() and len(word) < 2)
            ):
                yield stem(word)
            continue
        for run in _runs(word):
            yield from (run[at : at + 2] for at in range(len(run) - 1)) if len(run) > 1 else (run,)


def _runs(word: str) -> Iterator[str]:
    """The pieces of a run of Chinese between what says nothing."""
    for piece in _common_han().split(word):
        bare = piece.strip("".join(_PARTICLES))
        if bare:
            yield bare


@cache
def _vocabulary(aspect: str) -> frozenset[str]:
    """The words of all phrases that ask for it."""
    return frozenset(term for part in _table("aspects.tsv").parts_of(aspect) for term in _terms(part))


@cache
def _table(name: str) -> Phrases:
    return Phrases(name)


@cache
def _common() -> frozenset[str]:
    weighed = {fold(word): float(weight) for word, weight in read_table("common.tsv")}
    return frozenset(word for word, weight in weighed.items() if weight <= _COMMON)


@cache
def _common_han() -> re.Pattern[str]:
    words = sorted((word for word in _common() if _HAN.match(word)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)) or "(?!)")
