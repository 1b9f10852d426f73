"""The command line, and the one place where everything is put together."""

import asyncio
import errno
import gc
import json
import logging
import signal
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import asking, calibrating, checkup, importing, logs
from bot.clock import Clock, WallClock
from bot.language import language as speak
from bot.language import resolve
from bot.pack import Faults, Pack, read_pack
from bot.settings import BadSetting, Settings, load
from handlers import event_facts
from handlers.service import WrongToken, running, who_am_i
from handlers.webhook import how_it_posts
from storage import Database, Unavailable, backups, connect
from storage.leading import AlreadyRunning, one_at_a_time, sole
from storage.migrations import migrate

app = typer.Typer(
    help="Amity, the chat desk of a friendship association on Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True, markup=False)
logger = logging.getLogger("amity")

CONTENT = Path(__file__).resolve().parent.parent / "content"


class Stop(Exception):
    """End the command: one line to standard error, and the exit code."""

    def __init__(self, line: str, code: int = 2) -> None:
        super().__init__(line)
        self.code = code


@asynccontextmanager
async def opened(settings: Settings, *, to_run: bool = False) -> AsyncIterator[Database]:
    """The database with today's tables; `to_run` keeps others from running with the same SQLite file."""
    try:
        database = connect(settings.database_url)
    except ValueError as error:
        raise Stop(f"AMITY_DATABASE_URL is wrong: {error}") from None
    try:
        with sole(database) if to_run else nullcontext():
            await migrate(database)
            yield database
    except AlreadyRunning:
        raise Stop("another `amity run` works with this file already: several need PostgreSQL") from None
    except Unavailable as error:
        raise Stop(f"the database can't be used: {error}") from None
    finally:
        await database.close()


def read_whole(folder: Path) -> Pack:
    match read_pack(folder):
        case Faults() as faults:
            raise Stop(str(faults))
        case pack:
            return pack


async def _import(
    database: Database, folder: Path, settings: Settings, clock: Clock, *, samples: bool
) -> importing.Loaded:
    pack = read_whole(folder)
    async with database.write() as tx:
        return await importing.load(tx, pack, now=clock.now(), home=settings.home, samples=samples)


async def _load_first_content(database: Database, settings: Settings, clock: Clock) -> None:
    if settings.content is None:
        return
    async with database.read() as tx:
        empty = await importing.is_empty(tx)
    if empty:
        loaded = await _import(database, settings.content, settings, clock, samples=False)
        logger.info("loaded %d programmes and %d questions", loaded.programmes, loaded.questions)


async def _until_told_to_stop() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()


@app.command()
def run() -> None:
    """Run the bot until it is told to stop."""

    async def work() -> None:
        settings = load()
        logs.set_up(as_json=settings.logs == "json")
        _ = settings.token
        clock = WallClock()
        async with opened(settings, to_run=True) as database:
            async with one_at_a_time(database):
                await _load_first_content(database, settings, clock)
            async with running(settings, database, clock) as service:
                logger.info("@%s is at work", service.username)
                _spare_what_stays()
                await _until_told_to_stop()
                logger.info("stopping")

    _do(work())


@app.command()
def play(
    port: Annotated[int, typer.Option(help="The port of the chat page on this machine.")] = 8443,
) -> None:
    """Try everything in the browser: no account, no token, nothing is kept."""
    # Whoever runs the bot in earnest needs nothing of the playground.
    from playground.play import playing  # noqa: PLC0415

    async def work() -> None:
        with tempfile.TemporaryDirectory(prefix="amity-") as folder:
            settings = load(env_file=None)
            try:
                async with playing(settings, Path(folder), CONTENT, port) as address:
                    out.print(f"\n  Amity's playground is open: {address}\n  Press Ctrl-C to close it.\n")
                    await _until_told_to_stop()
            except PermissionError:
                raise Stop(f"port {port} may not be used: choose another with --port") from None
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                raise Stop(f"port {port} is in use: choose another with --port") from None

    _do(work())


@app.command(name="import")
def import_pack(
    pack: Annotated[Path, typer.Argument(help="The folder of the content pack.")],
    samples: Annotated[bool, typer.Option(help="Load the pack's sample events too.")] = False,
) -> None:
    """Load a content pack; loading it again changes nothing."""

    async def work() -> None:
        settings = load()
        read_whole(pack)
        async with opened(settings) as database:
            loaded = await _import(database, pack, settings, WallClock(), samples=samples)
        out.print(
            f"{loaded.programmes} programmes, {loaded.questions} questions, {loaded.events} events"
            f" and {loaded.quizzes} quizzes are in."
        )

    _do(work())


@app.command()
def check() -> None:
    """Say in plain words whether everything is in place."""

    async def ask_name(settings: Settings) -> str:
        try:
            return await who_am_i(settings.token, settings.api_url)
        except WrongToken:
            raise BadSetting("AMITY_BOT_TOKEN is not accepted by Telegram: check it with BotFather") from None

    async def ask_posting(settings: Settings) -> checkup.Posting:
        return await how_it_posts(settings.token, settings.api_url)

    async def work() -> None:
        findings = await checkup.look(load(), ask_name, ask_posting, now=WallClock().now())
        for finding in findings:
            out.print(f"{'ok ' if finding.well else 'BAD'} {finding.subject}: {finding.line}")
        if not all(finding.well for finding in findings):
            raise Stop("something needs your attention; see the lines that begin with BAD")

    _do(work())


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, as a member would type it.")] = None,
    language: Annotated[str, typer.Option(help="The member's language.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    pack: Annotated[Path | None, typer.Option(help="Ask this pack instead of the database.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help="One JSON object a line, with `question` and `language`.")
    ] = None,
) -> None:
    """Ask as a member would, and see what would be answered."""

    async def work() -> None:
        asked = _questions(question, language, questions)
        settings, now = load(), WallClock().now()
        async with asking.models_at_work(settings) as encoder:
            if pack is not None:
                found = await asking.ask_pack(encoder, read_whole(pack), asked)
            else:
                async with opened(settings) as database:
                    if question and not as_json:
                        words = speak(resolve(language), settings.home)
                        async with database.read() as tx:
                            live = await event_facts.in_words(tx, question, words, now=now)
                        if live is not None:
                            out.print(live)
                            return
                    found = await asking.ask_database(encoder, database, asked, now=now)
        for one in found:
            out.print(json.dumps(one, ensure_ascii=False) if as_json else asking.in_words(one))

    _do(work())


def _questions(question: str | None, language: str, file: Path | None) -> list[dict[str, str]]:
    if file is None:
        if not question:
            raise Stop("give a question, or --questions with a file")
        return [{"question": question, "language": language}]
    asked = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{file} can't be read: {error}") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            asked.append({"question": str(given["question"]), "language": str(given.get("language", "en"))})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Stop(f"{file}:{number}: not a JSON object with a `question`") from None
    return asked


@app.command()
def calibrate(
    apply: Annotated[bool, typer.Option("--apply", help="Use what was fitted from now on.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to what was used before.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit when the bot answers to what was said of its answers; say first what that would change."""

    def tell(values: dict[str, Any], line: str) -> None:
        out.print(json.dumps(values, ensure_ascii=False) if as_json else line)

    async def take_back(database: Database) -> None:
        async with database.write() as tx:
            undone = await calibrating.undo(tx, now=WallClock().now())
        line = "The bot answers as before." if undone else "Nothing was applied that could be undone."
        tell({"undone": undone}, line)

    async def work() -> None:
        if apply and undo:
            raise Stop("give --apply or --undo, not both")
        async with opened(load()) as database:
            if undo:
                return await take_back(database)
            now = WallClock().now()
            async with asking.models_at_work(load()) as encoder:
                proposal = await calibrating.propose(database, encoder, now=now)
            if isinstance(proposal, calibrating.TooFew):
                values = {"labels": {"right": proposal.right, "wrong": proposal.wrong}, "too_few": True}
                line = (
                    f"Too few labels: {proposal.right} questions with a right answer and {proposal.wrong}"
                    f" without, and each has to be {proposal.needed}. Nothing is changed."
                )
                return tell(values, line)
            applied = apply and proposal.is_better
            if applied:
                async with database.write() as tx:
                    await calibrating.apply(tx, proposal, now=now)
            tell(
                calibrating.as_values(proposal) | {"applied": applied},
                f"{calibrating.in_words(proposal)}\n{_advice(proposal, asked=apply)}",
            )

    _do(work())


def _advice(proposal: calibrating.Proposal, *, asked: bool) -> str:
    if not proposal.is_better:
        return "That is no better than now: nothing is changed."
    if asked:
        return "It is applied: a bot at work follows within seconds. `amity calibrate --undo` takes it back."
    return "Nothing is changed yet. `amity calibrate --apply` does so."


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The copy to write.")]) -> None:
    """Copy the database to a file while the bot goes on running."""

    async def work() -> None:
        async with opened(load()) as database:
            if not database.is_sqlite:
                raise Stop("this database is PostgreSQL: use pg_dump")
            try:
                await backups.back_up(database, file)
            except FileExistsError as error:
                raise Stop(f"{error}; choose another name") from None
        out.print(f"The database is copied to {file}.")

    _do(work())


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="The copy to put back.")]) -> None:
    """Put a copy back in place of the database. Stop the bot first."""

    async def work() -> None:
        settings = load()
        try:
            database = connect(settings.database_url)
        except ValueError as error:
            raise Stop(f"AMITY_DATABASE_URL is wrong: {error}") from None
        if not database.is_sqlite:
            raise Stop("this database is PostgreSQL: use pg_restore")
        try:
            with sole(database):
                await backups.restore(database, file)
                await migrate(database)
        except AlreadyRunning:
            raise Stop("the bot is running: stop it first") from None
        except backups.NotABackup as error:
            raise Stop(str(error)) from None
        except Unavailable as error:
            raise Stop(f"the database is in use ({error}): stop the bot first") from None
        finally:
            await database.close()
        out.print(f"The database is as {file} was.")

    _do(work())


@app.command(name="migrate")
def migrate_tables() -> None:
    """Bring the database to today's tables; `run` does so by itself."""

    async def work() -> None:
        async with opened(load()):
            out.print("The tables are up to date.")

    _do(work())


def _spare_what_stays() -> None:
    """Leave all that is there by now out of every later search for garbage.

    To look through it, mostly libraries, stops everybody's answers for a tenth of a second each time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


def _loop() -> asyncio.AbstractEventLoop:
    """The faster event loop, where there is one for this system."""
    try:
        # Not to be had on Windows.
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _do(work: Coroutine[Any, Any, None]) -> None:
    """Run a command; what the operator has to know is one line, never a traceback."""
    logs.set_up()
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(work)
    except BaseExceptionGroup as group:
        _end(group.exceptions[0])
    except (Stop, BadSetting, WrongToken, Unavailable) as error:
        _end(error)


def _end(error: BaseException) -> None:
    match error:
        case Stop():
            line, code = str(error), error.code
        case BadSetting():
            line, code = str(error), 2
        case WrongToken():
            line, code = "AMITY_BOT_TOKEN is not accepted by Telegram: check it with BotFather", 2
        case Unavailable():
            line, code = f"the database can't be used: {error}", 2
        case _:
            raise error
    typer.echo(line, err=True)
    raise typer.Exit(code)


def main() -> None:
    """The command `amity`."""
    app()


if __name__ == "__main__":
    main()
