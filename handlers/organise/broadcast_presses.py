"""What readers press under a broadcast: an event, a question. The broadcast itself stays to be read."""

from handlers import desk, events, questions, rsvp
from handlers.replies import Reply, below
from handlers.turns import Press
from storage import Transaction


async def join(press: Press, tx: Transaction) -> Reply:
    """Ask for a place at the event, as its card does. Pressing twice is harmless."""
    return below(await rsvp.join(press, tx))


async def open_event(press: Press, tx: Transaction) -> Reply:
    return below(await events.press_card(press, tx))


async def answer(press: Press, tx: Transaction) -> Reply:
    """The answer to the question on the button, as it is today."""
    return below(await questions.open_topic(press, tx))


async def ask(press: Press, tx: Transaction) -> Reply:
    return below(await desk.ask(press, tx))
