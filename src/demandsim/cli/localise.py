"""`demandsim localise`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.amounts import Amount
from demandsim.cli.output import number, progress, say, stopping, table, warn
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.localise.localise import Localised

#: Levers that no return shows and that differ between authorities.
FREE = (
    "contact.referral_threshold",
    "referral.no_action_threshold",
    "referral.enquiry_threshold",
    "assessment.need_threshold",
    "assessment.plan_threshold",
    "demand.level",
    "care.readiness",
    "enquiry.readiness",
)
_SHOWN = 14


@click.command(
    epilog="""Examples:

\b
  demandsim localise --la Midshire --base 2023-24 --children 81000 903 cin --out midshire
  demandsim localise --la E06000047 --base 2023-24 b1.csv c1.csv c4.csv d1.csv cla.csv --out durham
  demandsim localise --la Midshire --base 2023-24 --children 81000 903 --private --out not_to_be_passed_on
"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--la", required=True, metavar="NAME|CODE", help="The authority: its name, or its three-digit or E code.")
@click.option("--base", required=True, metavar="YEAR", help="Financial year that the scenario starts in, as 2023-24.")
@click.option(
    "--children",
    type=Amount(100, example="81000 or 81,000"),
    help="Aged 0 to 17 in that year; from published tables unless given.",
)
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy"]),
    default="dmy",
    show_default=True,
    help="Whether day or month stands first in dates with slashes.",
)
@click.option("--private", is_flag=True, help="Exact counts and lines of mistakes: not to be passed on, and marked so.")
@click.option("--accept", is_flag=True, help="Go on where more than 2% of a table's rows can't be read.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the scenario, targets.csv, actuals.csv, quality.md and quality.csv.",
)
def command(
    files: tuple[Path, ...],
    la: str,
    base: str,
    children: float | None,
    dates: str,
    private: bool,
    accept: bool,
    out: Path,
) -> None:
    """Make a scenario of your own authority from its returns and from published tables.

    FILES are SSDA903, children in need census, workforce census and Section 251 files, published tables, or folders of
    them. They are told by what they hold, not by their names. What no file shows stays England's; quality.md says so.
    Nothing of a child is written or printed, and nothing is sent anywhere.
    """
    from demandsim.localise.localise import localise
    from demandsim.localise.output import write
    from demandsim.problems import Problem, UserError
    from demandsim.results.figures import year_in

    year = year_in(base)
    if not year:
        raise UserError(Problem("--base", "", repr(base), "a financial year, as 2023-24", "demandsim localise --help"))
    with stopping("Nothing was written."), progress("Reading") as on_progress:
        found = localise(*(la, int(year[:4]), files, children, dates == "mdy", private, accept), on_progress)
        path = write(found, out)
    print_localised(found)
    say()
    say(f"Files: {out}  ({path.name}, targets.csv, actuals.csv, quality.md, quality.csv)")
    free = [word for name in FREE for word in ("--free", name)]
    say(f"Next:  {typed('demandsim', 'explain', path)}    then")
    say(f"       {typed('demandsim', 'calibrate', path, *free)}")


def print_localised(found: Localised) -> None:
    """Print the authority beside England, what was wrong in the files, and what stays England's."""
    from demandsim.localise.quality_report import shown_rows
    from demandsim.localise.years import label
    from demandsim.results.measures import MEASURES

    say(f"{found.authority}, {label(found.base)}: {found.children:,.0f} children")
    if found.private:
        warn("PRIVATE: exact counts of children. Not to be passed on.")
    figures = {one.measure: one for one in found.shown.of_year(found.base) if one.measure in MEASURES}
    beside = [(name, figures[name], whole) for name, whole in found.england.items() if name in figures]
    rows = [
        (MEASURES[name].label, MEASURES[name].unit, number(figure.value), number(whole), f"{figure.value / whole:.2f}")
        for name, figure, whole in beside
        if whole
    ]
    say(
        f"{len(figures)} measures and {len(found.values)} parameters are local; {len(found.hidden)} figures suppressed."
    )
    say()
    headings = ("measure", "unit", "local", "England 2013-14", "ratio")
    say(table(headings, rows[:_SHOWN], left=2))
    if len(rows) > _SHOWN:
        say(f"and {len(rows) - _SHOWN} more in quality.md. England is for as many children.")
    told = ("unknown_table", "workbook_not_read", "not_given", "column_not_given", "authority_code")
    grave = [note for note in found.quality.notes if note.reason.effect in ("dropped", "mended")]
    wrong = [*grave, *(note for note in found.quality.notes if note.reason.id in told)]
    if wrong:
        say()
        say("In the files (quality.md has all):")
        for note in wrong[:_SHOWN]:
            rows_of = shown_rows(note.rows, found.private, note.table)
            about = f" ({note.about or note.table})" if note.reason.id in told else ""
            rows_of = f"{rows_of} rows {note.reason.effect}: " if note in grave else ""
            say(f"  {note.file}: {rows_of}{note.reason.words}{about}")
    say()
    for line in found.stays:
        say(line)
