"""Telegram's HTML: text and its entities, with offsets in UTF-16 units."""

import re
from typing import Any

from playground.refusals import Violation

Json = dict[str, Any]

_TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"\s+([A-Za-z_:][\w:.-]*)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SEEN = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]，。；：！？）」])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b)"
    r"|(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<![\w&])#\w*[^\W\d]\w*)"
)
_MAY_HOLD = re.compile(r"[/@#]")
_SEALED = {"code", "pre", "text_link"}


def utf16_length(text: str) -> int:
    """Count UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """Read Telegram's HTML. What Telegram can't read raises with its words; offsets there are in bytes."""
    if "<" not in markup and "&" not in markup:
        return markup, []
    pieces: list[str] = []
    entities: list[Json] = []
    opened: list[tuple[str, Json, str]] = []
    length = at = 0

    def take(raw: str) -> None:
        nonlocal length
        plain = _unescape(raw) if "&" in raw else raw
        pieces.append(plain)
        length += utf16_length(plain)

    while True:
        start = markup.find("<", at)
        if start < 0:
            take(markup[at:])
            break
        take(markup[at:start])
        tag = _TAG.match(markup, start)
        where = len(markup[:start].encode())
        if tag is None:
            raise _unreadable(_unclosed(markup, start, where))
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        if closing:
            if not opened:
                raise _unreadable(f"Unexpected end tag at byte offset {where}")
            expected, entity, link = opened.pop()
            if name != expected:
                raise _unreadable(
                    f'Unmatched end tag at byte offset {where}, expected "</{expected}>", found "</{name}>"'
                )
            _finish(entities, entity, link, "".join(pieces), length)
        else:
            if name not in _TAGS:
                raise _unreadable(f'Unsupported start tag "{name}" at byte offset {where}')
            entity, link = _begin(name, rest, where, opened)
            opened.append((name, {**entity, "offset": length}, link))
        at = tag.end()
    if opened:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    entities.reverse()  # of two that cover the same, the outer was closed last and comes first
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return "".join(pieces), _apart(entities)


def _unreadable(problem: str) -> Violation:
    return Violation(f"can't parse entities: {problem}")


def _unclosed(markup: str, start: int, where: int) -> str:
    following = markup[start + 1 : start + 2]
    if following == "/":
        return f"Unclosed end tag at byte offset {where}"
    name = re.match(r"[^\s>/]*", markup[start + 1 :])
    word = name[0].lower() if name else ""
    if word in _TAGS:
        return f"Unclosed start tag at byte offset {where}"
    return f'Unsupported start tag "{word}" at byte offset {where}'


def _begin(name: str, rest: str, where: int, opened: list[tuple[str, Json, str]]) -> tuple[Json, str]:
    attributes = {
        found[1].lower(): _unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(rest)
    }
    entity: Json = {"type": _TAGS[name]}
    link = ""
    match name:
        case "a":
            link = attributes.get("href", "")
        case "span" if attributes.get("class") != "tg-spoiler":
            raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        case "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        case "tg-time":
            if not attributes.get("unix", "").isdigit():
                raise _unreadable(f'Tag "tg-time" must have attribute "unix" at byte offset {where}')
            entity["unix_time"] = int(attributes["unix"])
            if attributes.get("format"):
                entity["date_time_format"] = attributes["format"]
        case "blockquote" if "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        case "code" if opened and opened[-1][0] == "pre":
            language = attributes.get("class", "")
            if language.startswith("language-"):
                entity["language"] = language.removeprefix("language-")
    return entity, link


def _finish(entities: list[Json], entity: Json, link: str, text: str, length: int) -> None:
    """Note a closed tag's entity, unless it is empty or leads nowhere."""
    covered = length - entity["offset"]
    if covered <= 0:
        return
    if entity["type"] == "text_link":
        address = link or text.encode("utf-16-le", "surrogatepass")[entity["offset"] * 2 :].decode(
            "utf-16-le", "replace"
        )
        address = link_of(address)
        if address.startswith("tg://user?id="):
            entity = {
                "type": "text_mention",
                "offset": entity["offset"],
                "user": {"id": int(address[13:] or 0)},
            }
        elif address:
            entity["url"] = address
        else:
            return
    entities.append({"type": entity["type"], "offset": entity["offset"], "length": covered, **entity})


def link_of(address: str) -> str:
    """Give the address as Telegram keeps it, or nothing where it is not one."""
    address = address.strip()
    if re.match(r"(?i)(?:https?|tg|ton|tonsite)://[^\s]+$", address):
        if re.match(r"(?i)https?://[^/\s?#]+$", address):
            return address + "/"
        return address
    if re.match(r"(?i)(?:mailto|tel):\S+$", address):
        return address
    if re.match(r"[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?$", address):
        return "http://" + (address if re.search(r"[/?#]", address) else address + "/")
    return ""


def _apart(entities: list[Json]) -> list[Json]:
    """Fold code inside pre into it, and drop what code and pre can't hold."""
    kept: list[Json] = []
    for entity in entities:
        end = entity["offset"] + entity["length"]
        holder = next(
            (
                k
                for k in kept
                if k["type"] in {"code", "pre"}
                and k["offset"] <= entity["offset"]
                and end <= k["offset"] + k["length"]
            ),
            None,
        )
        if holder is None:
            kept.append(entity)
        elif holder["type"] == "pre" and "language" in entity and holder["length"] == entity["length"]:
            holder["language"] = entity["language"]
    for entity in kept:
        if entity["type"] == "code":
            entity.pop("language", None)
    return kept


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut the white space at both ends, and the entities with it."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, entities
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    limit = utf16_length(stripped)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] - shift + entity["length"], limit)
        if begin < end:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return stripped, kept


def with_seen(text: str, entities: list[Json]) -> list[Json]:
    """Add what Telegram sees in plain text by itself: commands, addresses, mentions, hashtags."""
    if not _MAY_HOLD.search(text) and "@" not in text:
        return entities
    sealed = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _SEALED]
    found = []
    for hit in _SEEN.finditer(text):
        begin = utf16_length(text[: hit.start()])
        length = utf16_length(hit[0])
        if not any(begin < end and start < begin + length for start, end in sealed):
            found.append({"type": hit.lastgroup, "offset": begin, "length": length})
    if not found:
        return entities
    return sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"]))


def _unescape(raw: str) -> str:
    def character(found: re.Match[str]) -> str:
        if found[3]:
            return _NAMED[found[3]]
        point = int(found[1]) if found[1] else int(found[2], 16)
        if point in {0} or point > 0x10FFFF or 0xD800 <= point < 0xE000:
            return found[0]
        return chr(point)

    return _REFERENCE.sub(character, raw)
