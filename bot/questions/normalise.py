"""From what people type to the terms that are compared."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from opencc import OpenCC

LONGEST_QUESTION = 300

_TABLES = Path(__file__).parent
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Scripts written without spaces between words: kana, Thai and Lao, Burmese, Khmer.
_UNSPACED = _HAN + "\u3040-\u30ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Python's \w leaves out the vowel signs of Indic and Arabic scripts, which belong to their words.
_SEGMENT = re.compile(rf"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}_])[\w\u0900-\u0dff\u0610-\u065f])+)")
_HAS_HAN = re.compile(f"[{_HAN}]")
_CLITIC = re.compile(r"['’](?:s|re|ll|d|m|ve)\b")
_ACCENT = re.compile("[\u0300-\u036f]")
_LATIN = re.compile("[a-z]+")


def clean(text: str) -> str:
    """The text without what cannot be read or could do harm, at most 300 characters of it.

    Surrogates, NUL and other controls, zero-width characters and marks of direction are gone, compatibility
    forms are unfolded, white space is single blanks. Script, case and accents stay as they were.
    """
    readable = "".join(
        " " if character.isspace() else character for character in text if _is_readable(character)
    )
    # Cut before unfolding too: one U+FDFA unfolds to eighteen characters.
    unfolded = unicodedata.normalize("NFKC", readable[:LONGEST_QUESTION])
    return " ".join(unfolded.split())[:LONGEST_QUESTION].strip()


def _is_readable(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def tidy(text: str) -> str:
    """An entry's own text for the index: unfolded like a question, but of any length."""
    readable = text if text.isprintable() else "".join(c if _is_readable(c) else " " for c in text)
    return unicodedata.normalize("NFKC", readable)


def rewrite(text: str) -> str:
    """Chinese as it is typed on phones, brought to how it is written; anything else as it is.

    Works from the table `cantonese.tsv`, longest match first. Loan words in Latin letters are rewritten only
    in a text that has Chinese characters.
    """
    if not _HAS_HAN.search(text):
        return text
    (loan, loans), (phrase, phrases) = _rewriting()
    native = loan.sub(lambda match: loans[match.group().lower()], text)
    return phrase.sub(lambda match: phrases[match.group()], native)


def fold(text: str) -> str:
    """One form for all that only looks different: Simplified characters, small letters, no accents."""
    simplified = _simplifier().convert(text) if _HAS_HAN.search(text) else text
    plain = _CLITIC.sub("", simplified.casefold()).replace("'", "").replace("’", "")
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", plain)))


def words(text: str) -> Iterator[str]:
    """The terms of a text in order, before stems are taken: words, and where no spaces are written, pairs.

    Common words of unspaced scripts stand by themselves and part what is on their two sides, so that no pair
    straddles them. Single characters follow their pairs: a question may hold no more than one.
    """
    for segment in _SEGMENT.finditer(fold(rewrite(text))):
        unspaced, spaced = segment.groups()
        if spaced:
            yield spaced
            continue
        for piece in _common_characters().split(unspaced):
            if not piece:
                continue
            if piece in weights():
                yield piece
            else:
                yield from (piece[at : at + 2] for at in range(len(piece) - 1))
                yield from piece


def stem(word: str) -> str:
    """The word without its commonest English endings. Words in other letters are left alone."""
    if len(word) < 4 or not _LATIN.fullmatch(word):
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and re.search("[aeiouy]", root):
            word = root[:-1] if root[-1] == root[-2] and root[-1] not in "lsz" else root
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def terms(text: str) -> tuple[str, ...]:
    """The terms by which texts are compared, repeated as often as they occur."""
    return tuple(stem(word) for word in words(text))


SINGLE_CHARACTER = 0.3


def weight(term: str) -> float:
    """How much a term may say, whatever the collection: 1, less for a lone character or a common word."""
    common = weights().get(term)
    if common is not None:
        return common
    return SINGLE_CHARACTER if len(term) == 1 and not term.isascii() else 1.0


# Characters that mostly bind other words in a question, though they are also part of many nouns.
_BINDING = frozenset("想有去要会不到和都就把给请或与及也这那几个过被让还很能用做为对从")


def weight_of_unknown(term: str) -> float:
    """How much a term may count against an answer when no entry has it.

    A pair of characters often straddles two words, the more likely when one of them only binds.
    """
    if len(term) == 2 and _HAS_HAN.match(term) and term not in weights():
        return 0.1 if _BINDING.intersection(term) else 0.6
    return weight(term)


@cache
def weights() -> Mapping[str, float]:
    """The weights of common words, from the table `common.tsv`, by stem in folded form."""
    return {stem(fold(word)): float(value) for word, value in read_table("common.tsv")}


@cache
def _common_characters() -> re.Pattern[str]:
    unspaced = [word for word in weights() if re.fullmatch(f"[{_UNSPACED}]+", word)]
    return re.compile(f"({'|'.join(sorted(map(re.escape, unspaced), key=len, reverse=True))})")


@cache
def _rewriting() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """The table as patterns: loan words in Latin letters, which stand by themselves, then all the rest."""
    loans: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for typed, written in read_table("cantonese.tsv"):
        if typed.isascii():
            loans[typed.lower()] = f" {written} "
            continue
        # Simplified Cantonese is typed too. A lone character is rewritten only as given: the Simplified
        # form of a Cantonese particle is often an everyday word (係 and 系).
        simplified = _simplifier().convert(typed) if len(typed) > 1 else typed
        for form in (typed, simplified):
            phrases[form.lower()] = phrases[form.upper()] = written
    loan = "|".join(map(re.escape, sorted(loans, key=len, reverse=True)))
    phrase = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    starts = "".join(sorted({re.escape(form[0]) for form in phrases}))
    return (
        (re.compile(f"(?<![A-Za-z])(?:{loan})(?![A-Za-z])", re.IGNORECASE), loans),
        (re.compile(f"(?=[{starts}])(?:{phrase})"), phrases),
    )


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")


def read_table(table: str) -> Iterator[tuple[str, str]]:
    """The rows of a table beside this module: two columns parted by a tab, comments left out."""
    for line in (_TABLES / table).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            left, right = line.split("\t")
            yield left.strip(), right.strip()
