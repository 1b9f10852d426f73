"""Links that let somebody in: to an event by invitation, to a group."""

from bot import groups
from handlers import events as cards
from handlers.menu import home_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Turn
from storage import Transaction, events, invitations


async def open_invitation(turn: Turn, tx: Transaction, token: str) -> Reply:
    """Remember that the person is invited and show the card. Opening the link twice is harmless."""
    event_id = await events.find_id_by_invitation(tx, token)
    if event_id is None:
        text = turn.language.html("This invitation is not valid any more. Please ask for a new link.")
        return show(text, _ways_on(turn))
    await invitations.put(tx, event_id, turn.person.id, now=turn.now)
    return await cards.open_card(turn, tx, event_id)


async def join_group(turn: Turn, tx: Transaction, token: str) -> Reply:
    """Put the person into the group and say so. Opening the link twice is harmless."""
    language = turn.language
    group = await groups.join_by_token(tx, token, turn.person.id, now=turn.now)
    if group is None:
        text = language.html("This link is not valid any more. Please ask for a new one.")
        return show(text, _ways_on(turn))
    text = language.html(
        "You are in the group <b>{group}</b> now. Its events are among yours.",
        group=groups.name_of(group, language.locale),
    )
    return show(text, _ways_on(turn))


def _ways_on(turn: Turn) -> list[list[Button]]:
    language = turn.language
    return [
        [button(language.gettext("📅 Events"), "events"), button(language.gettext("💬 Ask a person"), "ask")],
        [home_button(language)],
    ]
