"""Who comes to an event, and who came: in pages, and as a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import audit, calendars, event_questions, lists, programme
from bot.language import NATIVE_NAMES, Language, isolate
from bot.lists import Cell, Sheet
from handlers.door_words import tell_counts
from handlers.event_answers import tell_answer
from handlers.events import title_of
from handlers.organise.event_admin import gone
from handlers.replies import Reply, button, file, show, toast
from handlers.turns import Press
from storage import Transaction, attendees, checkins, events
from storage import event_questions as question_rows
from storage import feedback as feedback_rows
from storage.attendees import Attendee
from storage.event_questions import Question
from storage.events import Event

PAGE = 20
# A spreadsheet's cell holds no more than 32,767 characters; nobody reads so many.
CELL_LIMIT = 5_000


async def list_attendees(press: Press, tx: Transaction) -> Reply:
    """A page of those seated, then those waiting; who has come is ticked."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language, page = press.language, min(max(0, press.number(1)), 10_000)
    # One more than is shown tells whether there is another page.
    found = await attendees.list_signed_up(tx, event.id, limit=PAGE + 1, offset=page * PAGE)
    counts = await checkins.count(tx, event.id)
    heading = language.html("<b>Who is coming: {title}</b>", title=title_of(event, language))
    if counts.here:
        heading += Markup("\n") + tell_counts(counts, language)
    back = [button(language.gettext("‹ Back"), "oevent", event.id)]
    as_file = [button(language.gettext("📄 List as a file"), "oxlsx", event.id)]
    if not found:
        nobody = language.html("Nobody has signed up yet.")
        if page:
            nobody = language.html("There is nobody on this page.")
        rows = [as_file, back] if counts.here else [back]
        return show(heading + Markup("\n\n") + nobody, rows)
    lines = [_line(number, one, language) for number, one in enumerate(found[:PAGE], start=page * PAGE + 1)]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "oattend", event.id, page - 1))
    if len(found) > PAGE:
        turning.append(button(language.gettext("Next ›"), "oattend", event.id, page + 1))
    return show(Markup("\n").join([heading, "", *lines]), [turning, as_file, back])


def _line(number: int, one: Attendee, language: Language) -> Markup:
    line = Markup("{}. {}").format(number, isolate(one.name[:64]))
    if one.username:
        line += Markup(" @{}").format(one.username)
    if one.companions:
        line += Markup(" +{}").format(one.companions)
    if one.way == "online":
        line += Markup(" ") + language.html("(online)")
    match one.state:
        case "waiting":
            line += Markup(" ") + language.html("(waiting)")
        case "offered":
            line += Markup(" ") + language.html("(has an offer)")
        case "applied":
            line += Markup(" ") + language.html("(applied)")
    if one.came_at:
        line += Markup(" ✅")
    return line


async def send_list(press: Press, tx: Transaction) -> Reply:
    """Everybody on the list as an .xlsx file, with headings in the organiser's language."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language = press.language
    sheets = [await _people_sheet(press, tx, event)]
    told = await _feedback_sheet(press, tx, event)
    if told is not None:
        sheets.append(told)
    await audit.note(tx, "list_exported", now=press.now, actor_id=press.person.id, event_id=event.id)
    title = programme.text_of(event, language.locale).title
    name = calendars.file_name(title).removesuffix(".ics") + ".xlsx"
    caption = language.html("Who is coming: {title}", title=title)
    return toast("") + file(name, lists.workbook_of(sheets, made_at=press.now), caption)


async def _people_sheet(press: Press, tx: Transaction, event: Event) -> Sheet:
    """Those who signed up, then those who came without; with their answers, and without Telegram's ids."""
    language = press.language
    signed_up = await attendees.list_signed_up(tx, event.id)
    found = [*signed_up, *await attendees.list_walk_ins(tx, event.id)]
    questions = await question_rows.list_ever_asked(tx, event.id)
    answers = await question_rows.answers_of_event(tx, event.id) if questions else {}
    over = press.now >= event.ends_at and any(one.came for one in found)
    headings = [
        language.gettext("Name"),
        language.gettext("Companions"),
        language.gettext("Status"),
        language.gettext("Language"),
        language.gettext("Telegram name"),
        language.gettext("Takes part"),
        language.gettext("Companions' names"),
        language.gettext("Came"),
        language.gettext("Came at"),
        language.gettext("People who came"),
        *(event_questions.text_of(one, language.locale, event.base_locale).text for one in questions),
    ]
    rows = [_row(one, event, language, over=over) for one in found]
    told = [
        _answers(answers.get(one.rsvp_id, {}) if one.rsvp_id else {}, questions, event, language)
        for one in found
    ]
    joined = [[*row, *more] for row, more in zip(rows, told, strict=True)]
    return Sheet(language.gettext("Who is coming"), headings, joined)


def _row(one: Attendee, event: Event, language: Language, *, over: bool) -> list[Cell]:
    came = language.gettext("no") if over and one.has_seat_here else ""
    return [
        one.name or language.gettext("a guest"),
        one.companions,
        _status(one, language),
        NATIVE_NAMES[one.locale] if one.locale else "",
        f"@{one.username}" if one.username else "",
        language.gettext("online") if one.way == "online" else language.gettext("on the spot"),
        ", ".join(one.companion_names)[:CELL_LIMIT],
        language.gettext("yes") if one.came_at else came,
        language.time(one.came_at, ZoneInfo(event.zone)) if one.came_at else "",
        one.came if one.came is not None else "",
    ]


def _answers(
    answers: Mapping[int, Any], questions: Sequence[Question], event: Event, language: Language
) -> list[Cell]:
    """Pictures and documents are told of, not handed on: their ids are Telegram's."""
    return [
        tell_answer(language, one, answers[one.id], event.base_locale)[:CELL_LIMIT]
        if one.id in answers
        else ""
        for one in questions
    ]


def _status(one: Attendee, language: Language) -> str:
    match one.state:
        case "going":
            return language.gettext("has a place")
        case "offered":
            return language.gettext("has an offer")
        case "applied":
            return language.gettext("applied")
        case "waiting":
            return language.gettext("waiting")
        case _:
            return language.gettext("without a booking")


async def _feedback_sheet(press: Press, tx: Transaction, event: Event) -> Sheet | None:
    """How people found it, without their names; None where nobody has said."""
    language = press.language
    scores = await feedback_rows.count_scores(tx, event.id)
    if not scores:
        return None
    rows: list[list[Cell]] = [[score, scores.get(score, 0), ""] for score in range(5, 0, -1)]
    rows += [
        [one.score, "", one.comment[:CELL_LIMIT]] for one in await feedback_rows.list_comments(tx, event.id)
    ]
    headings = [language.gettext("Score"), language.gettext("How many"), language.gettext("Comment")]
    return Sheet(language.gettext("How it was"), headings, rows)
