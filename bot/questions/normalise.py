"""One form for what is typed in many."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

from bot.questions.tables import read_table

LONGEST_QUESTION = 300

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAS_HAN = re.compile(f"[{HAN}]")
_CLITIC = re.compile(r"['’](?:s|re|ll|d|m|ve)\b")
_ACCENT = re.compile("[\u0300-\u036f]")


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
    if not HAS_HAN.search(text):
        return text
    (loan, loans), (phrase, phrases) = _rewriting()
    native = loan.sub(lambda match: loans[match.group().lower()], text)
    return phrase.sub(lambda match: phrases[match.group()], native)


def meant(text: str) -> str:
    """The text as models read it: Chinese as it is written, not typed, and in Simplified characters.

    They have learnt from written and Simplified Chinese most of all.
    """
    plain = tidy(text)
    return simplify(rewrite(plain)) if HAS_HAN.search(plain) else plain


def fold(text: str) -> str:
    """One form for all that only looks different: Simplified characters, small letters, no accents."""
    simplified = simplify(text) if HAS_HAN.search(text) else text
    plain = _CLITIC.sub("", simplified.casefold()).replace("'", "").replace("’", "")
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", plain)))


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
        simplified = simplify(typed) if len(typed) > 1 else typed
        for form in (typed, simplified):
            phrases[form.lower()] = phrases[form.upper()] = written
    loan = "|".join(map(re.escape, sorted(loans, key=len, reverse=True)))
    phrase = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    starts = "".join(sorted({re.escape(form[0]) for form in phrases}))
    return (
        (re.compile(f"(?<![A-Za-z])(?:{loan})(?![A-Za-z])", re.IGNORECASE), loans),
        (re.compile(f"(?=[{starts}])(?:{phrase})"), phrases),
    )


def simplify(text: str) -> str:
    """Traditional characters in their Simplified forms, others as they are."""
    return str(_simplifier().convert(text))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")
