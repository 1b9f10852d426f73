"""Meeting somebody: their language, what is kept about them, and whether they agree."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bot import people
from bot.language import LOCALES, NATIVE_NAMES, Language, isolate, language, resolve
from handlers import menu
from handlers.replies import Reply, Where, button, say, show
from handlers.turns import Press, Setup, Stranger, Turn
from storage import Transaction

# What fits behind a language in a button's 64 bytes; the deep links we hand out are shorter.
_DEEP_LINK = re.compile(r"[A-Za-z0-9_-]{1,42}")

# Before a language is chosen, the question is put in every one of them.
CHOOSE = Markup("Please choose your language.\n請選擇語言。\n请选择语言。")


@dataclass(frozen=True)
class Meeting:
    """A turn with somebody of whom nothing is kept; what they chose so far stands in the buttons."""

    stranger: Stranger
    now: datetime
    setup: Setup
    where: Where


def guess(stranger: Stranger) -> str:
    return resolve(stranger.language_code)


def carried(payload: str) -> str:
    """What a deep link asked for, as the buttons carry it along; nothing where it was none of ours."""
    return payload if _DEEP_LINK.fullmatch(payload) else ""


def greet(meeting: Meeting, payload: str = "") -> Reply:
    """Ask for the language, the likely one first."""
    likely = guess(meeting.stranger)
    offered = [likely, *(locale for locale in LOCALES if locale != likely)]
    rows = [[button(NATIVE_NAMES[locale], "hello", locale, carried(payload))] for locale in offered]
    return say(CHOOSE, rows)


def ask_consent(meeting: Meeting, locale: str, payload: str) -> Reply:
    """Say what would be kept, before anything is."""
    words = language(locale, meeting.setup.home)
    rows = [
        [button(words.gettext("I agree"), "agree", locale, carried(payload), style="primary")],
        [button(words.gettext("No, thank you"), "decline", locale, carried(payload))],
    ]
    return show(notice(words), rows)


def notice(words: Language) -> Markup:
    """The short privacy notice."""
    return Markup("\n\n").join(
        [
            words.html("<b>Before we start</b>"),
            words.html(
                "If you agree, I keep your Telegram name and number, your language, and what you sign up for."
                " That is how I hold your places and remind you."
            ),
            words.html(
                "Organisers see your name where you sign up. Messages pass through here and are not kept,"
                " except questions you send to a person, until 30 days after they are settled, and questions"
                " I could not answer well, for up to 180 days. Organisers see those without your name."
            ),
            words.html("You can see, take away or delete all of it at any time with /privacy."),
        ]
    )


def decline(meeting: Meeting, locale: str, payload: str) -> Reply:
    words = language(locale, meeting.setup.home)
    text = words.html("That is fine. Nothing about you was kept. If you change your mind, press the button.")
    return show(text, [[button(words.gettext("Start again"), "hello", locale, carried(payload))]])


async def agree(meeting: Meeting, tx: Transaction, locale: str) -> Turn:
    """Remember the stranger from now on, and go on as with anybody known."""
    stranger = meeting.stranger
    person = await people.agree(
        tx,
        telegram_id=stranger.telegram_id,
        name=stranger.name,
        username=stranger.username,
        locale=locale,
        now=meeting.now,
    )
    return Turn(person, language(locale, meeting.setup.home), meeting.now, meeting.setup, meeting.where)


def welcome(turn: Turn) -> Reply:
    text = turn.language.html("Welcome, {name}!", name=isolate(turn.person.name))
    return menu.commands(turn) + menu.main(turn, before=text)


async def open_languages(turn: Turn, tx: Transaction) -> Reply:
    """/language, for somebody known."""
    rows = [
        [button(("✓ " if locale == turn.person.locale else "") + NATIVE_NAMES[locale], "language", locale)]
        for locale in LOCALES
    ]
    return show(CHOOSE, [*rows, [menu.home_button(turn.language)]])


async def press_language(press: Press, tx: Transaction) -> Reply:
    """Everything follows the chosen language from now on, this answer included."""
    locale = press.word(0)
    if locale not in LOCALES:
        return await open_languages(press, tx)
    person = await people.choose_language(tx, press.person, locale)
    turn = replace(press, person=person, language=language(locale, press.setup.home))
    # Translators: say your own language's name in place of English.
    text = turn.language.html("I speak English with you from now on.")
    return menu.commands(turn) + menu.main(turn, before=text)


def first_words(writing_text: str) -> str:
    """The payload of a deep link: what follows /start."""
    command, _, rest = writing_text.partition(" ")
    return rest.strip() if command.split("@")[0] == "/start" else ""
