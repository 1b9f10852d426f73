"""Questions from a file: read whole, or every fault by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import quiz_csv, quiz_yaml
from bot.language import LOCALES
from bot.quiz_files import Faults
from bot.quiz_writing import Asking

YAML = """\
questions:
  - question: {en: Which is red?, zh_Hant_HK: 哪個是紅色？}
    choices:
      en: [Rose, Sky]
      zh_Hant_HK: [玫瑰, 天空]
    right: 1
    explanation: {en: Most roses are.}
"""
TABLE = """\
number,language,question,choice 1,choice 2,choice 3,right,explanation
1,en,"Red, or not?",Rose,Sky,,1,Most are.
1,zh-HK,哪個是紅色？,玫瑰,天空,,,
2,English,Blue?,Sky,Rose,Grass,1,
"""


def loaded(found: list[Asking] | Faults) -> list[Asking]:
    assert not isinstance(found, Faults), found
    return found


def faults_of(found: list[Asking] | Faults) -> list[tuple[int, str]]:
    assert isinstance(found, Faults)
    return [(one.line, one.what) for one in found.faults]


def test_yaml_is_read_in_all_its_languages() -> None:
    (one,) = loaded(quiz_yaml.read(YAML.encode(), "en"))
    assert (one.right_choice, one.choices, sorted(one.texts)) == (1, 2, ["en", "zh_Hant_HK"])
    assert one.texts["en"].explanation == "Most roses are."
    assert one.texts["zh_Hant_HK"].choices == ("玫瑰", "天空")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(mark: str, ends: str, divider: str) -> None:
    text = TABLE if divider == "," else TABLE.replace('"Red, or not?"', "Red or not?").replace(",", divider)
    one, two = loaded(quiz_csv.read((mark + text.replace("\n", ends)).encode(), "en"))
    assert sorted(one.texts) == ["en", "zh_Hant_HK"]
    assert (one.choices, two.choices, two.right_choice) == (2, 3, 1)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_samples_can_be_loaded_as_they_are(locale: str) -> None:
    for found in (
        quiz_yaml.read(quiz_yaml.sample(locale), locale),
        quiz_csv.read(quiz_csv.sample(locale), locale),
    ):
        for one in loaded(found):
            assert sorted(one.texts) == sorted(LOCALES)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "no_questions")]),
        ("questions: []", [(1, "no_questions")]),
        ("- a\n- b\n", [(1, "no_questions")]),
        ("questions:\n  - just a text\n", [(2, "form")]),
        ("questions:\n  - question: a: b\n", [(2, "form")]),
        (YAML.replace("right: 1", "right: 3"), [(6, "right")]),
        (YAML.replace("right: 1", "right: two"), [(6, "right")]),
        (YAML.replace("    right: 1\n", ""), [(2, "right")]),
        (YAML.replace("[Rose, Sky]", "[Rose, Rose]"), [(2, "alike")]),
        (YAML.replace("[玫瑰, 天空]", "[玫瑰]"), [(2, "choices"), (2, "uneven")]),
        (YAML.replace("explanation:", "because:"), [(7, "field")]),
        (YAML.replace("zh_Hant_HK: [", "xx: ["), [(2, "choices"), (2, "uneven"), (5, "language")]),
        (YAML.replace("Which is red?", "R" * 301), [(2, "too_long")]),
        (YAML.replace("en: Which is red?, ", ""), [(3, "question")]),
        (YAML + "  - &a [*a]\n", [(8, "form")]),
        ("a: " + "[" * 100, [(1, "form")]),
    ],
)
def test_each_fault_of_a_yaml_file_is_named_by_its_line(text: str, faults: list[tuple[int, str]]) -> None:
    assert faults_of(quiz_yaml.read(text.encode(), "en")) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "no_questions")]),
        ("number,language\n1,en\n", [(1, "column")] * 4),
        (TABLE.replace("explanation", "why"), [(1, "field")]),
        (TABLE.replace("1,en", "1,klingon"), [(2, "base"), (2, "language"), (2, "right")]),
        (TABLE.replace("1,zh-HK", "1,en"), [(3, "twice")]),
        (TABLE.replace("Sky,Rose,Grass,1", "Sky,,Grass,1"), [(4, "choices")]),
        (TABLE.replace("Sky,Rose,Grass,1", "Sky,Rose,Grass,4"), [(4, "right")]),
        (TABLE.replace("玫瑰,天空,", "玫瑰,天空,草"), [(3, "uneven")]),
    ],
)
def test_each_fault_of_a_table_is_named_by_its_line(text: str, faults: list[tuple[int, str]]) -> None:
    assert faults_of(quiz_csv.read(text.encode(), "en")) == faults


def test_a_question_without_the_base_language_is_a_fault() -> None:
    assert faults_of(quiz_yaml.read(YAML.encode(), "zh_Hans_CN")) == [(2, "base")]


def test_what_is_not_utf8_says_so() -> None:
    for read in (quiz_yaml.read, quiz_csv.read):
        assert faults_of(read("number\n題號".encode("big5"), "en")) == [(2, "encoding")]
        assert faults_of(read(TABLE.encode("utf-16"), "en"))[0][1] == "encoding"


def test_more_than_a_hundred_questions_are_too_many() -> None:
    rows = "".join(f"{n},en,Question {n}?,a,b,,1,\n" for n in range(1, 102))
    head = TABLE.split("\n", 1)[0]
    assert faults_of(quiz_csv.read(f"{head}\n{rows}".encode(), "en")) == [(102, "too_many")]


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_questions_or_faults(raw: bytes) -> None:
    for read in (quiz_yaml.read, quiz_csv.read):
        found = read(raw, "en")
        assert found
        if isinstance(found, Faults):
            assert all(one.line >= 1 for one in found.faults)


@given(st.text(max_size=300))
def test_whatever_follows_the_headings_is_questions_or_faults(text: str) -> None:
    head = TABLE.split("\n", 1)[0]
    assert quiz_csv.read(f"{head}\n{text}".encode("utf-8", "ignore"), "en")
    assert quiz_yaml.read(f"questions:\n  - question: {text}".encode("utf-8", "ignore"), "en")
