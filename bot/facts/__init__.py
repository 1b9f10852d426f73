"""What is asked about events and answered from how they stand at this moment."""

from bot.facts.asked import Asked, Fact, NoneHeld, NotComing, Spoken, Which
from bot.facts.finding import WHEN, find

__all__ = ["WHEN", "Asked", "Fact", "NoneHeld", "NotComing", "Spoken", "Which", "find"]
