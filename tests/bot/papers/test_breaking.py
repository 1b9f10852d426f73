import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers.breaking import lines


def broken(text: str, width: int) -> list[str]:
    return lines(text, width, len)


def test_a_line_ends_between_words() -> None:
    assert broken("one two three", 7) == ["one two", "three"]


def test_a_line_ends_between_signs_of_chinese() -> None:
    assert broken("義工服務證明書", 3) == ["義工服", "務證明", "書"]


@pytest.mark.parametrize("mark", "，。）」！")
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    assert broken(f"活動報名{mark}謝謝", 4) == ["活動報", f"名{mark}謝謝"]


def test_no_line_ends_with_an_opening_mark() -> None:
    assert broken("參加了「詩」", 4) == ["參加了", "「詩」"]


def test_a_word_wider_than_a_line_is_cut() -> None:
    assert broken("to abcdefghij", 4) == ["to", "abcd", "efgh", "ij"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert broken("", 4) == [""]


@given(st.text("ab 義工，「」.", max_size=60), st.integers(3, 12))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    found = broken(text, width)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width for line in found)
