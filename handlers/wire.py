"""The way to Telegram: one HTTP client, and what became of each call."""

import ipaddress
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from handlers import metrics
from handlers.http import Client
from handlers.http_connection import Broken, NeverLeft, TooLate
from storage import json_text

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0


class Unsent(NetworkError):
    """The call never left: no connection was made."""


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's HTTP client, on aiohttp: several times faster than its own."""

    def __init__(self, connections: int = 256, *, through_proxy: bool = False) -> None:
        self._connections = connections
        self._through_proxy = through_proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return ANSWER_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=self._through_proxy)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        form = aiohttp.FormData(request_data.json_parameters if request_data else {}, quote_fields=False)
        for name, (filename, content, kind) in ((request_data and request_data.multipart_data) or {}).items():
            form.add_field(name, content, filename=filename, content_type=kind)
        within = read_timeout if isinstance(read_timeout, int | float) else ANSWER_SECONDS
        return await self.exchange(url, form, within=within, method=method)

    async def exchange(
        self, url: str, form: aiohttp.FormData, *, within: float = ANSWER_SECONDS, method: str = "POST"
    ) -> tuple[int, bytes]:
        """Ask once. Raises Unsent when the call never left, else TimedOut or NetworkError."""
        if self._session is None:
            raise RuntimeError("the request is used before it is initialised")
        timeout = aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS, connect=30, sock_read=within)
        body = form if form().size else None
        try:
            async with self._session.request(method, url, data=body, timeout=timeout) as response:
                return response.status, await response.read()
        # The errors' own texts may hold the address, and with it the token: only their kind is told.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unsent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None


@dataclass(frozen=True)
class Upload:
    """A file to send with a call."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    result: Any

    @property
    def message_id(self) -> int | None:
        return self.result.get("message_id") if isinstance(self.result, Mapping) else None


@dataclass(frozen=True)
class Blocked:
    """The person can't be reached: they blocked the bot, left Telegram, or never started it."""

    problem: str


@dataclass(frozen=True)
class Refused:
    """Telegram understood the call and won't do it; asking again won't help."""

    status: int
    problem: str
    # The id that the group has now, where that is the reason.
    moved_to: int | None = None


@dataclass(frozen=True)
class Held:
    """Too many calls: nothing may go there for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class NotSent:
    """The call did not happen; it may be tried again. `status` is 0 when no connection was made."""

    problem: str
    status: int = 0


@dataclass(frozen=True)
class Unknown:
    """The call left and no answer came: it may have happened."""

    problem: str


Outcome = Sent | Blocked | Refused | Held | NotSent | Unknown

# Whatever an answer says: a call that is held is tried again after so many seconds at the latest.
SHORTEST_HOLD, LONGEST_HOLD = 0.1, 24 * 3600

UNREACHABLE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")


class Wire:
    """Makes calls of the Bot API and says what became of them; it never raises for Telegram's sake."""

    def __init__(self, token: str, api_url: str) -> None:
        # Its debug lines hold the token.
        logging.getLogger("telegram.Bot").setLevel(logging.INFO)
        self._address = f"{api_url}/bot{token}"
        # A token begins with its bot's own number.
        self.bot_id = token.partition(":")[0]
        through_proxy = needs_proxy(api_url)
        # For files, and for whatever has to pass a proxy.
        self._large = AiohttpRequest(through_proxy=through_proxy)
        self._sending = None if through_proxy else Client(self._address)
        # Long polls have connections of their own, so that they never wait behind a broadcast.
        self._polling = None if through_proxy else Client(self._address, connections=2)
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._large,
            get_updates_request=AiohttpRequest(connections=2, through_proxy=through_proxy),
        )

    async def __aenter__(self) -> Self:
        await self._large.initialize()
        for client in (self._sending, self._polling):
            if client is not None:
                client.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._large.shutdown()
        for client in (self._sending, self._polling):
            if client is not None:
                await client.close()

    async def call(
        self, method: str, params: Mapping[str, Any], *, answer_within: float = ANSWER_SECONDS
    ) -> Outcome:
        """Make one call, once. A parameter may be an Upload; what is None is left out."""
        outcome = await self._ask(method, params, answer_within)
        metrics.count_call(method, type(outcome).__name__)
        if isinstance(outcome, Refused) and outcome.moved_to not in (None, params.get("chat_id")):
            return await self.call(method, {**params, "chat_id": outcome.moved_to})
        return outcome

    async def _ask(self, method: str, params: Mapping[str, Any], within: float) -> Outcome:
        client = self._polling if method == "getUpdates" else self._sending
        given = {}
        for name, value in params.items():
            if isinstance(value, Upload):
                client = None
            if value is not None:
                given[name] = value
        if client is None:
            return await self._ask_with_files(method, given, within)
        try:
            status, payload = await client.post(f"/{method}", json_text.write_bytes(given), within=within)
        except NeverLeft as problem:
            return NotSent(str(problem))
        except (TooLate, Broken) as problem:
            return Unknown(str(problem))
        return _outcome(status, payload)

    async def _ask_with_files(self, method: str, given: Mapping[str, Any], within: float) -> Outcome:
        try:
            status, payload = await self._large.exchange(
                f"{self._address}/{method}", _form(given), within=within
            )
        except Unsent as error:
            return NotSent(error.message)
        except TimedOut:
            return Unknown("no answer in time")
        except NetworkError as error:
            return Unknown(error.message)
        return _outcome(status, payload)


def needs_proxy(address: str) -> bool:
    """Say whether the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) sends calls there through a proxy.

    This machine's own addresses are never sent through one.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in getproxies() or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback and not proxy_bypass(host)
    except ValueError:
        return not proxy_bypass(host)


def _form(params: Mapping[str, Any]) -> aiohttp.FormData:
    # As they are: a Chinese file name must not arrive as percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in params.items():
        match value:
            case Upload():
                form.add_field(name, value.content, filename=value.name)
            case str():
                form.add_field(name, value)
            case _:
                form.add_field(name, json.dumps(value))
    return form


def _pause(given: object) -> float:
    """The seconds for which Telegram wants nothing, however odd its answer: never for ever."""
    seconds = given if isinstance(given, int | float) else 1
    return float(min(max(seconds, SHORTEST_HOLD), LONGEST_HOLD))


def _outcome(status: int, payload: bytes) -> Outcome:
    try:
        answer = json_text.read(payload)
        if answer.get("ok"):
            return Sent(answer.get("result"))
        problem = str(answer.get("description") or f"HTTP {status}")
        given = answer.get("parameters")
        parameters = given if isinstance(given, Mapping) else {}
    except (ValueError, AttributeError):
        # Not Telegram's own words, but those of something on the way there, or only their beginning.
        if status < 300:
            return Unknown(f"HTTP {status} with an answer that is not Telegram's")
        problem, parameters = f"HTTP {status}", {}
    said = problem.lower()
    if status == 429 or "retry_after" in parameters:
        return Held(_pause(parameters.get("retry_after")))
    if status == 403 or (status == 400 and any(word in said for word in UNREACHABLE)):
        return Blocked(problem)
    if status == 400 and ("message is not modified" in said or "topic_not_modified" in said):
        return Sent(True)
    if status == 504:
        # What stands before Telegram stopped waiting for it, as we do when no answer comes in time.
        return Unknown(problem)
    # 404: there is no such bot. Telegram says "not found" of chats and messages with 400.
    if status in (401, 404, 409) or status >= 500:
        return NotSent(problem, status)
    return Refused(status, problem, parameters.get("migrate_to_chat_id"))
