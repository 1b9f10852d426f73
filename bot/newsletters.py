"""Newsletters: when a letter is due, to whom it goes, and what it is called."""

from storage.newsletters import Newsletter


def name_of(newsletter: Newsletter, locale: str) -> str:
    """The newsletter's name in the language, or in the first one that it was given one in."""
    own = newsletter.texts.get(locale)
    if own is not None and own.name:
        return own.name
    return next((words.name for words in newsletter.texts.values() if words.name), "")
