"""The messages in the code, and the catalogues written from them.

What is written depends on nothing but the code and the translations: no dates, no line numbers, no tool's
name, so that a catalogue differs only where somebody changed a message.
"""

from collections.abc import Iterator
from gettext import c2py
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from babel.plural import to_gettext

from bot.language import LOCALES

SPEAKING: Final = ("bot", "handlers")
"""The packages that say something to people."""

KEYWORDS: Final = {"gettext": None, "html": None, "ngettext": (1, 2), "nhtml": (1, 2)}
"""The methods of Language, and which of their arguments are messages (None: the first)."""

_HEADER: Final = """\
msgid ""
msgstr ""
{language}"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
{plurals}
"""


def sources(root: Path) -> Iterator[Path]:
    """Every file of code that may say something, in a fixed order."""
    for package in SPEAKING:
        yield from sorted((root / package).rglob("*.py"))


def template_path(root: Path) -> Path:
    return root / "locales" / "messages.pot"


def catalogue_path(root: Path, locale: str) -> Path:
    return root / "locales" / locale / "LC_MESSAGES" / "messages.po"


def extract(root: Path) -> Catalog:
    """Every message in the code, in the order of files and of lines, with the notes for translators."""
    catalogue = Catalog()
    for path in sources(root):
        found = extract_from_file(
            "python", path, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        )
        for line, message, comments, _ in found:
            if any(message):
                catalogue.add(
                    message,
                    locations=[(path.relative_to(root).as_posix(), line)],
                    auto_comments=[" ".join(comments)] if comments else [],
                )
    return catalogue


def read(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale and Locale.parse(locale), abort_invalid=True)


def plural_header(locale: str) -> str:
    """The plural header that CLDR's rules for the locale amount to."""
    return to_gettext(Locale.parse(locale).plural_form)


def plural_forms(header: str) -> list[int]:
    """The form that a plural header gives each number from 0 to 200. Headers that agree here are the same."""
    choose = c2py(header.split("plural=", 1)[1].strip().rstrip(";"))
    return [choose(n) for n in range(201)]


def update(root: Path) -> Iterator[Path]:
    """Write the template and every catalogue from the code, and name each file written.

    A changed message is a new one: nothing is guessed from similar messages, and what is no longer said is
    dropped.
    """
    template = extract(root)
    yield _write(template_path(root), template, None)
    for locale in LOCALES:
        path = catalogue_path(root, locale)
        catalogue = read(path, locale) if path.exists() else Catalog(locale=locale)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        yield _write(path, catalogue, locale)


def _readable(header: str) -> str:
    """The header as people write it, where it is one of the common ones."""
    common = ("nplurals=1; plural=0", "nplurals=2; plural=(n != 1)", "nplurals=2; plural=(n > 1)")
    return next(
        (usual for usual in common if plural_forms(usual) == plural_forms(header)), header.rstrip(";")
    )


def _write(path: Path, catalogue: Catalog, locale: str | None) -> Path:
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    header = _HEADER.format(
        language=f'"Language: {locale}\\n"\n' if locale else "",
        plurals=f'"Plural-Forms: {_readable(plural_header(locale))};\\n"' if locale else "",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"{header.rstrip()}\n\n".encode() + body.getvalue().strip() + b"\n")
    return path
