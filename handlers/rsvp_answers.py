"""What became of a wish for a place, in one sentence short enough for an alert."""

from zoneinfo import ZoneInfo

from bot import programme
from bot.attendance import (
    Answer,
    Applied,
    Cancelled,
    Clash,
    Closed,
    Gone,
    Incomplete,
    Left,
    NoRoom,
    NotForYou,
    NotYet,
    Offered,
    Refused,
    Seated,
    TooMany,
    Waiting,
    WholeOnly,
)
from bot.language import Language
from bot.series import NoSeries, SingleOnly, WholeAnswer
from handlers import events as cards
from handlers.replies import Reply, alert
from handlers.turns import Turn
from storage import Transaction


async def say_answer(turn: Turn, tx: Transaction, event_id: int, answer: Answer) -> Reply:
    """What was decided, and the card as the person stands now."""
    said = alert(describe(answer, turn))
    match answer:
        case Seated() | Waiting() | Applied() | Offered():
            card = await cards.open_card(turn, tx, event_id, event=answer.event, holding=answer)
        case Gone():
            card = await cards.open_card(turn, tx, event_id)
        case _:
            card = await cards.open_card(turn, tx, event_id, event=answer.event)
    return said + card


def describe(answer: Answer, turn: Turn) -> str:
    """One sentence for each way it can end, short enough for an alert."""
    language = turn.language
    match answer:
        case Seated(_, companions, clashes):
            said = language.gettext("You have a place.")
            if companions:
                said = language.ngettext(
                    "You have a place, with {n} companion.",
                    "You have a place, with {n} companions.",
                    companions,
                )
            if answer.to_review:
                said = language.gettext("Saved. The place is yours; an organiser looks at the change.")
            return _with_clash(said, clashes, language)
        case Waiting(_, _, position, clashes):
            said = language.gettext(
                "It is full. You are number {n} on the waitlist. I will tell you when you have a place.",
                n=language.number(position),
            )
            return _with_clash(said, clashes, language)
        case Applied(_, _, clashes):
            said = language.gettext("You have applied. An organiser will look at it, and I will tell you.")
            return _with_clash(said, clashes, language)
        case Offered(event, _, until, clashes):
            when = language.moment(until, ZoneInfo(event.zone), now=turn.now)
            said = language.gettext("A place is kept for you until {when}.", when=when)
            return _with_clash(said, clashes, language)
        case Refused(_, _, may_apply):
            if may_apply:
                return language.gettext("An organiser could not give you a place. You may apply once more.")
            return language.gettext("An organiser could not give you a place.")
        case _:
            return _describe_no(answer, turn)


def describe_all(answer: WholeAnswer | SingleOnly | NoSeries, turn: Turn) -> str:
    """How it went for all sessions, in a sentence or two."""
    language = turn.language
    match answer:
        case WholeAnswer(_, sessions):
            seated = sum(isinstance(one.answer, Seated | Offered) for one in sessions)
            waiting = sum(isinstance(one.answer, Waiting) for one in sessions)
            applied = sum(isinstance(one.answer, Applied) for one in sessions)
            asking = sum(isinstance(one.answer, Incomplete) for one in sessions)
            said = []
            if seated:
                said.append(
                    language.ngettext(
                        "You have a place at {n} session.", "You have a place at {n} sessions.", seated
                    )
                )
            if waiting:
                said.append(
                    language.ngettext(
                        "At {n} session you are on the waitlist.",
                        "At {n} sessions you are on the waitlist.",
                        waiting,
                    )
                )
            if applied:
                said.append(
                    language.ngettext(
                        "You have applied for {n} session.", "You have applied for {n} sessions.", applied
                    )
                )
            if asking:
                said.append(
                    language.ngettext(
                        "{n} session asks you something: open it.",
                        "{n} sessions ask you something: open them.",
                        asking,
                    )
                )
            return "\n".join(said) or describe(sessions[0].answer, turn)
        case SingleOnly():
            return language.gettext("In this series you sign up for each session.")
        case NoSeries():
            return language.gettext("There are no more sessions of this series.")


def _describe_no(answer: Answer, turn: Turn) -> str:
    language = turn.language
    match answer:
        case Left(_, held="going"):
            return language.gettext("Your place is given up. Thank you for telling us.")
        case Left(_, held="waiting"):
            return language.gettext("You are off the waitlist. Thank you for telling us.")
        case Left(_, held="applied"):
            return language.gettext("Your application is withdrawn. Thank you for telling us.")
        case Left(_, held="offered"):
            return language.gettext(
                "The place goes to whoever is next. If you change your mind, sign up again on the card."
            )
        case Left():
            return language.gettext("You have no place here, so there is nothing to give up.")
        case Closed(event) if event.ends_at <= turn.now:
            return language.gettext("This event is over.")
        case Closed():
            return language.gettext("Sign-up for this event has closed.")
        case NotYet(event, opens_at):
            when = language.moment(opens_at, ZoneInfo(event.zone), now=turn.now)
            return language.gettext("Sign-up opens on {when}.", when=when)
        case Cancelled(event) if event.merged_into is not None:
            return language.gettext("This event has become part of another one. Please open that.")
        case Cancelled():
            return language.gettext("This event has been cancelled.")
        case NotForYou(_, "invited"):
            return language.gettext("This event is by invitation. Please open the link that you were sent.")
        case NotForYou():
            return language.gettext(
                "This event is for a group. Please open the group's link first, or ask us."
            )
        case TooMany(_, 0):
            return language.gettext("Companions are not possible at this event.")
        case TooMany(_, most):
            return language.ngettext(
                "You can bring {n} person at most.", "You can bring {n} people at most.", most
            )
        case NoRoom(_, _, "online"):
            return language.gettext("Online it is full. You keep your place on the spot.")
        case NoRoom(_, _, "here"):
            return language.gettext("On the spot it is full. You keep your place online.")
        case NoRoom():
            return language.gettext("There is no room for more companions. Your own place is safe.")
        case Incomplete():
            return language.gettext("Some answers are missing.")
        case WholeOnly():
            return language.gettext("In this series you sign up for all sessions at once.")
        case _:
            return language.gettext("This event is not there any more.")


def _with_clash(said: str, clashes: tuple[Clash, ...], language: Language) -> str:
    if not clashes:
        return said
    first = clashes[0]
    title = programme.text_of(first.event, language.locale).title[:60]
    warning = language.gettext("Please note: it overlaps with “{title}”.", title=title)
    if first.shift_id is not None:
        warning = language.gettext("Please note: it overlaps with your shift at “{title}”.", title=title)
    return f"{said}\n{warning}"
