"""RSVPs: yes, with companions, the waitlist, an offered place, and no."""

from bot import attendance
from bot.attendance import Incomplete, WholeOnly
from handlers import events as cards
from handlers import registration, sessions
from handlers.origins import carried
from handlers.replies import Reply, alert, button, show
from handlers.rsvp_answers import say_answer
from handlers.turns import Press
from storage import Transaction, events, rsvps

# In a button, in place of what is left as it is.
SAME = "-"


async def join(press: Press, tx: Transaction) -> Reply:
    """Ask for a place and say where the person now stands. Pressing twice is harmless."""
    event_id, companions, way = press.number(0), None, None
    given = [one for one in press.args[1:] if one not in carried(press)]
    if given and given[0] != SAME:
        companions = press.number(1)
        if companions < 0:
            return alert(press.language.gettext("That button does nothing here."))
    if len(given) > 1:
        way = given[1]
    answer = await attendance.join(
        tx, event_id, press.person.id, companions=companions, way=way, now=press.now
    )
    match answer:
        case Incomplete():
            known = {"companions": companions, "way": way}
            return await registration.begin(
                press, tx, event_id, {name: value for name, value in known.items() if value is not None}
            )
        case WholeOnly(_, series):
            return await sessions.open_series(press, tx, series.id)
        case _:
            return await say_answer(press, tx, event_id, answer)


async def ask_party(press: Press, tx: Transaction) -> Reply:
    """How many come along? Where more has to be known than that, the form asks for all of it."""
    view = await cards.look(press, tx, press.number(0))
    if view is None or view.event.state != "published" or view.is_barred:
        return await cards.open_card(press, tx, press.number(0))
    event, language, came = view.event, press.language, carried(press)
    if event.companion_names or view.seen.asks or (event.ways == "both" and view.mine is None):
        return await registration.begin(press, tx, event.id, {})
    text = language.html(
        "How many people do you bring to <b>{title}</b>?", title=cards.title_of(event, language)
    )
    alone = button(language.gettext("I come alone"), "join", event.id, 0, *came)
    most = max(event.companions, view.mine.companions if view.mine else 0)
    numbers = [button(language.number(n), "join", event.id, n, *came) for n in range(1, most + 1)]
    rows = [numbers[start : start + 5] for start in range(0, len(numbers), 5)]
    return show(text, [*rows, [alone], [button(language.gettext("‹ Back"), "event", event.id, *came)]])


async def ask_leave(press: Press, tx: Transaction) -> Reply:
    """A place that others wait for is not given up by a slip of the thumb."""
    event = await events.find(tx, press.number(0))
    if event is None or event.state != "published" or event.ends_at <= press.now:
        return await cards.open_card(press, tx, press.number(0))
    mine = await rsvps.find(tx, event.id, press.person.id)
    if mine is None or mine.state not in rsvps.HELD:
        return await leave(press, tx)
    language, came, title = press.language, carried(press), cards.title_of(event, press.language)
    match mine.state:
        case "waiting":
            text = language.html("Leave the waitlist for <b>{title}</b>?", title=title)
            yes, no = language.gettext("Yes, leave it"), language.gettext("No, I keep waiting")
        case "applied":
            text = language.html("Withdraw your application for <b>{title}</b>?", title=title)
            yes, no = language.gettext("Yes, withdraw it"), language.gettext("No, keep it")
        case _:
            text = language.html("Give up your place at <b>{title}</b>?", title=title)
            yes, no = language.gettext("Yes, give it up"), language.gettext("No, I will come")
    rows = [
        [button(yes, "left", event.id, *came, style="danger")],
        [button(no, "event", event.id, *came)],
    ]
    return show(text, rows)


async def leave(press: Press, tx: Transaction) -> Reply:
    """Give up the place. Pressing twice is harmless."""
    answer = await attendance.leave(tx, press.number(0), press.person.id, now=press.now)
    return await say_answer(press, tx, press.number(0), answer)


async def accept(press: Press, tx: Transaction) -> Reply:
    """Take the place that is kept for the person. Pressing twice is harmless."""
    answer = await attendance.accept(tx, press.number(0), press.person.id, now=press.now)
    if isinstance(answer, Incomplete):
        return await registration.begin(press, tx, press.number(0), {})
    return await say_answer(press, tx, press.number(0), answer)


async def decline(press: Press, tx: Transaction) -> Reply:
    """Pass the place on; the card offers to sign up again, which is the way back while places last."""
    answer = await attendance.decline(tx, press.number(0), press.person.id, now=press.now)
    return await say_answer(press, tx, press.number(0), answer)
