"""JSON as it crosses the wire: fast where it can be, and forgiving where strangers wrote it."""

import json
from typing import Any

import orjson


def read(text: str | bytes) -> Any:
    """Read JSON. Half an emoji or a huge number is read too. Raises ValueError for what is not JSON."""
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
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()


def write(value: Any) -> str:
    """Write JSON as text, as write_bytes does."""
    return write_bytes(value).decode()
