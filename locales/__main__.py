"""The commands that keep the catalogues: update and check."""

from pathlib import Path

import typer

from locales import checks, messages

ROOT = Path(__file__).resolve().parent.parent

app = typer.Typer(help="Keep the catalogues of messages.", add_completion=False)


@app.command()
def update() -> None:
    """Write messages.pot from the code and bring every language's messages.po up to it.

    Translations of unchanged messages stay; messages no longer said are dropped.
    """
    for path in messages.update(ROOT):
        typer.echo(path.relative_to(ROOT))


@app.command()
def check() -> None:
    """Name everything missing or wrong in the catalogues; exit with 1 if there is anything."""
    problems = checks.problems(ROOT)
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{len(problems)} to mend." if problems else "The catalogues are complete.", err=True)
    if problems:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
