"""The STRESS-DES form (Monks and others, 2019), filled in from the code and from the runs of a report."""

from __future__ import annotations

from demandsim.pathway import BOXES
from demandsim.report.document import Block, Column, Table, Text
from demandsim.report.results_given import Given
from demandsim.report.scenario_of import assumptions_of, why_of
from demandsim.results.manifest import Results
from demandsim.results.measures import MEASURES, headline_measures
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import BAND
from demandsim.vocabulary import Loop, Placement, State


def stress(given: Given, reference: Results) -> list[Block]:
    """Return the form: item by item what was done, or where it stands."""
    rows = [
        *_objectives(given),
        *_logic(),
        *_components(),
        *_data(reference),
        *_experimentation(reference),
        *_implementation(reference),
    ]
    return [
        Text(
            "Strengthening the reporting of empirical simulation studies: discrete-event simulation (STRESS-DES). "
            "Written by the program from its code and from these results."
        ),
        Table("stress_des", "STRESS-DES, item by item", tuple(map(Column, ("Item", "What it asks", "Answer"))), rows),
    ]


def _objectives(given: Given) -> list[tuple[str, str, str]]:
    whys = [f"{run.manifest.title}: {why_of(run) or 'no reason given'}" for run in given.all_runs()]
    return [
        (
            "1.1",
            "Purpose of the model",
            "What changes in policy, money and staffing do to demand for children's social care, to children and "
            "to cost. For decisions of a council's children's services in England.",
        ),
        (
            "1.2",
            "Model outputs",
            f"{len(MEASURES)} measures for each financial year, {len(headline_measures())} of them headlines. Each is "
            f"defined in the glossary and matches a return. {100 * BAND:.0f}% intervals are quantiles over "
            "replications; the simulation error is from Student's t over replications or posterior draws.",
        ),
        ("1.3", "Experimentation aims", " ".join(whys)),
    ]


def _logic() -> list[tuple[str, str, str]]:
    steps = ", ".join(BOXES.values())
    return [
        (
            "2.1",
            "Base model overview diagram",
            "The picture pathway that demandsim run draws from the code's own table.",
        ),
        (
            "2.2",
            "Base model logic",
            f"Children move between: {steps}. Each month the severity of every child known changes; help takes "
            "severity off, and contact, harm and care follow it.",
        ),
        (
            "2.3",
            "Scenario logic",
            "Only the values in the change log differ. Every child has the same random draws in reference and what-if.",
        ),
        (
            "2.4",
            "Algorithms",
            "Calibration by ridge regression on waves of simulations; allocation of cases to the team by workload; "
            f"feedback loops: {', '.join(Loop.words.labels())}.",
        ),
    ]


def _components() -> list[tuple[str, str, str]]:
    return [
        ("2.5.1", "Components: entities", "Children, with age, family, severity, need and history."),
        ("2.5.2", "Components: activities", f"Time in each state: {', '.join(State.words.labels())}."),
        (
            "2.5.3",
            "Components: resources",
            f"Social workers in post, early help places, conference chairs, court capacity, money, and places: "
            f"{', '.join(Placement.words.labels())}.",
        ),
        (
            "2.5.4",
            "Components: queues",
            "Allocation, early help, conferences, courts, placements. First come, first served within urgency.",
        ),
        (
            "2.5.5",
            "Components: entry and exit points",
            "Entry by the first contact, on remand or unaccompanied. Exit at 18, or when a care leaver's support ends.",
        ),
    ]


def _data(reference: Results) -> list[tuple[str, str, str]]:
    every = assumptions_of(reference)
    judged = sum(one.basis == "judgement" for one in every)
    return [
        (
            "3.1",
            "Data sources",
            "Ofsted's social care report 2013-14 and the Department for Education's statistics it cites; trials and "
            "cohort studies. All in the evidence that ships with the program.",
        ),
        (
            "3.2",
            "Data pre-processing",
            "England's figures divided by the authorities. Arithmetic stands in each source.",
        ),
        ("3.3", "Input parameters", f"{len(every)}, each with unit, range, basis and source: the assumptions log."),
        ("3.4", "Assumptions", f"{judged} values are judgements that nobody published. They are rated red in the log."),
    ]


def _experimentation(reference: Results) -> list[tuple[str, str, str]]:
    manifest = reference.manifest
    years = manifest.years - YEARS_BEFORE
    return [
        (
            "4.1",
            "Initialisation",
            "Years of warm-up before the first day, from the open cases of 31 March 2013, with levers as they were.",
        ),
        ("4.2", "Run length", f"{years} financial years from {manifest.start}; one year before the start is kept."),
        (
            "4.3",
            "Estimation approach",
            f"{manifest.replications:,} replications with common random numbers. Intervals hold {manifest.intervals}.",
        ),
    ]


def _implementation(reference: Results) -> list[tuple[str, str, str]]:
    manifest = reference.manifest
    return [
        ("5.1", "Software or programming language", f"{manifest.made_by()}."),
        (
            "5.2",
            "Random sampling",
            f"Counter-based generator (Philox), keyed by master seed {manifest.seed}, replication, child and decision. "
            "Inversion of each distribution.",
        ),
        (
            "5.3",
            "Model execution",
            "SimPy's clock over an event calendar; priorities within a day are fixed in the code.",
        ),
        ("5.4", "System specification", manifest.platform or "not recorded by this version"),
        (
            "6.1",
            "Computer model sharing statement",
            "Open source, MIT licence. The commands that make these results again stand in this report.",
        ),
    ]
