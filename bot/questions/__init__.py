"""Which entry a question means, in any wording and any of our languages, or that there is none."""

from bot.questions.decide import Answer, Choices, Found, Nothing
from bot.questions.entries import Entry
from bot.questions.finder import Finder, Meaning, texts_of
from bot.questions.small_talk import small_talk

__all__ = ["Answer", "Choices", "Entry", "Finder", "Found", "Meaning", "Nothing", "small_talk", "texts_of"]
