"""What goes to the log: never a token, never what somebody wrote."""

import logging
import re

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")


class Redacting(logging.Formatter):
    """Takes tokens out of every line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("<token>", super().format(record))


def set_up(level: int = logging.INFO) -> None:
    """Log to standard error, one line a record. The HTTP libraries tell addresses, so they only warn."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of every tick that is skipped because the one before is still at work; that loses nothing.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
