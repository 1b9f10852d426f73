"""What asks nothing is told from what does."""

import time

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
        ("👍", "thanks"),
        ("🙏🏻🙏🏻", "thanks"),
        ("❤️", "thanks"),
        ("👋", "greeting"),
        ("🖕", "abuse"),
        ("ok thx la", "thanks"),
        ("多謝晒你幫手", "thanks"),
        ("明白晒 thank you", "thanks"),
        ("m goi", "thanks"),
        ("nei ho", "greeting"),
        ("喂，有冇人呀？", "greeting"),
        ("走先喇，拜拜", "bye"),
        ("晚安啦", "bye"),
        ("diu lei lo mo", "abuse"),
        ("PK啦", "abuse"),
        ("屌你老母 冚家鏟", "abuse"),
        ("你個廢柴機械人", "abuse"),
        ("收皮啦你", "abuse"),
        ("人工智障", "abuse"),
        ("他妈的什么垃圾机器人", "abuse"),
        ("what a useless bot", "abuse"),
        ("terima kasih", "thanks"),
        ("cảm ơn", "thanks"),
        ("धन्यवाद", "thanks"),
        ("ขอบคุณค่ะ", "thanks"),
        ("شکریہ", "thanks"),
        ("Jazakallah khair bhai", "thanks"),
        ("好呀", "thanks"),
        ("好", "thanks"),
        ("AoA", "greeting"),
        ("你哋好", "greeting"),
        ("Allah hafiz", "bye"),
        ("你傻逼吗", "abuse"),
        ("哈哈哈", "smile"),
        ("😂😂", "smile"),
        ("haha thanks", "thanks"),
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
        "",
        "🦜",
        "\x00",
        "收到 幾時",
        "thanks, but where is it",
        "神經病院喺邊",
        "垃圾幾時收",
        "is this a scam",
        "唔該 幾點",
    ],
)
def test_a_question_is_not_small_talk_however_polite(message: str) -> None:
    assert small_talk(message) is None


def test_a_long_run_of_one_word_is_judged_at_once() -> None:
    """Phrases that begin alike must not be tried in every combination."""
    began = time.perf_counter()
    assert small_talk("好" * 299 + "x") is None
    assert small_talk("ha " * 100 + "x") is None
    assert time.perf_counter() - began < 1
