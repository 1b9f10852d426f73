"""What a handler wants said: values that dispatch stores with the decision and sends afterwards."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from markupsafe import Markup

from bot.cutting import shortened
from handlers.wire import Upload

CALLBACK_VERSION = "v1"
TEXT_LIMIT = 4000
# More of a label than this no phone shows.
LABEL_LIMIT = 60
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Button:
    """A button under a message: it runs an operation, or opens an address."""

    text: str
    data: str | None = None
    url: str | None = None
    style: str | None = None

    def described(self) -> dict[str, str]:
        target = {"url": self.url} if self.url else {"callback_data": self.data or ""}
        return {"text": self.text} | target | ({"style": self.style} if self.style else {})


def button(text: str, operation: str, *args: object, style: str | None = None) -> Button:
    """A button that runs an operation; all state it needs are a few short ids. A long label is shortened."""
    data = ":".join([CALLBACK_VERSION, operation, *map(str, args)])
    return Button(shortened(text, LABEL_LIMIT), data=data, style=style)


def link(text: str, url: str) -> Button:
    return Button(text, url=url)


Keyboard = Sequence[Sequence[Button]]


@dataclass(frozen=True)
class Say:
    """A new message, by default in the chat where the person wrote."""

    html: Markup
    buttons: Keyboard = ()
    chat_id: int | None = None
    silent: bool = False
    # The message that this one answers, where that should be seen.
    reply_to: int | None = None
    # The topic of the group in which it stands, where that isn't the one of the person's own message.
    topic: int | None = None
    # In place of buttons, a key below the message field that sends the person's own telephone number.
    contact_button: str | None = None
    # Takes such a key away again.
    without_keys: bool = False

    @property
    def markup(self) -> dict[str, Any] | None:
        if self.contact_button is not None:
            key = {"text": shortened(self.contact_button, LABEL_LIMIT), "request_contact": True}
            return {"keyboard": [[key]], "resize_keyboard": True}
        if self.without_keys:
            return {"remove_keyboard": True}
        return keyboard_markup(self.buttons)


@dataclass(frozen=True)
class Show:
    """The message under the pressed button becomes this; without a button, a new message."""

    html: Markup
    buttons: Keyboard = ()


@dataclass(frozen=True)
class Toast:
    """A short word at the top of the screen, in answer to a press; an alert waits to be tapped away."""

    text: str
    waits: bool = False


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    caption: Markup | None = None


@dataclass(frozen=True)
class Picture:
    """A picture of our own making with words below it."""

    name: str
    content: bytes
    caption: Markup
    buttons: Keyboard = ()


@dataclass(frozen=True)
class Pin:
    """A place on the map; without a title the bare point."""

    latitude: float
    longitude: float
    title: str
    address: str
    buttons: Keyboard = ()
    silent: bool = False


@dataclass(frozen=True)
class Original:
    """What somebody wrote, said again word for word: its formatting is Telegram's own entities, not HTML."""

    text: str
    entities: Sequence[Mapping[str, Any]] = ()
    # Telegram's id of a picture; the text is its caption then.
    photo: str | None = None
    buttons: Keyboard = ()
    silent: bool = False


@dataclass(frozen=True)
class Document:
    """Somebody's file sent again, by Telegram's id: a photo, video, animation, audio or any document.

    `also` are Telegram's own switches for how it is shown, such as `has_spoiler`.
    """

    kind: str
    id: str
    text: str = ""
    entities: Sequence[Mapping[str, Any]] = ()
    buttons: Keyboard = ()
    silent: bool = False
    also: Mapping[str, Any] = field(default_factory=dict)

    @property
    def captioned(self) -> dict[str, Any]:
        return {"caption": self.text, "caption_entities": [dict(one) for one in self.entities], **self.also}


@dataclass(frozen=True)
class Album:
    """Two to ten files shown as one. Telegram allows no buttons under it."""

    files: Sequence[Document]
    silent: bool = False


@dataclass(frozen=True)
class Poll:
    question: str
    options: Sequence[str]
    # Whether one may choose several.
    several: bool = False
    buttons: Keyboard = ()
    silent: bool = False


@dataclass(frozen=True)
class Forward:
    """A message of another chat itself, as polls need it for all votes to count together; without buttons."""

    from_chat_id: int
    message_id: int
    silent: bool = False


@dataclass(frozen=True)
class Raw:
    """Any other call of the Bot API."""

    method: str
    params: dict[str, Any]


# Those that make a sound where they arrive.
Heard = Say | Pin | Original | Document | Album | Poll | Forward
Piece = Say | Show | Toast | File | Picture | Pin | Original | Document | Album | Poll | Forward | Raw


@dataclass(frozen=True)
class Reply:
    """Everything that is said in answer to one update, in order."""

    pieces: tuple[Piece, ...] = ()

    def __add__(self, other: "Reply") -> "Reply":
        return Reply(self.pieces + other.pieces)


NOTHING = Reply()


def say(
    html: Markup,
    buttons: Keyboard = (),
    *,
    chat_id: int | None = None,
    contact_button: str | None = None,
    without_keys: bool = False,
) -> Reply:
    """A new message. Telegram shows buttons under it or keys below the message field, never both."""
    return Reply((Say(html, buttons, chat_id, contact_button=contact_button, without_keys=without_keys),))


def show(html: Markup, buttons: Keyboard = ()) -> Reply:
    return Reply((Show(html, buttons),))


def toast(text: str) -> Reply:
    return Reply((Toast(text),))


def alert(text: str) -> Reply:
    return Reply((Toast(text, waits=True),))


def file(name: str, content: bytes, caption: Markup | None = None) -> Reply:
    return Reply((File(name, content, caption),))


def below(reply: Reply) -> Reply:
    """The same in messages of its own, the message under the pressed button staying as it is."""
    return Reply(
        tuple(Say(piece.html, piece.buttons) if isinstance(piece, Show) else piece for piece in reply.pieces)
    )


def hushed(reply: Reply) -> Reply:
    """The same reply without a sound, for somebody who sleeps."""
    return Reply(
        tuple(replace(piece, silent=True) if isinstance(piece, Heard) else piece for piece in reply.pieces)
    )


def keyboard_markup(buttons: Keyboard) -> dict[str, Any] | None:
    rows = [[one.described() for one in row] for row in buttons if row]
    return {"inline_keyboard": rows} if rows else None


def message_params(html: Markup, buttons: Keyboard) -> dict[str, Any]:
    """The parameters that sending and editing a text have in common."""
    return {
        "text": str(html),
        "parse_mode": "HTML",
        "reply_markup": keyboard_markup(buttons),
        "link_preview_options": {"is_disabled": True},
    }


@dataclass(frozen=True)
class Where:
    """Where an update came from, as far as answering it goes."""

    chat_id: int
    # The message that carries the pressed button, where that was the update.
    message_id: int | None = None
    callback_query_id: str | None = None
    # The topic of a group in which that was.
    topic: int | None = None


def calls(reply: Reply, where: Where) -> list[dict[str, Any]]:
    """The calls that say the reply, as plain values that can be stored until they are made.

    The press is answered first, whatever else is said: the person's screen waits for that alone.
    """
    made = [call for piece in reply.pieces for call in _calls(piece, where)]
    answers = [call for call in made if call["method"] == "answerCallbackQuery"]
    if where.callback_query_id is not None and not answers:
        answers = [
            {"method": "answerCallbackQuery", "params": {"callback_query_id": where.callback_query_id}}
        ]
    return answers + [call for call in made if call["method"] != "answerCallbackQuery"]


def _calls(piece: Piece, where: Where) -> list[dict[str, Any]]:
    match piece:
        case Say(html, _, chat_id, silent, reply_to):
            chat = where.chat_id if chat_id is None else chat_id
            parts = split(html)
            beside = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
            topic = piece.topic or (where.topic if chat == where.chat_id else None)
            return [
                {
                    "method": "sendMessage",
                    "params": {
                        "chat_id": chat,
                        "disable_notification": silent or None,
                        "reply_parameters": beside,
                    }
                    | message_params(part, ())
                    | {"reply_markup": piece.markup if number == len(parts) else None}
                    | ({"message_thread_id": topic} if topic else {}),
                }
                for number, part in enumerate(parts, start=1)
            ]
        case Show(html, buttons) if where.message_id is None:
            return _calls(Say(html, buttons), where)
        case Show(html, buttons):
            edit = {"chat_id": where.chat_id, "message_id": where.message_id}
            first, *rest = split(html)
            changed = edit | message_params(first, () if rest else buttons)
            return [
                {"method": "editMessageText", "params": changed},
                *(_calls(Say(Markup("\n").join(rest), buttons), where) if rest else []),
            ]
        case Toast(text, waits) if where.callback_query_id is not None:
            answer = {
                "callback_query_id": where.callback_query_id,
                "text": text[:200],
                "show_alert": waits or None,
            }
            return [{"method": "answerCallbackQuery", "params": answer}]
        case Toast(text, _):
            # What would be a toast over a button is a sentence where there was no button.
            return _calls(Say(Markup.escape(text)), where)
        case File(name, content, caption):
            upload = {"name": name, "base64": base64.b64encode(content).decode()}
            params: dict[str, Any] = {"chat_id": where.chat_id, "caption": caption, "parse_mode": "HTML"}
            return [{"method": "sendDocument", "params": params, "upload": {"document": upload}}]
        case Picture(name, content, caption, buttons):
            upload = {"name": name, "base64": base64.b64encode(content).decode()}
            params = {
                "chat_id": where.chat_id,
                "caption": caption,
                "parse_mode": "HTML",
                "reply_markup": keyboard_markup(buttons),
            }
            return [{"method": "sendPhoto", "params": params, "upload": {"photo": upload}}]
        case Pin(latitude, longitude, title, address):
            params = _shared(piece, where) | {"latitude": latitude, "longitude": longitude}
            if not title:
                return [{"method": "sendLocation", "params": params}]
            return [{"method": "sendVenue", "params": params | {"title": title, "address": address or title}}]
        case Original(text, entities, str(photo), buttons, silent):
            return _calls(Document("photo", photo, text, entities, buttons, silent), where)
        case Original(text, entities):
            said = {"text": text, "entities": [dict(entity) for entity in entities]}
            return [{"method": "sendMessage", "params": _shared(piece, where) | said}]
        case Document(kind, id):
            params = _shared(piece, where) | {kind: id} | piece.captioned
            return [{"method": f"send{kind.capitalize()}", "params": params}]
        case Album(files, silent):
            media = [{"type": one.kind, "media": one.id} | one.captioned for one in files]
            params = {"chat_id": where.chat_id, "disable_notification": silent or None, "media": media}
            return [{"method": "sendMediaGroup", "params": params}]
        case Poll(question, options, several):
            asked = {"question": question, "options": [{"text": option} for option in options]}
            params = _shared(piece, where) | asked | {"allows_multiple_answers": several or None}
            return [{"method": "sendPoll", "params": params}]
        case Forward(from_chat_id, message_id, silent):
            source = {"from_chat_id": from_chat_id, "message_id": message_id}
            params = {"chat_id": where.chat_id, "disable_notification": silent or None} | source
            return [{"method": "forwardMessage", "params": params}]
        case Raw(method, params):
            return [{"method": method, "params": params}]


def _shared(piece: Pin | Original | Document | Poll, where: Where) -> dict[str, Any]:
    return {
        "chat_id": where.chat_id,
        "disable_notification": piece.silent or None,
        "reply_markup": keyboard_markup(piece.buttons),
    }


def stored_params(call: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a stored call, its files unpacked."""
    uploads = {
        name: Upload(kept["name"], base64.b64decode(kept["base64"]))
        for name, kept in call.get("upload", {}).items()
    }
    return {**call["params"], **uploads}


def split(html: Markup, limit: int = TEXT_LIMIT) -> list[Markup]:
    """Cut a long message between paragraphs, or else between lines; our markup never spans a line."""
    if _length(html) <= limit:
        return [html]
    parts: list[str] = [""]
    for line in str(html).split("\n"):
        joined = f"{parts[-1]}\n{line}" if parts[-1] else line
        if _length(joined) <= limit:
            parts[-1] = joined
        else:
            parts.append(line)
    return [Markup(part) for part in parts if part.strip()]  # noqa: S704 - cut from markup, between lines


def _length(html: str) -> int:
    """How long Telegram finds it: tags don't count, and `&amp;` is one character."""
    return len(unescape(_TAG.sub("", html)))
