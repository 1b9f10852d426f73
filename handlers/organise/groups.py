"""The association's groups: their names, the links by which people join, and who is in them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from bot import groups
from bot.groups import name_of
from bot.language import LOCALES, NATIVE_NAMES, isolate
from handlers import forms
from handlers.forms import Data, Form, Step
from handlers.organise import answers
from handlers.organise.menu import organise_button
from handlers.replies import NOTHING, Button, Reply, button, link, show, toast
from handlers.turns import Press, Setup, Turn
from storage import Transaction
from storage import groups as kept
from storage.groups import Group

PAGE = 10
NAME_LIMIT, MOST_GROUPS = 60, 20


async def browse(press: Press, tx: Transaction) -> Reply:
    return await _list(press, tx)


async def _list(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    language = turn.language
    await groups.ensure_members_group(tx, now=turn.now)
    found = await kept.list_all(tx)
    text = language.html("<b>Groups</b>") + Markup("\n\n")
    text += language.html("Events can be for one group alone. People join a group by its link.")
    rows = [
        [
            button(
                language.gettext(
                    "{group} · {n}", group=name_of(group, language.locale), n=language.number(members)
                ),
                "ogroup",
                group.id,
            )
        ]
        for group, members in found
    ]
    if len(found) < MOST_GROUPS:
        rows.append([button(language.gettext("➕ New group"), "ogroupnew", style="primary")])
    shown = before + Markup("\n\n") + text if before else text
    return show(shown, [*rows, [organise_button(language)]])


async def open_group(press: Press, tx: Transaction) -> Reply:
    return await _show(press, tx, press.number(0), page=press.number(1))


async def _show(
    turn: Turn, tx: Transaction, group_id: int, *, page: int = 0, before: Markup | None = None
) -> Reply:
    """A group's link, and a page of who is in it."""
    group = await kept.find(tx, group_id)
    if group is None:
        return await _list(turn, tx)
    language = turn.language
    total = await kept.count_members(tx, group.id)
    page = min(max(0, page), max(0, total - 1) // PAGE)
    members = await kept.list_members(tx, group.id, limit=PAGE, offset=page * PAGE)
    address = joining_address(group, turn.setup)
    parts = [
        Markup("<b>{}</b>").format(name_of(group, language.locale)),
        language.html("Whoever opens this link joins the group:")
        + Markup("\n<code>{}</code>").format(address),
    ]
    people = language.nhtml("{n} person is in it.", "{n} people are in it.", total)
    if total:
        people += Markup("\n") + language.html("Press a name to take somebody out.")
    parts.append(people)
    rows: list[list[Button]] = [
        [button(isolate(one.name), "ogroupout", group.id, one.person_id)] for one in members
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "ogroup", group.id, page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Next ›"), "ogroup", group.id, page + 1))
    share = "https://t.me/share/url?" + urlencode({"url": address})
    last = [button(language.gettext("Rename"), "ogroupname", group.id)]
    if group.code is None:
        last.append(button(language.gettext("Delete the group"), "ogroupdrop", group.id, style="danger"))
    rows += [
        turning,
        [
            link(language.gettext("↗ Share the link"), share),
            button(language.gettext("New link"), "ogrouplink", group.id),
        ],
        last,
        [button(language.gettext("‹ Groups"), "ogroups")],
    ]
    text = Markup("\n\n").join(parts)
    return show(before + Markup("\n\n") + text if before else text, rows)


def joining_address(group: Group, setup: Setup) -> str:
    return f"https://t.me/{setup.username}?start=group_{group.token}"


async def ask_take_out(press: Press, tx: Transaction) -> Reply:
    group = await kept.find(tx, press.number(0))
    member = await kept.find_member(tx, press.number(0), press.number(1))
    if group is None or member is None:
        return await _show(press, tx, press.number(0))
    language = press.language
    text = language.html(
        "Take <b>{name}</b> out of “{group}”? Places that they have already stay theirs.",
        name=isolate(member.name),
        group=name_of(group, language.locale),
    )
    rows = [
        [
            button(
                language.gettext("Yes, take out"), "ogroupouted", group.id, member.person_id, style="danger"
            )
        ],
        [button(language.gettext("‹ No, keep them"), "ogroup", group.id)],
    ]
    return show(text, rows)


async def take_out(press: Press, tx: Transaction) -> Reply:
    done = NOTHING
    if await groups.take_out(tx, press.number(0), press.number(1), actor_id=press.person.id, now=press.now):
        done = toast(press.language.gettext("Taken out of the group."))
    return done + await _show(press, tx, press.number(0))


async def ask_new_link(press: Press, tx: Transaction) -> Reply:
    group = await kept.find(tx, press.number(0))
    if group is None:
        return await _list(press, tx)
    language = press.language
    text = language.html(
        "Make a new link? The old one lets nobody in any more. Whoever is in the group stays."
    )
    rows = [
        [button(language.gettext("Make a new link"), "ogrouplinked", group.id, group.token[-4:])],
        [button(language.gettext("‹ No, keep it"), "ogroup", group.id)],
    ]
    return show(text, rows)


async def make_new_link(press: Press, tx: Transaction) -> Reply:
    """Replace the link that the button knows; pressed twice, it makes one new link."""
    group, done = await kept.find(tx, press.number(0)), NOTHING
    if group is not None and group.token[-4:] == press.word(1):
        await groups.renew_token(tx, group.id, actor_id=press.person.id, now=press.now)
        done = toast(press.language.gettext("The link is a new one now."))
    return done + await _show(press, tx, press.number(0))


async def ask_drop(press: Press, tx: Transaction) -> Reply:
    """Ask, unless events to come are for this group alone."""
    group = await kept.find(tx, press.number(0))
    if group is None or group.code is not None:
        return await _show(press, tx, press.number(0))
    language = press.language
    using = await kept.count_events_to_come(tx, group.id, now=press.now)
    if using:
        sentence = language.nhtml(
            "{n} event to come is for this group. Please open it to others first.",
            "{n} events to come are for this group. Please open them to others first.",
            using,
        )
        return await _show(press, tx, group.id, before=sentence)
    text = language.html(
        "Delete the group “{group}”? Who was in it is forgotten.", group=name_of(group, language.locale)
    )
    rows = [
        [button(language.gettext("Yes, delete it"), "ogroupdropped", group.id, style="danger")],
        [button(language.gettext("‹ No, keep it"), "ogroup", group.id)],
    ]
    return show(text, rows)


async def drop(press: Press, tx: Transaction) -> Reply:
    if await groups.drop(tx, press.number(0), actor_id=press.person.id, now=press.now):
        said = press.language.html("The group is deleted.")
        return await _list(press, tx, before=said)
    return await _show(press, tx, press.number(0))


async def begin_new(press: Press, tx: Transaction) -> Reply:
    if len(await kept.list_all(tx)) >= MOST_GROUPS:
        return await _list(press, tx)
    return await forms.begin(press, tx, NAMES, {"base": press.language.locale})


async def begin_rename(press: Press, tx: Transaction) -> Reply:
    group = await kept.find(tx, press.number(0))
    if group is None:
        return await _list(press, tx)
    base = next((locale for locale in (press.language.locale, *group.names) if locale in group.names), "")
    data: dict[str, Any] = {"group": group.id, "base": base or press.language.locale}
    return await forms.begin(press, tx, NAMES, {**data, **group.names})


def _ask_name(locale: str) -> Callable[[Turn, Data], Markup]:
    def ask(turn: Turn, data: Data) -> Markup:
        name = NATIVE_NAMES[locale]
        if locale == data["base"]:
            return turn.language.html(
                "What is the group called? Please write it in {language}.", language=name
            )
        return turn.language.html(
            "And in {language}? Skip this to call it “{group}” there too.",
            language=name,
            group=data.get(data["base"], ""),
        )

    return ask


async def _save(turn: Turn, tx: Transaction, data: Data) -> Reply:
    names = {locale: data[locale] for locale in _order(data) if data.get(locale)}
    actor = turn.person.id
    if "group" in data:
        await groups.rename(tx, data["group"], names, actor_id=actor, now=turn.now)
        return await _show(turn, tx, data["group"], before=turn.language.html("✅ Changed."))
    group = await groups.create(tx, names, actor_id=actor, now=turn.now)
    said = turn.language.html("✅ The group is there. Send its link to those who belong to it.")
    return await _show(turn, tx, group.id, before=said)


async def _steps(turn: Turn, tx: Transaction, data: Data) -> tuple[Step, ...]:
    """The name in the organiser's own language comes first and has to be there."""
    return tuple(
        Step(
            locale,
            _ask_name(locale),
            read=answers.read_text(NAME_LIMIT, one_line=True),
            optional=locale != data["base"],
            tell=answers.tell_text,
        )
        for locale in _order(data)
    )


def _order(data: Data) -> list[str]:
    return sorted(LOCALES, key=lambda locale: locale != data["base"])


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "group" in data:
        return button(turn.language.gettext("‹ Back"), "ogroup", data["group"])
    return button(turn.language.gettext("‹ Groups"), "ogroups")


NAMES = Form("group_names", (), finish=_save, way_back=_way_back, organisers_only=True, lay_out=_steps)
