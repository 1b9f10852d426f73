"""JSON: what is written is read as it was, and mistakes are not."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup

from storage import json_text

values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**64 - 1)
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(),
    lambda inner: some.lists(inner, max_size=5) | some.dictionaries(some.text(), inner, max_size=5),
)


@given(values)
def test_what_is_written_is_read_as_it_was(value: Any) -> None:
    assert json_text.read(json_text.write(value)) == value
    assert json.loads(json_text.write_bytes(value)) == value
    assert json_text.read(json.dumps(value)) == value


def test_what_strangers_send_is_read_and_written_again() -> None:
    for value in ("half an emoji \ud83d", 2**70, {"id": -(2**65)}, {7: "seven"}, Markup("<b>bold</b>")):
        written = json_text.write(value)
        written.encode()
        assert json_text.read(written) == json.loads(json.dumps(value))
    assert json_text.read('"half \ud83d"'.encode("utf-8", "surrogatepass")) == "half \ud83d"


@pytest.mark.parametrize("nonsense", ["", "{", "<html>", "[1,]", "[" * 100_000, b"\xff\xfe\x00"])
def test_nonsense_is_a_value_error(nonsense: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that is the promise
        json_text.read(nonsense)


def test_an_instant_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        json_text.write({"at": datetime(2026, 11, 22, tzinfo=UTC)})
