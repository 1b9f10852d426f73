"""Whose travel details and consents an organiser still waits for, and the manifest of a visit."""

from typing import Final

from markupsafe import Markup

from bot import audit, calendars, lists, programme, visits
from bot.language import Language, isolate
from bot.lists import Cell, Sheet
from handlers.events import title_of
from handlers.guardians import relation_name
from handlers.organise.event_admin import gone
from handlers.replies import Button, Reply, alert, button, file, show, toast
from handlers.traveller_steps import document_name, expiry_name
from handlers.turns import Press
from storage import Transaction, consents, events, travellers
from storage.consents import Consent
from storage.events import Event
from storage.travellers import Party, Traveller

PAGE: Final = 20


async def list_travellers(press: Press, tx: Transaction) -> Reply:
    """Whose details and consent are there and whose are missing; nothing of the details themselves."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language = press.language
    parties = await travellers.list_parties(tx, event.id)
    by_rsvp = {one.rsvp_id: one for one in await consents.list_of_event(tx, event.id)}
    page = min(max(0, press.number(1)), max(0, (len(parties) - 1) // PAGE))
    parts = [
        language.html("🛂 <b>Travellers: {title}</b>", title=title_of(event, language)),
        _summary(event, parties, by_rsvp, language),
    ]
    if expired := await visits.list_expired(tx, event):
        parts.append(
            language.nhtml(
                "⚠️ {n} document expires before the end. The manifest shows whose.",
                "⚠️ {n} documents expire before the end. The manifest shows whose.",
                len(expired),
            )
        )
    numbered = list(enumerate(parties, start=1))[page * PAGE : (page + 1) * PAGE]
    lines = [_line(number, party, by_rsvp.get(party.rsvp_id), event, language) for number, party in numbered]
    parts.append(Markup("\n").join(lines))
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "otravel", event.id, page - 1))
    if (page + 1) * PAGE < len(parties):
        turning.append(button(language.gettext("Next ›"), "otravel", event.id, page + 1))
    rows: list[list[Button]] = [turning]
    live = event.state == "published" and press.now < event.starts_at
    if live and event.traveller_details and any(not party.complete for party in parties):
        rows.append([button(language.gettext("🔔 Remind those who are missing"), "otravelremind", event.id)])
    if any(party.filled for party in parties) or by_rsvp:
        rows.append([button(language.gettext("📄 Manifest as a file"), "omanifest", event.id)])
    rows.append([button(language.gettext("‹ Back to the visit"), "ovisit", event.id)])
    return show(Markup("\n\n").join(part for part in parts if part), rows)


def _summary(event: Event, parties: list[Party], by_rsvp: dict[int, Consent], language: Language) -> Markup:
    if not parties:
        return language.html("Nobody has a place yet.")
    lines = []
    if event.traveller_details:
        size, filled = sum(one.size for one in parties), sum(one.filled for one in parties)
        lines.append(
            language.html(
                "Details: {filled} of {all} people", filled=language.number(filled), all=language.number(size)
            )
        )
    if event.guardian_consent:
        states = [by_rsvp[one.rsvp_id].state if one.rsvp_id in by_rsvp else "asked" for one in parties]
        lines.append(
            language.html(
                "Consent: {given} given, {asked} missing, {refused} refused, {adults} are 18 or over",
                given=language.number(states.count("given")),
                asked=language.number(states.count("asked")),
                refused=language.number(states.count("refused")),
                adults=language.number(states.count("adult")),
            )
        )
    return Markup("\n").join(lines)


def _line(number: int, party: Party, consent: Consent | None, event: Event, language: Language) -> Markup:
    line = Markup("{}. {}").format(number, isolate(party.person[:64]))
    if event.traveller_details:
        mark = "✅" if party.complete else "▫️"
        line += Markup(" {} {}/{}").format(mark, party.filled, party.size)
    if event.guardian_consent:
        line += Markup(" · ") + _consent_in_words(consent, language)
    return line


def _consent_in_words(consent: Consent | None, language: Language) -> str:
    match consent and consent.state:
        case "given":
            return language.gettext("guardian agrees")
        case "refused":
            return language.gettext("guardian does not agree")
        case "adult":
            return language.gettext("18 or over")
        case _:
            return language.gettext("consent missing")


async def remind(press: Press, tx: Transaction) -> Reply:
    """Remind those whose details are missing; pressing again on the same day reminds nobody twice."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language = press.language
    live = event.state == "published" and press.now < event.starts_at
    if not live or not event.traveller_details:
        return alert(language.gettext("There is nobody to be reminded any more."))
    missing = await visits.remind_now(tx, event, now=press.now)
    if missing:
        await audit.note(
            tx, "travellers_reminded", now=press.now, actor_id=press.person.id, event_id=event.id
        )
    return alert(
        language.ngettext(
            "{n} person is reminded. I do this once a day at most.",
            "{n} people are reminded. I do this once a day at most.",
            missing,
        )
    )


async def send_manifest(press: Press, tx: Transaction) -> Reply:
    """Everything the visit has to know of its travellers, as an .xlsx file; that it was taken is noted."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language = press.language
    parties = {one.rsvp_id: one for one in await travellers.list_parties(tx, event.id)}
    details = [one for one in await travellers.list_of_event(tx, event.id) if one.rsvp_id in parties]
    given = [one for one in await consents.list_of_event(tx, event.id) if one.rsvp_id in parties]
    if not details and not given:
        return alert(language.gettext("No details are kept for this visit."))
    warning = language.gettext("Personal data: keep this file to yourself and delete it after use.")
    expired = await visits.list_expired(tx, event)
    sheets = [_travellers(details, expired, parties, warning, language), _safety(details, warning, language)]
    if given:
        sheets.append(_consents(given, warning, language))
    await audit.note(
        tx,
        "manifest_exported",
        now=press.now,
        actor_id=press.person.id,
        event_id=event.id,
        count=len(details),
    )
    title = programme.text_of(event, language.locale).title
    name = calendars.file_name(title).removesuffix(".ics") + ".xlsx"
    caption = language.html("🛂 <b>Travellers: {title}</b>", title=title) + Markup("\n{}").format(warning)
    return toast("") + file(name, lists.workbook_of(sheets, made_at=press.now), caption)


def _travellers(
    details: list[Traveller],
    expired: list[Traveller],
    parties: dict[int, Party],
    warning: str,
    language: Language,
) -> Sheet:
    headings = [
        language.gettext("Name on the document"),
        language.gettext("Document"),
        language.gettext("Last four characters"),
        language.gettext("Valid until"),
        language.gettext("Signed up by"),
        language.gettext("Telegram name"),
    ]
    rows: list[list[Cell]] = [
        [
            one.name,
            document_name(language, one.document),
            one.document_last,
            _valid_until(one, expired, language),
            parties[one.rsvp_id].person,
            f"@{parties[one.rsvp_id].username}" if parties[one.rsvp_id].username else "",
        ]
        for one in details
    ]
    return Sheet(language.gettext("Travellers"), headings, rows, warning)


def _valid_until(one: Traveller, expired: list[Traveller], language: Language) -> str:
    said = one.document_expires or expiry_name(language, "")
    return f"⚠️ {said}" if one in expired else said


def _safety(details: list[Traveller], warning: str, language: Language) -> Sheet:
    headings = [
        language.gettext("Name on the document"),
        language.gettext("Emergency contact"),
        language.gettext("Their phone number"),
        language.gettext("Diet"),
        language.gettext("Access needs"),
    ]
    rows: list[list[Cell]] = [
        [one.name, one.emergency_name, one.emergency_phone, one.diet, one.access] for one in details
    ]
    return Sheet(language.gettext("Emergency, diet, access"), headings, rows, warning)


def _consents(given: list[Consent], warning: str, language: Language) -> Sheet:
    headings = [
        language.gettext("Name"),
        language.gettext("Status"),
        language.gettext("Guardian"),
        language.gettext("Relation"),
        language.gettext("Their phone number"),
    ]
    rows: list[list[Cell]] = [
        [
            one.person,
            _consent_in_words(one, language),
            one.guardian_name,
            relation_name(language, one.relation),
            one.phone,
        ]
        for one in given
    ]
    return Sheet(language.gettext("Guardians"), headings, rows, warning)
