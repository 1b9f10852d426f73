"""The content pack: programmes, questions and events that an association writes in YAML."""

from bot.pack.faults import Fault, Faults
from bot.pack.models import Deadline, MapPoint, Pack, Programme, Question, SampleEvent, Shift, ShiftTime, When
from bot.pack.parts import LOCALES
from bot.pack.reader import read_pack
from bot.pack.times import Moments, ShiftMoments, moments

__all__ = [
    "LOCALES",
    "Deadline",
    "Fault",
    "Faults",
    "MapPoint",
    "Moments",
    "Pack",
    "Programme",
    "Question",
    "SampleEvent",
    "Shift",
    "ShiftMoments",
    "ShiftTime",
    "When",
    "moments",
    "read_pack",
]
