"""Signing up as a volunteer, what one told about oneself, and stopping."""

from markupsafe import Markup

from bot import volunteering
from bot.language import Language
from bot.volunteering import FREE_TIMES, SPOKEN
from handlers import forms, shift_taking, shifts
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.menu import home_button
from handlers.replies import Reply, button, show, toast
from handlers.spoken import spoken_name
from handlers.turns import Press, Turn, Writing
from storage import Transaction, volunteers
from storage.volunteers import Volunteer

SKILLS_LIMIT = 500


async def open_volunteering(turn: Turn, tx: Transaction) -> Reply:
    """/volunteer: the open shifts for volunteers, and for everybody else the way to become one."""
    volunteer = await volunteers.find(tx, turn.person.id)
    if volunteer is None:
        return await forms.begin(turn, tx, SIGN_UP)
    return await shifts.browse(turn, tx)


async def take(press: Press, tx: Transaction) -> Reply:
    """Take a shift. Whoever is no volunteer yet signs up first and comes back to the shift."""
    answer = await volunteering.take(
        tx, press.number(0), press.person.id, now=press.now, anyway=press.word(1) == shift_taking.ANYWAY
    )
    match answer:
        case volunteering.NotSignedUp(shift):
            first = toast(press.language.gettext("One moment first: tell us about yourself."))
            return first + await forms.begin(press, tx, SIGN_UP, {"shift": shift.id})
        case _:
            return await shift_taking.answer(press, tx, answer)


async def show_details(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    """What the volunteer told about themselves."""
    volunteer = await volunteers.find(tx, turn.person.id)
    if volunteer is None:
        return await forms.begin(turn, tx, SIGN_UP)
    language = turn.language
    rows = [
        [button(language.gettext("Change my details"), "volform")],
        [
            button(language.gettext("📜 My certificates"), "certs"),
            button(language.gettext("⏱ My hours"), "hours"),
        ],
        [button(language.gettext("Stop volunteering"), "volleave")],
        [button(language.gettext("‹ Shifts"), "volunteer"), home_button(language)],
    ]
    text = _described(volunteer, language)
    return show(before + Markup("\n\n") + text if before else text, rows)


async def edit(press: Press, tx: Transaction) -> Reply:
    """The same questions again, with what was answered before."""
    volunteer = await volunteers.find(tx, press.person.id)
    if volunteer is None:
        return await forms.begin(press, tx, SIGN_UP)
    known = {
        "languages": list(volunteer.languages),
        "free": list(volunteer.free),
        "told": volunteer.skills,
        "edits": True,
    }
    return await forms.begin(press, tx, SIGN_UP, known)


async def ask_leave(press: Press, tx: Transaction) -> Reply:
    """Shifts that were promised are not given back by a slip of the thumb."""
    if await volunteers.find(tx, press.person.id) is None:
        return await leave(press, tx)
    ahead = len(await volunteering.list_ahead(tx, press.person.id, now=press.now))
    language = press.language
    text = language.html(
        "Stop volunteering? What you told us about yourself will be deleted, with your certificates."
    )
    if ahead:
        text += " " + language.nhtml(
            "The shift you have taken is given back.", "The {n} shifts you have taken are given back.", ahead
        )
    rows = [
        [button(language.gettext("Yes, stop"), "volleft", style="danger")],
        [button(language.gettext("No, I stay"), "volunteer")],
    ]
    return show(text, rows)


async def leave(press: Press, tx: Transaction) -> Reply:
    """Stop volunteering. Pressing twice is harmless."""
    await volunteering.sign_off(tx, press.person.id, now=press.now)
    language = press.language
    text = language.html("You are not signed up as a volunteer any more. Thank you for your help!")
    rows = [[button(language.gettext("Sign up again"), "volunteer")], [home_button(language)]]
    return show(text, rows)


def free_name(language: Language, code: str) -> str:
    match code:
        case "weekdays":
            return language.gettext("Weekdays, daytime")
        case "evenings":
            return language.gettext("Weekday evenings")
        case "saturdays":
            return language.gettext("Saturdays")
        case "sundays":
            return language.gettext("Sundays")
        case _:
            raise ValueError(f"not a time at which volunteers are free: {code}")


def _described(volunteer: Volunteer, language: Language) -> Markup:
    none = language.gettext("nothing yet")
    spoken = [spoken_name(language, code) for code in volunteer.languages]
    free = [free_name(language, code) for code in volunteer.free]
    return Markup("\n").join(
        [
            language.html("<b>You as a volunteer</b>"),
            language.html("🗣 Languages: {languages}", languages=language.joined(spoken) or none),
            language.html("🛠 Skills: {skills}", skills=volunteer.skills or none),
            language.html("🕒 Free: {times}", times=language.joined(free) or none),
        ]
    )


def _ask_languages(turn: Turn, data: Data) -> Markup:
    question = turn.language.html("Which languages do you speak? Tick all of them, then press “Done”.")
    if data.get("edits"):
        return question
    welcome = turn.language.html(
        "🙋 Thank you for wanting to help! Three short questions, then you can take shifts."
    )
    return welcome + Markup("\n\n") + question


def _offer_languages(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(spoken_name(turn.language, code), code) for code in SPOKEN]


def _ask_skills(turn: Turn, data: Data) -> Markup:
    language = turn.language
    if data.get("told"):
        return language.html(
            "You told us about your skills: {skills}\nSend something new, or press “Skip” to keep it.",
            skills=data["told"],
        )
    return language.html("What are you good at? For example first aid or photography. Or press “Skip”.")


def _read_skills(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    if not writing.text:
        return Misread(language.html("I can only read text here."))
    if len(writing.text) > SKILLS_LIMIT:
        return Misread(
            language.nhtml(
                "That is too long. Please use {n} character at most.",
                "That is too long. Please use {n} characters at most.",
                SKILLS_LIMIT,
            )
        )
    return Understood(writing.text)


def _offer_skills(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(turn.language.gettext("Remove it"), "")] if data.get("told") else []


def _ask_free(turn: Turn, data: Data) -> Markup:
    return turn.language.html("When are you usually free? Tick all that fit, then press “Done”.")


def _offer_free(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(free_name(turn.language, code), code) for code in FREE_TIMES]


async def _finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    skills = data["skills"] if data.get("skills") is not None else data.get("told", "")
    # What a shift needed and the volunteer said to speak is kept, though it is not among those offered.
    further = [code for code in data["languages"] if code not in SPOKEN]
    await volunteering.sign_up(
        tx,
        turn.person.id,
        languages=[code for code in SPOKEN if code in data["languages"]] + further,
        skills=skills,
        free=[code for code in FREE_TIMES if code in data["free"]],
        now=turn.now,
    )
    language = turn.language
    if data.get("edits"):
        return await show_details(turn, tx, before=language.html("✅ Saved."))
    if data.get("shift"):
        welcome = toast(language.gettext("You are a volunteer now. Here is the shift you chose."))
        return welcome + await shifts.open_card(turn, tx, data["shift"])
    return await shifts.browse(turn, tx, before=language.html("✅ You are a volunteer now. Thank you!"))


SIGN_UP = Form(
    kind="volunteer",
    steps=(
        Step("languages", _ask_languages, choices=_offer_languages, columns=2, several=True),
        Step("skills", _ask_skills, read=_read_skills, choices=_offer_skills, optional=True),
        Step("free", _ask_free, choices=_offer_free, several=True),
    ),
    finish=_finish,
    way_back=lambda turn: home_button(turn.language),
)
