"""What the languages that people speak are called."""

from babel import Locale
from babel.core import UnknownLocaleError

from bot.language import Language


def spoken_name(language: Language, code: str) -> str:
    """The name of a spoken language by its code; of one that nobody has a name for, the code itself."""
    match code:
        case "yue":
            return language.gettext("Cantonese")
        case "zh":
            return language.gettext("Putonghua")
        case "en":
            return language.gettext("English")
        case "hi":
            return language.gettext("Hindi")
        case "ur":
            return language.gettext("Urdu")
        case "ne":
            return language.gettext("Nepali")
        case "pa":
            return language.gettext("Punjabi")
        case "id":
            return language.gettext("Indonesian")
        case "fil":
            return language.gettext("Filipino")
        case "th":
            return language.gettext("Thai")
        case "vi":
            return language.gettext("Vietnamese")
        case "other":
            return language.gettext("Another language")
        case _:
            return _named_by_babel(language.locale, code)


def _named_by_babel(locale: str, code: str) -> str:
    try:
        return str(Locale.parse(code).get_display_name(locale) or code)
    except (ValueError, UnknownLocaleError):
        return str(Locale.parse(locale).languages.get(code, code))
