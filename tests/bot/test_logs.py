"""What the log says, and what it never says."""

import json
import logging

import pytest

from bot import logs
from tests.conftest import Amity
from tests.making import agreed

TOKEN = "7000000001:AAEsomethingThatOpensTheBotForAnybody"


def recorded(problem: str, *, failed: bool = False) -> logging.LogRecord:
    error: BaseException | None = None
    try:
        raise ConnectionError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ConnectionError as raised:
        error = raised if failed else None
    found = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("handlers.wire", logging.ERROR, __file__, 1, problem, (), found)


@pytest.mark.parametrize("formatter", [logs.Redacting("%(message)s"), logs.AsJson()])
def test_a_token_never_stands_in_the_log(formatter: logging.Formatter) -> None:
    line = formatter.format(recorded(f"no answer from bot{TOKEN}", failed=True))
    assert TOKEN not in line
    assert "<token>" in line
    assert "ConnectionError" in line


def test_for_programs_each_record_is_one_json_object_on_one_line() -> None:
    line = logs.AsJson().format(recorded("it failed\nbadly", failed=True))
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "handlers.wire", "it failed\nbadly")
    assert "Traceback" in told["traceback"]
    assert told["at"].endswith("+00:00")


async def test_nothing_of_what_people_write_or_are_called_stands_in_the_log(
    amity: Amity, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for chatty in ("aiosqlite", "sqlalchemy", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.INFO)
    phone = await agreed(amity.telegram, "Zebulon Example")
    for words in ("my secret worry", "/start", "/events", "+852 5555 0101"):
        await phone.write(words)
    said = "\n".join([record.getMessage() + (record.exc_text or "") for record in caplog.records])
    for private in ("Zebulon", "secret worry", "5555", str(phone.id), amity.telegram.token):
        assert private not in said, private
