"""A few kills in the middle of a broadcast while Telegram and the network fail; a hundred are a benchmark."""

from benchmarks.exactness.killing import play
from benchmarks.standin.asking import standing_in


def test_killed_in_the_middle_nobody_is_skipped_and_nobody_gets_it_twice() -> None:
    with standing_in() as standin:
        ended = play(standin, recipients=600, kills=3, seed=7)
    assert ended.problems() == []
    assert ended.during > 0
