"""A guardian's answer: the link a young person passes on, and the yes or no in the guardian's own account."""

import pytest

from bot.language import LOCALES, language
from storage import consents, people, rsvps
from storage.consents import Consent
from storage.events import Event
from tests.conftest import OWNER, Amity
from tests.making import agreed
from tests.moves import forged, pressed
from tests.phone import Phone, buttons, text_of
from tests.visits import (
    answer,
    delegation,
    has,
    join,
    open_visit,
    tap,
    told_everything,
)


async def consent_of(amity: Amity, event: Event, phone: Phone) -> Consent:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person
        rsvp = await rsvps.find(tx, event.id, person.id)
        assert rsvp
        found = await consents.find_of_rsvp(tx, rsvp.id)
    assert found
    return found


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_guardian_answers_in_their_own_account(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await delegation(amity, guardian_consent=True)
    kid = await agreed(amity.telegram, "Siu <b>Ming", locale=locale)
    await join(kid, event)
    await kid.press(words.gettext("👪 Are you 18 or over?"))
    await kid.wait_for(words.gettext("Are you 18 or over?"))
    await kid.press(words.gettext("No, I am younger"))
    await kid.wait_for("start=guard_")
    token = (await consent_of(amity, event, kid)).token
    assert f"start=guard_{token}" in text_of(await kid.last())

    # The link's holder is a stranger: language and consent come first, and the link is not forgotten.
    mum = await amity.telegram.person("Mum", language_code="en")
    await mum.write(f"/start guard_{token}")
    await mum.wait_for("語言")
    await mum.press(f"v1:hello:{locale}")
    await mum.wait_for("/privacy")
    await mum.press("v1:agree")
    asked = await mum.wait_for(has(words.gettext("I don't agree")))
    assert "Siu <b>Ming" in text_of(asked)
    assert "Delta <Mission>" in text_of(asked)
    await mum.press(words.gettext("I agree"), asked)
    await mum.wait_for(words.gettext("What is your full name?"))
    await mum.send_sticker()
    await mum.wait_for(words.gettext("Please send it as text."))
    await mum.write("Made Up Mother")
    await mum.wait_for(has(words.gettext("Mother")))
    await mum.press(words.gettext("Mother"))
    await mum.wait_for(has(words.gettext("Skip")))
    await mum.press(words.gettext("Skip"))
    await mum.wait_for(has(words.gettext("Take my consent back")))
    given = await consent_of(amity, event, kid)
    assert (given.state, given.guardian_name, given.relation) == ("given", "Made Up Mother", "mother")
    agrees = words.gettext(
        "✅ Your parent or guardian has agreed: you can take part in <b>{title}</b>.",
        title="Delta <Mission>",
    )
    await kid.wait_for(agrees.replace("<b>", "").replace("</b>", ""))

    dad = await agreed(amity.telegram, "Dad", locale=locale)
    await dad.write(f"/start guard_{token}")
    await dad.wait_for(
        words.gettext(
            "Another parent or guardian has answered already. If something is wrong with that, please ask us."
        )
    )
    await kid.write(f"/start guard_{token}")
    await kid.wait_for(
        words.gettext(
            "This link is for your parent or guardian. Please pass it on: they answer on their own phone."
        )
    )
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await open_visit(boss, event, locale)
    await boss.press(words.gettext("🛂 Travellers"))
    await boss.wait_for(words.gettext("guardian agrees"))

    await mum.press(words.gettext("Take my consent back"))
    await mum.wait_for(has(words.gettext("I agree")))
    assert (await consent_of(amity, event, kid)).state == "refused"
    await kid.wait_for(has(words.gettext("👪 Tell me more")))


async def test_links_that_are_wrong_or_old_say_so(amity: Amity) -> None:
    event = await delegation(amity, guardian_consent=True)
    kid, mum = await agreed(amity.telegram, "Kid"), await agreed(amity.telegram, "Mum")
    await join(kid, event)
    await tap(kid, "Are you 18 or over?", "Are you 18 or over?")
    await tap(kid, "No, I am younger", "start=guard_")
    old = (await consent_of(amity, event, kid)).token
    await tap(kid, "Make a new link", "start=guard_")
    new = (await consent_of(amity, event, kid)).token
    assert old != new
    for token in (old, "nonsense", ""):
        await answer(mum, f"/start guard_{token}", "of no use any more")
    await answer(mum, f"/start guard_{new}", "Delta <Mission>")
    asked = await mum.last()
    for data in (f"guardyes:{old}", "guardno:made-up", "guard:", "guardyes:"):
        await forged(amity, mum, f"v1:{data}")
    assert (await consent_of(amity, event, kid)).state == "asked"
    await pressed(amity, mum, "I don't agree", asked)
    await pressed(amity, mum, "I don't agree", asked)
    assert (await consent_of(amity, event, kid)).state == "refused"
    await kid.wait_for("does not agree")


async def test_a_grown_up_says_so_and_is_done(amity: Amity) -> None:
    event = await delegation(amity, guardian_consent=True)
    wai = await agreed(amity.telegram, "Wai")
    await join(wai, event)
    await tap(wai, "Are you 18 or over?", "Are you 18 or over?")
    await tap(wai, "Yes, I am 18 or over", "you are 18 or over")
    back = await tap(wai, "Back to the event", "You have a place")
    assert not any("👪" in label for label in buttons(back))


async def test_what_is_kept_of_travellers_and_guardians_is_in_their_exports(amity: Amity) -> None:
    event = await delegation(amity, traveller_details=True, guardian_consent=True)
    ming, mum = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Mum")
    await told_everything(ming, event)
    await tap(ming, "Back to the event", "You have a place")
    await tap(ming, "Are you 18", "Are you 18")
    await tap(ming, "No, I am younger", "start=guard_")
    token = (await consent_of(amity, event, ming)).token
    await answer(mum, f"/start guard_{token}", "Delta <Mission>")
    await tap(mum, "I agree", "What is your full name?")
    await answer(mum, "Made Up Mother", "How are you related")
    await answer(mum, "Big sister", "phone number")
    await answer(mum, "5555 9999", "You have agreed")
    for phone, own, others in (
        (ming, ("Chan Made Up", "4567"), ("Aunt Made Up", "5555 1234", "Made Up Mother")),
        (mum, ("Made Up Mother", "Big sister", "5555 9999"), ("Chan Made Up", "Ming")),
    ):
        await answer(phone, "/privacy", "What I keep about you")
        await phone.press("v1:export")
        sent = await phone.wait_for(lambda m: bool(m.get("document")))
        exported = (await phone.download(sent)).decode()
        assert all(one in exported for one in own)
        assert not any(one in exported for one in others)
