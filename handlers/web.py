"""What the bot says over the web: people's calendars, under addresses that can't be guessed."""

import hashlib
import logging
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import calendars, feeds
from bot.clock import Clock
from bot.language import language
from storage import Database, Unavailable, people
from storage import feeds as addresses

logger = logging.getLogger(__name__)

# Calendars look every few hours anyway; one that looks every second is answered from its own memory.
FRESH_SECONDS = 300
PRIVATE = {
    "cache-control": f"private, max-age={FRESH_SECONDS}",
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class CalendarFeeds:
    """Answers a calendar program that asks for somebody's places and shifts."""

    def __init__(self, database: Database, clock: Clock, home: ZoneInfo, username: str) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._username = username

    def routes(self) -> list[Route]:
        return [Route("/calendar/{token}.ics", self.answer, methods=["GET", "HEAD"])]

    async def answer(self, request: Request) -> Response:
        """The calendar, or 404 for whoever doesn't know the address. Unchanged since last time: 304."""
        try:
            document = await self._document(request.path_params["token"])
        except Unavailable as error:
            logger.error("the database can't be used (%s); a calendar is told to ask later", error)
            return PlainTextResponse("Please try again later.", 503, {"retry-after": "60"})
        if document is None:
            return PlainTextResponse("There is no such calendar.", 404, PRIVATE)
        tag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
        headers = PRIVATE | {"etag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(document, media_type=calendars.MEDIA_TYPE, headers=headers)

    async def _document(self, token: str) -> bytes | None:
        now = self._clock.now()
        async with self._database.read() as tx:
            person_id = await addresses.find_person_id(tx, token)
            person = await people.find(tx, person_id) if person_id is not None else None
            if person is None:
                return None
            words = language(person.locale, self._home)
            entries = await feeds.entries_of(tx, person.id, words, username=self._username, now=now)
        # The stamp is the day's: an unchanged calendar stays the same to the last byte, and is sent once.
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return calendars.feed(entries, now=today, name=words.gettext("My places and shifts"))
