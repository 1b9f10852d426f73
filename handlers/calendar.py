"""A person's own calendar: an address to subscribe to, or a file where there is none."""

from markupsafe import Markup

from bot import calendars, feeds
from bot.language import Language
from handlers.menu import home_button
from handlers.replies import Button, Reply, alert, button, file, link, show, toast
from handlers.turns import Press, Turn
from storage import Transaction
from storage import feeds as addresses


async def open_calendar(turn: Turn, tx: Transaction) -> Reply:
    """What the calendar is, and its address once there is one."""
    language = turn.language
    token = await addresses.find_token(tx, turn.person.id)
    text = language.html(
        "<b>My calendar</b>\nYour places and shifts in the calendar of your phone or computer."
    )
    every = [button(language.gettext("📄 All as a file"), "calendarfile")]
    back = [button(language.gettext("🎟 My places"), "my"), home_button(language)]
    if turn.setup.public_url is None:
        return show(text, [every, back])
    if token is None:
        text += "\n\n" + language.html(
            "It follows by itself when something changes. For that you get a secret address: whoever"
            " knows it can see your places and shifts."
        )
        make = [button(language.gettext("Make my address"), "calendarnew", style="primary")]
        return show(text, [make, every, back])
    address = f"{turn.setup.public_url}/calendar/{token}.ics"
    text += "\n\n" + language.html(
        "Add this address in your calendar as a subscription (“from URL”). Keep it to yourself:"
    )
    text += Markup("\n<code>{}</code>").format(address)
    rows = [
        [link(language.gettext("📆 Open it"), address)],
        [
            button(language.gettext("New address"), "calendarask"),
            button(language.gettext("Stop sharing"), "calendarstop"),
        ],
        every,
        back,
    ]
    return show(text, rows)


async def make(press: Press, tx: Transaction) -> Reply:
    """The first address. Pressing twice gives the same one."""
    if press.setup.public_url is not None:
        await feeds.address_of(tx, press.person.id, now=press.now)
    return await open_calendar(press, tx)


async def ask_renewal(press: Press, tx: Transaction) -> Reply:
    """A new address stops every calendar that reads the old one: not by a slip of the thumb."""
    language = press.language
    token = await addresses.find_token(tx, press.person.id)
    if token is None or press.setup.public_url is None:
        return await open_calendar(press, tx)
    text = language.html(
        "Make a new address? The old one stops working, and you add the new one to your calendar again."
    )
    rows = [
        # The old address's beginning: pressed twice, it makes one new address and not two.
        [button(language.gettext("Yes, a new one"), "calendarrenew", token[:8], style="danger")],
        [_back(language)],
    ]
    return show(text, rows)


async def renew(press: Press, tx: Transaction) -> Reply:
    token = await addresses.find_token(tx, press.person.id)
    if token is None or press.setup.public_url is None or not press.word(0) or token[:8] != press.word(0):
        return await open_calendar(press, tx)
    await feeds.renew(tx, press.person.id, now=press.now)
    return toast(press.language.gettext("The old address no longer works.")) + await open_calendar(press, tx)


async def stop(press: Press, tx: Transaction) -> Reply:
    """No address any more; pressing twice is harmless, and a new one is one tap away."""
    await addresses.drop(tx, press.person.id)
    said = press.language.gettext("Your calendar is no longer shared. The address does not work any more.")
    return alert(said) + await open_calendar(press, tx)


async def send_file(press: Press, tx: Transaction) -> Reply:
    """Everything held as a file, as it is now."""
    language = press.language
    entries = await feeds.entries_of(
        tx, press.person.id, language, username=press.setup.username, now=press.now
    )
    if not entries:
        return alert(language.gettext("You have no places and no shifts yet."))
    name = language.gettext("My places and shifts")
    caption = language.html("Open this file to put your places and shifts into your calendar.")
    return toast("") + file(
        calendars.file_name(name), calendars.feed(entries, now=press.now, name=name), caption
    )


def _back(language: Language) -> Button:
    return button(language.gettext("‹ Back"), "calendar")
