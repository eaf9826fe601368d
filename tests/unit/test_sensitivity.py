"""What a difference turns on: screening finds what was planted, shares are those of a known variance."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ensemble_of

from demandsim.experiment.sensitivity import moved, screened
from demandsim.results.sensitivity import (
    Ends,
    Sensitivity,
    content_of,
    effect_of,
    from_content,
    sensitivity_rows,
    shares,
    turns_words,
)
from demandsim.scenario.ensemble import read_ensemble, with_ensemble
from demandsim.scenario.read import read_scenario
from demandsim.scenario.together import ROUTES

BASELINE = read_scenario("baseline")
SHIPPED = read_ensemble("baseline")


def _two_of_each(values: np.ndarray, noise: float, seed: int = 1) -> np.ndarray:
    """Return two replications of each draw: its own value and chance."""
    return np.repeat(values, 2) + np.random.default_rng(seed).normal(0, noise, 2 * len(values))


def test_screening_finds_the_numbers_that_make_the_difference() -> None:
    draws = np.array(SHIPPED.members)[:100]
    units = (draws - draws.mean(axis=0)) / draws.std(axis=0)
    names = list(SHIPPED.names)
    slope, plan = units[:, names.index("contact.slope")], units[:, names.index("help.plan")]
    one, other = _two_of_each(3 * slope, 1.5), _two_of_each(-2 * plan, 1.5, seed=2)
    assert screened(SHIPPED, [one, other])[:2] == ["contact.slope", "help.plan"]


def test_the_share_of_a_number_is_that_of_its_variance() -> None:
    random = np.random.default_rng(4)
    number = random.normal(10, 2, 400)
    drawn = _two_of_each(1.5 * number, 4.0)
    variance, chance, parameters = shares(drawn, 400)
    assert variance == pytest.approx(9 + 16, rel=0.15)
    assert chance == pytest.approx(16 / 25, abs=0.08)
    assert parameters == pytest.approx(9 / 25, abs=0.08)
    low, high = np.quantile(number, [0.05, 0.95])
    ends = Ends("demand.new_families", "New families", "children", float(low), float(high), float(number.std(ddof=1)))
    level = random.normal(0, 4, 200)
    effect = effect_of(ends, level + 1.5 * low, level + 1.5 * high + random.normal(0, 1, 200), variance, 400)
    assert effect.seen
    assert effect.swing.mean == pytest.approx(1.5 * (high - low), abs=0.3)
    assert effect.share == pytest.approx(9 / 25, abs=0.08)
    nothing = effect_of(ends, level, level + random.normal(0, 0.5, 200), variance, 400)
    assert nothing.share < 0.01


def test_a_share_that_grows_takes_from_the_others_of_its_whole() -> None:
    key = "placement.under_1[1]"
    name = key.partition("[")[0]
    high = float(np.quantile(np.array(SHIPPED.members)[:, SHIPPED.names.index(key)], 0.95))
    changed = moved(SHIPPED, key, high)
    columns = [place for place, one in enumerate(SHIPPED.names) if one.startswith(name + "[")]
    before, after = (np.array(one.members)[:, columns].sum(axis=1) for one in (SHIPPED, changed))
    assert after == pytest.approx(before)
    assert (np.array(changed.members)[:, SHIPPED.names.index(key)] == high).all()
    with_ensemble(BASELINE, changed)  # raises if a list does not add up


@pytest.mark.parametrize("end", [0.05, 0.95])
@pytest.mark.parametrize("key", ["care.home[4]", "care.guardianship[0]", "contact.slope", "harm.rate"])
def test_a_number_at_either_end_is_a_scenario_that_can_be_simulated(key: str, end: float) -> None:
    value = float(np.quantile(np.array(SHIPPED.members)[:, SHIPPED.names.index(key)], end))
    changed = with_ensemble(BASELINE, moved(SHIPPED, key, value)).ensemble
    assert changed is not None
    place = key.partition("[")[2].rstrip("]")
    routes = [number for number, one in enumerate(SHIPPED.names) if one in {f"{route}[{place}]" for route in ROUTES}]
    assert (np.array(changed.members)[:, routes].sum(axis=1) <= 1 + 1e-9).all()


def _sensitivity() -> Sensitivity:
    random = np.random.default_rng(5)
    ends = Ends("help.plan", "What six months take off severity", "standard deviations", 0.1, 0.5, 0.12)
    level = random.normal(-4, 3, 40)
    effects = (
        effect_of(ends, level - 3, level + 3 + random.normal(0, 0.5, 40), 25.0, 40),
        effect_of(ends, level, level + random.normal(0, 3, 40), 25.0, 40),
    )
    from demandsim.results.uncertainty import estimate

    label = "the change in children looked after"
    return Sensitivity("looked_after", label, "children", "2022-23", estimate(level, 40), effects, 186, 40, 0.6, 0.4)


def test_what_it_turns_on_is_said_kept_and_read_back() -> None:
    one = _sensitivity()
    text = turns_words([one])
    assert text.startswith(
        "The change in children looked after turns most on what six months take off severity (help.plan: -"
    )
    assert "at its 5%" in text
    assert text.endswith("of its variance; chance alone 60%.")
    assert ";" not in text.split("turns most on")[1].split("It makes")[0]  # the other is not told apart
    assert from_content(content_of([one])) == (one,)
    heading, first, second, chance, everything = sensitivity_rows([("more", [one])])
    assert len({len(row) for row in (heading, first, second, chance, everything)}) == 1
    assert (first[4], first[16], second[16]) == ("help.plan", "yes", "no")
    assert (chance[4], chance[-2]) == ("chance alone", "0.6")


def test_few_numbers_are_screened_without_fail() -> None:
    few = ensemble_of(demand__new_families=[152 + number for number in range(12)], contact__slope=[0.8] * 12)
    differences = np.repeat(np.arange(12.0), 2)
    assert screened(few, [differences]) == ["demand.new_families"]
