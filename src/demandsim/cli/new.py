"""`demandsim new`"""

from __future__ import annotations

from pathlib import Path

import click

from demandsim.cli.output import say
from demandsim.problems import typed

#: The largest change that a common question begins with, in per cent.
_MOST = 100


def _percent(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Return the number of a percentage."""
    if text is None:
        return None
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = 0.0
    if not 0 < percent <= _MOST:
        raise click.BadParameter(f"{text!r} is not a percentage above 0% and up to {_MOST}%, as 10%")
    if percent < 1 and not text.endswith("%"):
        # Whoever writes 0.2 may well mean a fifth.
        expected = f"{100 * percent:.6g}%, or {percent:.6g}% if so little is meant"
        raise click.BadParameter(f"{text!r} can mean two things: write {expected}.")
    return percent


@click.command(
    epilog="""Examples:

\b
  demandsim new my_scenario
  demandsim new more_help --ask early_help --from 2016-04-01 --by 10%
  demandsim new work/vacancies.toml --ask fewer_posts
"""
)
@click.argument("name", type=click.Path(path_type=Path))
@click.option(
    "--ask",
    type=click.Choice(["early_help", "fewer_posts", "more_demand"]),
    help="Begin with a common question: early_help, more of it paid from reserves and the budget as it is; "
    "fewer_posts, social work posts cut; more_demand, demand up for good.",
)
@click.option("--from", "day", metavar="DATE", help="With --ask: from when on; 2014-04-01 unless given.")
@click.option(
    "--by", metavar="P%", callback=_percent, help="With --ask: by how much; 20% more early help, 10% otherwise."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(name: Path, ask: str | None, day: str | None, by: float | None, force: bool) -> None:
    """Write a commented scenario file to start from.

    NAME is the file to write; `.toml` is added if it is missing.
    """
    from demandsim.problems import Problem, UserError
    from demandsim.results.store import writing
    from demandsim.scenario.limits import problem_of_name
    from demandsim.scenario.starter import starter

    if not ask and (day or by):
        raise click.UsageError("--from and --by go with --ask early_help, fewer_posts or more_demand.")
    if problem := problem_of_name(name):
        raise UserError(problem)
    path = name if name.suffix == ".toml" else name.with_name(name.name + ".toml")
    if path.exists() and not force:
        found = "a file that already exists"
        hint = typed("demandsim", "new", name, "--force")
        raise UserError(Problem(str(path), "", found, "a name that is free", hint))
    text = _asked(path.stem, ask, day or "2014-04-01", by) if ask else starter(path.stem)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    say(f"Wrote {path}")
    say(f"Next:  {typed('demandsim', 'check', path)}    then    {typed('demandsim', 'compare', 'baseline', path)}")


def _asked(name: str, ask: str, given: str, by: float | None) -> str:
    """Return a file that asks a common question of the baseline.

    Raises:
        UserError: the date is none, or not within the baseline's years.
    """
    from datetime import date

    from demandsim.problems import Problem, UserError
    from demandsim.scenario.read import read_scenario
    from demandsim.scenario.starter import STARTS, started

    baseline = read_scenario("baseline")
    last = baseline.start.replace(year=baseline.start.year + baseline.years - 1)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.max
    if not baseline.start <= day <= last:
        expected = f"a date from {baseline.start} to {last}, as 2016-04-01"
        raise UserError(Problem("--from", "", repr(given), expected, f"demandsim new {name} --ask {ask}"))
    start = STARTS[ask]

    def value(parameter: str) -> float:
        number = baseline.settings[parameter].value
        assert isinstance(number, float)
        return number

    return started(name, start, day, start.percent if by is None else by, value)
