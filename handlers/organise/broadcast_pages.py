"""What an organiser sees of a broadcast that is no draft any more, with what can be done to it."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import broadcasts as decisions
from bot.language import LOCALES, NATIVE_NAMES, Language, isolate
from handlers.organise.broadcast_audience import describe, describe_count
from handlers.organise.broadcast_content import messages_each
from handlers.organise.broadcast_outcomes import Standing, describe_progress, standing_of
from handlers.organise.broadcast_text import beginning
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, audiences, broadcasts, people
from storage.broadcasts import Broadcast


async def open_page(turn: Turn, tx: Transaction, broadcast: Broadcast) -> Reply:
    """Whatever there is to see of it now."""
    match broadcast.state:
        case "review":
            return await open_review(turn, tx, broadcast)
        case "scheduled":
            return await _open_scheduled(turn, tx, broadcast)
        case _:
            return await _open_progress(turn, tx, broadcast)


async def open_pressed(press: Press, tx: Transaction) -> Reply:
    """The page of the broadcast that the button names, or the way on where it is none."""
    found = await broadcasts.find(tx, press.number(0))
    if found is not None and found.state != "draft":
        return await open_page(press, tx, found)
    language = press.language
    way = [list_button(language)]
    if found is None:
        return show(language.html("This broadcast is not there any more."), [way])
    text = language.html("This broadcast is a draft; nothing has been sent.")
    return show(text, [[button(language.gettext("Open it"), "broadcast", found.id)], way])


def list_button(language: Language) -> Button:
    return button(language.gettext("‹ Broadcasts"), "broadcasts")


async def describe_plan(turn: Turn, tx: Transaction, broadcast: Broadcast) -> list[Markup]:
    """What it says in which languages, to whom, when and how."""
    language = turn.language
    names = [NATIVE_NAMES[locale] for locale in LOCALES if locale in broadcast.variants]
    counted = await audiences.count(tx, broadcast.audience)
    return [
        Markup("<i>{}</i>").format(beginning(broadcast, language, 200)),
        language.html("🌐 Written in: {languages}", languages=language.joined(names)),
        await describe(turn, tx, broadcast.audience),
        describe_count(language, counted),
        describe_time(broadcast, turn),
        describe_sound(broadcast, language),
        *describe_cost(broadcast, counted.people * messages_each(broadcast), language),
    ]


def describe_time(broadcast: Broadcast, turn: Turn) -> Markup:
    language = turn.language
    if broadcast.send_at is None:
        return language.html("🕘 It goes out at once.")
    if broadcast.send_at <= turn.now:
        return language.html("🕘 The time you chose is over: it goes out at once.")
    return language.html(
        "🕘 It goes out on {when}.", when=language.moment(broadcast.send_at, turn.setup.home, now=turn.now)
    )


def describe_sound(broadcast: Broadcast, language: Language) -> Markup:
    if broadcast.silent:
        sound = language.html("🔕 It arrives without a sound.")
    else:
        sound = language.html("🔔 It arrives with a sound.")
    match broadcast.night:
        case "morning":
            night = language.html("🌙 Where it is night, it waits for the morning.")
        case "silent":
            night = language.html("🌙 Where it is night, it arrives without a sound.")
        case _:
            night = language.html("🌙 It arrives at night as by day.")
    return sound + Markup("\n") + night


def describe_cost(broadcast: Broadcast, messages: int, language: Language) -> list[Markup]:
    """What Telegram asks for a broadcast that is paid for: a tenth of a Star each message."""
    if not broadcast.paid:
        return []
    stars = language.number(messages / 10)
    return [
        language.nhtml(
            "⭐ Up to 1,000 leave each second; Telegram takes {stars} Star from the bot for it.",
            "⭐ Up to 1,000 leave each second; Telegram takes {stars} Stars from the bot for it.",
            1 if messages == 10 else 2,
            stars=stars,
        )
    ]


async def open_review(turn: Turn, tx: Transaction, broadcast: Broadcast) -> Reply:
    """What waits for a second organiser; who may decide first looks at the whole of it."""
    await _leave(turn, tx)
    language, me = turn.language, turn.person.id
    text = Markup("\n").join(
        [
            language.html("🔎 <b>This broadcast waits for approval</b>"),
            *await _describe_author(tx, broadcast, language),
            *await describe_plan(turn, tx, broadcast),
        ]
    )
    if me in (broadcast.author_id, broadcast.submitted_by):
        text += Markup("\n") + language.html("Another organiser has to agree before it goes out.")
        rows = [[button(language.gettext("↩️ Change it after all"), "broadcastback", broadcast.id)]]
    else:
        look = language.gettext("👁 Look at it and decide")
        rows = [[button(look, "broadcastreview", broadcast.id, style="primary")]]
    return show(text, [*rows, [list_button(language)]])


async def _describe_author(tx: Transaction, broadcast: Broadcast, language: Language) -> list[Markup]:
    wrote = await people.find(tx, broadcast.author_id) if broadcast.author_id is not None else None
    if wrote is None:
        return []
    return [language.html("✍️ Written by {name}", name=isolate(wrote.name[:64]))]


async def _open_scheduled(turn: Turn, tx: Transaction, broadcast: Broadcast) -> Reply:
    """What waits for its hour."""
    await _leave(turn, tx)
    language = turn.language
    lines = [
        language.html("🕘 <b>This broadcast is scheduled</b>"),
        *await describe_plan(turn, tx, broadcast),
    ]
    rows = [
        [button(language.gettext("✋ Don't send it yet"), "broadcastunschedule", broadcast.id)],
        [list_button(language)],
    ]
    return show(Markup("\n").join(lines), rows)


async def _leave(turn: Turn, tx: Transaction) -> None:
    """The message shows something else from now on: no progress may overwrite it."""
    if turn.where.message_id is not None:
        await broadcasts.leave_message(tx, turn.where.chat_id, turn.where.message_id)


async def _open_progress(turn: Turn, tx: Transaction, broadcast: Broadcast) -> Reply:
    """How far it has come; the message under the button keeps telling while something of it is going on."""
    where = turn.where
    standing = await standing_of(tx, broadcast, now=turn.now)
    if is_going_on(broadcast, standing) and where.message_id is not None:
        await broadcasts.show_at(tx, broadcast.id, where.chat_id, where.message_id)
    text = describe_progress(broadcast, standing, turn.language, turn.now)
    return show(text, progress_buttons(broadcast, standing, turn.language))


def is_going_on(broadcast: Broadcast, standing: Standing) -> bool:
    return broadcast.finished_at is None or any(made.finished_at is None for made, _ in standing.changes)


def progress_buttons(broadcast: Broadcast, standing: Standing, language: Language) -> list[Sequence[Button]]:
    rows: list[Sequence[Button]] = []
    stopping = button(language.gettext("⏹ Stop"), "broadcaststop", broadcast.id, style="danger")
    if broadcast.state == "sending":
        rows.append([button(language.gettext("⏸ Pause"), "broadcastpause", broadcast.id), stopping])
    elif broadcast.state == "paused":
        going = button(language.gettext("▶️ Go on"), "broadcastresume", broadcast.id, style="primary")
        rows.append([going, stopping])
    if broadcast.finished_at is not None:
        rows.append([button(language.gettext("📊 Report"), "broadcastreport", broadcast.id)])
    rows += _afterwards(broadcast, standing, language)
    refresh = button(language.gettext("↻ Refresh"), "broadcast", broadcast.id)
    last = [refresh] if is_going_on(broadcast, standing) else []
    return [*rows, [*last, list_button(language)]]


def _afterwards(broadcast: Broadcast, standing: Standing, language: Language) -> list[Sequence[Button]]:
    """What can be done about messages that have arrived, or have not."""
    if standing.is_recalled or (broadcast.finished_at is not None and not standing.settled):
        return []
    rows: list[Sequence[Button]] = []
    changing = []
    if any(decisions.can_correct(broadcast, locale) for locale in broadcast.variants):
        changing.append(button(language.gettext("✏️ Correct it"), "broadcastcorrect", broadcast.id))
    changing.append(button(language.gettext("🗑 Take it back"), "broadcastrecall", broadcast.id))
    rows.append(changing)
    if broadcast.state == "done":
        rows.append([button(language.gettext("👋 Send to new ones"), "broadcastfurther", broadcast.id)])
        unknown = standing.count("unknown")
        if unknown:
            label = language.ngettext("❔ {n} may not have arrived", "❔ {n} may not have arrived", unknown)
            rows.append([button(label, "broadcastunknown", broadcast.id)])
    return rows
