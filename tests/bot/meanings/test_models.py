"""Which models a machine can run, and how much of a text they read."""

from pathlib import Path
from unittest import mock

import pytest

from bot.meanings import E5, MUSE, models


def test_a_processor_without_what_a_model_takes_for_granted_does_not_run_it(tmp_path: Path) -> None:
    plain = tmp_path / "cpuinfo"
    plain.write_text("processor\t: 0\nflags\t\t: fpu sse2\n")
    with mock.patch.object(models, "_CPU", plain):
        assert not E5.is_usable()
        assert MUSE.is_usable()
    plain.write_text("processor\t: 0\nflags\t\t: fpu sse2 avx2 fma\n")
    with mock.patch.object(models, "_CPU", plain):
        assert E5.is_usable()


def test_a_processor_that_says_nothing_of_itself_is_taken_for_a_plain_one(tmp_path: Path) -> None:
    with mock.patch.object(models, "_CPU", tmp_path / "nothing"):
        assert models.processor() == frozenset()


@pytest.mark.parametrize("text", ["word " * 500, "活動" * 500, "กิจกรรม" * 200, ""])
def test_no_more_of_a_text_is_read_than_takes_a_moment(text: str) -> None:
    read = E5.within(text)
    assert text.startswith(read)
    assert len(read) <= E5.longest
    assert E5.within(read) == read


def test_a_character_of_chinese_counts_for_several_letters() -> None:
    assert len(E5.within("活" * 500)) * 3 == len(E5.within("a" * 500))
