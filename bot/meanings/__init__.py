"""What texts mean, as vectors: those of two texts that mean the same, in any language, point the same way."""

from bot.meanings.encoder import Encoder
from bot.meanings.models import E5, MODELS, MUSE, Model, Role, Vector, Vectors, usable
from bot.meanings.texts import Text

__all__ = ["E5", "MODELS", "MUSE", "Encoder", "Model", "Role", "Text", "Vector", "Vectors", "usable"]
