"""Methods about the bot itself, chats, their members and what is pinned or reacted there."""

from typing import Any

from playground.forms import Call
from playground.methods.posting import find_chat, reachable_chat, without_reply
from playground.refusals import Violation, bad_request
from playground.telegram import Chat, Telegram

Json = dict[str, Any]

_EMOJI = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
    "❤️‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 "
    "😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡"
)
REACTIONS = frozenset(_EMOJI.split())
_DENIED = (
    "can_be_edited can_manage_video_chats can_restrict_members can_promote_members is_anonymous "
    "can_post_stories can_edit_stories can_delete_stories"
)
_GRANTED = (
    "can_manage_chat can_delete_messages can_change_info can_invite_users can_pin_messages can_manage_topics"
)


def get_me(telegram: Telegram, call: Call) -> Json:
    """Tell who the bot is."""
    return {
        **telegram.me,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_webhook(telegram: Telegram, call: Call) -> bool:
    """Keep where updates are to be posted; plain HTTP is taken for this machine only."""
    url = call.text("url")
    local = url.startswith(("http://127.0.0.1", "http://localhost"))
    if url and not url.startswith("https://") and not local:
        raise Violation("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.text("secret_token")
    if len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise Violation("secret token contains unallowed characters")
    if not 1 <= call.whole("max_connections", 40) <= 100:
        raise Violation("max_connections must be within 1-100")
    telegram.updates.webhook = {
        "url": url,
        "secret": secret,
        "max_connections": call.whole("max_connections", 40),
    }
    _allow(telegram, call)
    if call.flag("drop_pending_updates"):
        telegram.updates.pending.clear()
    telegram.updates.arrived.ring()
    return True


def delete_webhook(telegram: Telegram, call: Call) -> bool:
    """Go back to polling."""
    telegram.updates.webhook = {}
    if call.flag("drop_pending_updates"):
        telegram.updates.pending.clear()
    telegram.updates.arrived.ring()
    return True


def _allow(telegram: Telegram, call: Call) -> None:
    allowed = call.structure("allowed_updates")
    if isinstance(allowed, list):
        telegram.updates.allowed = [str(kind) for kind in allowed]


def get_webhook_info(telegram: Telegram, call: Call) -> Json:
    """Tell where updates go and how many wait."""
    updates = telegram.updates
    info: Json = {
        "url": updates.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if updates.webhook.get("url"):
        info["max_connections"] = updates.webhook["max_connections"]
        info |= updates.webhook.get("error", {})
    if updates.allowed:
        info["allowed_updates"] = updates.allowed
    return info


def get_chat(telegram: Telegram, call: Call) -> Json:
    """Tell what a chat is."""
    chat = find_chat(telegram, call)
    if chat.private and not chat.opened:
        raise bad_request("chat not found")
    pinned = [chat.entries[i].message for i in chat.pinned[-1:] if i in chat.entries]
    return {
        **chat.face,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
        **({"pinned_message": without_reply(pinned[0])} if pinned else {}),
    }


def get_chat_member(telegram: Telegram, call: Call) -> Json:
    """Tell what somebody is in a chat."""
    chat = find_chat(telegram, call)
    number = call.whole("user_id")
    if number == telegram.me["id"]:
        return _member(telegram, chat, telegram.me, "administrator" if chat.bot_is_admin else "member")
    person = telegram.people.get(number)
    if person is None:
        raise bad_request("member not found")
    if number not in chat.members:
        return {"status": "left", "user": person.face}
    owner = not chat.private and chat.members[0] == number
    return _member(telegram, chat, person.face, "creator" if owner else "member")


def _member(telegram: Telegram, chat: Chat, user: Json, status: str) -> Json:
    if status == "creator":
        return {"status": status, "user": user, "is_anonymous": False}
    if status == "administrator":
        return {"status": status, "user": user, **administrator_rights()}
    return {"status": status, "user": user}


def administrator_rights() -> Json:
    """What the bot may do once it is an administrator."""
    return {**dict.fromkeys(_DENIED.split(), False), **dict.fromkeys(_GRANTED.split(), True)}


def get_chat_administrators(telegram: Telegram, call: Call) -> list[Json]:
    """List a group's administrators: its owner, and the bot if it is one."""
    chat = find_chat(telegram, call)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    found = [_member(telegram, chat, telegram.people[i].face, "creator") for i in chat.members[:1]]
    if chat.bot_is_admin:
        found.append(_member(telegram, chat, telegram.me, "administrator"))
    return found


def set_message_reaction(telegram: Telegram, call: Call) -> bool:
    """Put the bot's reaction on a message, one emoji of those Telegram knows, or take it off."""
    reaction = call.structure("reaction") or []
    if len(reaction) > 1:
        raise Violation("REACTIONS_TOO_MANY")
    for one in reaction:
        if one.get("type") == "emoji" and one.get("emoji") not in REACTIONS:
            raise Violation("REACTION_INVALID")
    chat = reachable_chat(telegram, call)
    entry = chat.entries.get(call.whole("message_id"))
    if entry is None:
        raise bad_request("message to react not found")
    entry.extra = {**entry.extra, "reactions": [one.get("emoji", "") for one in reaction]}
    telegram.revise(chat, entry, entry.message)
    return True


def pin_chat_message(telegram: Telegram, call: Call) -> bool:
    """Pin a message at the top of a chat."""
    chat = reachable_chat(telegram, call)
    number = call.whole("message_id")
    if number not in chat.entries:
        raise bad_request("message to pin not found")
    need_admin(chat, "not enough rights to manage pinned messages in the chat")
    chat.pinned = [*(i for i in chat.pinned if i != number), number]
    chat.changed.ring()
    return True


def unpin_chat_message(telegram: Telegram, call: Call) -> bool:
    """Unpin a message, or the newest pinned one."""
    chat = reachable_chat(telegram, call)
    need_admin(chat, "not enough rights to manage pinned messages in the chat")
    number = call.whole("message_id", chat.pinned[-1] if chat.pinned else 0)
    chat.pinned = [i for i in chat.pinned if i != number]
    chat.changed.ring()
    return True


def need_admin(chat: Chat, problem: str) -> None:
    if not chat.private and not chat.bot_is_admin:
        raise bad_request(problem)


METHODS = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
}
