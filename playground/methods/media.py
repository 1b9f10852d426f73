"""Methods that send files."""

import json
from collections.abc import Callable
from typing import Any

from playground import limits
from playground.files import check_upload, content_of
from playground.forms import Call
from playground.methods.posting import post, post_all
from playground.refusals import Violation, bad_request
from playground.telegram import Telegram

Json = dict[str, Any]

ALBUM = range(2, 11)


def stored(telegram: Telegram, call: Call, kind: str, value: Any) -> Json:
    """Take a file from the call or from what Telegram has, and describe it. The playground fetches no URL."""
    upload = call.upload(value)
    if upload is None:
        if not isinstance(value, str) or not value:
            raise Violation(f"there is no {kind} in the request")
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        return content_of(telegram.files.again(value, kind))
    check_upload(kind, upload.data)
    return content_of(telegram.files.keep(kind, upload.name, upload.mime, upload.data))


def send_one(kind: str) -> Callable[[Telegram, Call], Json]:
    """Make the method that sends one kind of file with a caption of at most 1024 characters."""

    def send(telegram: Telegram, call: Call) -> Json:
        value = f"attach://{kind}" if kind in call.files else call.params.get(kind)
        caption = limits.caption(call)
        return post(telegram, call, {**stored(telegram, call, kind, value), **caption})

    return send


def one_medium(telegram: Telegram, call: Call, medium: Json) -> Json:
    """Read an InputMedia: its file and its own caption."""
    kind = str(medium.get("type", ""))
    if kind not in {"photo", "document", "video", "audio"}:
        raise Violation(f"can't parse media: type {kind!r} is not supported")
    inner = Call(call.method, {k: _plain(v) for k, v in medium.items()}, {})
    caption = limits.caption(inner)
    return {**stored(telegram, call, kind, medium.get("media")), **caption}


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def send_media_group(telegram: Telegram, call: Call) -> list[Json]:
    """Send an album of 2 to 10; documents and audio only among their like."""
    media = call.structure("media")
    if not isinstance(media, list) or not all(isinstance(m, dict) for m in media):
        raise Violation("can't parse media: an Array of InputMedia is expected")
    if len(media) < ALBUM.start:
        raise Violation("too few messages to send as an album")
    if len(media) >= ALBUM.stop:
        raise Violation("too many messages to send as an album")
    kinds = {str(m.get("type")) for m in media}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise Violation("document and audio can't be mixed with other media types")
    if call.has("reply_markup"):
        raise Violation("an album can't have a reply markup")
    album = str(telegram.seq + 1)
    return post_all(
        telegram, call, [{**one_medium(telegram, call, m), "media_group_id": album} for m in media]
    )


def get_file(telegram: Telegram, call: Call) -> Json:
    """Tell where a file of at most 20 MB can be fetched."""
    return telegram.files.fetched(call.text("file_id"))


METHODS: dict[str, Callable[[Telegram, Call], Any]] = {
    "sendPhoto": send_one("photo"),
    "sendDocument": send_one("document"),
    "sendVideo": send_one("video"),
    "sendVoice": send_one("voice"),
    "sendAudio": send_one("audio"),
    "sendSticker": send_one("sticker"),
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
