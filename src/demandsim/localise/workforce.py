"""Social workers on 30 September, from the authority's workforce census."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from demandsim.localise.figures import Figure, Source
from demandsim.localise.quality import Quality
from demandsim.localise.table import Table
from demandsim.localise.years import latest
from demandsim.problems import Problem, UserError
from demandsim.text_files import number_in

#: What a census of 30 September shows, for what the model has on 31 March: it sets inputs, and is no target.
SEPTEMBER = {name: f"{name}_september" for name in ("social_workers", "agency_workers", "vacancy_rate", "turnover")}
_YEAR = timedelta(days=365)
_HELP = "docs/how-to/localise.md"
_AGENCY, _OWN = ("1", "TRUE", "Y", "YES"), ("0", "FALSE", "N", "NO")


def workforce_figures(workers: Sequence[Table], vacancies: Sequence[Table], quality: Quality) -> list[Figure]:
    """Return the figures of each workforce census.

    Raises:
        UserError: two are of one year.
    """
    found: list[Figure] = []
    first: dict[int, str] = {}
    for table in workers:
        reference = _reference(table)
        if reference is None:
            quality.note(table.file, table.words, "no_date")
            continue
        year = reference.year
        if (other := first.setdefault(year, table.file)) != table.file:
            told = f"a workforce census of September {year} beside {other}"
            raise UserError(Problem(table.file, "", told, "one of each year, of one authority", _HELP))
        source = (Source(table.file, table.sha256),)
        own, agency, left = _counted(table, reference, quality)

        def figure(
            measure: str, value: float, rule: str, year: int = year, source: tuple[Source, ...] = source
        ) -> Figure:
            told = f"workforce census of 30 September: {rule}"
            return Figure(measure, year, value, value, None, told, source, of_children=False)

        found += [
            figure(SEPTEMBER["social_workers"], own, "FTE of workers in post, agency left out"),
            figure(SEPTEMBER["agency_workers"], agency, "FTE of agency workers"),
        ]
        if own and any(table.text("roleenddate")):
            found.append(
                figure(SEPTEMBER["turnover"], 100 * left / own, "FTE of leavers of the year before, of those in post")
            )
        vacant = _vacant(table, vacancies)
        if vacant is not None:
            found.append(figure("vacancies", vacant, "NumberOfVacancies"))
            if own + vacant:
                share = 100 * vacant / (own + vacant)
                found.append(figure(SEPTEMBER["vacancy_rate"], share, "vacant posts, of all posts"))
    return found


def _reference(table: Table) -> date | None:
    said = table.about.get("reference", "")
    try:
        return date.fromisoformat(said)
    except ValueError:
        pass
    if (year := table.about.get("year", "")).isdigit() and len(year) == 4:
        return date(int(year), 9, 30)
    days = [day for column in ("rolestartdate", "roleenddate") for day in table.days(column) if day]
    return date(latest([day.year for day in days]), 9, 30) if days else None


def _counted(table: Table, reference: date, quality: Quality) -> tuple[float, float, float]:
    """Return the FTE of workers in post, of agency workers, and of those who left in the year before."""
    own = agency = left = 0.0
    days = (table.days(column) for column in ("rolestartdate", "roleenddate"))
    for kind, text, begun, ended, line in zip(
        table.text("agencyworker"), table.text("fte"), *days, table.lines, strict=True
    ):
        share, is_agency = number_in(text), kind.upper() in _AGENCY
        if not 0 <= share <= 1.5 or not (is_agency or kind.upper() in _OWN):
            quality.note(table.file, table.words, "code_unknown", line)
        elif begun and begun > reference:
            continue
        elif ended and ended <= reference:
            left += share if not is_agency and ended > reference - _YEAR else 0.0
        elif is_agency:
            agency += share
        else:
            own += share
    return own, agency, left


def _vacant(table: Table, vacancies: Sequence[Table]) -> float | None:
    for one in vacancies:
        if one.group == table.group:
            numbers = [number_in(text) for text in one.text("numberofvacancies")]
            known = [number for number in numbers if number == number]
            return sum(known) if known else None
    return None
