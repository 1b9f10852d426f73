"""What is asked about events and answered from how they stand at this moment."""

from bot.facts.finding import WHEN, Asked, Fact, NoneHeld, NotComing, Spoken, Which, find

__all__ = ["WHEN", "Asked", "Fact", "NoneHeld", "NotComing", "Spoken", "Which", "find"]
