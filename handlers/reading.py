"""Cleaning what people send, whatever it holds, before anything looks at it."""

import unicodedata


def clean(text: str) -> str:
    """The text without what no database or screen can bear: control characters, lone surrogates, NUL."""
    kept = (
        character
        for character in unicodedata.normalize("NFC", text)
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )
    return "".join(kept).strip()
