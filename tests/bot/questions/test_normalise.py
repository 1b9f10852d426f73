"""What is typed, as it is compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.questions import normalise
from bot.questions.stems import stem
from bot.questions.terms import terms
from bot.questions.typos import Corrector


@settings(deadline=None)
@given(st.text(st.characters(), max_size=400))
def test_clean_text_is_short_readable_and_stays_as_it_is(text: str) -> None:
    cleaned = normalise.clean(text)
    assert len(cleaned) <= normalise.LONGEST_QUESTION
    cleaned.encode()
    assert "\x00" not in cleaned
    assert normalise.clean(cleaned) == cleaned


@settings(deadline=None)
@given(st.text(st.characters(), max_size=400))
def test_any_text_has_terms(text: str) -> None:
    assert all(terms(normalise.tidy(text)))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("講座幾時", "講座何時"),
        ("辦事處喺邊度", "辦事處在哪裏"),
        ("點樣報名", "如何報名"),
        ("有冇午餐", "有沒有午餐"),
        ("仲有冇位", "還有沒有名額"),
        ("你o既朋友", "你的朋友"),
        ("使唔使收費", "需不需要收費"),
    ],
)
def test_what_is_typed_on_phones_meets_what_is_written(typed: str, written: str) -> None:
    assert terms(typed) == terms(written)


@pytest.mark.parametrize("word", ["關係", "地點", "三點", "認識"])
def test_a_word_is_not_torn_by_the_table(word: str) -> None:
    assert normalise.rewrite(word) == word


def test_loan_words_are_rewritten_beside_chinese_only() -> None:
    assert terms("點join") == terms("如何參加")
    assert normalise.rewrite("can I join") == "can I join"


def test_scripts_and_forms_of_one_text_are_the_same() -> None:
    assert terms("簡報會") == terms("简报会")
    assert terms("Ｆｏｒｕｍ") != ()
    assert terms(normalise.clean("ＦＯＲＵＭ")) == terms("forum")
    assert terms("café") == terms("CAFE")


def test_words_keep_their_vowel_signs() -> None:
    assert terms("कार्यक्रम कब है") == ("कार्यक्रम", "कब", "है")


def test_forms_of_a_word_share_their_stem() -> None:
    assert {stem(word) for word in ("register", "registers", "registered", "registering")} == {"register"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vollunteer", "volunteer"),
        ("semniar", "seminar"),
        ("registeration", "registration"),
        ("cancellation", "cancel"),
    ],
)
def test_the_nearest_known_word_is_meant(typed: str, meant: str) -> None:
    corrector = Corrector(["volunteer", "seminar", "registration", "cancel", "fee"])
    nearest = corrector.nearest(typed)
    assert nearest is not None
    assert nearest[0] == meant


@pytest.mark.parametrize("typed", ["pizza", "weather", "fe", "fees2", "2025", "look"])
def test_a_word_unlike_all_others_stays_itself(typed: str) -> None:
    assert Corrector(["volunteer", "whether", "fee", "2026", "book"]).nearest(typed) is None
