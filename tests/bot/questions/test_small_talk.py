"""What asks nothing is told from what does."""

import pytest

from bot.questions import small_talk


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("thanks!", "thanks"),
        ("Thank you so much 🙏", "thanks"),
        ("唔該晒", "thanks"),
        ("謝謝你", "thanks"),
        ("谢谢", "thanks"),
        ("Hi there", "greeting"),
        ("你好", "greeting"),
        ("早晨！", "greeting"),
        ("bye bye", "bye"),
        ("再见", "bye"),
        ("you stupid bot", "abuse"),
        ("你好蠢", "abuse"),
        ("hello, thanks", "thanks"),
    ],
)
def test_small_talk_is_known_by_its_kind(message: str, kind: str) -> None:
    assert small_talk(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "Hello, when is the forum?",
        "thanks, and where is it?",
        "你好，講座幾時？",
        "早上有活動嗎",
        "Is the stupid form due tomorrow?",
        "high",
        "good",
        "好",
        "",
        "👍",
        "\x00",
    ],
)
def test_a_question_is_not_small_talk_however_polite(message: str) -> None:
    assert small_talk(message) is None
