"""One form for what is typed in many."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
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

    Works from the table `cantonese.tsv`, longest match first, and from `romanised.tsv` where all is typed in
    Latin letters. Loan words are rewritten only in a text that has Chinese characters.
    """
    if not HAS_HAN.search(text):
        return _from_latin_letters(text) if text.isascii() else text
    (loan, loans), (phrase, phrases) = _rewriting()
    native = loan.sub(lambda match: loans[match.group().lower()], text)
    return phrase.sub(lambda match: phrases[match.group()], native)


def meant(text: str) -> str:
    """The text as models read it: Chinese as it is written, not typed, and in Simplified characters.

    They have learnt from written and Simplified Chinese most of all.
    """
    written = rewrite(tidy(text))
    return simplify(written) if HAS_HAN.search(written) else written


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
    return (
        (re.compile(f"(?<![A-Za-z])(?=[a-z0-9]){_any_of(loans)}(?![A-Za-z])", re.IGNORECASE), loans),
        (re.compile(_any_of(phrases)), phrases),
    )


def _any_of(forms: Iterable[str]) -> str:
    """A pattern for any of the forms, longest first, by their first characters: most places fail at once."""
    by_start: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        by_start.setdefault(form[0], []).append(form[1:])
    grouped = (f"{re.escape(start)}(?:{'|'.join(map(re.escape, rest))})" for start, rest in by_start.items())
    return f"(?=[{''.join(map(re.escape, by_start))}])(?:{'|'.join(grouped)})"


@cache
def _romanised() -> tuple[re.Pattern[str], Mapping[str, str]]:
    phrases = dict(read_table("romanised.tsv"))
    return re.compile(rf"(?<![a-z]){_any_of(phrases)}(?![a-z])"), phrases


def _from_latin_letters(text: str) -> str:
    """Cantonese in Latin letters as it is written, where that is surely what the text is in.

    A phrase alone may be a name or another language's: it takes phrases that make up half of the text.
    """
    pattern, phrases = _romanised()
    plain = " ".join(text.casefold().split())
    found = [match.group() for match in pattern.finditer(plain)]
    if 2 * sum(map(len, found)) < sum(character.isalpha() for character in plain):
        return text
    return pattern.sub(lambda match: phrases[match.group()], plain)


def simplify(text: str) -> str:
    """Traditional characters in their Simplified forms, others as they are."""
    return str(_simplifier().convert(text))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")
