"""What goes to the log: never a token, never what somebody wrote."""

import json
import logging
import re
from datetime import UTC, datetime

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")


class Redacting(logging.Formatter):
    """Takes tokens out of every line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("<token>", super().format(record))


class AsJson(Redacting):
    """A JSON object a line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": TOKEN.sub("<token>", record.getMessage()),
        }
        if record.exc_info:
            said["traceback"] = TOKEN.sub("<token>", self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


def set_up(level: int = logging.INFO, *, as_json: bool = False) -> None:
    """Log to standard error, one line a record. The HTTP libraries tell addresses, so they only warn."""
    handler = logging.StreamHandler()
    words = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(AsJson() if as_json else Redacting(words))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of every tick that is skipped because the one before is still at work; that loses nothing.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
