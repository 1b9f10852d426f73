"""Each language says sentences, dates, numbers and lists in its own way."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from markupsafe import Markup

from bot.language import HK, LOCALES, NATIVE_NAMES, Language, isolate, language, resolve

LONDON = ZoneInfo("Europe/London")
EVENING = datetime(2026, 12, 3, 18, 30, tzinfo=HK)
ENGLISH, TRADITIONAL, SIMPLIFIED = (language(locale) for locale in LOCALES)


@pytest.mark.parametrize(
    "tag",
    [
        "zh-HK",
        "zh-TW",
        "zh-Hant",
        "zh-MO",
        "zh_hant_hk",
        "ZH-HANT-TW",
        "zh_TW.UTF-8",
        "yue",
        "zh-yue",
        "zh-Hant-CN",
    ],
)
def test_these_are_traditional(tag: str) -> None:
    assert resolve(tag) == "zh_Hant_HK"


@pytest.mark.parametrize(
    "tag", ["zh", "zh-CN", "zh-SG", "zh-Hans", "zh-hans-hk", "zh-MY", "cmn", "yue-Hans-CN", "zh-chs"]
)
def test_these_are_simplified(tag: str) -> None:
    assert resolve(tag) == "zh_Hans_CN"


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN_us", "en-HK-oxendict"])
def test_every_english_is_english(tag: str) -> None:
    assert resolve(tag) == "en"


def test_the_members_choice_beats_the_clients() -> None:
    assert resolve("zh_Hans_CN", "zh-HK") == "zh_Hans_CN"
    assert resolve(None, "zh-HK") == "zh_Hant_HK"


def test_a_tag_we_do_not_speak_passes_to_the_next_and_then_to_the_default() -> None:
    assert resolve("fr", "zh-TW") == "zh_Hant_HK"
    assert resolve("fr", default="zh_Hant_HK") == "zh_Hant_HK"


@pytest.mark.parametrize("tag", ["", None, "-", "___", "x-klingon", "🙂", "en_" * 400, "zz-Hant", "..", "@"])
def test_no_tag_is_too_strange_to_resolve(tag: str | None) -> None:
    assert resolve(tag) in LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_resolves_to_itself_and_has_its_own_name(locale: str) -> None:
    assert resolve(locale, default="-") == locale
    assert Locale.parse(locale)
    assert NATIVE_NAMES[locale]


def test_another_locale_is_a_bug() -> None:
    with pytest.raises(ValueError, match="xx"):
        language("xx")


def test_a_blank_left_out_is_a_bug() -> None:
    with pytest.raises(KeyError):
        ENGLISH.gettext("Hello, {name}!")


def test_a_number_is_written_as_the_locale_writes_it_and_picks_the_plural() -> None:
    assert [ENGLISH.ngettext("{n} seat", "{n} seats", n) for n in (0, 1, 2, 1200)] == [
        "0 seats",
        "1 seat",
        "2 seats",
        "1,200 seats",
    ]


def test_blanks_are_escaped_in_html_and_markup_is_not() -> None:
    said = ENGLISH.html("<b>{name}</b> {link}", name="<Ann & Bob>", link=Markup("<i>here</i>"))
    assert said == "<b>&lt;Ann &amp; Bob&gt;</b> <i>here</i>"
    assert isinstance(said, Markup)
    assert (
        ENGLISH.nhtml("<b>{n}</b> by {who}", "<b>{n}</b> by {who}", 2, who="<x>") == "<b>2</b> by &lt;x&gt;"
    )


def test_a_name_with_braces_is_only_a_name() -> None:
    assert ENGLISH.html("Hello, {name}!", name="{name.__class__}") == "Hello, {name.__class__}!"


@pytest.mark.parametrize(
    ("tongue", "said"),
    [
        (ENGLISH, "Thursday, 3 December 2026 at 18:30"),
        (TRADITIONAL, "2026年12月3日星期四 下午6:30"),
        (SIMPLIFIED, "2026年12月3日星期四 18:30"),
    ],
)
def test_a_moment_is_said_as_its_readers_say_it(tongue: Language, said: str) -> None:
    assert tongue.moment(EVENING) == said


def test_the_zone_is_named_only_where_its_clock_differs_from_homes() -> None:
    assert ENGLISH.moment(EVENING, LONDON) == "Thursday, 3 December 2026 at 10:30 (London time)"
    assert TRADITIONAL.moment(EVENING, LONDON) == "2026年12月3日星期四 上午10:30（倫敦時間）"
    assert ENGLISH.moment(EVENING, ZoneInfo("Asia/Shanghai")) == ENGLISH.moment(EVENING)


def test_the_year_is_left_out_only_within_the_year() -> None:
    assert ENGLISH.date(EVENING, now=EVENING - timedelta(days=30)) == "Thursday, 3 December"
    assert TRADITIONAL.date(EVENING, now=EVENING - timedelta(days=30)) == "12月3日星期四"
    assert ENGLISH.date(EVENING, now=EVENING - timedelta(days=365)) == "Thursday, 3 December 2026"


def test_a_span_within_a_day_names_it_once() -> None:
    ends = EVENING + timedelta(hours=2)
    assert ENGLISH.span(EVENING, ends) == "Thursday, 3 December 2026, 18:30–20:30"
    assert TRADITIONAL.span(EVENING, ends) == "2026年12月3日星期四 下午6:30至下午8:30"


def test_a_span_over_days_names_both() -> None:
    said = ENGLISH.span(EVENING, EVENING + timedelta(hours=22))
    assert said == "Thursday, 3 December 2026 at 18:30 to Friday, 4 December 2026 at 16:30"


def test_the_day_is_the_zones_own() -> None:
    late = datetime(2026, 12, 3, 1, 0, tzinfo=HK)
    assert ENGLISH.date(late) == ENGLISH.day(date(2026, 12, 3))
    assert ENGLISH.date(late, LONDON) == ENGLISH.day(date(2026, 12, 2))


def test_an_instant_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        ENGLISH.moment(EVENING.replace(tzinfo=None))


def test_how_long_before() -> None:
    assert [ENGLISH.before(lead) for lead in ("7d", "1d", "2h")] == [
        "7 days before",
        "1 day before",
        "2 hours before",
    ]
    assert TRADITIONAL.before("7d") == "開始前7日"
    with pytest.raises(ValueError, match="soon"):
        ENGLISH.before("soon")


def test_lists_and_shares() -> None:
    assert [tongue.joined(["A", "B", "C"]) for tongue in (ENGLISH, TRADITIONAL, SIMPLIFIED)] == [
        "A, B and C",
        "A、B及C",
        "A、B和C",
    ]
    assert ENGLISH.joined([Markup("<b>A</b>"), "<B>"]) == Markup("<b>A</b> and &lt;B&gt;")
    assert ENGLISH.percent(0.256) == "26%"


def test_a_strangers_name_cannot_turn_the_text_around_it() -> None:
    assert isolate("\u202eeve\u2069") == "\u2068eve\u2069"
