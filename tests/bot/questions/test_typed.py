"""What people say around a question, and the words they use for one another."""

import pytest

from bot.questions import Answer, Entry, Finder
from bot.questions.politeness import without_politeness
from bot.questions.terms import terms

ENTRIES = [
    Entry("guests", "en", "question", ("Can I bring my family?",), "Two guests each."),
    Entry("guests", "zh_Hant_HK", "question", ("可以帶家人去參觀嗎？",), "每人兩位。"),
    Entry("fee", "en", "question", ("How much does an event cost?",), "Nothing."),
    Entry("fee", "zh_Hant_HK", "question", ("活動收費多少？",), "免費。"),
]


@pytest.mark.parametrize(
    ("polite", "bare"),
    [
        ("我想問下可唔可以帶朋友？", "可唔可以帶朋友？"),
        ("唔該，請問一下幾時開始呀", "幾時開始"),
        ("请问一下几时开始，谢谢", "几时开始"),
        ("Hi, could you tell me where the hall is please", "where the hall is"),
        ("hello! I'd like to know when it starts, thanks", "when it starts"),
        ("Hi我想問下幾時開始", "幾時開始"),
    ],
)
def test_politeness_around_a_question_is_taken_away(polite: str, bare: str) -> None:
    assert terms(polite) == terms(bare)
    assert without_politeness(polite).strip("？") == bare.strip("？")


@pytest.mark.parametrize("text", ["唔該", "hi", "I want to volunteer", "history of the hall", "書架", ""])
def test_what_is_nothing_else_or_part_of_the_question_stays(text: str) -> None:
    assert without_politeness(text) == text


@pytest.mark.parametrize(
    ("question", "locale"),
    [
        ("我想問下可唔可以帶埋阿媽去參觀？", "zh_Hant_HK"),
        ("我想问下可唔可以带埋阿妈去参观？", "zh_Hans_CN"),
        ("可以帶媽咪參觀嗎", "zh_Hant_HK"),
        ("hi, could you tell me if I can bring my mum", "en"),
    ],
)
def test_a_word_finds_what_is_said_in_another_of_its_sense(question: str, locale: str) -> None:
    match Finder(ENTRIES).ask(question, locale):
        case Answer(best, _):
            assert best.entry.id == "guests"
        case other:
            pytest.fail(str(other))


def test_a_word_of_its_own_still_counts_for_more_than_its_sense() -> None:
    finder = Finder(
        [
            Entry("mother", "en", "question", ("Can I bring my mother?",), "Yes."),
            Entry("father", "en", "question", ("Can I bring my father?",), "Yes."),
        ]
    )
    match finder.ask("may I bring my mother", "en"):
        case Answer(best, _):
            assert best.entry.id == "mother"
        case other:
            pytest.fail(str(other))
