"""`demandsim show`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.output import number, say, table

if TYPE_CHECKING:
    from demandsim.results.store import Results
    from demandsim.results.summary import Line

#: Fewer replications than this don't show the ends of a 90% interval.
FEW = 10


@click.command(
    epilog="""Examples:

\b
  demandsim show results/baseline-1a2b3c4d
  demandsim show results/compare-1a2b3c4d --at 2017-18
"""
)
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--at", "at", metavar="YEAR", help="Of a comparison: the year to print, as 2017-18; the last one if none."
)
def command(results: Path, at: str | None) -> None:
    """Print a finished run's headline table, or a comparison.

    RESULTS is the folder that `run` or `compare` wrote.
    """
    from demandsim.results.kept_comparison import is_comparison, read_structured
    from demandsim.results.store import read_results

    if is_comparison(results):
        from demandsim.cli.comparison import print_comparison, year_of
        from demandsim.cli.structures import print_structures

        structured = read_structured(results)
        year = year_of(structured.main, at)
        print_comparison(structured.main, year)
        print_structures(structured, year)
        return
    if at:
        raise click.UsageError("--at is for the folder of a comparison; a run's table has its first and last year.")
    found = read_results(results)
    print_headline(found)
    if not found.manifest.verifiable:
        say()
        say(f"Made by version {found.manifest.version}, which kept no checksums: these results can't be verified.")


def print_headline(results: Results) -> None:
    """Print each headline measure of the first year beside what was published, and of the last."""
    from demandsim.cli.intervals import print_parts, say_intervals
    from demandsim.results.summary import headline, places_too_few
    from demandsim.results.tables import YEARS_BEFORE

    labels = results.year_labels()
    first, last = labels[YEARS_BEFORE], labels[-1]
    scale = results.manifest.scale_to_england
    rows, parts = [], []
    for line, end in zip(headline(results, first), headline(results, last), strict=True):
        share = scale if line.measure.scales else 1.0
        target = line.target
        gap = "-" if line.gap is None else f"{line.gap:+.1f}{' pts' if line.measure.unit.startswith('%') else '%'}"
        rows.append(
            (
                line.measure.label,
                line.measure.unit,
                number(line.authority.mean),
                _between(line, results),
                number(target.value / share) if target else "-",
                gap + ("" if line.inside in (None, True) else " *"),
                f"±{number(line.england.error / share)}",
                number(end.authority.mean),
                _between(end, results),
            )
        )
        parts.append((line.measure.label, line.measure.unit, [line.authority, end.authority]))
    headings = ("measure", "unit", first, "90% interval", "published", "gap", "sim. error", last, "90% interval")
    width = 7 if first == last else len(headings)  # a run of one year has said it all
    say(table(headings[:width], [row[:width] for row in rows], left=2))
    say()
    whole = results.manifest.authorities
    what = f"England: {whole} authorities added up" if whole else "One authority"
    say(f"{what}. 90% interval: nine in ten simulated futures. Published: England's figure for its size.")
    say("Gap: mean against published; * outside the target's tolerance. Sim. error: half the 90% interval of the mean.")
    say("Hours and caseloads rest on judgements: nobody published them (demandsim explain baseline hours).")
    replications = results.manifest.replications
    if replications == 1:
        say("With one replication there are no intervals.")
    else:
        say_intervals(results.manifest)
    if 1 < replications < FEW:
        say(f"With {replications} replications the intervals are rough; {FEW} or more are better.")
    for note in places_too_few(results):
        say(f"Note: {note}  try: demandsim explain baseline placement.places")
    if results.manifest.members:
        years = [first] if first == last else [first, last]
        whole_rows = [(label, unit, each[: len(years)]) for label, unit, each in parts]
        print_parts("What makes the 90% intervals:", [f"{year}: " for year in years], whole_rows)


def _between(line: Line, results: Results) -> str:
    if results.manifest.replications == 1:
        return "-"
    return f"{number(line.authority.low)} to {number(line.authority.high)}"
