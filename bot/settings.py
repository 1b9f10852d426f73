"""What the operator sets, by environment variables or a `.env` file."""

import re
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AnyHttpUrl,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SHORTEST_SECRET = 16
EMPTY_IS_ABSENT = (
    "content",
    "desk",
    "bot_token",
    "listen",
    "public_url",
    "secret",
    "webhook_url",
    "webhook_secret",
)


class BadSetting(Exception):
    """A setting is missing or wrong; the text is one line that names it and says what to do."""


class Listen(NamedTuple):
    """Where the bot's own web server takes requests."""

    host: str
    port: int


class Settings(BaseSettings):
    """Every setting with its default; the names in the environment begin with AMITY_."""

    model_config = SettingsConfigDict(
        env_prefix="AMITY_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite+aiosqlite:///amity.db"
    owners: Annotated[frozenset[int], NoDecode] = frozenset()
    content: Path | None = None
    timezone: str = "Asia/Hong_Kong"
    send_rate: Annotated[int, Field(ge=1, le=1000)] = 30
    # Whether organisers may choose to pay Telegram for a broadcast that goes out faster.
    paid_broadcasts: bool = False
    desk: int | None = None
    # Whether questions are understood by models, where they are installed, and not by their words alone.
    semantic: bool = True
    # How the log is written: for people, or a JSON object a line.
    logs: Literal["text", "json"] = "text"
    listen: Annotated[Listen | None, NoDecode] = None
    public_url: str | None = None
    # Where Telegram posts updates, as seen from outside; without it they are asked for.
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    # Signs tickets; without it one is made up once and kept in the database.
    secret: SecretStr | None = None

    @field_validator("api_url", "public_url", "webhook_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        TypeAdapter(AnyHttpUrl).validate_python(value)
        return value.rstrip("/")

    @field_validator("listen", mode="before")
    @classmethod
    def _a_host_and_port(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        host, colon, port = value.rpartition(":")
        if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
            raise ValueError("it must be a host and a port, such as 127.0.0.1:8080")
        return Listen(host.strip("[]"), int(port))

    @model_validator(mode="after")
    def _seen_only_where_it_listens(self) -> Self:
        if self.public_url is not None and self.listen is None:
            raise BadSetting("AMITY_PUBLIC_URL needs AMITY_LISTEN, such as AMITY_LISTEN=127.0.0.1:8080")
        if self.webhook_url is not None and self.listen is None:
            raise BadSetting("AMITY_WEBHOOK_URL needs AMITY_LISTEN, such as AMITY_LISTEN=127.0.0.1:8080")
        return self

    @model_validator(mode="after")
    def _posted_safely(self) -> Self:
        # A Bot API server of one's own posts to one's own network as well.
        ours = self.api_url != Settings.model_fields["api_url"].default
        if self.webhook_url is not None and not (self.webhook_url.startswith("https://") or ours):
            raise BadSetting("AMITY_WEBHOOK_URL is wrong: Telegram only posts to addresses with https://")
        return self

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("it may have letters from A to Z, digits, _ and -, and 256 of them at most")
        return value

    @field_validator("secret", "webhook_secret")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"it must have {SHORTEST_SECRET} characters or more that nobody can guess")
        return value

    @field_validator("owners", mode="before")
    @classmethod
    def _several_ids(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator(*EMPTY_IS_ABSENT, mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("it must be the name of a time zone, such as Asia/Hong_Kong") from None
        return value

    @property
    def home(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def token(self) -> str:
        """The bot's token. Raises BadSetting when there is none."""
        if self.bot_token is None:
            raise BadSetting("AMITY_BOT_TOKEN is missing: put the token that BotFather gave you into .env")
        return self.bot_token.get_secret_value()


SENTENCES = {
    "literal_error": "it must be text or json",
    "int_parsing": "it must be a whole number",
    "bool_parsing": "it must be yes or no",
    "greater_than_equal": "it is too small",
    "less_than_equal": "it is too large",
    "url_parsing": "it must be an address that starts with https:// or http://",
    "url_scheme": "it must be an address that starts with https:// or http://",
}


def load(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings. Raises BadSetting with one line when one of them is wrong."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        first = error.errors()[0]
        name = "AMITY_" + str(first["loc"][0]).upper()
        sentence = SENTENCES.get(first["type"]) or first["msg"].removeprefix("Value error, ")
        raise BadSetting(f"{name} is wrong: {sentence}") from None
