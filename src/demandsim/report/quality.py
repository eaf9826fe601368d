"""The quality assurance pack: roles that sign, as the AQuA Book names them, and the log of changes."""

from __future__ import annotations

from demandsim.report.document import Block, Column, Table, Text
from demandsim.report.results_given import Given
from demandsim.report.scenario_of import assumptions_of
from demandsim.results.manifest import Results

#: Roles of the AQuA Book (2025), with what each answers for.
ROLES = (
    ("Commissioner", "The question is the right one; analysis and assurance are fit for the purpose"),
    ("Analyst", "The work is done as this report says; own checks are made; its limits are told"),
    ("Assurer", "Scope, execution, validation and documents are reviewed by somebody who did none of the analysis"),
    ("Approver", "Analysis and assurance are scrutinised; what remains uncertain is understood"),
)


def roles() -> list[Block]:
    """Return the roles to sign, with room for a name, a date and remarks."""
    return [
        Text(
            "The roles of the AQuA Book, the government's guidance on quality of analysis. One person may hold "
            "several, but nobody assures an analysis of their own."
        ),
        Table(
            "sign_off",
            "Sign-off",
            tuple(map(Column, ("Role", "Signs that", "Name", "Date", "Remarks"))),
            [(role, signs, "to be filled in", "to be filled in", "to be filled in") for role, signs in ROLES],
        ),
    ]


def changes_log(given: Given) -> list[Block]:
    """Return what was changed from the declared values in each run, with who says so and why."""
    rows = [row for run in given.all_runs() for row in _changes(run)]
    return [
        Text(
            "Every value that a scenario file or an option sets in place of the declared one, run by run. What changed "
            "in the model from version to version stands in its CHANGELOG."
        ),
        Table(
            "change_log",
            "Values changed from their declaration",
            tuple(map(Column, ("Run", "Version", "Parameter", "Declared", "Changed to", "Basis", "Because"))),
            rows,
            small=True,
        ),
    ]


def _changes(run: Results) -> list[tuple[str, ...]]:
    manifest = run.manifest
    changed = [one for one in assumptions_of(run) if one.before]
    return [
        (manifest.folder, manifest.version, one.name, one.before, f"{one.value} {one.unit}", one.basis, one.source)
        for one in changed
    ]
