"""The kinds of event an association holds, as fixed codes; how each is called is worded elsewhere."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal[
    "forum",
    "seminar",
    "visit",
    "delegation",
    "commemoration",
    "school",
    "contest",
    "camp",
    "training",
    "charity",
]

KINDS: tuple[Kind, ...] = get_args(Kind)
