"""What can be answered: one thing, in one language, with the ways people ask for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One answerable thing in one language.

    The same `id` in several locales is the same thing said in several languages: whoever asks gets one of
    them. `kind` is 'question', 'programme' or 'event'; `wordings` are questions or titles people would write,
    `text` is what they would be told. `audience` is 'everyone' or 'members'; whoever answers keeps to it.
    """

    id: str
    locale: str
    kind: str
    wordings: tuple[str, ...]
    text: str
    audience: str = "everyone"
