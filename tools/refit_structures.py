"""Refit the level parameters of the alternative structures, and write scenarios/structures/NAME.toml.

Each structure supposes something else about how the model works (its switches). What sets the levels is then fitted to
the published figures again: Gauss-Newton on simulations of one year with common random numbers, derivatives by
differences, the priors of calibration as the ridge. A few minutes on one core. Run it after a new fit of the baseline.

    python tools/refit_structures.py
    python tools/refit_structures.py no_shields
"""

from __future__ import annotations

import sys
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from demandsim.evidence import targets
from demandsim.model.simulate import simulate
from demandsim.results.fit_rows import Row, gaps, rows_of
from demandsim.results.points import asked, measured, taken
from demandsim.results.words import number
from demandsim.scenario.grid import with_values
from demandsim.scenario.priors import Prior, priors_in, values_at
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import number_text
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import FORMAT, Basis, Role

Array = NDArray[np.float64]
Value = float | tuple[float, ...]

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "structures"
#: What sets levels: uncertainties only.
LEVELS = (
    "demand.new_families",
    "contact.rate",
    "contact.slope",
    "enquiry.concerns",
    "enquiry.substantiated",
    "harm.rate",
    "care.rate",
    "care.after_home",
    "need.long_days",
    "start.care_starts",
)
SEED, FIRST = 2015, 2_000_000
#: Replications of a slope (chance is the same on both sides), of a step, and of what is said of misses.
FEWEST, FEW, MANY = 6, 12, 48
ITERATIONS, STEP, FURTHEST = 5, 0.5, 2.0
#: Parts of a step that are tried, the whole first. A step that betters the cost by less than this share is the last.
PARTS, ENOUGH = (1.0, 0.4), 0.03
_NEVER = "nobody supposes it; it is set to see what an answer turns on"


@dataclass(frozen=True, slots=True)
class Structure:
    """What is supposed.

    Attributes:
        title: of the file.
        why: what it supposes, in a paragraph.
        switches: values of parameters that make it so.
    """

    title: str
    why: str
    switches: Mapping[str, Value]


STRUCTURES = {
    "permanent_severity_only": Structure(
        "Severity never changes of itself",
        "Supposes that how badly off a child is stays as it is: no crises, nothing that passes within weeks or over "
        "years. Only help takes anything off, and harm that nobody sees adds to it. Who was refused comes back "
        "because it is who it is.",
        {"severity.permanent": 1.0, "severity.crisis": 0.0},
    ),
    "casework_has_no_dose": Structure(
        "Casework changes nothing",
        "Supposes that what social workers do on plans and in care takes nothing off severity: a case is watched, its "
        "harm is seen, and it ends as time goes by. Early help and programmes work as in the main structure.",
        {"help.need": 0.0, "help.plan": 0.0, "help.looked_after": 0.0},
    ),
    "no_shields": Structure(
        "Nothing shields a child from harm",
        "Supposes that serious harm is as likely on a plan or in care as with no service at all, at the same "
        "severity. Services act through severity and through what they see, no other way.",
        {"harm.shield": (1.0, 1.0, 1.0, 1.0)},
    ),
    "prevention_has_no_effect": Structure(
        "Prevention has no effect",
        "Supposes that early help, programmes on open cases, family group conferences and support of returns home "
        "reach children and change nothing. Money for them buys places.",
        {
            "early_help.relative_risk": 1.0,
            "early_help.care_relative_risk": 1.0,
            "prevention.open_cases_relative_risk": 1.0,
            "prevention.edge_of_care_relative_risk": 1.0,
            "prevention.reunification_relative_risk": 1.0,
            "prevention.kinship_allowances_take_up": 0.0,
            "prevention.fdac_odds_ratio": 1.0,
            "prevention.fdac_relative_risk": 1.0,
        },
    ),
    "money_has_no_consequence": Structure(
        "Overspends have no consequence",
        "Supposes that no spending control is applied to an overspend and nothing is paid back: posts are not frozen, "
        "prevention is not cut, and reserves go below zero without end.",
        {"budget.spending_controls": (0.0, 0.0, 0.0), "budget.reserves_floor": -100_000.0},
    ),
}


class Fitting:
    """Simulates the targets of one structure at values of its level parameters.

    Args:
        scenario: with the switches set.
        rows: the targets.
        chance: by how much the replications of a step lie off because they are few, in the unit of `gaps`.
    """

    def __init__(self, scenario: Scenario, rows: Sequence[Row], chance: Array) -> None:
        self.scenario, self.rows, self._chance = scenario, rows, chance
        self.priors = priors_in(scenario, LEVELS)

    def gaps(self, units: Array) -> Array:
        """Return how far the targets are missed, in standard deviations of these."""
        found: Array = self._missed(units, FEW) - self._chance
        return found

    def _missed(self, units: Array, many: int) -> Array:
        values = values_at(self.scenario, self.priors, units)
        return missed(with_values(self.scenario, values, "a refit", Basis.FITTED), self.rows, many)

    def cost(self, units: Array, gap: Array) -> float:
        return float(gap @ gap + units @ units)

    def fit(self, units: Array) -> Array:
        """Return the units, by Gauss-Newton from some; a step that makes things worse is cut short once, then left."""
        gap = self.gaps(units)
        for turn in range(ITERATIONS):
            slopes = self._slopes(units)
            step = np.linalg.solve(slopes.T @ slopes + np.eye(len(units)), -(slopes.T @ gap + units))
            step = np.clip(step, -FURTHEST, FURTHEST)
            before = self.cost(units, gap)
            for part in PARTS:
                tried = units + part * step
                new = self.gaps(tried)
                if self.cost(tried, new) < before:
                    units, gap = tried, new
                    break
            print(f"  step {turn + 1}: {before:.1f} to {self.cost(units, gap):.1f}", flush=True)
            if self.cost(units, gap) > (1 - ENOUGH) * before:
                break
        return units

    def _slopes(self, units: Array) -> Array:
        """Return (targets, parameters): what a unit of each parameter does."""
        base = self._missed(units, FEWEST)
        moved = units + STEP * np.eye(len(units))
        return np.array([(self._missed(one, FEWEST) - base) / STEP for one in moved]).T


def simulated(scenario: Scenario, rows: Sequence[Row], many: int) -> Array:
    """Return (replications, targets) of the first year, of one authority."""
    questions = asked(row.target.measure for row in rows)
    one_year = replace(scenario, years=1)
    every = [taken(measured(simulate(one_year, SEED, FIRST + number)[0]), questions)[0] for number in range(many)]
    return np.array(every)


def missed(scenario: Scenario, rows: Sequence[Row], many: int) -> Array:
    return gaps(rows, np.nanmean(simulated(scenario, rows, many), axis=0))


def misses_text(rows: Sequence[Row], found: Array, usual: Array) -> str:
    """Return the targets that are missed by more than their tolerance, furthest first, beside the main structure."""
    parts = []
    for place in np.argsort(-np.abs(found)):
        row, off, before = rows[place], found[place], usual[place]
        if abs(off) <= 2:
            continue
        target, size = row.target, row.deviation
        now, main = (number(target.value + gap * size) for gap in (off, before))
        within = f"{number(target.value)} ±{number(2 * size)}"
        parts.append(f"{target.id} {target.measure} {now} (published {within}; main structure {main}).")
    return " ".join(parts) if parts else "None."


def toml_of(name: str, scenario: Scenario, fitted: Mapping[str, Value], misses: str, counts: tuple[int, int]) -> str:
    """Return the file of a structure."""
    one = STRUCTURES[name]
    why = f"{one.why} Its levels are refitted to the {counts[0]} targets that the baseline is fitted to."
    many = f"of {counts[0]} (main structure: {counts[1]})"
    missed_words = f"Targets missed by more than their tolerance, {many}. {misses}"
    lines = [
        "# Written by tools/refit_structures.py; edit that, not this. For demandsim compare --structures.",
        "",
        "[scenario]",
        f"format = {FORMAT}",
        f'title = "{one.title}"',
        'why = """',
        *textwrap.wrap(why, 118),
        "",
        *textwrap.wrap(missed_words, 118),
        '"""',
        'extends = "baseline"',
    ]
    for parameter, value in one.switches.items():
        # What held before the start is fitted, of a lever; of an uncertainty, what an ensemble must leave alone is not.
        basis = Basis.FITTED if scenario.settings[parameter].role == Role.LEVER else Basis.JUDGEMENT
        lines += _set(parameter, value, basis, _NEVER)
    for parameter, value in fitted.items():
        before = scenario.settings[parameter].value
        lines += _set(parameter, value, Basis.FITTED, f"refitted with the switches above; {before:g} in the baseline")
    return "\n".join(lines) + "\n"


def _set(name: str, value: Value, basis: Basis, because: str) -> list[str]:
    return ["", f'[set."{name}"]', f"value = {number_text(value)}", f'basis = "{basis}"', f'because = "{because}"']


def start_of(name: str, scenario: Scenario, priors: Sequence[Prior]) -> Array:
    """Return where to begin: at an earlier fit, if there is one."""
    path = FOLDER / f"{name}.toml"
    units = np.zeros(len(priors))
    if not path.is_file():
        return units
    earlier = tomllib.loads(path.read_text(encoding="utf-8"))["set"]
    for place, prior in enumerate(priors):
        setting = scenario.settings[prior.name]
        assert setting.range
        low, high = setting.range
        value = earlier.get(prior.name, {"value": setting.value})["value"]
        share = np.clip((np.array([value, setting.value]) - low) / (high - low), 0.005, 0.995)
        units[place] = ndtri(share[0]) - ndtri(share[1])
    return units


def refit(name: str, baseline: Scenario, rows: Sequence[Row], usual: tuple[Array, Array]) -> None:
    """Fit one structure and write its file.

    Args:
        name: of the structure.
        baseline: the main structure.
        rows: the targets.
        usual: how far the main structure misses them, with few replications and with many.
    """
    print(name, flush=True)
    switched = with_values(baseline, STRUCTURES[name].switches, "a structure", Basis.FITTED)
    fitting = Fitting(switched, rows, usual[0] - usual[1])
    values = values_at(switched, fitting.priors, fitting.fit(start_of(name, switched, fitting.priors)))
    fitted = {key: float(f"{value:.4g}") for key, value in values.items() if value != baseline.settings[key].value}
    found = missed(with_values(switched, fitted, "a structure", Basis.FITTED), rows, MANY)
    counts = len(rows), int((np.abs(usual[1]) > 2).sum())
    text = toml_of(name, baseline, fitted, misses_text(rows, found, usual[1]), counts)
    (FOLDER / f"{name}.toml").write_text(text, encoding="utf-8", newline="\n")
    print(f"  {int((np.abs(found) > 2).sum())} of {counts[0]} missed (main structure {counts[1]})", flush=True)


def main(names: Sequence[str]) -> None:
    unknown = sorted(set(names) - set(STRUCTURES))
    if unknown:
        raise SystemExit(f"no structure {', '.join(unknown)}; one of: {', '.join(STRUCTURES)}")
    baseline = read_scenario("baseline")
    rows = rows_of(targets(), baseline.circular_targets(), baseline.scale_to_england)
    every = simulated(baseline, rows, MANY)
    usual = gaps(rows, np.nanmean(every[:FEW], axis=0)), gaps(rows, np.nanmean(every, axis=0))
    FOLDER.mkdir(exist_ok=True)
    for name in names or STRUCTURES:
        refit(name, baseline, rows, usual)


if __name__ == "__main__":
    main(sys.argv[1:])
