"""How Telegram says no, in its own codes and words.

Refused
└── Violation
"""

from typing import Any


class Refused(Exception):
    """A call that Telegram answers with an error."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Violation(Refused):
    """A call that breaks a documented limit, so it shows a mistake in the bot and is listed as one."""

    def __init__(self, problem: str, code: int = 400) -> None:
        super().__init__(code, f"Bad Request: {problem}" if code == 400 else problem)
        self.problem = problem


def bad_request(problem: str) -> Refused:
    """Refuse a call that is well formed but can't be done."""
    return Refused(400, f"Bad Request: {problem}")


def forbidden(problem: str) -> Refused:
    """Refuse a call because the bot may not."""
    return Refused(403, f"Forbidden: {problem}")


def too_many(seconds: int) -> Refused:
    """Refuse a call because it comes too soon."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
