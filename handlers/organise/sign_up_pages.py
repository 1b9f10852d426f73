"""The pages of an event's sign-up options, in words and with their buttons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import groups
from bot.language import Language
from handlers.events import title_of
from handlers.organise.answers import tell_companions, tell_spans
from handlers.organise.sign_up_steps import tell_lasting
from handlers.replies import Button, Keyboard, button, link
from handlers.turns import Setup, Turn
from storage.events import Event
from storage.groups import Group

OFFERS: Final = (30, 120, 720, 1440)
ALERTS: Final = (168, 72, 48, 24, 12, 3)
# More groups than this no screen shows.
MOST_GROUPS: Final = 20


@dataclass(frozen=True)
class Options:
    """An event with what its options need to be said."""

    event: Event
    # How many questions of its own it asks.
    questions: int
    groups: tuple[Group, ...]
    # How long before a shift those who have it are reminded.
    shift_reminders: tuple[str, ...] = ()


Page = tuple[Markup, Keyboard]


def _overview(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    lines = [
        language.html("<b>Sign-up options</b> · {title}", title=title_of(event, language)),
        Markup(""),
        *_tell_ways(event, language),
        language.html("For: {whom}", whom=_tell_whom(options, language)),
        _tell_time(event, turn),
        _tell_party(event, language),
        _tell_approval(event, language),
        _tell_wait(event, language),
        language.html("Questions of its own: {n}", n=language.number(options.questions)),
        language.html("Feedback afterwards: {answer}", answer=_yes(language, event.feedback)),
        _tell_shifts(event, language),
    ]

    def to(label: str, page: str) -> Button:
        return button(label, "osignup", event.id, page)

    rows = [
        [to(language.gettext("Where and places"), "ways"), to(language.gettext("For whom"), "whom")],
        [to(language.gettext("Opening, deadline"), "time"), to(language.gettext("Companions"), "party")],
        [to(language.gettext("Approval"), "approval"), to(language.gettext("Waitlist"), "wait")],
        [
            button(language.gettext("Questions"), "oasks", event.id),
            _switch(event, language.gettext("Feedback"), "feedback", event.feedback),
        ],
        [
            to(language.gettext("Volunteers"), "shifts"),
            button(language.gettext("‹ Back"), "oevent", event.id),
        ],
    ]
    return Markup("\n").join(lines), rows


def _ways(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    labels = {
        "here": language.gettext("On the spot"),
        "online": language.gettext("Online"),
        "both": language.gettext("Both, as people choose"),
    }
    text = [language.html("<b>How do people take part?</b>"), Markup(""), *_tell_ways(event, language)]
    if event.ways != "here" and not event.online_url:
        text.append(language.html("⚠ There is no online link yet."))
    rows: list[list[Button]] = [
        [button(_ticked(label, event.ways == way), "oset", event.id, "ways", way)]
        for way, label in labels.items()
    ]
    places = []
    if event.ways != "online":
        places.append(button(language.gettext("Places on the spot"), "ochange", event.id, "places", "s"))
    if event.ways != "here":
        places.append(button(language.gettext("Places online"), "ochange", event.id, "online_places", "s"))
    rows += [places, [button(language.gettext("Online link"), "ochange", event.id, "online", "s")]]
    return Markup("\n").join(text), [*rows, _back(event, language)]


def _whom(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    text = [language.html("<b>For whom is it?</b>"), _explain_whom(options, turn)]
    rows = [
        [_choose(event, language.gettext("Everyone"), "everyone", event.audience == "everyone")],
        [_choose(event, language.gettext("Members only"), "members", _is_for_members(options))],
    ]
    others = [group for group in options.groups if group.code != groups.MEMBERS][:MOST_GROUPS]
    for group in others:
        chosen = event.audience == "group" and event.group_id == group.id
        rows.append([_choose(event, groups.name_of(group, language.locale), str(group.id), chosen)])
    rows.append(
        [_choose(event, language.gettext("By invitation link"), "invited", event.audience == "invited")]
    )
    if event.audience == "invited" and event.invite_token is not None:
        address = invitation_address(event.invite_token, turn.setup)
        rows.append(
            [
                link(language.gettext("↗ Share the link"), share_address(address)),
                button(language.gettext("New link"), "onewlink", event.id),
            ]
        )
    if event.audience == "group" and event.group_id is not None:
        rows.append([button(language.gettext("Who is in the group"), "ogroup", event.group_id)])
    elif not others:
        rows.append([button(language.gettext("Make a group"), "ogroups")])
    return Markup("\n\n").join(text), [*rows, _back(event, language)]


def share_address(address: str) -> str:
    """Telegram's own "share" page, with a link."""
    return "https://t.me/share/url?" + urlencode({"url": address})


def invitation_address(token: str, setup: Setup) -> str:
    return f"https://t.me/{setup.username}?start=invite_{token}"


def _explain_whom(options: Options, turn: Turn) -> Markup:
    language, event = turn.language, options.event
    match event.audience:
        case "invited":
            said = language.html(
                "Only those who open the invitation link find it and can sign up. Whoever has a place"
                " keeps it."
            )
            if event.invite_token is None:
                return said
            address = invitation_address(event.invite_token, turn.setup)
            return said + Markup("\n\n<code>{}</code>").format(address)
        case "group":
            return language.html(
                "Only those in the group “{group}” find it and can sign up. Whoever has a place keeps it.",
                group=_tell_whom(options, language),
            )
        case _:
            return language.html("Everyone finds it in the list of events and can sign up.")


def _time(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    text = language.html("<b>When can people sign up?</b>") + Markup("\n\n") + _tell_time(event, turn)
    rows = [
        [
            button(language.gettext("Opening"), "ochange", event.id, "opens", "s"),
            button(language.gettext("Deadline"), "ochange", event.id, "deadline", "s"),
        ]
    ]
    return text, [*rows, _back(event, language)]


def _party(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    text = language.html("<b>May people bring others?</b>") + Markup("\n\n") + _tell_party(event, language)
    rows = [[button(language.gettext("How many companions"), "ochange", event.id, "companions", "s")]]
    if event.companions:
        rows.append([_switch(event, language.gettext("Ask for their names"), "names", event.companion_names)])
    return text, [*rows, _back(event, language)]


def _approval(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    explained = language.html("Whoever signs up gets a place at once, or waits for one.")
    if event.approval:
        explained = language.html(
            "Whoever signs up applies; you approve or refuse under “Applications”. Those who have a place"
            " already keep it. Switched off, all applications that wait are granted."
        )
    text = language.html("<b>Do you decide who comes?</b>") + Markup("\n\n") + explained
    rows = [[_switch(event, language.gettext("Places need approval"), "approval", event.approval)]]
    if event.approval:
        label = language.gettext("Who was refused may apply again")
        rows.append([_switch(event, label, "again", event.apply_again)])
    return text, [*rows, _back(event, language)]


def _wait(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    explained = language.html(
        "The next in line gets a freed place at once and is told. Whoever can't come gives it up with a tap."
    )
    if event.offer_minutes is not None:
        explained = language.html(
            "A freed place is offered to the next in line for {time}; then it goes to the one after. As the"
            " event comes near, the time gets shorter by itself.",
            time=tell_lasting(language, event.offer_minutes),
        )
    text = language.html("<b>What happens when a place is freed?</b>") + Markup("\n\n") + explained
    at_once = _ticked(language.gettext("Given at once"), event.offer_minutes is None)
    offers = [
        button(
            _ticked(tell_lasting(language, minutes), event.offer_minutes == minutes),
            "oset",
            event.id,
            "offer",
            minutes,
        )
        for minutes in OFFERS
    ]
    own = language.gettext("Another time")
    if event.offer_minutes is not None and event.offer_minutes not in OFFERS:
        own = _ticked(tell_lasting(language, event.offer_minutes), True)
    smaller = language.gettext("A smaller party may go first")
    rows = [
        [button(at_once, "oset", event.id, "offer", 0)],
        offers[:2],
        offers[2:],
        [button(own, "ochange", event.id, "offer", "s")],
        [_switch(event, smaller, "smaller", event.smaller_first)],
    ]
    return text, [*rows, _back(event, language)]


def _shifts(options: Options, turn: Turn) -> Page:
    language, event = turn.language, options.event
    text = [
        language.html("<b>Volunteers of this event</b>"),
        language.html("You hear of a shift that is not full so long before it begins. Tick what suits you."),
    ]
    alerts = [
        button(
            _ticked(language.before(_lead(hours)), hours in event.unfilled_hours),
            "oset",
            event.id,
            "unfilled",
            hours,
            int(hours not in event.unfilled_hours),
        )
        for hours in sorted({*ALERTS, *event.unfilled_hours}, reverse=True)
    ]
    reminded = tell_spans(language, options.shift_reminders)
    text.append(language.html("Volunteers are reminded of their shifts: {times}", times=reminded))
    hold = language.gettext("Keep the shift until cover is found")
    reminding = language.gettext("🔔 Reminders of shifts")
    rows = [alerts[start : start + 2] for start in range(0, len(alerts), 2)]
    rows += [
        [_switch(event, hold, "hold", event.hold_shifts)],
        [button(reminding, "ochange", event.id, "shift_reminders", "s")],
        [button(language.gettext("🙋 Shifts"), "oshifts", event.id)],
    ]
    return Markup("\n\n").join(text), [*rows, _back(event, language)]


PAGES: Mapping[str, Callable[[Options, Turn], Page]] = {
    "": _overview,
    "ways": _ways,
    "whom": _whom,
    "time": _time,
    "party": _party,
    "approval": _approval,
    "wait": _wait,
    "shifts": _shifts,
}


def _tell_ways(event: Event, language: Language) -> list[Markup]:
    def places(capacity: int | None) -> Markup:
        if capacity is None:
            return language.html("no limit")
        return language.nhtml("{n} place", "{n} places", capacity)

    lines = []
    if event.ways != "online":
        lines.append(language.html("On the spot: {places}", places=places(event.capacity)))
    if event.ways != "here":
        lines.append(language.html("Online: {places}", places=places(event.online_capacity)))
    return lines


def _is_for_members(options: Options) -> bool:
    event = options.event
    return event.audience == "group" and any(
        group.id == event.group_id and group.code == groups.MEMBERS for group in options.groups
    )


def _tell_whom(options: Options, language: Language) -> Markup:
    event = options.event
    if event.audience == "invited":
        return language.html("whoever has the invitation link")
    if event.audience == "group":
        for group in options.groups:
            if group.id == event.group_id:
                return escape(groups.name_of(group, language.locale))
        return language.html("nobody")
    return language.html("everyone")


def _tell_time(event: Event, turn: Turn) -> Markup:
    language, zone = turn.language, ZoneInfo(event.zone)
    opens = language.html("Opens: at once")
    if event.opens_at is not None:
        when = language.moment(event.opens_at, zone, now=turn.now)
        opens = language.html("Opens: {when}", when=when)
    closes = language.html("Closes: when the event begins")
    if event.deadline_at is not None:
        when = language.moment(event.deadline_at, zone, now=turn.now)
        closes = language.html("Closes: {when}", when=when)
    return opens + Markup("\n") + closes


def _tell_party(event: Event, language: Language) -> Markup:
    said = tell_companions(language, event.companions)
    if event.companions and event.companion_names:
        return said + Markup("\n") + language.html("Their names are asked for.")
    return said


def _tell_approval(event: Event, language: Language) -> Markup:
    if not event.approval:
        return language.html("Approval: not needed")
    if event.apply_again:
        return language.html("Approval: by you; who was refused may apply again")
    return language.html("Approval: by you; a refusal stands")


def _tell_wait(event: Event, language: Language) -> Markup:
    said = language.html("Waitlist: a freed place is given at once")
    if event.offer_minutes is not None:
        said = language.html(
            "Waitlist: a freed place is offered for {time}", time=tell_lasting(language, event.offer_minutes)
        )
    if event.smaller_first:
        said += Markup("\n") + language.html("A smaller party may go first.")
    return said


def _tell_shifts(event: Event, language: Language) -> Markup:
    spans = [language.before(_lead(hours)) for hours in event.unfilled_hours]
    alerts = language.html(
        "Alert when a shift is not full: {times}", times=language.joined(spans) or language.gettext("never")
    )
    if not event.hold_shifts:
        return alerts
    return alerts + Markup("\n") + language.html("Volunteers keep a shift until cover is found.")


def _lead(hours: int) -> str:
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"


def _yes(language: Language, value: bool) -> str:
    return language.gettext("yes") if value else language.gettext("no")


def _ticked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _switch(event: Event, label: str, option: str, value: bool) -> Button:
    """Shows what is so and, pressed, sets the opposite of what it showed, however often."""
    return button(f"☑ {label}" if value else f"☐ {label}", "oset", event.id, option, int(not value))


def _choose(event: Event, label: str, value: str, chosen: bool) -> Button:
    return button(_ticked(label, chosen), "oset", event.id, "for", value)


def _back(event: Event, language: Language) -> list[Button]:
    return [button(language.gettext("‹ Sign-up options"), "osignup", event.id)]
