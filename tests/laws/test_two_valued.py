"""A run over an ensemble of two values: what the parameters make is theirs, and what is left is chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ensemble_of, small
from scipy.stats import f as fisher

from demandsim.experiment.compare import compare
from demandsim.experiment.run import run
from demandsim.results.comparison import Comparison, paired_level
from demandsim.results.measures import MEASURES
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import spread
from demandsim.scenario.ensemble import with_ensemble

MEMBERS, FEW, MANY = 12, 0.45, 0.75
REFERRALS = MEASURES["referrals"]
TWO_VALUED = ensemble_of(contact__rate=[FEW, MANY] * (MEMBERS // 2))
ONE_VALUED = ensemble_of(contact__rate=[0.6] * MEMBERS)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A twentieth more demand against none more, each over the two values."""
    out = tmp_path_factory.mktemp("two_valued")
    return compare(
        *(small(8_000), small(8_000, demand__level=1.05)),
        replications=2 * MEMBERS,
        out=out,
        jobs=2,
        ensemble=TWO_VALUED,
    )


def test_the_part_of_the_parameters_is_how_far_apart_they_set_the_levels(found: Comparison) -> None:
    values = paired_level(found.reference, REFERRALS, YEARS_BEFORE)
    pairs = values.reshape(MEMBERS, 2)
    few, many = pairs[::2].ravel(), pairs[1::2].ravel()
    # Of two values, each in half of the members, the variance is a quarter of the squared distance, times n / (n - 1).
    distance = many.mean() - few.mean()
    true = distance**2 / 4 * MEMBERS / (MEMBERS - 1)
    one = spread(values, MEMBERS)
    chance = np.sqrt((few.var(ddof=1) + many.var(ddof=1)) / 2)
    error = distance / 2 * chance * np.sqrt(2 / MEMBERS)
    assert one.parameters == pytest.approx(true, abs=4 * error)
    # Chance is what differs within a value, whichever member has it.
    ratio = one.chance / chance**2
    assert fisher.ppf(0.0005, MEMBERS, 2 * MEMBERS - 2) < ratio < fisher.ppf(0.9995, MEMBERS, 2 * MEMBERS - 2)


def test_an_ensemble_of_one_value_makes_nothing(tmp_path: Path) -> None:
    results = run(with_ensemble(small(8_000), ONE_VALUED), replications=2 * MEMBERS, out=tmp_path, jobs=2)
    for name in ("referrals", "children_in_need", "looked_after"):
        one = spread(paired_level(results, MEASURES[name], YEARS_BEFORE), MEMBERS)
        between = one.chance + one.size * one.parameters
        assert between / one.chance < fisher.ppf(0.9995, MEMBERS - 1, MEMBERS), name


def test_a_difference_has_the_same_members_and_the_same_luck_on_both_sides(found: Comparison) -> None:
    """So what is not known of the level mostly cancels; what is left is a tenth of it, as the what-if adds a tenth."""
    (other,) = found.others
    level = spread(paired_level(found.reference, REFERRALS, YEARS_BEFORE), MEMBERS)
    change = spread(other.measure(REFERRALS, YEARS_BEFORE), MEMBERS)
    assert change.parameters < 0.1 * level.parameters
    assert change.chance < 0.5 * level.chance
    apart = spread(
        paired_level(other.run, REFERRALS, YEARS_BEFORE)
        - np.roll(paired_level(found.reference, REFERRALS, YEARS_BEFORE), 2),
        MEMBERS,
    )
    assert apart.parameters > 10 * change.parameters
