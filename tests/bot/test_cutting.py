"""Cutting long texts where readers would."""

import pytest

from bot.cutting import cut, excerpt, shortened


def test_a_short_text_is_left_as_it_is() -> None:
    assert cut("Hello there", 11) == ("Hello there", 0)


def test_what_is_left_out_is_counted() -> None:
    kept, left = cut("word " * 100, 50)
    assert len(kept) <= 50
    assert len(kept) + left == 500


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "👍🏽", "é", "🇭🇰", "नि"])
def test_no_character_is_split(whole: str) -> None:
    for limit in range(len(whole), 4 * len(whole)):
        kept, _ = cut(whole * 4, limit)
        assert kept == whole * (len(kept) // len(whole))


def test_a_text_without_a_place_to_part_is_cut_all_the_same() -> None:
    kept, left = cut("a" + "\u0301" * 5000, 100)
    assert len(kept) <= 100
    assert left > 0


def test_a_shortened_text_is_one_line_and_shows_that_it_was_cut() -> None:
    assert shortened("one\n two  three", 60) == "one two three"
    assert shortened("a" * 80, 60).endswith("…")
    assert len(shortened("a" * 80, 60)) <= 60


def test_an_excerpt_ends_with_a_paragraph_or_a_sentence() -> None:
    paragraphs = "First paragraph. Two sentences.\n\nSecond paragraph.\n\nThird one."
    assert excerpt(paragraphs, 60) == ("First paragraph. Two sentences.\n\nSecond paragraph.", 12)
    assert excerpt("One sentence. Another sentence. A third.", 34) == ("One sentence. Another sentence.", 9)
    assert excerpt("第一句。第二句。第三句。", 9) == ("第一句。第二句。", 4)


def test_an_excerpt_without_sentences_is_cut_as_any_text() -> None:
    assert excerpt("word " * 20, 30) == cut("word " * 20, 30)
    assert excerpt("short", 30) == ("short", 0)
