"""A quiz's questions written as YAML."""

from typing import Any, Final

from bot.pack.lines import Document, document_of
from bot.quiz_files import Fault, Faults, Words, Written, locale_of, looked_over
from bot.quiz_writing import Asking

FIELDS: Final = frozenset({"question", "choices", "right", "explanation"})

# How the sample explains itself, to readers of each language.
HEADS: Final = {
    "en": """\
# Questions of a quiz. Every text stands once for each language; what is missing is shown in the quiz's own.
# `right` is the number of the right choice, counted from 1. The explanation may be left out.
""",
    "zh_Hant_HK": """\
# 問答比賽的題目。每段文字按語言各寫一次；欠缺的語言會顯示問答比賽本身的語言。
# question是題目，choices是選項，explanation是解說（可省略）；right是正確選項的號碼，由1起計。
""",
    "zh_Hans_CN": """\
# 知识问答的题目。每段文字按语言各写一次；缺少的语言会显示知识问答本身的语言。
# question是题目，choices是选项，explanation是解说（可省略）；right是正确选项的序号，从1开始。
""",
}
_QUESTIONS: Final = """\
questions:
  - question:
      en: (Sample) How many colours does a rainbow have, as it is usually told?
      zh_Hant_HK: （示例）一般說彩虹有多少種顏色？
      zh_Hans_CN: （示例）一般说彩虹有几种颜色？
    choices:
      en: [Five, Six, Seven]
      zh_Hant_HK: [五種, 六種, 七種]
      zh_Hans_CN: [五种, 六种, 七种]
    right: 3
    explanation:
      en: Red, orange, yellow, green, blue, indigo and violet.
      zh_Hant_HK: 紅、橙、黃、綠、藍、靛、紫。
      zh_Hans_CN: 红、橙、黄、绿、蓝、靛、紫。

  - question:
      en: "(Sample) A text with a colon: put it into quotes. Understood?"
      zh_Hant_HK: （示例）有冒號的英文句子要加引號，明白嗎？
      zh_Hans_CN: （示例）有冒号的英文句子要加引号，明白吗？
    choices:
      en:
        - "Yes"
        - "No"
      zh_Hant_HK: [明白, 不明白]
      zh_Hans_CN: [明白, 不明白]
    right: 1
"""


def sample(locale: str) -> bytes:
    """A file to begin with, explained in this language."""
    return (HEADS.get(locale, HEADS["en"]) + _QUESTIONS).encode()


def read(raw: bytes, base: str) -> list[Asking] | Faults:
    """All questions of the file, which has to word each in the base language, or all its faults."""
    document = document_of("", raw)
    if document.faults:
        return Faults(tuple(_of_form(fault.line, fault.sentence) for fault in document.faults))
    faults: list[Fault] = []
    top = document.value
    items = top.get("questions") if isinstance(top, dict) else None
    if not isinstance(items, list):
        return Faults((Fault(1, "no_questions"),))
    written = [_written(document, number, item, faults) for number, item in enumerate(items)]
    return looked_over([one for one in written if one is not None], base, faults)


def _of_form(line: int, sentence: str) -> Fault:
    return Fault(line, "encoding" if "UTF-8" in sentence else "form")


def _written(document: Document, number: int, item: Any, faults: list[Fault]) -> Written | None:
    path = ("questions", number)
    line = document.line(path)
    if not isinstance(item, dict):
        faults.append(Fault(line, "form"))
        return None
    faults += [
        Fault(document.line((*path, name)), "field", str(name)[:40]) for name in item if name not in FIELDS
    ]
    texts = _by_locale(document, (*path, "question"), item.get("question"), faults)
    choices = _by_locale(document, (*path, "choices"), item.get("choices"), faults)
    explanations = _by_locale(document, (*path, "explanation"), item.get("explanation"), faults)
    words = {
        locale: Words(
            document.line((*path, "question")) if locale in texts else document.line((*path, "choices")),
            _text(texts.get(locale)),
            _choices(choices.get(locale)),
            _text(explanations.get(locale)),
        )
        for locale in dict.fromkeys([*texts, *choices])
    }
    if not texts:
        faults.append(Fault(line, "question"))
    right = item.get("right")
    return Written(line, right if isinstance(right, str) else "", document.line((*path, "right")), words)


def _by_locale(
    document: Document, path: tuple[str | int, ...], value: Any, faults: list[Fault]
) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        faults.append(Fault(document.line(path), "language"))
        return {}
    found: dict[str, Any] = {}
    for code, text in value.items():
        locale, line = locale_of(code), document.line((*path, code))
        if locale is None:
            faults.append(Fault(line, "language", code[:40]))
        elif locale in found:
            faults.append(Fault(line, "twice", code[:40]))
        else:
            found[locale] = text
    return found


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _choices(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else ()
