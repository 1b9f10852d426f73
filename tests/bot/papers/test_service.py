from datetime import UTC, date, datetime, timedelta

import pytest

from bot.language import LOCALES, language
from bot.lengths import change, length
from bot.papers.certificate import draw
from bot.papers.service import MOST_LISTED, Service, of_contest, of_service

NOW = datetime(2026, 12, 2, 17, tzinfo=UTC)
DAY = date(2026, 1, 3)


def service(programme: str, title: str, day: int, minutes: int) -> Service:
    return Service(programme, title, DAY + timedelta(days=day), DAY + timedelta(days=day), minutes)


SERVICES = [
    service("Forum", "Opening", 0, 180),
    service("Camp", "Lantau", 30, 600),
    service("Forum", "Close", 60, 45),
]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_total_is_the_sum_and_each_programme_has_its_own(locale: str) -> None:
    words = language(locale)
    made = of_service(words, association="Harbour", name="Ada", services=SERVICES, issued_at=NOW)
    assert made.total is not None
    assert made.total.how_much == "13:45"
    assert length(words, 825) in made.body
    sums = [(line.what, line.how_much) for line in made.table if line.opens_group]
    assert sums == [("Forum", "3:45"), ("Camp", "10:00")]
    assert [line.what for line in made.table if not line.opens_group] == ["Opening", "Close", "Lantau"]
    assert draw(made)


def test_several_days_are_one_line() -> None:
    camp = Service("Camp", "Lantau", date(2026, 1, 26), date(2026, 1, 28), 645)
    made = of_service(language("en"), association="Harbour", name="Ada", services=[camp], issued_at=NOW)
    assert (made.table[0].when, made.table[0].how_much) == ("26–28 Jan 2026", "10:45")


def test_a_single_programme_needs_no_sum_of_its_own() -> None:
    made = of_service(language("en"), association="", name="Ada", services=SERVICES[:1], issued_at=NOW)
    assert not any(line.opens_group for line in made.table)
    assert made.body == "gave 3 hours of voluntary service on 3 January 2026."


def test_the_day_of_issue_is_home_s() -> None:
    made = of_service(language("en"), association="Harbour", name="Ada", services=SERVICES, issued_at=NOW)
    assert made.issued == "Issued on 3 December 2026"


def test_a_long_life_of_service_is_listed_as_far_as_it_goes_and_summed_in_full() -> None:
    many = [service("Forum", f"No. {number}", number, 60) for number in range(MOST_LISTED + 50)]
    made = of_service(language("en"), association="Harbour", name="Ada", services=many, issued_at=NOW)
    assert len(made.table) == MOST_LISTED + 1
    assert (made.table[-1].what, made.table[-1].how_much) == ("50 further events", "50:00")
    assert made.total is not None
    assert made.total.how_much == "250:00"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_contest_is_certified_with_its_score(locale: str) -> None:
    made = of_contest(
        language(locale),
        association="Harbour",
        name="Ada",
        title="Two Cities",
        score=7,
        questions=8,
        day=DAY,
        issued_at=NOW,
    )
    assert all(part in made.body for part in ("Two Cities", "7", "8"))
    assert made.table == ()
    assert draw(made)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 hours"),
        (1, "1 minute"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (120, "2 hours"),
        (6001, "100 hours 1 minute"),
    ],
)
def test_a_length_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert length(language("en"), minutes) == said


def test_a_change_says_which_way_it_goes() -> None:
    assert (change(language("en"), -30), change(language("en"), 60)) == ("− 30 minutes", "+ 1 hour")
