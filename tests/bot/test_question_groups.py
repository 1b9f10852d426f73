"""Questions that mean the same are one group, and what is asked by most people comes first."""

from datetime import timedelta

import numpy as np
import pytest

from bot.question_groups import Group, Vector, group
from storage.asked import Asked
from tests.conftest import NOON


def question(
    number: int,
    text: str,
    *,
    locale: str = "en",
    person: int | None = None,
    minutes: int | None = None,
    label: str = "none",
    topic_id: str | None = None,
    part: int | None = None,
) -> Asked:
    return Asked(
        id=number,
        text=text,
        locale=locale,
        outcome="nothing",
        topic_id=topic_id,
        asked_at=NOON + timedelta(minutes=number if minutes is None else minutes),
        person_id=number if person is None else person,
        thread_id=None,
        label=label,
        meant=None,
        part=part,
    )


def texts(groups: tuple[Group, ...]) -> list[set[str]]:
    return [{one.text for one in each.questions} for each in groups]


def test_what_shares_its_words_is_one_group() -> None:
    found = group(
        [
            question(1, "Can I park my car at the hall?"),
            question(2, "where can i park a car at the hall"),
            question(3, "Do you sell books?"),
        ]
    )
    assert texts(found) == [
        {"Can I park my car at the hall?", "where can i park a car at the hall"},
        {"Do you sell books?"},
    ]


def test_both_scripts_of_chinese_are_one_group_and_so_is_cantonese_as_it_is_typed() -> None:
    found = group(
        [
            question(1, "有沒有停車場？", locale="zh_Hant_HK"),
            question(2, "有没有停车场？", locale="zh_Hans_CN"),
            question(3, "有冇停車場呀", locale="zh_Hant_HK"),
        ]
    )
    assert len(found) == 1


def test_languages_are_mixed_only_where_meanings_are_known() -> None:
    asked = [question(1, "Is there a car park?"), question(2, "有沒有停車場？", locale="zh_Hant_HK")]
    meanings: dict[str, Vector] = {asked[0].text: np.array([3.0, 0.1]), asked[1].text: np.array([2.0, 0.0])}
    assert len(group(asked)) == 2
    assert len(group(asked, meanings.get)) == 1
    meanings[asked[1].text] = np.array([0.0, 2.0])
    assert len(group(asked, meanings.get)) == 2
    assert len(group(asked, {asked[0].text: np.array([1.0])}.get)) == 2


def test_people_are_counted_and_not_how_often_one_of_them_asks() -> None:
    found = group(
        [
            *(question(number, f"car park please {number}", person=1) for number in range(1, 6)),
            question(11, "sell books?", person=2),
            question(12, "do you sell books", person=3),
        ]
    )
    assert [one.people for one in found] == [2, 1]
    assert "books" in found[0].example.text


def test_of_equals_the_newest_comes_first() -> None:
    found = group([question(1, "sell books?", minutes=5), question(2, "car park?", minutes=9)])
    assert [one.example.text for one in found] == ["car park?", "sell books?"]


def test_what_was_set_apart_stays_apart_and_new_questions_join_the_nearer_one() -> None:
    asked = [
        question(1, "car park at the hall", part=1),
        question(2, "car park at the school", part=2),
        question(3, "is there a car park at the school"),
    ]
    assert texts(group(asked)) == [
        {"car park at the school", "is there a car park at the school"},
        {"car park at the hall"},
    ]


def test_wrong_answers_mark_their_group() -> None:
    (one,) = group([question(1, "car park", label="wrong", topic_id="q1"), question(2, "car park?")])
    assert [each.id for each in one.wrong] == [1]


@pytest.mark.parametrize("text", ["的", "?", "𠮷", "a", "x" * 300])
def test_any_text_can_be_grouped(text: str) -> None:
    assert len(group([question(1, text), question(2, text)])) == 1


def test_the_same_questions_give_the_same_groups_in_any_order() -> None:
    asked = [question(number, f"car park {number % 7} hall {number % 3}") for number in range(1, 40)]
    assert group(asked) == group(list(reversed(asked)))


def test_some_thousands_take_no_longer_than_a_moment() -> None:
    words = ["park", "book", "visa", "train", "museum", "tea", "music", "camp", "ticket", "school"]
    asked = [
        question(number, f"{words[number % 10]} {words[number // 10 % 10]} number{number % 1500} please")
        for number in range(1, 3001)
    ]
    assert sum(len(one.questions) for one in group(asked)) == 3000
