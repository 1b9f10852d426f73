"""Broadcasts for organisers: the list, a draft with its message in several languages, and the preview."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot import broadcast_polls
from bot import broadcasts as decisions
from bot.broadcast_buttons import buttons_of
from bot.language import LOCALES, NATIVE_NAMES, Language, isolate
from handlers import forms
from handlers.forms import Data, Form
from handlers.organise import broadcast_audience, broadcast_sending
from handlers.organise.broadcast_buttons import label_of
from handlers.organise.broadcast_content import original
from handlers.organise.broadcast_content_steps import STEPS, variant_from
from handlers.organise.broadcast_preview import as_readers_see
from handlers.organise.broadcast_states import state_mark, state_name
from handlers.organise.broadcast_text import beginning, described
from handlers.replies import Button, Reply, Say, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, audiences, broadcasts
from storage.broadcasts import Broadcast

PAGE = 6


async def browse(press: Press, tx: Transaction) -> Reply:
    """The newest broadcasts with their state, drafts included."""
    await _leave_message(press, tx)
    language, total = press.language, await broadcasts.count_all(tx)
    page = min(max(0, press.number(0)), max(0, (total - 1) // PAGE))
    found = await broadcasts.list_latest(tx, limit=PAGE, offset=page * PAGE)
    new = [button(language.gettext("✏️ New broadcast"), "newbroadcast", style="primary")]
    last = [button(language.gettext("‹ Organise"), "organise")]
    if not found:
        text = language.html(
            "<b>Broadcasts</b>\nA broadcast is a message to many people at once, each in their own language."
            " Nothing has been sent yet."
        )
        return show(text, [new, last])
    rows = [
        [button(f"{state_mark(one)} {beginning(one, language, 30)}", "broadcast", one.id)] for one in found
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Newer"), "broadcasts", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Older ›"), "broadcasts", page + 1))
    lines = [_line(one, press) for one in found]
    text = Markup("\n\n").join([language.html("<b>Broadcasts</b>"), *lines])
    return show(text, [*rows, turning, new, last])


def _line(broadcast: Broadcast, turn: Turn) -> Markup:
    language = turn.language
    when = broadcast.started_at or broadcast.created_at
    if broadcast.state == "scheduled" and broadcast.send_at is not None:
        when = broadcast.send_at
    said = language.html(
        "{state}, {when}",
        state=state_name(broadcast, language),
        when=language.moment(when, turn.setup.home, now=turn.now),
    )
    return Markup("{} {}\n{}").format(state_mark(broadcast), beginning(broadcast, language), said)


async def _leave_message(press: Press, tx: Transaction) -> None:
    if press.where.message_id is not None:
        await broadcasts.leave_message(tx, press.where.chat_id, press.where.message_id)


async def open_card(turn: Turn, tx: Transaction, broadcast_id: int, *, anew: bool = False) -> Reply:
    """A draft with what can be done to it, or how far a broadcast has come."""
    found = await broadcasts.find(tx, broadcast_id)
    if found is None:
        return _gone(turn)
    if found.state != "draft":
        return await broadcast_sending.open_progress(turn, tx, found)
    counted = await audiences.count(tx, found.audience)
    language = turn.language
    facts = [
        language.html("📝 <b>Draft of a broadcast</b>"),
        Markup("<i>{}</i>").format(beginning(found, language, 200)),
        *_describe_content(found, language),
    ]
    facts.append(await broadcast_audience.describe(turn, tx, found.audience))
    facts.append(broadcast_audience.describe_count(language, counted))
    text = Markup("\n").join(facts)
    return (
        Reply((Say(text, _draft_buttons(found, turn)),)) if anew else show(text, _draft_buttons(found, turn))
    )


def _describe_content(found: Broadcast, language: Language) -> list[Markup]:
    """What it is in which languages, and what can be pressed under it."""
    names = [_describe_in(locale, found, language) for locale in LOCALES if locale in found.variants]
    missing = [NATIVE_NAMES[locale] for locale in LOCALES if locale not in found.variants]
    facts = [language.html("🌐 Written in: {languages}", languages=language.joined(names, "unit"))]
    if missing:
        facts.append(
            language.html(
                "Readers of {others} get it in {base}.",
                others=language.joined(missing),
                base=NATIVE_NAMES[found.base_locale],
            )
        )
    labels = [isolate(label_of(one, found, language)) for one in buttons_of(found)]
    if labels:
        facts.append(language.html("🔘 Buttons: {labels}", labels=language.joined(labels, "unit")))
    if any(one.poll is not None for one in found.variants.values()):
        facts.append(
            language.html(
                "📊 The poll comes to you as a message of its own. Everyone votes in that one, and you see"
                " the results there."
            )
        )
    return facts


def _describe_in(locale: str, found: Broadcast, language: Language) -> str:
    variant = found.variants[locale]
    if variant.text and not variant.media:
        return NATIVE_NAMES[locale]
    # Translators: what kind of message there is in a language, such as "English (an album of 3 files)".
    return language.gettext(
        "{language} ({kind})", language=NATIVE_NAMES[locale], kind=described(variant, language)
    )


def _draft_buttons(found: Broadcast, turn: Turn) -> list[Sequence[Button]]:
    language = turn.language
    texts = [
        button(
            f"{'✏️' if locale in found.variants else '＋'} {NATIVE_NAMES[locale]}",
            "broadcasttext",
            found.id,
            locale,
        )
        for locale in LOCALES
    ]
    rows: list[Sequence[Button]] = [texts[start : start + 3] for start in range(0, len(texts), 3)]
    return [
        *rows,
        [
            button(language.gettext("🔘 Buttons"), "broadcastbuttons", found.id),
            button(language.gettext("👥 Who gets it"), "broadcastwhom", found.id),
        ],
        [
            button(language.gettext("👁 Preview"), "broadcastpreview", found.id),
            button(language.gettext("📩 Test to me"), "broadcasttest", found.id),
        ],
        [button(language.gettext("📤 Send…"), "broadcastconfirm", found.id, style="primary")],
        [
            button(language.gettext("🗑 Delete the draft"), "broadcastdelete", found.id),
            button(language.gettext("‹ Broadcasts"), "broadcasts"),
        ],
    ]


def _gone(turn: Turn) -> Reply:
    language = turn.language
    return show(
        language.html("This broadcast is not there any more."),
        [[button(language.gettext("‹ Broadcasts"), "broadcasts")]],
    )


async def press_card(press: Press, tx: Transaction) -> Reply:
    return await open_card(press, tx, press.number(0))


async def begin_new(press: Press, tx: Transaction) -> Reply:
    """Ask for the message in the organiser's own language."""
    data = {"locale": press.person.locale, "broadcast": None, "removable": False}
    return await forms.begin(press, tx, FORM, data)


async def begin_text(press: Press, tx: Transaction) -> Reply:
    """Ask for the message in one of the languages, anew or for the first time."""
    found, locale = await broadcasts.find(tx, press.number(0)), press.word(1)
    if found is None or found.state != "draft" or locale not in LOCALES:
        return await open_card(press, tx, press.number(0))
    removable = locale in found.variants and locale != found.base_locale
    return await forms.begin(
        press, tx, FORM, {"locale": locale, "broadcast": found.id, "removable": removable}
    )


async def _finish_text(turn: Turn, tx: Transaction, data: Data) -> Reply:
    variant, locale, broadcast_id = variant_from(data), data["locale"], data["broadcast"]
    if broadcast_id is not None:
        if not await decisions.write(tx, broadcast_id, locale, variant):
            note = turn.language.html("It was sent or deleted meanwhile, so this text was not taken.")
            return Reply((Say(note),)) + await open_card(turn, tx, broadcast_id)
    elif variant is not None:
        broadcast_id = await decisions.draft(
            tx, author_id=turn.person.id, locale=locale, variant=variant, now=turn.now
        )
    if variant is not None:
        await broadcast_polls.share(tx, broadcast_id, locale, variant, author_id=turn.person.id, now=turn.now)
    return await open_card(turn, tx, broadcast_id)


def _way_back(turn: Turn) -> Button:
    known = turn.dialogue.data if turn.dialogue else {}
    if known.get("broadcast") is not None:
        return button(turn.language.gettext("‹ Back"), "broadcast", known["broadcast"])
    return button(turn.language.gettext("‹ Broadcasts"), "broadcasts")


FORM = Form("broadcast", STEPS, _finish_text, _way_back, organisers_only=True)


async def preview(press: Press, tx: Transaction) -> Reply:
    """Every text as real messages, just as its readers see them, and the draft again below."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_card(press, tx, press.number(0))
    return as_readers_see(press, found) + await open_card(press, tx, found.id, anew=True)


async def send_test(press: Press, tx: Transaction) -> Reply:
    """The message as it would come to whoever presses, with everything that can be pressed under it."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_card(press, tx, press.number(0))
    variant = found.variants.get(press.language.locale, found.variants[found.base_locale])
    return original(found, variant, press.language)


async def ask_delete(press: Press, tx: Transaction) -> Reply:
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_card(press, tx, press.number(0))
    language = press.language
    text = language.html("Delete the draft “{words}”?", words=beginning(found, language))
    rows = [
        [button(language.gettext("Yes, delete it"), "broadcastdeleted", found.id, style="danger")],
        [button(language.gettext("‹ Back"), "broadcast", found.id)],
    ]
    return show(text, rows)


async def delete(press: Press, tx: Transaction) -> Reply:
    """Forget a draft. What was sent stays in the list."""
    if not await decisions.discard(tx, press.number(0)):
        return await open_card(press, tx, press.number(0))
    deleted = toast(press.language.gettext("The draft is deleted."))
    return deleted + await browse(replace(press, args=()), tx)
