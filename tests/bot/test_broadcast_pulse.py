"""When failures have risen suddenly, and how long the rest takes."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import broadcast_pulse
from tests.conftest import NOON

SECOND = timedelta(seconds=1)


def beaten(*counts: tuple[int, int], every: timedelta = SECOND) -> list[list[int]]:
    """The pulse after these counts of settled and of badly ended, one after the other."""
    pulse: list[list[int]] = []
    for number, (settled, bad) in enumerate(counts):
        pulse = broadcast_pulse.beat(pulse, settled=settled, bad=bad, now=NOON + number * every)
    return pulse


def test_everything_failing_is_noticed_within_a_second_at_telegrams_rate() -> None:
    assert broadcast_pulse.is_failing(beaten((0, 0), (30, 30)))


def test_a_few_failures_never_stop_a_broadcast() -> None:
    assert not broadcast_pulse.is_failing(beaten((0, 0), (19, 19)))


def test_one_failure_in_ten_is_no_sudden_rise() -> None:
    assert not broadcast_pulse.is_failing(beaten((0, 0), (1000, 100)))


def test_a_rise_is_seen_after_a_long_good_run() -> None:
    good = [(30 * n, 0) for n in range(120)]
    assert not broadcast_pulse.is_failing(beaten(*good))
    assert broadcast_pulse.is_failing(beaten(*good, *[(3570 + 30 * n, 30 * n) for n in range(1, 21)]))


def test_failures_of_long_ago_do_not_count() -> None:
    assert not broadcast_pulse.is_failing(
        beaten((0, 0), (100, 100), (130, 100), every=broadcast_pulse.WINDOW)
    )


def test_the_rate_and_the_time_left_are_those_of_the_last_minute() -> None:
    pulse = beaten(*[(25 * n, 0) for n in range(200)])
    assert broadcast_pulse.rate(pulse) == 25
    assert broadcast_pulse.time_left(pulse, messages=1500) == timedelta(minutes=1)


def test_failures_after_a_rest_count_from_where_it_rested() -> None:
    rested = beaten((100, 0), (100, 0))
    assert broadcast_pulse.is_resting(rested, settled=100, bad=0)
    assert not broadcast_pulse.is_resting(rested, settled=101, bad=0)
    pulse = broadcast_pulse.beat(rested, settled=130, bad=30, now=NOON + timedelta(hours=8))
    assert broadcast_pulse.is_failing(pulse)


def test_where_nothing_moves_no_time_is_told() -> None:
    assert broadcast_pulse.time_left(beaten((5, 0), (5, 0)), messages=10) is None
    assert broadcast_pulse.time_left([], messages=10) is None


@given(st.lists(st.integers(0, 500), max_size=100))
def test_a_pulse_stays_small_and_in_order(seconds: list[int]) -> None:
    pulse: list[list[int]] = []
    for number, second in enumerate(seconds):
        pulse = broadcast_pulse.beat(pulse, settled=number, bad=0, now=NOON + second * SECOND)
    assert len(pulse) <= 62
    assert [one[0] for one in pulse] == sorted({one[0] for one in pulse})
