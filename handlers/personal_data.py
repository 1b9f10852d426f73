"""What is kept about a member as a file that they take away."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import newsletters, privacy, programme, volunteering
from bot.groups import name_of
from bot.kinds import KINDS
from bot.language import NATIVE_NAMES, Language
from bot.privacy import Kept, TakenQuiz
from bot.quizzes import text_of, words_of
from handlers.event_answers import answers_as_values
from handlers.guardians import relation_name
from handlers.kinds import kind_name
from handlers.replies import Reply, file
from handlers.shift_needs import certificate_name
from handlers.traveller_steps import document_name, expiry_name
from handlers.turns import Press, Turn
from storage import Transaction
from storage.consents import Consent
from storage.events import Event
from storage.rsvps import Rsvp
from storage.travellers import Traveller

FILE_NAME = "my-data.json"


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
                words.gettext("our team's answer"): thread.answer,
                words.gettext("somebody has taken it on"): thread.taken,
                words.gettext("our team's notes"): list(thread.notes),
            }
            for thread in kept.threads
        ],
        words.gettext("questions I could not answer"): [
            {
                words.gettext("question"): one.text,
                words.gettext("asked"): _when(one.asked_at, home),
                words.gettext("what is known of it"): _label(words, one.label),
            }
            for one in kept.asked
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
        words.gettext("in a conversation"): kept.in_conversation,
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
    if kept.answers:
        values[words.gettext("answers to events' questions")] = answers_as_values(kept.answers, words)
    if kept.groups:
        values[words.gettext("groups")] = [
            {
                words.gettext("name"): name_of(group, words.locale),
                words.gettext("joined"): _when(joined, home),
            }
            for group, joined in kept.groups
        ]
    if kept.hours:
        values[words.gettext("hours of service")] = [
            {
                words.gettext("event"): programme.text_of(event, words.locale).title if event else None,
                words.gettext("day"): one.worked_on.isoformat(),
                words.gettext("minutes"): one.minutes,
                words.gettext("reason"): one.reason or None,
            }
            for event, one in kept.hours
        ]
    if kept.invitations:
        values[words.gettext("invitations")] = [
            {
                words.gettext("event"): programme.text_of(event, words.locale).title,
                words.gettext("opened"): _when(opened, home),
            }
            for event, opened in kept.invitations
        ]
    if kept.subscriptions:
        values[words.gettext("newsletters")] = [
            {
                words.gettext("name"): newsletters.name_of(one.newsletter, words.locale),
                words.gettext("subscribed"): one.state == "on",
                words.gettext("noted"): _when(one.since, home),
            }
            for one in kept.subscriptions
        ]
    if kept.quizzes:
        values[words.gettext("quizzes")] = [_quiz(words, one, home) for one in kept.quizzes]
    if kept.calendar_since is not None:
        values[words.gettext("calendar shared since")] = _when(kept.calendar_since, home)
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
    if kept.has_topic:
        values[words.gettext("a topic of my own at the desk")] = True
    if kept.barred is not None:
        values[words.gettext("can't write to our team")] = {
            words.gettext("since"): _when(kept.barred.since, home),
            words.gettext("until"): _when(kept.barred.until, home),
        }
    made = kept.made
    if made.events or made.broadcasts or made.notes or made.questions or kept.signs:
        values[words.gettext("as an organiser")] = {
            words.gettext("events made"): made.events,
            words.gettext("broadcasts made"): made.broadcasts,
            words.gettext("notes on questions"): made.notes,
            words.gettext("questions taken on"): made.questions,
            words.gettext("answers bear my name"): kept.signs,
        }
    return values


def _quiz(words: Language, one: TakenQuiz, home: ZoneInfo) -> dict[str, Any]:
    answers = []
    for question, given in one.answers:
        said, _ = words_of(question, words.locale, one.quiz.base_locale)
        answers.append(
            {
                words.gettext("question"): said.text,
                words.gettext("answer"): said.choices[given.choice - 1] if given.choice else None,
                words.gettext("right"): given.is_right,
            }
        )
    return {
        words.gettext("quiz"): text_of(one.quiz, words.locale).title,
        words.gettext("attempt"): one.attempt.number,
        words.gettext("begun"): _when(one.attempt.started_at, home),
        words.gettext("finished"): _when(one.attempt.finished_at, home),
        words.gettext("right answers"): one.attempt.score,
        words.gettext("thousandths of a second"): one.attempt.elapsed_ms,
        words.gettext("name in the top ten"): bool(one.shown),
        words.gettext("answers"): answers,
    }


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


def _label(words: Language, label: str) -> str:
    match label:
        case "right":
            return words.gettext("answered rightly")
        case "wrong":
            return words.gettext("answered wrongly")
        case "chosen":
            return words.gettext("answered by a topic I chose")
        case "attached":
            return words.gettext("has an answer now")
        case "dismissed":
            return words.gettext("not a question for us")
        case _:
            return words.gettext("not answered yet")


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
        case "offered":
            return words.gettext("offered a place")
        case "applied":
            return words.gettext("applied")
        case "refused":
            return words.gettext("refused")
        case _:
            return words.gettext("given up")
