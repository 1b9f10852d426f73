"""What is kept about a member: seeing it, taking it away as a file, deleting it."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import privacy, programme, volunteering
from bot.kinds import KINDS
from bot.language import NATIVE_NAMES, Language, isolate, language
from bot.privacy import Forgotten, Kept
from handlers import start
from handlers.guardians import relation_name
from handlers.kinds import kind_name
from handlers.menu import home_button
from handlers.replies import Raw, Reply, alert, button, file, show
from handlers.shift_needs import certificate_name
from handlers.start import Meeting
from handlers.traveller_steps import document_name, expiry_name
from handlers.turns import Press, Turn
from storage import Transaction
from storage.consents import Consent
from storage.events import Event
from storage.rsvps import Rsvp
from storage.travellers import Traveller

FILE_NAME = "my-data.json"
# How many messages Telegram deletes in one call.
MOST_AT_ONCE = 100


async def open_privacy(turn: Turn, tx: Transaction) -> Reply:
    """What is kept, in words and numbers, and what can be done about it."""
    words, kept = turn.language, await privacy.look(tx, turn.person)
    parts = [
        words.html("🔒 <b>What I keep about you</b>"),
        Markup("\n").join(_kept_lines(kept, words, turn.now)),
        words.html(
            "Organisers see your name where you sign up. What you write passes through here and is emptied"
            " once it is answered, except questions to a person, until they are settled."
        ),
        words.html(
            "Some visits need travel details or a guardian's consent. Only the organisers see them, and I"
            " delete them some days after the visit."
        ),
    ]
    rows = [
        [button(words.gettext("📄 Take my data as a file"), "export")],
        [button(words.gettext("🗑 Delete everything"), "forget")],
        [button(words.gettext("‹ Settings"), "settings"), home_button(words)],
    ]
    return show(Markup("\n\n").join(parts), rows)


def _kept_lines(kept: Kept, words: Language, now: datetime) -> list[Markup]:
    person = kept.person
    lines = [
        words.html("• your Telegram name: {name}", name=isolate(person.name)),
        words.html("• your Telegram number: {number}", number=str(person.telegram_id)),
        words.html(
            "• your language, {language}, and that you agreed on {day}",
            language=NATIVE_NAMES[person.locale],
            day=words.date(person.joined_at),
        ),
    ]
    if person.username:
        lines.insert(1, words.html("• your Telegram user name: @{name}", name=person.username))
    if n := len(kept.rsvps):
        lines.append(
            words.nhtml(
                "• {n} event you signed up for, left or waited at",
                "• {n} events you signed up for, left or waited at",
                n,
            )
        )
    if n := len(kept.shifts):
        lines.append(
            words.nhtml("• {n} shift you took or gave back", "• {n} shifts you took or gave back", n)
        )
    if n := len(kept.threads):
        lines.append(words.nhtml("• {n} question to a person", "• {n} questions to a person", n))
    if n := len(kept.notices):
        lines.append(
            words.nhtml(
                "• that {n} message was sent to you or is going to be, without its words",
                "• that {n} messages were sent to you or are going to be, without their words",
                n,
            )
        )
    if kept.volunteer:
        lines.append(words.html("• what you told us as a volunteer"))
    if n := len(kept.certificates):
        lines.append(words.nhtml("• {n} certificate", "• {n} certificates", n))
    if n := len(kept.swaps):
        lines.append(
            words.nhtml("• {n} question about swapping shifts", "• {n} questions about swapping shifts", n)
        )
    if n := len({event.id for event, _ in kept.travels}):
        lines.append(
            words.nhtml(
                "• travel details for {n} visit, until some days after it",
                "• travel details for {n} visits, until some days after each",
                n,
            )
        )
    if n := len(kept.came):
        lines.append(words.nhtml("• that you came to {n} event", "• that you came to {n} events", n))
    if n := len(kept.feedback):
        lines.append(words.nhtml("• how you found {n} event", "• how you found {n} events", n))
    if kept.consents:
        lines.append(words.html("• your answer as a young person's parent or guardian"))
    if kept.interests or kept.muted or person.quiet_from is not None:
        lines.append(words.html("• your settings: interests, reminders, quiet hours"))
    if kept.in_dialogue:
        lines.append(words.html("• the answers of the form you are filling in"))
    return lines


async def export(press: Press, tx: Transaction) -> Reply:
    """Everything that is kept about the person as a file that people and programs can read."""
    kept = await privacy.look(tx, press.person)
    content = json.dumps(as_values(kept, press), ensure_ascii=False, indent=2)
    caption = press.language.html("This is everything I keep about you. Any text editor opens it.")
    return file(FILE_NAME, content.encode(), caption)


def as_values(kept: Kept, turn: Turn) -> dict[str, Any]:
    """What is kept, under names that the reader understands. It holds nobody else's name or number."""
    words, person, home = turn.language, kept.person, turn.setup.home
    values: dict[str, Any] = {
        words.gettext("name"): person.name,
        words.gettext("Telegram number"): person.telegram_id,
        words.gettext("Telegram user name"): person.username,
        words.gettext("language"): NATIVE_NAMES[person.locale],
        words.gettext("agreed"): _when(person.joined_at, home),
        words.gettext("not reachable since"): _when(person.unreachable_since, home),
        words.gettext("organiser"): person.role == "organiser",
        words.gettext("quiet hours"): _quiet(person.quiet_from, person.quiet_until),
        words.gettext("messages turned off"): [_subject(words, one) for one in sorted(kept.muted)],
        words.gettext("interests"): [kind_name(words, kind) for kind in KINDS if kind in kept.interests],
        words.gettext("events"): [
            {
                words.gettext("event"): programme.text_of(event, words.locale).title,
                words.gettext("begins"): _when(event.starts_at, ZoneInfo(event.zone)),
                words.gettext("place"): _state(words, rsvp),
                words.gettext("companions"): rsvp.companions,
                words.gettext("asked"): _when(rsvp.asked_at, home),
                words.gettext("seated"): _when(rsvp.seated_at, home),
            }
            for event, rsvp in kept.rsvps
        ],
        words.gettext("shifts"): [
            {
                words.gettext("event"): programme.text_of(one.event, words.locale).title,
                words.gettext("role"): volunteering.role_of(one.shift, one.event, words.locale),
                words.gettext("begins"): _when(one.shift.starts_at, ZoneInfo(one.event.zone)),
                words.gettext("ends"): _when(one.shift.ends_at, ZoneInfo(one.event.zone)),
                words.gettext("place"): _shift_state(words, one.signup.state),
                words.gettext("noted"): _when(one.signup.taken_at, home),
                words.gettext("leads the shift"): one.signup.leader,
                words.gettext("came"): _when(one.signup.arrived_at, home),
                words.gettext("reason"): one.signup.reason or None,
            }
            for one in kept.shifts
        ],
        words.gettext("certificates"): [
            {
                words.gettext("kind"): certificate_name(words, one.kind),
                words.gettext("valid until"): one.expires_on,
                words.gettext("handed in"): _when(one.given_at, home),
                words.gettext("looked at"): _when(one.checked_at, home),
                words.gettext("picture"): one.file is not None,
            }
            for one in kept.certificates
        ],
        words.gettext("swaps of shifts"): [
            {
                words.gettext("asked by me"): swap.giver_id == person.id,
                words.gettext("asked"): _when(swap.asked_at, home),
                words.gettext("settled"): _when(swap.answered_at, home),
                words.gettext("agreed"): swap.state == "done",
            }
            for swap in kept.swaps
        ],
        words.gettext("questions to a person"): [
            {
                words.gettext("question"): thread.question,
                words.gettext("asked"): _when(thread.opened_at, home),
                words.gettext("settled"): _when(thread.closed_at, home),
            }
            for thread in kept.threads
        ],
        words.gettext("messages"): [
            {
                words.gettext("kind"): notice.kind,
                words.gettext("state"): notice.state,
                words.gettext("due"): _when(notice.due_at, home),
                words.gettext("sent"): _when(notice.settled_at, home),
            }
            for notice in kept.notices
        ],
        words.gettext("filling in a form"): kept.in_dialogue,
    }
    if kept.volunteer:
        values[words.gettext("as a volunteer")] = {
            words.gettext("languages"): list(kept.volunteer.languages),
            words.gettext("skills"): kept.volunteer.skills,
            words.gettext("usually free"): list(kept.volunteer.free),
            words.gettext("signed up"): _when(kept.volunteer.signed_up_at, home),
        }
    if kept.travels:
        values[words.gettext("travel details")] = [
            _travel(words, event, one) for event, one in kept.travels if one.position == 0
        ]
    if kept.consents:
        values[words.gettext("as a guardian")] = [_consent(words, event, one) for event, one in kept.consents]
    if kept.came:
        values[words.gettext("came to")] = [
            {
                words.gettext("event"): programme.text_of(event, words.locale).title,
                words.gettext("at"): _when(one.at, ZoneInfo(event.zone)),
                words.gettext("people"): one.party,
            }
            for event, one in kept.came
        ]
    if kept.feedback:
        values[words.gettext("how you found it")] = [
            {
                words.gettext("event"): programme.text_of(event, words.locale).title,
                words.gettext("of five"): one.score,
                words.gettext("comment"): one.comment,
                words.gettext("said"): _when(one.given_at, home),
            }
            for event, one in kept.feedback
        ]
    if kept.made.events or kept.made.broadcasts:
        values[words.gettext("as an organiser")] = {
            words.gettext("events made"): kept.made.events,
            words.gettext("broadcasts made"): kept.made.broadcasts,
        }
    return values


def _travel(words: Language, event: Event, one: Traveller) -> dict[str, Any]:
    """The person's own details; those of companions and of the emergency contact are somebody else's."""
    return {
        words.gettext("event"): programme.text_of(event, words.locale).title,
        words.gettext("name on the document"): one.name,
        words.gettext("document"): document_name(words, one.document),
        words.gettext("last four characters"): one.document_last,
        words.gettext("valid until"): one.document_expires or expiry_name(words, ""),
        words.gettext("diet"): one.diet,
        words.gettext("access needs"): one.access,
        words.gettext("noted"): _when(one.filled_at, ZoneInfo(event.zone)),
    }


def _consent(words: Language, event: Event, one: Consent) -> dict[str, Any]:
    """What the person answered as a guardian; whose guardian isn't said."""
    return {
        words.gettext("event"): programme.text_of(event, words.locale).title,
        words.gettext("agreed"): one.state == "given",
        words.gettext("name"): one.guardian_name,
        words.gettext("relation"): relation_name(words, one.relation),
        words.gettext("phone number"): one.phone,
        words.gettext("noted"): _when(one.answered_at, ZoneInfo(event.zone)),
    }


def _when(instant: datetime | None, zone: ZoneInfo) -> str | None:
    return instant.astimezone(zone).isoformat(sep=" ", timespec="minutes") if instant else None


def _quiet(start: int | None, end: int | None) -> str | None:
    if start is None or end is None:
        return None
    return f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"


def _subject(words: Language, subject: str) -> str:
    match subject:
        case "events":
            return words.gettext("reminders of events")
        case "shifts":
            return words.gettext("reminders of shifts")
        case _:
            return words.gettext("news")


def _shift_state(words: Language, state: str) -> str:
    match state:
        case "taken":
            return words.gettext("taken")
        case "applied":
            return words.gettext("asked for")
        case "refused":
            return words.gettext("refused")
        case "missed":
            return words.gettext("did not come")
        case _:
            return words.gettext("given back")


def _state(words: Language, rsvp: Rsvp) -> str:
    match rsvp.state:
        case "going":
            return words.gettext("has a place")
        case "waiting":
            return words.gettext("on the waitlist")
        case _:
            return words.gettext("given up")


async def ask_forget(turn: Turn, tx: Transaction) -> Reply:
    """Say what deleting does, before it is done."""
    words = turn.language
    kept = await privacy.look(tx, turn.person)
    coming = sum(
        event.state == "published" and event.ends_at > turn.now and rsvp.state != "left"
        for event, rsvp in kept.rsvps
    )
    ahead = sum(
        one.signup.state == "taken" and one.shift.cancelled_at is None and one.shift.starts_at > turn.now
        for one in kept.shifts
    )
    parts = [words.html("🗑 <b>Delete everything I keep about you?</b>")]
    if coming:
        parts.append(
            words.nhtml(
                "You give up your place at {n} event to come. Whoever waits moves up.",
                "You give up your places at {n} events to come. Whoever waits moves up.",
                coming,
            )
        )
    if ahead:
        parts.append(
            words.nhtml(
                "Your {n} shift to come is open for others again.",
                "Your {n} shifts to come are open for others again.",
                ahead,
            )
        )
    parts.append(
        words.html(
            "Your settings, your questions and everything else are deleted at once. It can't be undone."
            " What stands in this chat stays until you delete it in Telegram."
        )
    )
    if turn.person.role == "organiser":
        parts.append(words.html("You will not be an organiser any more."))
    rows = [
        [button(words.gettext("Yes, delete everything"), "forgotten", style="danger")],
        [button(words.gettext("No, keep it"), "privacy")],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def forget(press: Press, tx: Transaction) -> Reply:
    """Delete everything; from now on the person is a stranger who may begin anew."""
    gone = await privacy.forget(tx, press.person, now=press.now)
    words = press.language
    text = words.html(
        "Everything about you is deleted. Thank you for having been with us."
        " If you ever want to come back, send /start."
    )
    again = button(words.gettext("Start again"), "hello", words.locale, "")
    scope = {"type": "chat", "chat_id": press.person.telegram_id}
    return show(text, [[again]]) + Reply((Raw("deleteMyCommands", {"scope": scope}),)) + _taken_back(gone)


def _taken_back(gone: Forgotten) -> Reply:
    """Take the person's questions out of the organisers' chats, as far back as Telegram lets us."""
    by_chat: dict[int, list[int]] = {}
    for chat_id, message_id in gone.copies:
        by_chat.setdefault(chat_id, []).append(message_id)
    return Reply(
        tuple(
            Raw("deleteMessages", {"chat_id": chat_id, "message_ids": ids[start : start + MOST_AT_ONCE]})
            for chat_id, ids in by_chat.items()
            for start in range(0, len(ids), MOST_AT_ONCE)
        )
    )


def already_forgotten(meeting: Meeting) -> Reply:
    """The same button pressed again, by somebody who is a stranger by now."""
    words = language(start.guess(meeting.stranger), meeting.setup.home)
    return alert(words.gettext("Nothing is kept about you."))
