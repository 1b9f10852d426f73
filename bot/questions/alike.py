"""Words of one sense: what a word may also stand for."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from bot.questions.normalise import fold, rewrite
from bot.questions.stems import stem
from bot.questions.tables import read_table

# No text holds this sign as part of a word, so that a sense is never taken for one.
SIGN = "≈"


@cache
def senses() -> Mapping[str, tuple[str, ...]]:
    """The senses of each word and phrase in the table `alike.tsv`, as terms of their own.

    Chinese words and phrases of several words are in folded form, single words by their stem.
    """
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for sense, words in read_table("alike.tsv"):
        for word in words.split(","):
            found[stem(fold(rewrite(word.strip())))][SIGN + sense] = None
    return {word: tuple(several) for word, several in found.items()}
