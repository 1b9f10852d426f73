"""Choosing what readers can press under a broadcast."""

from collections.abc import Mapping

from markupsafe import Markup

from bot import broadcast_buttons as decisions
from bot import programme
from bot.broadcast_buttons import Arranged, Arrangement, NoDraft, ReaderButton, TooMany, buttons_of
from bot.language import LOCALES, NATIVE_NAMES, Language, isolate
from handlers.organise.broadcast_content import said
from handlers.replies import NOTHING, Button, Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, broadcasts, events
from storage.broadcasts import Broadcast
from storage.events import Event

PAGE = 6


async def find_draft(turn: Turn, tx: Transaction, broadcast_id: int) -> Broadcast | None:
    found = await broadcasts.find(tx, broadcast_id)
    return found if found is not None and found.state == "draft" else None


def over(turn: Turn, broadcast_id: int) -> Reply:
    language = turn.language
    text = language.html("It was sent or deleted meanwhile, so its buttons can't be changed.")
    rows = [
        [button(language.gettext("Open it"), "broadcast", broadcast_id)],
        [button(language.gettext("‹ Broadcasts"), "broadcasts")],
    ]
    return show(text, rows)


async def open_buttons(press: Press, tx: Transaction) -> Reply:
    """What stands under the message, and what else can."""
    found = await find_draft(press, tx, press.number(0))
    return describe_buttons(press, found) if found else over(press, press.number(0))


def describe_buttons(turn: Turn, found: Broadcast) -> Reply:
    language, own = turn.language, buttons_of(found)
    facts = [
        language.html("<b>Buttons under the message</b>"),
        language.html("Each reader sees them in their own language. Press one to change it."),
    ]
    if not own:
        facts[1] = language.html("There are none yet, but the one to turn such messages off.")
    if any(one.poll is not None or len(one.media) > 1 for one in found.variants.values()):
        facts.append(
            language.html("An album and a poll can't bear buttons: these come in a short message below.")
        )
    rows = [[button(label_of(one, found, language), "broadcastbutton", found.id, one.key)] for one in own]
    if len(own) < decisions.MOST:
        rows += _to_add(found, language)
    rows.append([button(language.gettext("‹ Back"), "broadcast", found.id)])
    return show(Markup("\n\n").join(facts), rows)


def _to_add(found: Broadcast, language: Language) -> list[list[Button]]:
    offered = [
        [
            button(language.gettext("＋ Sign up for an event"), "broadcastbuttonevents", found.id, "join"),
            button(language.gettext("＋ See an event"), "broadcastbuttonevents", found.id, "event"),
        ],
        [
            button(language.gettext("＋ A link"), "broadcastbuttonlink", found.id),
            button(language.gettext("＋ An answer"), "broadcastbuttontopic", found.id),
        ],
    ]
    if all(one.kind != "ask" for one in buttons_of(found)):
        offered.append([button(language.gettext("＋ Ask us a question"), "broadcastbuttonask", found.id)])
    return offered


def label_of(one: ReaderButton, found: Broadcast, language: Language) -> str:
    several = sum(other.kind in ("join", "event") for other in buttons_of(found)) > 1
    return said(one, language, base=found.base_locale, several=several)


async def open_one(press: Press, tx: Transaction) -> Reply:
    """A button with what it does and how it is called in each language."""
    found = await find_draft(press, tx, press.number(0))
    if found is None:
        return over(press, press.number(0))
    one = decisions.find(found, press.word(1))
    return describe_one(press, found, one) if one else describe_buttons(press, found)


def describe_one(turn: Turn, found: Broadcast, one: ReaderButton) -> Reply:
    language = turn.language
    lines = [
        Markup("<b>{}</b>").format(isolate(label_of(one, found, language))),
        _describe_effect(one, found, language),
    ]
    for locale in LOCALES:
        if locale in one.labels:
            lines.append(
                language.html(
                    "{language}: {label}", language=NATIVE_NAMES[locale], label=isolate(one.labels[locale])
                )
            )
    names = [
        button(f"✏️ {NATIVE_NAMES[locale]}", "broadcastbuttonlabel", found.id, one.key, locale)
        for locale in LOCALES
    ]
    rows = [names[start : start + 3] for start in range(0, len(names), 3)]
    if buttons_of(found)[0].key != one.key:
        rows.append([button(language.gettext("⬆️ Put it first"), "broadcastbuttonfirst", found.id, one.key)])
    away = button(
        language.gettext("🗑 Take it away"), "broadcastbuttondrop", found.id, one.key, style="danger"
    )
    rows += [[away], [button(language.gettext("‹ Back"), "broadcastbuttons", found.id)]]
    return show(Markup("\n").join(lines), rows)


def _describe_effect(one: ReaderButton, found: Broadcast, language: Language) -> Markup:
    title = isolate(_title(one.titles, language, found.base_locale))
    match one.kind:
        case "join":
            return language.html("Signs the reader up for “{title}”, as the event's card does.", title=title)
        case "event":
            return language.html("Shows the reader the card of “{title}”.", title=title)
        case "link":
            return language.html("Opens {address}", address=isolate(one.target))
        case "topic":
            return language.html("Answers the question “{title}”.", title=title)
        case _:
            return language.html("Lets the reader ask a person of the team.")


def _title(titles: Mapping[str, str], language: Language, base: str) -> str:
    return titles.get(language.locale) or titles.get(base) or next(iter(titles.values()), "")


async def choose_event(press: Press, tx: Transaction) -> Reply:
    """Events that are not over; args: broadcast, what the button does, page."""
    found, kind = await find_draft(press, tx, press.number(0)), press.word(1)
    if found is None:
        return over(press, press.number(0))
    if kind not in ("join", "event"):
        return describe_buttons(press, found)
    language = press.language
    total = await events.count_all(tx, ending_after=press.now)
    page = min(max(0, press.number(2)), max(0, (total - 1) // PAGE))
    listed = await events.list_all(tx, ending_after=press.now, limit=PAGE, offset=page * PAGE)
    rows = [
        [
            button(
                programme.text_of(event, language.locale).title,
                "broadcastbuttonevent",
                found.id,
                kind,
                event.id,
            )
        ]
        for event in listed
        if event.state == "published"
    ]
    turning = []
    if page:
        turning.append(
            button(language.gettext("‹ Earlier"), "broadcastbuttonevents", found.id, kind, page - 1)
        )
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "broadcastbuttonevents", found.id, kind, page + 1))
    text = language.html("<b>Which event?</b>")
    if not rows:
        text = language.html("There is no event to choose from.")
    return show(text, [*rows, turning, [button(language.gettext("‹ Back"), "broadcastbuttons", found.id)]])


async def add_event(press: Press, tx: Transaction) -> Reply:
    """A button for an event; args: broadcast, what it does, event. Pressing twice is harmless."""
    kind, event = press.word(1), await events.find(tx, press.number(2))
    if kind not in ("join", "event") or event is None or event.state != "published":
        gone = toast(press.language.gettext("This event is not there any more."))
        return gone + await open_buttons(press, tx)
    return await add(press, tx, ReaderButton(kind, str(event.id), titles=titles_of(event)))


def titles_of(event: Event) -> dict[str, str]:
    return {locale: text.title for locale, text in event.texts.items() if text.title}


async def add_ask(press: Press, tx: Transaction) -> Reply:
    return await add(press, tx, ReaderButton("ask"))


async def add(turn: Turn, tx: Transaction, added: ReaderButton, broadcast_id: int | None = None) -> Reply:
    """Put a button under the broadcast, by default that of the pressed button's first argument."""
    if broadcast_id is None:
        broadcast_id = turn.number(0) if isinstance(turn, Press) else -1
    arranged = await decisions.add(tx, broadcast_id, added)
    return say_arranged(turn, arranged, broadcast_id)


def say_arranged(turn: Turn, arranged: Arrangement, broadcast_id: int, done: str = "") -> Reply:
    match arranged:
        case Arranged(broadcast):
            return (toast(done) if done else NOTHING) + describe_buttons(turn, broadcast)
        case TooMany(broadcast):
            said_why = turn.language.ngettext(
                "A message can have {n} button at most. Take one away first.",
                "A message can have {n} buttons at most. Take one away first.",
                decisions.MOST,
            )
            return alert(said_why) + describe_buttons(turn, broadcast)
        case NoDraft():
            return over(turn, broadcast_id)


async def put_first(press: Press, tx: Transaction) -> Reply:
    moved = await decisions.put_first(tx, press.number(0), press.word(1))
    return say_arranged(press, moved, press.number(0))


async def drop(press: Press, tx: Transaction) -> Reply:
    """Take a button away. Pressing twice is harmless."""
    dropped = await decisions.drop(tx, press.number(0), press.word(1))
    return say_arranged(press, dropped, press.number(0), press.language.gettext("The button is gone."))
