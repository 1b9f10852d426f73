"""From a text to the terms that are compared."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from bot.questions.alike import SIGN, senses
from bot.questions.normalise import HAN, HAS_HAN, fold, rewrite
from bot.questions.politeness import without_politeness
from bot.questions.stems import stem
from bot.questions.tables import read_table

# Scripts written without spaces between words: kana, Thai and Lao, Burmese, Khmer.
_UNSPACED = HAN + "\u3040-\u30ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Python's \w leaves out the vowel signs of Indic and Arabic scripts, which belong to their words.
_SEGMENT = re.compile(rf"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}_])[\w\u0900-\u0dff\u0610-\u065f])+)")

SINGLE_CHARACTER = 0.4
# A word that others can stand for, and the sense it shares with them.
OWN = 0.8
SENSE = 0.7


def words(text: str) -> Iterator[str]:
    """The words of a text in order, before stems are taken: words, and where no spaces are written, pairs.

    Common words of unspaced scripts, and those with a sense, stand by themselves and part what is on their
    two sides, so that no pair straddles them. Single characters follow their pairs: a question may hold no
    more than one. The senses of a word follow it.
    """
    for piece in _standing_alone().split(fold(rewrite(without_politeness(text)))):
        if not piece:
            continue
        meant = senses().get(piece, ())
        if piece in weights():
            yield piece
        else:
            for segment in _SEGMENT.finditer(piece):
                unspaced, spaced = segment.groups()
                if unspaced:
                    yield from (unspaced[at : at + 2] for at in range(len(unspaced) - 1))
                    yield from unspaced
                else:
                    yield spaced
                    if not meant:
                        yield from senses().get(stem(spaced), ())
        yield from meant


def terms(text: str) -> tuple[str, ...]:
    """The terms by which texts are compared, repeated as often as they occur."""
    return tuple(stem(word) for word in words(text))


def weight(term: str) -> float:
    """How much a term may say, whatever the collection: 1, less for a lone character or a common word."""
    common = weights().get(term)
    if common is not None:
        return common
    if term.startswith(SIGN):
        return SENSE
    if term in senses():
        return OWN
    return SINGLE_CHARACTER if len(term) == 1 and not term.isascii() else 1.0


# Characters that mostly bind other words in a question, though they are also part of many nouns.
_BINDING = frozenset("想有去要会不到和都就把给请或与及也这那几个过被让还很能用做为对从")


def weight_of_unknown(term: str) -> float:
    """How much a term may count against an answer when no entry has it.

    A pair of characters often straddles two words, the more likely when one of them only binds.
    """
    if len(term) == 2 and HAS_HAN.match(term) and term not in weights():
        return 0.1 if _BINDING.intersection(term) else 0.6
    return weight(term)


@cache
def weights() -> Mapping[str, float]:
    """The weights of common words, from the table `common.tsv`, by stem in folded form."""
    return {stem(fold(word)): float(value) for word, value in read_table("common.tsv")}


@cache
def _standing_alone() -> re.Pattern[str]:
    """Common words of unspaced scripts, and what has a sense and is more than one spaced word."""
    unspaced = [word for word in {*weights(), *senses()} if re.fullmatch(f"[{_UNSPACED}]+", word)]
    phrases = [word for word in senses() if re.search(r"[\W_]", word) and SIGN not in word]
    alternatives = [
        *(rf"\b{re.escape(phrase)}\b" for phrase in sorted(phrases, key=len, reverse=True)),
        *map(re.escape, sorted(unspaced, key=len, reverse=True)),
    ]
    return re.compile(f"({'|'.join(alternatives)})")
