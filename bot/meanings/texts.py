"""A text that is to be understood, and the name its vector is kept under."""

import hashlib
from dataclasses import dataclass

from bot.meanings.models import Model, Role


@dataclass(frozen=True)
class Text:
    """A text in the role in which it is compared."""

    text: str
    role: Role

    def key(self, model: Model) -> str:
        """Names the vector of this text by this model: the same for the same text, in every run."""
        said = f"{self.role}\n{model.within(self.text)}"
        return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()
