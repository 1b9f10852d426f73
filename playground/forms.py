"""What a call carries, however it was encoded: JSON, a urlencoded form or a multipart one."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from playground.refusals import Refused, Violation, bad_request

_NAME = re.compile(r'[; ]name="((?:[^"\\]|\\.)*)"')
_FILE_NAME = re.compile(r'[; ]filename="((?:[^"\\]|\\.)*)"')
_FILE_NAME_EXTENDED = re.compile(r"filename\*=(?i:utf-8)''([^;\s]+)")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a multipart form."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One call of a method: its parameters as they came, read by type."""

    method: str
    params: dict[str, Any]
    files: dict[str, Upload]

    def has(self, name: str) -> bool:
        """Say whether a parameter was given and is not null."""
        return self.params.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Read a string."""
        value = self.params.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def whole(self, name: str, default: int | None = None) -> int:
        """Read a whole number; without a default it must be there."""
        value = self.params.get(name)
        if value is None or value == "":
            if default is None:
                raise bad_request(f"{name} isn't specified")
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Violation(f'parameter "{name}" must be an integer') from None

    def number(self, name: str, default: float | None = None) -> float:
        """Read a number; without a default it must be there."""
        value = self.params.get(name)
        if value is None:
            if default is None:
                raise bad_request(f"{name} isn't specified")
            return default
        try:
            return float(value)
        except (TypeError, ValueError):
            raise Violation(f'parameter "{name}" must be a number') from None

    def flag(self, name: str) -> bool:
        """Read a boolean; what is not there is false."""
        return str(self.params.get(name, "")).lower() in {"true", "1", "yes"}

    def structure(self, name: str) -> Any:
        """Read an object or a list, given as such or as JSON in a string; None when it is not there."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise Violation(f"can't parse {name} JSON object") from None

    def upload(self, value: Any) -> Upload | None:
        """Give the file that a parameter's value names by attach://, or None."""
        if isinstance(value, str) and value.startswith("attach://"):
            found = self.files.get(value.removeprefix("attach://"))
            if found is None:
                raise Violation(f"file {value} was not attached")
            return found
        return None

    def logged(self) -> dict[str, Any]:
        """Show the parameters for the log, files by name and size only."""
        if not self.files:
            return self.params
        shown = {key: {"file": f.name, "size": len(f.data)} for key, f in self.files.items()}
        return {**self.params, **shown}


def read_call(method: str, query: bytes, content_type: str, body: bytes) -> Call:
    """Read a call's parameters from its query string and body."""
    params: dict[str, Any] = dict(parse_qsl(query.decode(), keep_blank_values=True)) if query else {}
    files: dict[str, Upload] = {}
    if not body:
        return Call(method, params, files)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            given = json.loads(body)
        except ValueError:
            raise Refused(400, "Bad Request: can't parse JSON object") from None
        if not isinstance(given, dict):
            raise Refused(400, "Bad Request: object expected as JSON")
        params.update(given)
    elif kind == "multipart/form-data":
        fields, files = read_multipart(content_type, body)
        params.update(fields)
    elif kind in {"application/x-www-form-urlencoded", ""}:
        try:
            params.update(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise Refused(400, "Bad Request: strings must be encoded in UTF-8") from None
    else:
        raise Refused(400, f"Bad Request: unsupported content type {kind}")
    return Call(method, params, files)


def read_multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Read the fields and the files of a multipart form."""
    boundary = re.search(r'boundary="?([^";,]+)"?', content_type)
    if boundary is None:
        raise Refused(400, "Bad Request: multipart boundary is missing")
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:]:
        if part.startswith(b"--"):
            break
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = head.decode("utf-8", "replace")
        disposition, mime = "", "application/octet-stream"
        for line in headers.split("\r\n"):
            key, _, value = line.partition(":")
            if key.lower() == "content-disposition":
                disposition = value
            elif key.lower() == "content-type":
                mime = value.strip()
        name = _NAME.search(disposition)
        if name is None:
            continue
        extended = _FILE_NAME_EXTENDED.search(disposition)
        plain = _FILE_NAME.search(disposition)
        if extended or plain:
            filename = unquote(extended[1]) if extended else _plain_name(plain[1] if plain else "")
            files[name[1]] = Upload(filename, mime, data)
        else:
            fields[name[1]] = data.decode("utf-8", "replace")
    return fields, files


def _plain_name(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written).replace("%22", '"').replace("%0D", "").replace("%0A", "")
