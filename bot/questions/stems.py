"""Words without their endings, so that the forms of one word are one."""

import re
from functools import lru_cache

_LATIN = re.compile("[a-z]+")


@lru_cache(maxsize=100_000)
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
