"""What the check finds, tried on a small project of its own."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import language as speaking
from bot.language import LOCALES, language
from locales import __main__ as commands
from locales import checks
from locales.messages import catalogue_path, template_path, update

CODE = """
def greet(language, name, n):
    # Translators: the first thing anybody reads.
    language.html("<b>Hello</b>, {name}!", name=name)
    return language.ngettext("{n} seat left", "{n} seats left", n)
"""
TRANSLATIONS = {
    "zh_Hant_HK": {"<b>Hello</b>, {name}!": "{name}，<b>你好</b>！", "{n} seat left": "尚餘{n}個名額"},
    "zh_Hans_CN": {"<b>Hello</b>, {name}!": "{name}，<b>你好</b>！", "{n} seat left": "还剩{n}个名额"},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with two messages, both translated."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "greeting.py").write_text(CODE, encoding="utf-8")
    list(update(tmp_path))
    for locale, translations in TRANSLATIONS.items():
        for message, translated in translations.items():
            _translate(tmp_path, locale, message, translated)
    return tmp_path


def _translate(root: Path, locale: str, message: str, translated: str) -> None:
    """Write a translation into the file, by hand as it were."""
    path = catalogue_path(root, locale)
    lines = path.read_text(encoding="utf-8").split("\n")
    at = lines.index(f'msgid "{message}"')
    while not lines[at].startswith("msgstr"):
        at += 1
    lines[at] = f'{lines[at].split(" ")[0]} "{translated}"'
    path.write_text("\n".join(lines), encoding="utf-8")


def _say(root: Path, code: str) -> None:
    (root / "bot" / "more.py").write_text(code, encoding="utf-8")


def test_complete_catalogues_have_no_problems(root: Path) -> None:
    assert checks.problems(root) == []


@pytest.mark.parametrize(
    ("translated", "fault"),
    [
        ("", "not translated"),
        ("<b>你好</b>！", "blanks differ: name"),
        ("{name}{title}，<b>你好</b>！", "blanks differ: title"),
        ("{name，<b>你好</b>！", "braces are wrong"),
        ("{}，<b>你好</b>！", "not a plain name"),
        ("{name.first}，<b>你好</b>！", "not a plain name"),
        ("{name}，<b>你好！", "tags differ"),
        (" {name}，<b>你好</b>！", "white space"),
        ("{name}，<b>欢迎</b>！", "other script: 欢"),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(root: Path, translated: str, fault: str) -> None:
    _translate(root, "zh_Hant_HK", "<b>Hello</b>, {name}!", translated)
    (problem,) = checks.problems(root)
    assert problem.startswith('zh_Hant_HK: "<b>Hello</b>, {name}!": ')
    assert fault in problem


def test_traditional_characters_have_no_place_in_simplified(root: Path) -> None:
    _translate(root, "zh_Hans_CN", "{n} seat left", "尚餘{n}个名额")
    (problem,) = checks.problems(root)
    assert problem == 'zh_Hans_CN: "{n} seat left": characters of the other script: 餘'


@pytest.mark.parametrize(
    ("locale", "translated", "marks"),
    [("zh_Hans_CN", "「{n}」个名额", "「」"), ("zh_Hant_HK", "“{n}”個名額", "“”")],
)
def test_each_script_has_quotation_marks_of_its_own(
    root: Path, locale: str, translated: str, marks: str
) -> None:
    _translate(root, locale, "{n} seat left", translated)
    (problem,) = checks.problems(root)
    assert problem == f'{locale}: "{{n}} seat left": quotation marks of the other script: {marks}'


@pytest.mark.parametrize("shared", ["台北", "皇后", "公里", "群組", "著名", "乾坤", "系列"])
def test_characters_that_traditional_writes_too_are_left_alone(root: Path, shared: str) -> None:
    _translate(root, "zh_Hant_HK", "{n} seat left", f"{shared}{{n}}")
    assert checks.problems(root) == []


def test_a_fuzzy_translation_is_not_one(root: Path) -> None:
    path = catalogue_path(root, "zh_Hans_CN")
    text = path.read_text(encoding="utf-8").replace(
        'msgid "{n} seat left"', '#, fuzzy\nmsgid "{n} seat left"'
    )
    path.write_text(text, encoding="utf-8")
    assert checks.problems(root) == ['zh_Hans_CN: "{n} seat left": marked fuzzy']


def test_a_form_for_one_alone_may_say_it_in_words(root: Path) -> None:
    path = catalogue_path(root, "en")
    text = path.read_text(encoding="utf-8")
    text = text.replace('msgstr[0] ""', 'msgstr[0] "one seat left"').replace(
        'msgstr[1] ""', 'msgstr[1] "{n} left"'
    )
    path.write_text(text, encoding="utf-8")
    assert checks.problems(root) == []
    path.write_text(text.replace('"{n} left"', '"many left"'), encoding="utf-8")
    assert checks.problems(root) == ['en: "{n} seat left": blanks differ: n']


def test_another_plural_header_than_cldrs_is_named(root: Path) -> None:
    path = catalogue_path(root, "en")
    path.write_text(path.read_text(encoding="utf-8").replace("(n != 1)", "(n > 1)"), encoding="utf-8")
    (problem,) = checks.problems(root)
    assert problem.startswith("en: the plural header differs from CLDR's")


@pytest.mark.parametrize(
    "asking",
    [
        'language.gettext(f"Hello, {name}")',
        'language.gettext("Hello, " + name)',
        "language.html(greeting)",
        'language.ngettext("{n} seat", seats, n)',
        "language.gettext()",
        "say = language.html",
        "say = press.language.gettext",
    ],
)
def test_a_message_that_cannot_be_extracted_is_found(root: Path, asking: str) -> None:
    _say(root, f"def hello(language, press, name, n, greeting, seats):\n    {asking}\n")
    (problem,) = checks.askings(root)
    assert problem.startswith("bot/more.py:2: ")


def test_other_things_called_html_are_left_alone(root: Path) -> None:
    _say(root, "import html\n\n\ndef show(reply):\n    return html.escape(reply.html)\n")
    assert checks.problems(root) == []


def test_a_new_message_is_missing_from_the_template_until_it_is_updated(root: Path) -> None:
    _say(root, 'def bye(language):\n    return language.gettext("Goodbye")\n')
    assert '"Goodbye" is not in messages.pot: run `python -m locales update`' in checks.problems(root)
    list(update(root))
    assert checks.problems(root) == [f'{locale}: "Goodbye": not translated' for locale in LOCALES[1:]]


def test_a_message_no_longer_said_is_dropped_and_the_others_stay(root: Path) -> None:
    (root / "bot" / "greeting.py").write_text(CODE.replace("Hello", "Welcome"), encoding="utf-8")
    assert any("no longer said" in problem for problem in checks.problems(root))
    list(update(root))
    text = catalogue_path(root, "zh_Hant_HK").read_text(encoding="utf-8")
    assert "Hello" not in text
    assert "你好" not in text
    assert "尚餘{n}個名額" in text


def test_updating_again_changes_nothing_though_the_lines_moved(root: Path) -> None:
    list(update(root))
    paths = [template_path(root), *(catalogue_path(root, locale) for locale in LOCALES)]
    before = [path.read_bytes() for path in paths]
    (root / "bot" / "greeting.py").write_text(f"\n\n\n{CODE}", encoding="utf-8")
    list(update(root))
    assert [path.read_bytes() for path in paths] == before


def test_notes_for_translators_reach_them(root: Path) -> None:
    assert "#. the first thing anybody reads." in template_path(root).read_text(encoding="utf-8")


def test_the_command_says_what_is_missing_and_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "ROOT", root)
    assert CliRunner().invoke(commands.app, ["check"]).exit_code == 0
    _say(root, 'def bye(language):\n    return language.gettext("Goodbye")\n')
    assert CliRunner().invoke(commands.app, ["update"]).exit_code == 0
    result = CliRunner().invoke(commands.app, ["check"])
    assert result.exit_code == 1
    assert 'zh_Hans_CN: "Goodbye": not translated' in result.output


def test_a_translation_with_wrong_braces_falls_back_to_the_original(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _translate(root, "zh_Hant_HK", "<b>Hello</b>, {name}!", "{nome}，<b>你好</b>！")
    monkeypatch.setattr(speaking, "CATALOGUES", root / "locales")
    speaking._catalogue.cache_clear()
    try:
        said = language("zh_Hant_HK").html("<b>Hello</b>, {name}!", name="Ada & Eve")
    finally:
        monkeypatch.undo()
        speaking._catalogue.cache_clear()
    assert said == "<b>Hello</b>, Ada &amp; Eve!"
