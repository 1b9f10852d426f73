"""JSON as it is sent and kept: fast where it can be, and forgiving where strangers wrote it."""

import json
from typing import Any

import orjson

# What the standard library would refuse, such as an instant, is a mistake here too.
STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def read(text: str | bytes) -> Any:
    """Read JSON; half an emoji too. A whole number beyond 64 bits becomes a float. Raises ValueError."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None


def write_bytes(value: Any) -> bytes:
    """Write JSON. What can't be UTF-8, such as half an emoji, is escaped."""
    try:
        return orjson.dumps(value, option=STRICT)
    except TypeError:
        return json.dumps(value).encode()


def write(value: Any) -> str:
    """Write JSON as text, as write_bytes does."""
    return write_bytes(value).decode()
