"""What is kept about a member: seeing it, and deleting it."""

from datetime import datetime

from markupsafe import Markup

from bot import newsletters, privacy
from bot.groups import name_of
from bot.language import NATIVE_NAMES, Language, isolate, language
from bot.privacy import Forgotten, Kept
from handlers import start
from handlers.menu import home_button
from handlers.passing_on import desk_of
from handlers.replies import Raw, Reply, alert, button, show
from handlers.start import Meeting
from handlers.turns import Press, Turn
from storage import Transaction
from storage.rsvps import HELD

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
            " once it is answered, except questions to a person, until 30 days after they are settled."
        ),
        words.html(
            "A question that I could not answer, or answered wrongly, is kept for up to 180 days, so that"
            " organisers can teach me. They see its words, not your name. What they teach me stays."
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
    if n := len(kept.asked):
        lines.append(
            words.nhtml(
                "• {n} question that I could not answer, or what you said of an answer",
                "• {n} questions that I could not answer, or what you said of an answer",
                n,
            )
        )
    if n := len({one.quiz.id for one in kept.quizzes}):
        lines.append(words.nhtml("• {n} quiz you took", "• {n} quizzes you took", n))
    if any(thread.notes for thread in kept.threads):
        lines.append(words.html("• what our team noted about them"))
    if kept.barred is not None:
        lines.append(words.html("• that you can't write to our team for now"))
    if kept.signs:
        lines.append(words.html("• that your answers to members bear your name"))
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
    if n := len(kept.answers):
        lines.append(
            words.nhtml(
                "• your answer to {n} question of an event", "• your answers to {n} questions of events", n
            )
        )
    if kept.groups:
        names = [name_of(group, words.locale) for group, _ in kept.groups]
        lines.append(words.html("• that you are in: {groups}", groups=words.joined(names)))
    if kept.subscriptions:
        letters = [
            newsletters.name_of(one.newsletter, words.locale)
            for one in kept.subscriptions
            if one.state == "on"
        ]
        lines.append(words.html("• that you get: {newsletters}", newsletters=words.joined(letters)))
    if kept.consents:
        lines.append(words.html("• your answer as a young person's parent or guardian"))
    if kept.interests or kept.muted or person.quiet_from is not None:
        lines.append(words.html("• your settings: interests, reminders, quiet hours"))
    if kept.in_dialogue:
        lines.append(words.html("• the answers of the form you are filling in"))
    if kept.in_conversation:
        lines.append(words.html("• for half an hour, what we last spoke of"))
    return lines


async def ask_forget(turn: Turn, tx: Transaction) -> Reply:
    """Say what deleting does, before it is done."""
    words = turn.language
    kept = await privacy.look(tx, turn.person)
    coming = sum(
        event.state == "published" and event.ends_at > turn.now and rsvp.state in HELD
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
    place = await desk_of(press.setup, tx)
    gone = await privacy.forget(tx, press.person, desk=place, now=press.now)
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
        + _topic_taken_back(gone)
    )


def _topic_taken_back(gone: Forgotten) -> tuple[Raw, ...]:
    """Telegram deletes a topic with everything in it, however old that is."""
    if gone.topic is None:
        return ()
    chat_id, topic_id = gone.topic
    return (Raw("deleteForumTopic", {"chat_id": chat_id, "message_thread_id": topic_id}),)


def already_forgotten(meeting: Meeting) -> Reply:
    """The same button pressed again, by somebody who is a stranger by now."""
    words = language(start.guess(meeting.stranger), meeting.setup.home)
    return alert(words.gettext("Nothing is kept about you."))
