"""The files Telegram keeps, and what it sees in a picture."""

import itertools
import mimetypes
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.refusals import Refused, Violation, bad_request

Json = dict[str, Any]

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A stored file; `path` is where the bot fetches it."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    data: bytes
    path: str


class Files:
    """Everything sent by people and by the bot, by file id."""

    def __init__(self) -> None:
        self.by_id: dict[str, File] = {}
        self.by_path: dict[str, File] = {}
        self._numbers = itertools.count(1)

    def keep(self, kind: str, name: str, mime: str, data: bytes) -> File:
        """Store a file and give it an id."""
        number = next(self._numbers)
        name = clean_name(name)
        if mime in {"", "application/octet-stream"}:
            mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = re.search(r"\.[A-Za-z0-9]{1,16}$", name)
        path = f"{kind}s/file_{number}{suffix[0] if suffix else '.jpg' if kind == 'photo' else ''}"
        file = File(f"PG{kind[:2].upper()}{number:08d}file", f"PG{number:08d}", kind, name, mime, data, path)
        self.by_id[file.id] = self.by_path[path] = file
        return file

    def again(self, file_id: str, kind: str) -> File:
        """Give a file for sending once more; of another kind or unknown is refused as Telegram does."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
        return file

    def fetched(self, file_id: str) -> Json:
        """Answer getFile; more than 20 MB can't be fetched by a bot."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return {**_named(file), "file_path": file.path}


def clean_name(name: str) -> str:
    """Cut a name as Telegram does: no folders, no control characters, 64 characters and an ending of 16."""
    base = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", name)[-1]).strip()
    stem, dot, ending = base.rpartition(".")
    if not dot or not stem:
        return base[:64]
    return f"{stem[:64]}.{ending[:16]}"


def _named(file: File) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def check_upload(kind: str, data: bytes) -> None:
    """Refuse what is empty, too big, or no picture where one is wanted."""
    if not data:
        raise Violation("file must be non-empty")
    if len(data) > UPLOAD_BYTES:
        raise Violation("Request Entity Too Large", code=413)
    if kind != "photo":
        return
    if len(data) > PHOTO_BYTES:
        raise Violation(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is 10485760 bytes"
        )
    size = picture_size(data)
    if size is None:
        raise Violation("IMAGE_PROCESS_FAILED")
    width, height = size
    if not width or not height or width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise Violation("PHOTO_INVALID_DIMENSIONS")


def content_of(file: File) -> Json:
    """Describe a file as the part of a message that carries it."""
    return _CONTENT.get(file.kind, _document)(file)


def _photo(file: File) -> Json:
    width, height = picture_size(file.data) or (320, 240)
    return {"photo": [{**_named(file), "width": width, "height": height}]}


def _document(file: File) -> Json:
    return {"document": {**_named(file), "file_name": file.name, "mime_type": file.mime}}


def _sticker(file: File) -> Json:
    return {
        "sticker": {
            **_named(file),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "🙂",
        }
    }


def _voice(file: File) -> Json:
    return {"voice": {**_named(file), "duration": 3, "mime_type": "audio/ogg"}}


def _video(file: File) -> Json:
    return {"video": {**_named(file), "width": 320, "height": 240, "duration": 3, "mime_type": file.mime}}


def _audio(file: File) -> Json:
    return {"audio": {**_named(file), "duration": 3, "mime_type": file.mime, "file_name": file.name}}


_CONTENT: dict[str, Callable[[File], Json]] = {
    "photo": _photo,
    "document": _document,
    "sticker": _sticker,
    "voice": _voice,
    "video": _video,
    "audio": _audio,
}
KINDS = frozenset(_CONTENT)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Read width and height out of a PNG, GIF, WebP or JPEG; None when it is none of them."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", data[16:24])
            return width, height
        if data[:6] in {b"GIF87a", b"GIF89a"}:
            width, height = struct.unpack("<HH", data[6:10])
            return width, height
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp_size(data)
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
    except (struct.error, IndexError):
        return None
    return None


def _webp_size(data: bytes) -> tuple[int, int]:
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None


def too_large() -> Refused:
    """Refuse a request whose body is past what any upload may be."""
    return Refused(413, "Request Entity Too Large")
