"""The catalogues that are committed."""

from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale

from bot.language import LOCALES
from locales import checks
from locales.messages import catalogue_path, plural_header, read

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_message_in_the_code_can_be_extracted() -> None:
    assert list(checks.askings(ROOT)) == []


def test_the_template_says_what_the_code_says() -> None:
    assert list(checks.stale(ROOT)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated_and_keeps_its_blanks(locale: str) -> None:
    assert list(checks.translations(ROOT, locale)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_names_its_own_language(locale: str) -> None:
    assert str(read(catalogue_path(ROOT, locale)).locale) == locale


@pytest.mark.parametrize("locale", [*LOCALES, "hi", "id", "ne", "pa", "th", "fil", "ur", "vi"])
def test_plural_headers_choose_as_cldr_does(locale: str) -> None:
    rule = Locale.parse(locale).plural_form
    choose = c2py(plural_header(locale).split("plural=")[1].rstrip(";"))
    numbers = (0, 1, 2, 5, 11, 100)
    chosen = {choose(n): rule(n) for n in numbers}
    assert [chosen[choose(n)] for n in numbers] == [rule(n) for n in numbers]
    assert len(set(chosen.values())) == len(chosen)
