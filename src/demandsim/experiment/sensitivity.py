"""What a comparison turns on: uncertain numbers are screened over the draws, then simulated one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from demandsim.draws import REPLICATIONS_A_DRAW, member_of
from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.points import Points
from demandsim.experiment.reproduce import scenario_of
from demandsim.problems import Problem, UserError
from demandsim.results.comparison import Against, Comparison
from demandsim.results.measures import MEASURES
from demandsim.results.points import EXTRA_SPEND, asked
from demandsim.results.sensitivity import Ends, Sensitivity, effect_of, shares
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.words import years_of
from demandsim.scenario.ensemble import with_ensemble
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble, name_and_place
from demandsim.scenario.together import ROUTES

Array = NDArray[np.float64]

#: Numbers that are simulated, and the most replications of each end: two of each of 50 draws.
CONFIRMED, MOST_REPLICATIONS = 8, 100
#: The outcomes: children looked after in a year, and net cost over the run.
CARE, COST = "looked_after", EXTRA_SPEND.id
_LOW, _HIGH = 0.05, 0.95
#: Length below which a column is a combination of those that have joined.
_NOTHING_LEFT = 1e-6
#: Draws below which there is nothing to screen by.
FEWEST_DRAWS = 10


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Something that is looked at.

    Attributes:
        id, label, unit, when: as `Sensitivity` has them.
        drawn: the difference as drawn, one for each replication.
        place: of the question.
        year: place of the year among those simulated.
    """

    id: str
    label: str
    unit: str
    when: str
    drawn: Array
    place: int
    year: int


def with_sensitivity(
    comparison: Comparison, year: int, options: RunOptions | None = None, **changes: Unpack[Changes]
) -> Comparison:
    """Return a comparison with what each of its what-ifs turns on.

    Numbers are chosen by forward regression of the differences on the posterior draws, four or more for each outcome.
    Reference and what-if are then simulated with each of them at its posterior 5% and 95%, all others as drawn. What
    was simulated is kept.

    Args:
        comparison: over posterior draws.
        year: place in the tables of the year that children looked after are of.
        options: folder, who does the work and who is told; each can be given as a keyword too.
        changes: options in place of those above.

    Raises:
        UserError: there are no posterior draws, or too few.
    """
    options = options_of(options, changes)
    manifest = comparison.reference.manifest
    check_enough(manifest.members, manifest.members_used)
    options = replace(options, seed=manifest.seed)
    reference = scenario_of(comparison.reference)
    return replace(
        comparison,
        others=tuple(
            replace(other, sensitivity=_of(comparison, other, reference, year, options)) for other in comparison.others
        ),
    )


def check_enough(members: int, used: int) -> None:
    """Refuse runs with too few posterior draws to screen by.

    Args:
        members: draws there are; none with point values.
        used: draws that some replication has.

    Raises:
        UserError: with what gives more of them.
    """
    if used >= FEWEST_DRAWS:
        return
    found = f"{used} posterior draw{'s' * (used > 1)}" if members else "runs with point values"
    hint = "leave out --point; or demandsim calibrate, which writes draws; or leave out --sensitivity"
    if members >= FEWEST_DRAWS:
        hint = f"--replications {REPLICATIONS_A_DRAW * FEWEST_DRAWS} or more: each posterior draw has two"
    elif members:
        hint = "demandsim calibrate with more --draws, or leave out --sensitivity"
    raise UserError(Problem("--sensitivity", "", found, f"runs over {FEWEST_DRAWS} posterior draws or more", hint))


def _of(
    comparison: Comparison, other: Against, reference: Scenario, year: int, options: RunOptions
) -> tuple[Sensitivity, ...]:
    """Return what one what-if turns on, for each outcome; nothing where it has not begun."""
    ensemble = reference.ensemble
    assert ensemble is not None
    what_if = with_ensemble(scenario_of(other.run), ensemble)
    outcomes = [one for one in _outcomes(comparison, other, year) if np.any(one.drawn != one.drawn[0])]
    if not outcomes:
        return ()
    every = np.array(ensemble.members)
    chosen = [
        (key, low, high)
        for key in screened(ensemble, [one.drawn for one in outcomes])
        for low, high in [_moved_to(ensemble, key, reference, what_if)]
        if low is not None and high is not None
    ][:CONFIRMED]
    replications = min(comparison.reference.manifest.replications, MOST_REPLICATIONS)
    points = Points(asked([CARE, COST]), options, f"What it turns on: {other.name}")
    ends = [with_ensemble(one, end) for _, low, high in chosen for end in (low, high) for one in (reference, what_if)]
    points.bring([(one, replications) for one in ends])
    levels = [points.values(one, replications) for one in ends]
    found = []
    for one in outcomes:
        variance, chance, parameters = shares(one.drawn, len(ensemble.members))
        effects = []
        for number, (key, _, _) in enumerate(chosen):
            low, high = (
                (levels[4 * number + end + 1] - levels[4 * number + end])[:, one.year, one.place] for end in (0, 2)
            )
            ends_of = _ends(ensemble, every, key)
            effects.append(effect_of(ends_of, low, high, variance, len(ensemble.members)))
        effects.sort(key=lambda effect: -abs(effect.swing.mean))
        drawn = other.estimate(one.drawn[:replications])
        about = (one.id, one.label, one.unit, one.when, drawn, tuple(effects), len(ensemble.names), replications)
        found.append(Sensitivity(*about, chance, parameters))
    return tuple(found)


def _outcomes(comparison: Comparison, other: Against, year: int) -> list[_Outcome]:
    care = MEASURES[CARE]
    last, label = len(comparison.years) - 1, comparison.reference.year_labels()[year]
    span = f"over {years_of(len(comparison.years))}"
    change = other.measure(care, year)
    cost = "net cost (cash, not discounted)"
    return [
        _Outcome(CARE, f"the change in {care.label.lower()}", care.unit, label, change, 0, year - YEARS_BEFORE),
        _Outcome(COST, cost, EXTRA_SPEND.unit, span, other.financing.net_cost, 1, last),
    ]


def screened(ensemble: Ensemble, differences: Sequence[Array]) -> list[str]:
    """Return the numbers of an ensemble in the order in which they seem to matter, all outcomes taken in turn.

    Args:
        ensemble: whose draws the replications have.
        differences: of each outcome, one for each replication.
    """
    members = np.array([member_of(number, len(ensemble.members)) for number in range(len(differences[0]))])
    used = np.unique(members)
    draws = np.array(ensemble.members)[used]
    varies = np.flatnonzero(np.ptp(draws, axis=0) > 0)
    units = (draws[:, varies] - draws[:, varies].mean(axis=0)) / draws[:, varies].std(axis=0)
    steps = min(2 * CONFIRMED, len(used) // 2, len(varies))
    orders = [
        _joining(units, np.array([np.nanmean(values[members == member]) for member in used]), steps)
        for values in differences
    ]
    taken = [order[step] for step in range(max(map(len, orders))) for order in orders if step < len(order)]
    return [ensemble.names[varies[place]] for place in dict.fromkeys(taken)]


def _joining(units: Array, values: Array, steps: int) -> list[int]:
    """Return the columns that join a regression one after another: each the one most correlated with what is left."""
    left, columns, order = values - values.mean(), units.copy(), list[int]()
    for _ in range(steps):
        sizes = np.linalg.norm(columns, axis=0)
        free = sizes > _NOTHING_LEFT
        free[order] = False
        if not free.any():
            break
        fits = np.where(free, np.abs(columns.T @ left) / np.where(free, sizes, 1.0), -1.0)
        best = int(fits.argmax())
        way = columns[:, best] / sizes[best]
        left = left - way * (way @ left)
        columns = columns - np.outer(way, way @ columns)
        order.append(best)
    return order


def _ends(ensemble: Ensemble, every: Array, key: str) -> Ends:
    name, place = name_and_place(key)
    parameter, values = PARAMETERS[name], every[:, ensemble.names.index(key)]
    meaning = parameter.meaning if place is None else f"{parameter.meaning}: {parameter.columns[place]}"
    low, high = np.quantile(values, [_LOW, _HIGH])
    return Ends(key, meaning, parameter.unit, float(low), float(high), float(values.std(ddof=1)))


def _moved_to(ensemble: Ensemble, key: str, *scenarios: Scenario) -> tuple[Ensemble, Ensemble] | tuple[None, None]:
    """Return the ensemble with one number at its posterior 5% and 95% in every draw; none if it can't be there."""
    values = np.array(ensemble.members)[:, ensemble.names.index(key)]
    low, high = (moved(ensemble, key, float(np.quantile(values, end))) for end in (_LOW, _HIGH))
    try:
        for scenario in scenarios:
            with_ensemble(scenario, low)
            with_ensemble(scenario, high)
    except UserError:
        return None, None
    return low, high


def moved(ensemble: Ensemble, key: str, value: float) -> Ensemble:
    """Return an ensemble with one number at a value in every draw; shares of one whole are scaled to make room."""
    name, place = name_and_place(key)
    column = ensemble.names.index(key)
    members = np.array(ensemble.members)
    others = [
        number
        for number, one in enumerate(ensemble.names)
        if number != column
        and (
            (PARAMETERS[name].sums_to_one and name_and_place(one)[0] == name)
            or (name in ROUTES and name_and_place(one)[0] in ROUTES and name_and_place(one)[1] == place)
        )
    ]
    if others:
        rest = members[:, others].sum(axis=1)
        room = rest + members[:, column] - value
        if name in ROUTES:  # those who stay until 18 take or give first
            room = np.minimum(rest, 1.0 - value)
        members[:, others] *= np.where(rest > 0, room / np.maximum(rest, 1e-12), 1.0)[:, np.newaxis]
    members[:, column] = value
    return replace(ensemble, members=tuple(tuple(row) for row in members.tolist()))
