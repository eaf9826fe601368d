"""A simulated authority as the returns it would have made: format for whoever needs one, and no real child in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from demandsim.localise.dirt import soil
from demandsim.localise.export_care import care_document, care_sheets
from demandsim.localise.export_need import need_document, need_records, need_sheets
from demandsim.localise.export_resources import outturn, workers
from demandsim.localise.simulated import Simulated, read_run
from demandsim.localise.written import csv_text, xml_text
from demandsim.localise.years import label
from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import write_text, writing
from demandsim.scenario.read import read_scenario

#: What can be exported, and what people call it.
RETURNS = {
    "903": "SSDA903, children looked after",
    "cin": "children in need census",
    "csww": "children's social work workforce census",
    "s251": "Section 251 outturn",
}
#: Years before the start of which the whole pathway is simulated.
YEARS_SIMULATED_BEFORE = 5
#: Called with the years done, and how many there are.
Progress = Callable[[int, int], None]


def export(
    folder: Path,
    which: str,
    out: Path,
    replication: int = 1,
    xml: bool = False,
    dirt: int | None = None,
    on_progress: Progress = lambda done, wanted: None,
) -> list[Path]:
    """Write a run as a return, one for each year.

    Args:
        folder: of the run, with spells for 903 and cin.
        which: of `RETURNS`.
        out: folder in which a folder for each year is made.
        replication: from 1.
        xml: whether 903 and cin are XML, and not CSV.
        dirt: seed of mistakes to put in; none unless given.
        on_progress: told how many years are written.

    Returns:
        The files written.

    Raises:
        UserError: the run is not there or kept no spells, or nothing can be written.
    """
    run = read_run(folder, replication, which in ("903", "cin"))
    if dirt is not None and (which not in ("903", "cin") or xml):
        raise UserError(Problem("--dirt", "", f"--as {which}{' --xml' if xml else ''}", "--as 903 or cin, as CSV"))
    before = YEARS_SIMULATED_BEFORE if which in ("903", "cin") else 0
    years = range(run.first - before, run.last + 1)
    shares = _source_shares(folder) if which == "cin" else ()
    written: list[Path] = []
    with writing(out):
        for done, year in enumerate(years, start=1):
            place = out / f"{which}-{label(year)}"
            place.mkdir(parents=True, exist_ok=True)
            for name, text in _texts(run, which, year, xml, dirt, shares, place):
                write_text(place / name, text, durable=False)
                written.append(place / name)
            on_progress(done, len(years))
    return written


def _source_shares(folder: Path) -> Sequence[float]:
    return [float(share) for share in read_scenario(folder / "resolved.toml").at_start()["demand.source"]]


def _texts(
    run: Simulated, which: str, year: int, xml: bool, dirt: int | None, shares: Sequence[float], place: Path
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file of a year."""
    if which == "csww":
        yield f"workforce-{year}.xml", xml_text(workers(run, year))
        return
    if which == "s251":
        sheets = [outturn(run, year)]
    elif which == "903":
        sheets = care_sheets(run, year)
        if xml:
            yield f"ssda903-{label(year)}.xml", xml_text(care_document(sheets))
            return
    else:
        records = need_records(run, year, shares)
        if xml:
            yield f"cin-{label(year)}.xml", xml_text(need_document(records, year))
            return
        sheets = need_sheets(records)
    if dirt is not None:
        sheets, mistakes = soil(sheets, f"{dirt} {year}")
        write_text(place / "mistakes.md", _told(mistakes), durable=False)
    yield from ((f"{sheet.name}.csv", csv_text(sheet)) for sheet in sheets)


def _told(mistakes: Sequence[tuple[str, str, int]]) -> str:
    """Return the mistakes that were put in, as a table."""
    rows = [("table", "mistake", "rows"), ("---", "---", "---"), *mistakes]
    return "".join(f"| {table} | {name} | {number} |\n" for table, name, number in rows)
