"""The people a newcomer finds in the playground."""

from playground.telegram import Telegram

ORGANISER = 10_000_005

PEOPLE = (
    (10_000_001, "陳小明", "zh-hant", "會員 · 繁體中文"),
    (10_000_002, "Alex Sample", "en", "Member · English"),
    (10_000_003, "王小样", "zh-hans", "会员 · 简体中文"),
    (10_000_004, "Vera Volunteer", "en", "Volunteer · English"),
    (ORGANISER, "何主任（示例）", "zh-hant", "主辦人員 · 繁體中文"),
)


def move_in(telegram: Telegram) -> None:
    """Give each of them a phone."""
    for number, name, language_code, label in PEOPLE:
        telegram.add_person(name, language_code=language_code, label=label, id=number)
