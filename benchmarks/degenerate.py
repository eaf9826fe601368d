"""Do other values fit as well and answer otherwise? Refits on a grid, and the answers to five what-ifs at each point.

    python benchmarks/degenerate.py           ten minutes; writes degenerate.csv, reference/other-values.md, picture
    python benchmarks/degenerate.py --page    only the page again, from degenerate.csv

No trial says what ordinary casework does, and the figures that are fitted say little about how much of severity is for
good. So both are set on a grid, and the levels of the pathway are refitted at each point, by Gauss-Newton steps with
the same random numbers. If the fits tie, the spread of the answers is what is not known.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.evidence import targets
from demandsim.model.simulate import simulate
from demandsim.results.fit_rows import Row, rows_of
from demandsim.results.measures import MEASURES
from demandsim.results.points import measured
from demandsim.scenario.grid import with_values
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis

Array = NDArray[np.float64]
DOSES, PERMANENT = (0.0, 0.5, 1.0), (0.3, 0.6)
#: The corners first: a point that is in the file is not made again.
POINTS = ((1.0, 0.3), (0.0, 0.3), (1.0, 0.6), (0.0, 0.6), (0.5, 0.3), (0.5, 0.6))
CASEWORK = ("help.need", "help.plan", "help.looked_after")
#: What is fitted again: rates move by a factor, thresholds by standard deviations.
RATES = ("demand.new_families", "contact.rate", "enquiry.concerns", "harm.rate", "care.rate", "care.after_home")
THRESHOLDS = (
    "contact.referral_threshold",
    "referral.no_action_threshold",
    "assessment.need_threshold",
    "assessment.plan_threshold",
    "referral.enquiry_threshold",
)
LEVELS = (*RATES, *THRESHOLDS)
FITTED = (
    "T01",
    "T02",
    "T03",
    "T04",
    "T05",
    "T06",
    "T07",
    "T14",
    "T15",
    "T17",
    "T18",
    "T20",
    "T24",
    "T25",
    "T39",
    "T55",
)
#: Replications of a fit and of an answer; steps; of finite differences; the prior's spread, and how much it weighs.
FITS, ANSWERS, STEPS, STEP, SPREAD, RIDGE, SEED = 10, 10, 10, 0.1, 0.3, 0.25, 2017
FOR_SLOPES, DAMPING = 6, 0.1
MEASURED = ("exposure", "looked_after", "children_in_need")
YEARS = 6
LENGTHS = ("need.short_days", "need.medium_days", "need.long_days", "need.step_down_days")
WHATIFS = {
    "more referrals closed at once": "referral.no_action_threshold +0.3",
    "targeted family support halved": "scenario targeted_cut",
    "a tenth of care spend to prevention": "scenario shift_to_prevention",
    "a fifth fewer posts": "workforce.posts x 0.8",
    "need cases closed a quarter sooner": "need lengths x 0.75",
}
HERE = Path(__file__).parent
KEPT = HERE / "degenerate.csv"
COLUMNS = ("dose", "permanent", "inside", "rows", "gap", "whatif", "measure", "level", "difference", "error")


@cache
def _scenario(name: str, years: int) -> Scenario:
    return read_scenario(name, [], years)


@cache
def _rows() -> tuple[Row, ...]:
    scenario = _scenario("baseline", 1)
    return rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)


def _declared(name: str) -> float:
    return float(_scenario("baseline", 1).settings[name].value)  # type: ignore[arg-type]


def _levels(units: Array) -> dict[str, float]:
    """Return values of the levels so far from those declared: logarithms of rates, thresholds as they are."""
    factors = {name: _declared(name) * float(np.exp(unit)) for name, unit in zip(RATES, units, strict=False)}
    moved = zip(THRESHOLDS, units[len(RATES) :], strict=True)
    return {**factors, **{name: _declared(name) + float(unit) for name, unit in moved}}


def _grid_point(dose: float, permanent: float) -> dict[str, float]:
    return {**{name: dose * _declared(name) for name in CASEWORK}, "severity.permanent": permanent}


def _gaps(point: Mapping[str, float], units: Array, replications: int) -> Array:
    """Return how far each row lies from its figure, in its standard deviations."""
    scenario = with_values(_scenario("baseline", 1), {**point, **_levels(units)}, basis=Basis.FITTED)
    places = [list(MEASURES).index(row.target.measure) for row in _rows()]
    years = [measured(simulate(scenario, SEED, number)[0])[0, places] for number in range(replications)]
    copies = np.array([row.copies for row in _rows()])
    figures = np.array([row.target.value for row in _rows()])
    return np.asarray((np.nanmean(years, axis=0) * copies - figures) / [row.deviation for row in _rows()])


def refit(point: Mapping[str, float]) -> tuple[Array, Array]:
    """Return levels fitted at a point of the grid, and the gaps there: the best of a few Gauss-Newton steps."""
    used = np.array([row.target.id in FITTED for row in _rows()])
    units = np.zeros(len(LEVELS))
    at_start = _gaps(point, units, FOR_SLOPES)
    moved = [_gaps(point, units + STEP * own, FOR_SLOPES) - at_start for own in np.eye(len(LEVELS))]
    slopes = np.array(moved).T[used] / STEP
    curve = slopes.T @ slopes + RIDGE / SPREAD**2 * np.eye(len(LEVELS))
    best, damped = (np.inf, units, at_start), DAMPING
    for _ in range(STEPS):
        gaps = _gaps(point, units, FITS)
        cost = float((gaps[used] ** 2).sum() + RIDGE * ((units / SPREAD) ** 2).sum())
        # A step that did not help is taken again, shorter (Levenberg and Marquardt).
        damped = damped / 4 if cost < best[0] else damped * 8
        best = min(best, (cost, units, gaps), key=lambda one: one[0])
        _, units, gaps = best
        down = slopes.T @ gaps[used] + RIDGE / SPREAD**2 * units
        units = units - np.clip(np.linalg.solve(curve + damped * np.diag(np.diag(curve)), down), -0.4, 0.4)
    return best[1], best[2]


def _changed(whatif: str, fitted: Mapping[str, float]) -> Scenario:
    """Return a what-if at fitted values."""
    name = {"targeted family support halved": "targeted_cut"}.get(whatif, "baseline")
    name = {"a tenth of care spend to prevention": "shift_to_prevention"}.get(whatif, name)
    scenario = with_values(_scenario(name, YEARS), fitted, basis=Basis.FITTED)
    if whatif == "more referrals closed at once":
        threshold = "referral.no_action_threshold"
        return with_values(scenario, {threshold: fitted[threshold] + 0.3})
    if whatif == "a fifth fewer posts":
        return with_values(scenario, {"workforce.posts": 0.8 * _declared("workforce.posts")})
    if whatif == "need cases closed a quarter sooner":
        return with_values(scenario, {length: 0.75 * _declared(length) for length in LENGTHS})
    return scenario


def _last_year(scenario: Scenario) -> Array:
    """Return what is measured in the last year, a row for each replication."""
    places = [list(MEASURES).index(name) for name in MEASURED]
    return np.array([measured(simulate(scenario, SEED, number)[0])[-1, places] for number in range(ANSWERS)])


def answers(fitted: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return what each what-if changes in the sixth year, against the same values without it."""
    reference = _last_year(_changed("", fitted))
    found = []
    for whatif in WHATIFS:
        differences = _last_year(_changed(whatif, fitted)) - reference
        errors = differences.std(axis=0, ddof=1) / ANSWERS**0.5
        for place, measure in enumerate(MEASURED):
            level = float(reference[:, place].mean())
            row = {"level": level, "difference": float(differences[:, place].mean()), "error": float(errors[place])}
            found.append({"whatif": whatif, "measure": measure, **row})
    return found


def _point(dose: float, permanent: float) -> list[dict[str, Any]]:
    began = time.monotonic()
    point = _grid_point(dose, permanent)
    units, gaps = refit(point)
    used = np.array([row.target.id in FITTED for row in _rows()])
    of_all = {
        "dose": dose,
        "permanent": permanent,
        "inside": int((np.abs(gaps) <= 2).sum()),
        "rows": len(gaps),
        "gap": float(np.sqrt((gaps[used] ** 2).mean())),
    }
    missed = [f"{row.target.id} {gap:+.1f}" for row, gap in zip(_rows(), gaps, strict=True) if abs(gap) > 2]
    moves = ", ".join(f"{name} {unit:+.2f}" for name, unit in zip(LEVELS, units, strict=True))
    print(of_all, f"missed: {', '.join(missed)}; moved: {moves}", flush=True)
    found = [{**of_all, **answer} for answer in answers({**point, **_levels(units)})]
    print(f"{time.monotonic() - began:.0f} s", flush=True)
    return found


def main() -> None:
    if "--page" not in sys.argv:
        if not KEPT.exists():
            KEPT.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
        for dose, permanent in POINTS:
            if f"\n{dose:g},{permanent:g}," not in KEPT.read_text(encoding="utf-8"):
                found = _point(dose, permanent)
                with KEPT.open("a", newline="", encoding="utf-8") as stream:
                    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
                    writer.writerows({name: _short(value) for name, value in row.items()} for row in found)
    from degenerate_page import write

    write(KEPT)


def _short(value: Any) -> Any:
    return f"{value:.5g}" if isinstance(value, float) else value


if __name__ == "__main__":
    main()
