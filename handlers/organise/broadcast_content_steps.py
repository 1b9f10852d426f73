"""Composing a broadcast: sent to the bot just as its readers should see it, or asked for step by step."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from telegram import Message, MessageEntity

from bot.cutting import shortened
from bot.language import NATIVE_NAMES, Language, isolate
from handlers.forms import Choice, Collected, Data, Misread, Step, Understood
from handlers.organise.broadcast_content import STACKED
from handlers.turns import Turn, Writing
from storage.broadcasts import Variant

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
ALBUM_LIMIT = 10
QUESTION_LIMIT, OPTION_LIMIT, FEWEST_OPTIONS, MOST_OPTIONS = 300, 100, 2, 12
NAME_LIMIT = 100
# Marks that readers' own Telegram finds again, such as addresses and hashtags, need not be kept.
FORMATTING = frozenset(
    {
        MessageEntity.BOLD,
        MessageEntity.ITALIC,
        MessageEntity.UNDERLINE,
        MessageEntity.STRIKETHROUGH,
        MessageEntity.SPOILER,
        MessageEntity.BLOCKQUOTE,
        MessageEntity.EXPANDABLE_BLOCKQUOTE,
        MessageEntity.CODE,
        MessageEntity.PRE,
        MessageEntity.TEXT_LINK,
        MessageEntity.TEXT_MENTION,
        MessageEntity.CUSTOM_EMOJI,
    }
)
# An animation is a document too, for clients that know none.
FILES = ("animation", "video", "audio", "document")
# What buttons answer: leave this language out, all files have been sent, ask for a poll.
REMOVE, ALL_SENT, WRITE_POLL = "remove", "sent", "poll"

Answer = Understood | Misread | Collected


def _read_message(writing: Writing, data: Data) -> Answer:
    """The message as values that can be kept; the refusal of another kind says what can be sent."""
    message, language = writing.message, writing.language
    if message is None:
        raise LookupError("something was written without a message")
    if message.poll is not None:
        return _read_poll(message, language)
    if message.venue is not None or message.location is not None:
        return _read_place(message)
    said = text_of(message)
    item = _file_of(message)
    limit = CAPTION_LIMIT if item or data.get("files") else TEXT_LIMIT
    if len(said["text"]) > limit:
        return Misread(_too_long(language, len(said["text"]), limit))
    if item is not None and (message.media_group_id is not None or data.get("files")):
        return _collect(item, said, message.media_group_id, data, language)
    if item is not None:
        return Understood({**said, "media": [item]})
    if message.text is None or not said["text"]:
        return Misread(
            language.html(
                "That can't be a broadcast. Please send a text, pictures, videos or files with a text under"
                " them, a poll or a location; nothing you did before is lost."
            )
        )
    if data.get("files"):
        taken = language.html("This text stands with the files.")
        return Misread(taken, {"caption": said})
    return Understood({**said, "media": []})


def _too_long(language: Language, length: int, limit: int) -> Markup:
    return language.html(
        "That is {length} characters long, and {limit} fit. Please send a shorter text;"
        " everything you sent before is safe.",
        length=language.number(length),
        limit=language.number(limit),
    )


def text_of(message: Message) -> dict[str, Any]:
    """Its text or caption with the formatting that Telegram would not find again by itself."""
    entities = (message.entities if message.text is not None else message.caption_entities) or ()
    kept = [_kept(entity) for entity in entities if entity.type in FORMATTING]
    return {"text": _storable(message.text or message.caption or ""), "entities": kept}


def _storable(text: str) -> str:
    """The text with what no database can bear replaced by as many others, so that entities stay right."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if letter == "\0" or unicodedata.category(letter) == "Cs" else letter
        for letter in text
    )


def _kept(entity: MessageEntity) -> dict[str, Any]:
    values = entity.to_dict()
    values["type"] = str(values["type"])
    return values


def _file_of(message: Message) -> dict[str, Any] | None:
    """The picture, film, sound or file in it, by Telegram's id, and how it is to be shown."""
    also = {
        name: True
        for name, wanted in (
            ("has_spoiler", message.has_media_spoiler),
            ("show_caption_above_media", message.show_caption_above_media),
        )
        if wanted
    }
    if message.photo:
        return {"type": "photo", "id": message.photo[-1].file_id, "also": also}
    for kind in FILES:
        found = getattr(message, kind)
        if found is not None:
            return {"type": kind, "id": found.file_id, "also": also}
    return None


def _collect(
    item: dict[str, Any], said: dict[str, Any], group: str | None, data: Data, language: Language
) -> Answer:
    """One more file of an album. Telegram sends each by itself and never says which is the last."""
    files: Sequence[Mapping[str, Any]] = data.get("files") or ()
    if len(files) >= ALBUM_LIMIT:
        return Misread(language.html("An album holds ten files at most; I have kept the first ten."))
    kinds = {one["type"] for one in files} | {item["type"]}
    if "animation" in kinds or (len(kinds) > 1 and kinds & set(STACKED)):
        return Misread(
            language.html(
                "Pictures and videos go together in one album; files and sounds only with their like, and"
                " GIFs alone. I have kept what came before this one."
            )
        )
    learnt: dict[str, Any] = {"files": [*files, item], "group": group}
    if said["text"] and not (data.get("caption") or {}).get("text"):
        learnt["caption"] = said
    if files and group is not None and group == data.get("group"):
        return Collected(learnt)
    if group is not None:
        return Misread(language.html("Your album is coming in."), learnt)
    count = language.nhtml("That is {n} file now.", "That is {n} files now.", len(files) + 1)
    return Misread(count, learnt)


def _read_poll(message: Message, language: Language) -> Answer:
    poll = message.poll
    if poll is None:
        raise LookupError("there is no poll in the message")
    if poll.type != "regular":
        return Misread(language.html("A quiz can't be sent to many. Please send an ordinary poll."))
    options = [_storable(option.text) for option in poll.options]
    asked = {
        "question": _storable(poll.question),
        "options": options,
        "several": bool(poll.allows_multiple_answers),
    }
    return Understood({"text": "", "entities": [], "media": [], "poll": asked})


def _read_place(message: Message) -> Answer:
    venue, location = message.venue, message.venue.location if message.venue else message.location
    if location is None:
        raise LookupError("there is no place in the message")
    place = {
        "latitude": location.latitude,
        "longitude": location.longitude,
        "title": _storable(venue.title) if venue else "",
        "address": _storable(venue.address) if venue else "",
    }
    return Understood({"text": "", "entities": [], "media": [], "place": place})


def _ask_message(turn: Turn, data: Data) -> Markup:
    language = turn.language
    if data.get("files"):
        # How many there are is not said: those that come at once are answered once, at the first.
        return language.html(
            "When all pictures or files have been sent, press “That is all”. You can add others, or send the"
            " text that stands with them."
        )
    return language.html(
        "<b>The message in {language}</b>\n"
        "Send it to me now, just as people should see it: a text with bold, links and emoji as you like,"
        " pictures, videos or files with a text under them, a poll or a location.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _choices(turn: Turn, data: Data) -> list[Choice]:
    language = turn.language
    if data.get("files"):
        return [Choice(language.gettext("✅ That is all"), ALL_SENT, style="success")]
    offered = [Choice(language.gettext("📊 Write a poll"), WRITE_POLL)]
    if data.get("removable"):
        name = NATIVE_NAMES[data["locale"]]
        offered.append(Choice(language.gettext("Leave out {language}", language=name), REMOVE))
    return offered


def _ask_question(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What does the poll ask? Readers choose from answers that you write next.")


def _read_line(limit: int, writing: Writing) -> Understood | Misread:
    line = " ".join(writing.text.split())
    if not line or writing.message is None or writing.message.text is None:
        return Misread(writing.language.html("Please send it as text."))
    if len(line) > limit:
        return Misread(_too_long(writing.language, len(line), limit))
    return Understood(line)


def _read_question(writing: Writing, data: Data) -> Understood | Misread:
    return _read_line(QUESTION_LIMIT, writing)


def _ask_options(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Which answers are there? Please send them in one message, each on a line of its own:"
        " from two to twelve."
    )


def _read_options(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    options = [" ".join(line.split()) for line in writing.text.split("\n")]
    options = [line for line in options if line]
    if not options:
        return Misread(language.html("Please send it as text."))
    twice = next((line for line in options if options.count(line) > 1), None)
    if twice is not None:
        return Misread(
            language.html(
                "The answer “{answer}” is there twice. Please send all of them again.",
                answer=isolate(shortened(twice, 40)),
            )
        )
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        return Misread(
            language.html(
                "A poll has from two to twelve different answers, each on a line of its own;"
                " that was {n}. Please send all of them again.",
                n=language.number(len(options)),
            )
        )
    longest = max(options, key=len)
    if len(longest) > OPTION_LIMIT:
        return Misread(
            language.html(
                "The answer “{answer}” is {length} characters long, and {limit} fit. Please send all of them"
                " again.",
                answer=isolate(shortened(longest, 40)),
                length=language.number(len(longest)),
                limit=language.number(OPTION_LIMIT),
            )
        )
    return Understood(options)


def _ask_several(turn: Turn, data: Data) -> Markup:
    return turn.language.html("May one choose several of them?")


def _how_many(turn: Turn, data: Data) -> list[Choice]:
    one, several = turn.language.gettext("Only one"), turn.language.gettext("Several")
    return [Choice(one, False), Choice(several, True)]


def _ask_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is the place called? Readers see its name under the map.")


def _read_name(writing: Writing, data: Data) -> Understood | Misread:
    return _read_line(NAME_LIMIT, writing)


def _writes_poll(data: Data) -> bool:
    return data.get("message") == WRITE_POLL


def _has_nameless_place(data: Data) -> bool:
    said = data.get("message")
    return isinstance(said, Mapping) and bool(said.get("place")) and not said["place"]["title"]


# Their form's data are `locale`, `broadcast` (None: a new one) and `removable`.
STEPS = (
    Step("message", _ask_message, _read_message, _choices),
    Step("question", _ask_question, _read_question, applies=_writes_poll),
    Step("options", _ask_options, _read_options, applies=_writes_poll),
    Step("several", _ask_several, choices=_how_many, columns=2, applies=_writes_poll),
    Step("name", _ask_name, _read_name, optional=True, applies=_has_nameless_place),
)


def variant_from(data: Data) -> Variant | None:
    """What the form was told, as the broadcast keeps it; None where the language is to be left out."""
    said = data["message"]
    if said == REMOVE:
        return None
    if said == WRITE_POLL:
        poll = {"question": data["question"], "options": data["options"], "several": data["several"]}
        return Variant("", poll=poll)
    if said == ALL_SENT:
        caption = data.get("caption") or {"text": "", "entities": []}
        return Variant(caption["text"], tuple(caption["entities"]), tuple(data["files"]))
    place = said.get("place")
    if place and not place["title"]:
        place = {**place, "title": data.get("name") or ""}
    return Variant(said["text"], tuple(said["entities"]), tuple(said["media"]), said.get("poll"), place)
