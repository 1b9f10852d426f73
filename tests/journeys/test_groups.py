"""Organisers make groups, hand out their links, and see and change who is in them."""

import pytest

from bot import groups
from bot.language import LOCALES, NATIVE_NAMES, language
from storage import groups as kept
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import buttons, text_of


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_group_is_made_and_joined_by_its_link(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await boss.write("/organise")
    await boss.wait_for(lambda m: words.gettext("👥 Groups") in buttons(m))
    await boss.press(words.gettext("👥 Groups"))
    await boss.wait_for(words.gettext("Events can be for one group alone. People join a group by its link."))
    await boss.press(words.gettext("➕ New group"))
    await boss.wait_for(
        words.gettext(
            "What is the group called? Please write it in {language}.", language=NATIVE_NAMES[locale]
        )
    )
    await boss.write("Choir & <b>Friends</b>")
    for other in (one for one in LOCALES if one != locale):
        asked = words.gettext(
            "And in {language}? Skip this to call it “{group}” there too.",
            language=NATIVE_NAMES[other],
            group="Choir & <b>Friends</b>",
        )
        await boss.wait_for(asked)
        await boss.press(words.gettext("Skip"))
    shown = text_of(
        await boss.wait_for(words.gettext("✅ The group is there. Send its link to those who belong to it."))
    )
    token = shown.split("?start=group_")[1].split()[0]
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write(f"/start group_{token}")
    await ming.wait_for("Choir & <b>Friends</b>")
    async with amity.database.read() as tx:
        group = await kept.find_by_token(tx, token)
        assert group
        assert [one.name for one in await kept.list_members(tx, group.id, limit=9)] == ["Ming"]
    await boss.forge(f"v1:ogroup:{group.id}", (await boss.last())["message_id"])
    await boss.wait_for(lambda m: any("Ming" in label for label in buttons(m)))
    await boss.forge(f"v1:ogroupout:{group.id}:2", (await boss.last())["message_id"])
    await boss.wait_for(lambda m: words.gettext("Yes, take out") in buttons(m))
    await boss.press(words.gettext("Yes, take out"))
    await boss.wait_for(words.ngettext("{n} person is in it.", "{n} people are in it.", 0))
    await boss.press(words.gettext("New link"))
    await boss.wait_for(lambda m: words.gettext("Make a new link") in buttons(m))
    await boss.press(words.gettext("Make a new link"))
    await boss.wait_for(lambda m: "?start=group_" in text_of(m) and token not in text_of(m))
    wai = await agreed(amity.telegram, "Wai", locale=locale)
    await wai.write(f"/start group_{token}")
    await wai.settled()
    async with amity.database.read() as tx:
        assert await kept.count_members(tx, group.id) == 0


async def test_a_group_in_use_is_not_deleted_and_the_members_group_never(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    person = await known_person(amity.database, 50, now=NOON)
    async with amity.database.write() as tx:
        used = await groups.create(tx, {"en": "Choir"}, actor_id=person.id, now=NOON)
        free = await groups.create(tx, {"en": "Class"}, actor_id=person.id, now=NOON)
        members = await groups.ensure_members_group(tx, now=NOON)
    await published_event(amity.database, now=NOON, audience="group", group_id=used.id)
    here = (await boss.last())["message_id"]
    await boss.forge(f"v1:ogroupdrop:{used.id}", here)
    await boss.wait_for("1 event to come is for this group.")
    await boss.forge(f"v1:ogroupdropped:{used.id}", here)
    await boss.forge(f"v1:ogroupdropped:{members.id}", here)
    await boss.forge(f"v1:ogroupdrop:{free.id}", here)
    await boss.wait_for("Delete the group “Class”?")
    await boss.press("Yes, delete it")
    await boss.wait_for("The group is deleted.")
    async with amity.database.read() as tx:
        assert {group.id for group, _ in await kept.list_all(tx)} == {used.id, members.id}


async def test_members_come_in_pages_and_a_group_is_renamed(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    async with amity.database.write() as tx:
        group = await groups.ensure_members_group(tx, now=NOON)
    for number in range(25):
        person = await known_person(amity.database, 5000 + number, now=NOON)
        async with amity.database.write() as tx:
            await kept.join(tx, group.id, person.id, now=NOON)
    here = (await boss.last())["message_id"]
    await boss.forge(f"v1:ogroup:{group.id}:99", here)
    await boss.wait_for(lambda m: any("5024" in label for label in buttons(m)))
    await boss.press("‹ Previous")
    await boss.wait_for(lambda m: any("5010" in label for label in buttons(m)))
    await boss.press("Rename")
    await boss.wait_for("Now: Members")
    await boss.write("Our members")
    await boss.wait_for("And in 繁體中文?")
    await boss.press("Leave it empty")
    await boss.settled()
    await boss.press("Leave it empty")
    await boss.wait_for("✅ Changed.")
    assert "Our members" in text_of(await boss.last())


async def test_forged_buttons_of_groups_break_nothing(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    here = (await boss.last())["message_id"]
    for operation in (
        "ogroup",
        "ogroupname",
        "ogrouplink",
        "ogrouplinked",
        "ogroupout",
        "ogroupouted",
        "ogroupdrop",
        "ogroupdropped",
        "ohistory",
    ):
        for args in ("", ":-1", ":x:y", ":99999999999999999999", ":7:7", ":0:-5"):
            query = await boss.forge(f"v1:{operation}{args}", here)
            assert await amity.telegram.answer(query) is not None, (operation, args)
    await boss.settled()
    assert not any("went wrong" in text_of(one) for one in await boss.messages())
