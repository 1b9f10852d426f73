"""How Telegram shows a poll in a message."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def poll_of(
    number: int,
    question: str,
    options: Sequence[str],
    *,
    several: bool = False,
    anonymous: bool = True,
    kind: str = "regular",
) -> Json:
    """A new poll. Nobody can vote here."""
    return {
        "id": str(number),
        "question": question,
        "options": [
            {"text": text, "voter_count": 0, "persistent_id": str(n)} for n, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": anonymous,
        "type": kind,
        "allows_multiple_answers": several,
        "allows_revoting": True,
        "members_only": False,
    }
