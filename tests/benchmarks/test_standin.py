"""The stand-in keeps Telegram's limits to the letter, or nothing measured against it would mean anything."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.standin.arriving import Arriving, Faults

QUIET = Faults()


def arriving(rate: int | None) -> Arriving:
    return Arriving(rate=rate, faults=QUIET, marked="")


@given(st.lists(st.floats(0, 0.2), max_size=200), st.integers(1, 30))
def test_no_second_has_more_than_the_rate_wherever_it_begins(pauses: list[float], rate: int) -> None:
    standin, now = arriving(rate), 0.0
    for chat_id, pause in enumerate(pauses, start=1):
        now += pause
        if not standin.refuse(chat_id, now):
            standin.arrive(chat_id, "", now)
    moments = list(standin.moments)
    assert all(sum(first <= moment < first + 1.0 - 1e-9 for moment in moments) <= rate for first in moments)
    assert len(moments) + standin.refused == len(pauses)


def test_a_chat_gets_one_message_a_second() -> None:
    standin = arriving(30)
    standin.arrive(7, "", 1.0)
    assert standin.refuse(7, 1.9) == 1
    assert standin.refuse(8, 1.9) == 0
    assert standin.refuse(7, 2.0) == 0


def test_a_group_gets_twenty_messages_a_minute() -> None:
    standin = arriving(30)
    for second in range(20):
        assert standin.refuse(-5, second * 1.5) == 0
        standin.arrive(-5, "", second * 1.5)
    assert standin.refuse(-5, 40.0) > 0
    assert standin.refuse(-5, 60.0) == 0


def test_the_worst_second_may_begin_anywhere() -> None:
    standin = arriving(None)
    for moment in (0.0, 0.7, 0.8, 1.6, 1.69, 3.0):
        standin.arrive(1, "", moment)
    assert standin.worst_second() == 4


def test_only_marked_messages_are_counted_by_chat() -> None:
    standin = Arriving(rate=None, faults=QUIET, marked="Forum")
    for text in ("The Forum", "something else", "Forum"):
        standin.arrive(9, text, 0.0)
    assert standin.reached == {9: 2}


def test_faults_come_as_often_as_asked() -> None:
    standin = Arriving(rate=None, faults=Faults(broken=0.2, lost=0.1), marked="")
    drawn = [standin.fault() for _ in range(5_000)]
    assert 800 < drawn.count("broken") < 1_200
    assert 350 < drawn.count("lost") < 650
    assert standin.injected["broken"] == drawn.count("broken")
