"""The association's circles of people: who may join by which link, and who is let in to what is theirs."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot import audit
from bot.language import LOCALES, language
from storage import Transaction, groups
from storage.groups import Group

# The group of the association's members, to which "members only" refers.
MEMBERS: Final = "members"


def new_token() -> str:
    """Sixteen characters that nobody guesses and that fit into a link."""
    return secrets.token_urlsafe(12)


def name_of(group: Group, locale: str) -> str:
    """The group's name in the language, or in the first one that it was given one in."""
    return group.names.get(locale) or next(iter(group.names.values()))


async def ensure_members_group(tx: Transaction, *, now: datetime) -> Group:
    """The group of the association's members; it is made by whoever needs it first."""
    found = await groups.find_by_code(tx, MEMBERS)
    if found is None:
        names = {locale: language(locale).gettext("Members") for locale in LOCALES}
        await groups.add(tx, names, token=new_token(), now=now, code=MEMBERS)
        found = await groups.find_by_code(tx, MEMBERS)
    if found is None:
        raise LookupError("a group just written was not found")
    return found


async def is_of_the_association(tx: Transaction, person_id: int) -> bool:
    """Whether the person is one of the association's members."""
    return await groups.is_in_code(tx, MEMBERS, person_id)


async def create(tx: Transaction, names: Mapping[str, str], *, actor_id: int, now: datetime) -> Group:
    """A new group, with nobody in it and a link by which people join it."""
    group_id = await groups.add(tx, names, token=new_token(), now=now)
    found = await groups.find(tx, group_id) if group_id is not None else None
    if found is None:
        raise LookupError("a group just written was not found")
    await audit.note(tx, "group_created", now=now, actor_id=actor_id, group=found.id)
    return found


async def join_by_token(tx: Transaction, token: str, person_id: int, *, now: datetime) -> Group | None:
    """Put whoever opened the link into its group; None when the link is no longer any group's.

    Opening it again is harmless.
    """
    group = await groups.find_by_token(tx, token)
    if group is None:
        return None
    if await groups.join(tx, group.id, person_id, now=now):
        await audit.note(
            tx, "group_joined", now=now, actor_id=person_id, subject_id=person_id, group=group.id
        )
    return group


async def renew_token(tx: Transaction, group_id: int, *, actor_id: int, now: datetime) -> str:
    """Make a new link; the old one lets nobody in any more. Those who are in the group stay in it."""
    token = new_token()
    await groups.change(tx, group_id, token=token)
    await audit.note(tx, "group_changed", now=now, actor_id=actor_id, group=group_id)
    return token


async def rename(
    tx: Transaction, group_id: int, names: Mapping[str, str], *, actor_id: int, now: datetime
) -> None:
    await groups.change(tx, group_id, names=dict(names))
    await audit.note(tx, "group_changed", now=now, actor_id=actor_id, group=group_id)


async def drop(tx: Transaction, group_id: int, *, actor_id: int, now: datetime) -> bool:
    """Delete the group; say whether that was done.

    The members' group stays, and so does one for which alone an event to come is.
    """
    group = await groups.find(tx, group_id)
    if group is None or group.code is not None:
        return False
    if await groups.count_events_to_come(tx, group_id, now=now):
        return False
    await groups.delete_group(tx, group_id)
    await audit.note(tx, "group_deleted", now=now, actor_id=actor_id, group=group_id)
    return True


async def take_out(tx: Transaction, group_id: int, person_id: int, *, actor_id: int, now: datetime) -> bool:
    """Take somebody out of the group; say whether they were in it. Places they have already stay theirs."""
    if not await groups.leave(tx, group_id, person_id):
        return False
    await audit.note(tx, "group_removed", now=now, actor_id=actor_id, subject_id=person_id, group=group_id)
    return True
