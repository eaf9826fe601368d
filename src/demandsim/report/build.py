"""Builds a report from finished results: reads and draws them, and never simulates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_lowercase

from demandsim.report.assumptions import log, resting_on, set_by
from demandsim.report.document import Document, Listing, Section
from demandsim.report.fit import targets_table, validation
from demandsim.report.limits import LIMITS
from demandsim.report.of_comparison import data as comparison_data
from demandsim.report.of_comparison import points, sections, title_of
from demandsim.report.of_run import run_points, run_section
from demandsim.report.quality import changes_log, roles
from demandsim.report.remake import remake
from demandsim.report.results_given import Given
from demandsim.report.stress import stress
from demandsim.report.turns_on import impacts_of
from demandsim.results.manifest import Manifest, Results
from demandsim.results.points import place_of_year
from demandsim.results.tables import YEARS_BEFORE

Progress = Callable[[int, int], None]


def build(given: Given, at: str | None = None) -> Document:
    """Return the report on some results.

    Args:
        given: the results.
        at: year by which changes are told, as 2017-18; the last one unless given.

    Raises:
        UserError: the year is not simulated.
    """
    runs = given.all_runs()
    reference = given.comparisons[0][1].main.reference if given.comparisons else runs[0]
    told, found, data = [], [], []
    for key, (_, structured) in zip(ascii_lowercase, given.comparisons, strict=False):
        found += points(structured.main, _year(structured.main.reference, at))
        data += comparison_data(structured.main, key)
        told += sections(structured, _year(structured.main.reference, at), key)
    for run in given.runs:
        found += run_points(run)
        told.append(run_section(run))
    impacts = {name: rating for _, one in given.comparisons for name, rating in impacts_of(one.main).items()}
    return Document(
        _title(given),
        _under(reference.manifest),
        _facts(reference.manifest),
        tuple(found),
        (*told, *_about(given, reference), *_pack(given, reference, impacts)),
        tuple(data),
    )


def _about(given: Given, reference: Results) -> list[Section]:
    changed = [
        block
        for key, (_, one) in zip(ascii_lowercase, given.comparisons, strict=False)
        for block in set_by([other.run for other in one.main.others], one.main.reference, key)
    ]
    return [
        Section("validation", "How well the model agrees with the statistics", tuple(validation(reference))),
        Section("assumptions", "Assumptions", (*resting_on(reference), *changed)),
        Section("limits", "What this cannot tell", (Listing(LIMITS),)),
        Section("again", "How to make it again", tuple(remake(given))),
    ]


def _pack(given: Given, reference: Results, impacts: Mapping[str, str]) -> list[Section]:
    return [
        Section("roles", "Roles and sign-off", tuple(roles()), appendix=True),
        Section("assumptions_log", "Assumptions log", tuple(log(reference, impacts, "a")), appendix=True, wide=True),
        Section("change_log", "Change log", tuple(changes_log(given)), appendix=True, wide=True),
        Section("targets", "The statistics", tuple(targets_table(reference, "a")), appendix=True, wide=True),
        Section("stress", "STRESS-DES form", tuple(stress(given, reference)), appendix=True),
    ]


def _year(reference: Results, at: str | None) -> int:
    return YEARS_BEFORE + place_of_year(reference.year_labels()[YEARS_BEFORE:], at)


def _title(given: Given) -> str:
    if len(given.comparisons) == 1:
        return title_of(given.comparisons[0][1].main)
    if given.comparisons:
        return f"{len(given.comparisons)} comparisons of what-ifs"
    return given.runs[0].manifest.title if len(given.runs) == 1 else f"{len(given.runs)} runs"


def _under(manifest: Manifest) -> str:
    labels = manifest.year_labels()
    who = f"England as {manifest.authorities} authorities" if manifest.authorities else "one authority"
    return f"Against: {manifest.title}. {who.capitalize()}, {labels[YEARS_BEFORE]} to {labels[-1]}."


def _facts(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    return (
        ("Reference", manifest.title),
        ("Years", f"{manifest.year_labels()[YEARS_BEFORE]} to {manifest.year_labels()[-1]}"),
        ("Replications", f"{manifest.replications:,}, seed {manifest.seed}"),
        *([("Values", manifest.whose)] if manifest.whose else []),
        ("Intervals", manifest.intervals if manifest.replications > 1 else "none, with one replication"),
        ("Model", f"demandsim {manifest.version}"),
    )
