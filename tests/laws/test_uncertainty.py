"""How intervals are taken apart, on numbers whose variances are known: chance, parameters, error of the mean."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri, stdtrit

from demandsim.draws import REPLICATIONS_A_DRAW, member_of
from demandsim.results.uncertainty import estimate, spread, total

HALF = ndtri(0.95)


def _made(random: np.random.Generator, members: int, parameters: float, chance: float, rounds: int = 1) -> np.ndarray:
    """Return a measure over replications: what the member's parameters make of it, and chance on top."""
    levels = random.normal(100, parameters, members) if parameters else np.full(members, 100.0)
    each = [levels[member_of(number, members)] for number in range(REPLICATIONS_A_DRAW * members * rounds)]
    return np.array(each) + random.normal(0, chance, len(each))


def test_pairs_of_replications_share_a_member_and_members_come_round_again() -> None:
    assert [member_of(number, 3) for number in range(8)] == [0, 0, 1, 1, 2, 2, 0, 0]


def test_the_variances_are_those_of_pairs_and_of_what_is_left_between_them() -> None:
    values = _made(np.random.default_rng(1), 12, 5, 3)
    first, second = values[::2], values[1::2]
    chance = ((first - second) ** 2).mean() / 2
    means = (first + second) / 2
    found = spread(values, 12)
    assert found.chance == pytest.approx(chance)
    assert found.parameters == pytest.approx(means.var(ddof=1) - chance / 2)
    assert found.mean == pytest.approx(means.var(ddof=1) / 12)
    one = estimate(values, 12)
    assert one.chance == pytest.approx(HALF * np.sqrt(found.chance))
    assert one.parameters == pytest.approx(HALF * np.sqrt(found.parameters))
    assert one.error == pytest.approx(stdtrit(11, 0.95) * np.sqrt(found.mean))


@pytest.mark.parametrize(("parameters", "chance"), [(5.0, 3.0), (1.0, 4.0), (6.0, 0.5)])
@pytest.mark.parametrize(("members", "rounds", "missing"), [(20, 1, 0.0), (8, 3, 0.0), (20, 1, 0.2)])
def test_known_variances_are_found_on_average(
    parameters: float, chance: float, members: int, rounds: int, missing: float
) -> None:
    """Also where members come round again, and where some replications have no value."""
    random, found = np.random.default_rng(7), []
    for _ in range(600):
        values = _made(random, members, parameters, chance, rounds)
        values[random.random(len(values)) < missing] = np.nan
        found.append(spread(values, members))
    for name, true in (("chance", chance**2), ("parameters", parameters**2)):
        each = np.array([getattr(one, name) for one in found])
        error = each.std(ddof=1) / np.sqrt(len(each))
        assert each.mean() == pytest.approx(true, abs=4 * error), name


def test_parameters_that_make_nothing_are_not_shown_as_less() -> None:
    random = np.random.default_rng(3)
    made = [_made(random, 20, 0, 3) for _ in range(400)]
    each = np.array([spread(values, 20).parameters for values in made])
    assert each.mean() == pytest.approx(0, abs=4 * each.std(ddof=1) / 20)
    shown = np.array([estimate(values, 20).parameters for values in made])
    assert shown == pytest.approx(HALF * np.sqrt(np.where(each > 0, each, 0)))


def test_the_error_of_the_mean_holds_it_nine_times_in_ten_only_if_members_are_told_apart() -> None:
    random = np.random.default_rng(11)
    together, apart, rounds = 0, 0, 1_000
    for _ in range(rounds):
        values = _made(random, 10, 5, 1)
        one, other = estimate(values, 10), estimate(values)
        together += abs(one.mean - 100) <= one.error
        apart += abs(other.mean - 100) <= other.error
    assert together / rounds == pytest.approx(0.90, abs=4 * np.sqrt(0.09 / rounds))
    assert apart / rounds < 0.80


def _covered(members: int, parameters: float, chance: float, many: int = 152, rounds: int = 1_000) -> float:
    """Return how often a new total of many authorities lies in the interval found from one authority's replications."""
    random, inside = np.random.default_rng(5), 0
    for _ in range(rounds):
        one = total(_made(random, members or 20, parameters, chance) * many, many, members)
        new = many * random.normal(100, parameters) + random.normal(0, chance * np.sqrt(many))
        inside += one.low <= new <= one.high
    return inside / rounds


@pytest.mark.parametrize(("members", "parameters", "chance"), [(0, 0, 20), (20, 4, 1), (20, 4, 4), (50, 4, 10)])
def test_a_new_total_of_many_authorities_lies_in_its_interval_nine_times_in_ten(
    members: int, parameters: float, chance: float
) -> None:
    """Chance evens out among authorities, and what is not known of the parameters does not."""
    assert _covered(members, parameters, chance) == pytest.approx(0.90, abs=4 * np.sqrt(0.09 / 1_000))


@pytest.mark.parametrize(("members", "parameters", "chance"), [(20, 4, 20), (50, 4, 20), (20, 10, 20), (8, 4, 20)])
def test_where_chance_hides_what_the_parameters_make_the_interval_is_no_narrower_for_it(
    members: int, parameters: float, chance: float
) -> None:
    assert _covered(members, parameters, chance) >= 0.90 - 4 * np.sqrt(0.09 / 1_000)


def test_an_interval_without_an_ensemble_is_of_chance_alone() -> None:
    values = np.random.default_rng(2).normal(50, 4, 30)
    one = estimate(values)
    assert np.isnan(one.parameters)
    assert one.chance == pytest.approx(HALF * values.std(ddof=1))
    assert one.parts[1] == ""
    assert one.error == pytest.approx(stdtrit(29, 0.95) * values.std(ddof=1) / np.sqrt(30))


def test_what_too_few_replications_do_not_say_is_not_said() -> None:
    for values, members in (([1.0], 0), ([1.0, 2.0], 5), ([1.0, np.nan], 5), ([np.nan, np.nan], 5)):
        one = estimate(np.array(values), members)
        assert np.isnan([one.error, one.parameters]).all()
        assert np.isnan(total(np.array(values), 152, members).low)
    # Of each of two members one value: how well the mean is known, but nothing of what makes it.
    one = estimate(np.array([1.0, np.nan, 2.0, np.nan]), 5)
    assert one.error == pytest.approx(stdtrit(1, 0.95) * 0.5)
    assert np.isnan([one.chance, one.parameters]).all()


def test_nine_in_ten_replications_lie_between_the_ends_of_a_band() -> None:
    found = estimate(np.arange(101.0)[::-1])
    assert (found.low, found.mean, found.high) == pytest.approx((5, 50, 95))
