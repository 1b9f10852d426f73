"""A series' sessions, where the person stands with each, and signing up for all of them at once."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import attendance, programme, series
from bot.attendance import Incomplete, Left
from bot.series import NoSeries, WholeAnswer
from handlers import registration
from handlers.event_card import View, free_places, is_full
from handlers.events import title_of, view_of
from handlers.menu import home_button
from handlers.replies import Button, Reply, alert, button, show
from handlers.rsvp_answers import describe_all
from handlers.turns import Press, Turn
from storage import Transaction
from storage import series as series_rows

PAGE = 6


async def press_series(press: Press, tx: Transaction) -> Reply:
    return await open_series(press, tx, press.number(0), page=max(0, press.number(1)))


async def open_series(turn: Turn, tx: Transaction, series_id: int, *, page: int = 0) -> Reply:
    """A page of the sessions that are not over, and what can be done about all of them."""
    language = turn.language
    found = await series_rows.find(tx, series_id)
    ahead = await series.list_sessions(tx, series_id, now=turn.now) if found else []
    views = [await view_of(turn, tx, event) for event in ahead]
    views = [view for view in views if view.may_read]
    if found is None or not views:
        text = language.html("There are no more sessions of this series.")
        return show(text, [[button(language.gettext("📅 Events"), "events"), home_button(language)]])
    page = min(page, (len(views) - 1) // PAGE)
    shown = list(enumerate(views[page * PAGE : (page + 1) * PAGE], start=page * PAGE + 1))
    # What is called the same every time is told apart by its day.
    titled = len({title_of(view.event, language) for view in views}) > 1
    parts = [
        Markup("<b>{}</b>").format(series.name_of(found, language.locale, views[0].event.base_locale)),
        *(_line(number, view, turn, titled=titled) for number, view in shown),
    ]
    if found.sign_up == "whole":
        parts.append(language.html("You sign up for all sessions at once."))
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "series", series_id, page - 1))
    if (page + 1) * PAGE < len(views):
        turning.append(button(language.gettext("Later ›"), "series", series_id, page + 1))
    rows = [
        *(_all_at_once(views, series_id, turn) if found.sign_up != "single" else []),
        *([_open(number, view, turn, titled=titled)] for number, view in shown),
        turning,
        [button(language.gettext("📅 Events"), "events"), home_button(language)],
    ]
    return show(Markup("\n\n").join(parts), rows)


def _open(number: int, view: View, turn: Turn, *, titled: bool) -> Button:
    title = programme.text_of(view.event, turn.language.locale).title if titled else _when(view, turn)
    return button(f"{number}. {title}", "event", view.event.id)


def _line(number: int, view: View, turn: Turn, *, titled: bool) -> Markup:
    said = [_when(view, turn), _stands(view, turn)]
    if titled:
        said.insert(0, title_of(view.event, turn.language))
    return Markup("<b>{n}.</b> {said}").format(n=number, said=Markup("\n").join(said))


def _when(view: View, turn: Turn) -> str:
    return turn.language.moment(view.event.starts_at, ZoneInfo(view.event.zone), now=turn.now)


def _stands(view: View, turn: Turn) -> str:
    language = turn.language
    match view.mine and view.mine.state:
        case "going":
            return language.gettext("✅ You have a place")
        case "waiting":
            n = language.number(view.position)
            return language.gettext("🕒 Number {n} on the waitlist", n=n)
        case "applied":
            return language.gettext("📝 You have applied")
        case "offered":
            return language.gettext("🎁 A place is kept for you")
        case _:
            return _left(view, turn)


def _left(view: View, turn: Turn) -> str:
    language, event = turn.language, view.event
    if not attendance.is_open(event, turn.now):
        return language.gettext("Sign-up is closed")
    ways = attendance.ways_of(event)
    if all(is_full(event, view.seen, way) for way in ways):
        return language.gettext("Full, with a waitlist")
    free = [free_places(event, view.seen, way) for way in ways]
    left = sum(n for n in free if n is not None)
    if None in free:
        return language.gettext("Places are free")
    return language.ngettext("{n} place left", "{n} places left", left)


def _all_at_once(views: list[View], series_id: int, turn: Turn) -> list[list[Button]]:
    language = turn.language
    rows = list[list[Button]]()
    open_for_me = [
        view
        for view in views
        if view.mine is None and not view.is_barred and attendance.is_open(view.event, turn.now)
    ]
    if open_for_me and any(view.event.ways == "both" for view in open_for_me):
        rows.append(
            [
                button(
                    language.gettext("All sessions, on the spot"),
                    "joinall",
                    series_id,
                    "here",
                    style="success",
                )
            ]
        )
        rows.append(
            [
                button(
                    language.gettext("All sessions, online"), "joinall", series_id, "online", style="success"
                )
            ]
        )
    elif open_for_me:
        rows.append(
            [button(language.gettext("Sign up for all sessions"), "joinall", series_id, style="success")]
        )
    if sum(view.mine is not None for view in views) > 1:
        rows.append([button(language.gettext("I can't come to any"), "leaveall", series_id)])
    return rows


async def join_all(press: Press, tx: Transaction) -> Reply:
    """Ask for a place at every session. Pressing twice is harmless; what a session asks is asked then."""
    way = press.word(1) if press.word(1) in ("here", "online") else None
    answer = await series.join_all(tx, press.number(0), press.person.id, now=press.now, way=way)
    if isinstance(answer, WholeAnswer):
        asking = [one.event for one in answer.sessions if isinstance(one.answer, Incomplete)]
        if asking:
            known = {"whole": answer.series.id} | ({"way": way} if way else {})
            return await registration.begin(press, tx, asking[0].id, known)
    return alert(describe_all(answer, press)) + await open_series(press, tx, press.number(0))


async def ask_leave_all(press: Press, tx: Transaction) -> Reply:
    language, found = press.language, await series_rows.find(tx, press.number(0))
    if found is None:
        return await open_series(press, tx, press.number(0))
    text = language.html(
        "Give up your places at all sessions of <b>{series}</b>?",
        series=series.name_of(found, language.locale),
    )
    rows = [
        [button(language.gettext("Yes, give them up"), "leftall", found.id, style="danger")],
        [button(language.gettext("No, I will come"), "series", found.id)],
    ]
    return show(text, rows)


async def leave_all(press: Press, tx: Transaction) -> Reply:
    """Give up every session. Pressing twice is harmless."""
    answer = await series.leave_all(tx, press.number(0), press.person.id, now=press.now)
    match answer:
        case NoSeries():
            said = press.language.gettext("There are no more sessions of this series.")
        case WholeAnswer(_, sessions) if any(
            isinstance(one.answer, Left) and one.answer.held for one in sessions
        ):
            said = press.language.gettext("Your places are given up. Thank you for telling us.")
        case _:
            said = press.language.gettext("You have no place here, so there is nothing to give up.")
    return alert(said) + await open_series(press, tx, press.number(0))
