"""Priors of what may move: only what nobody knows exactly, only where it may go, and back to the declared value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import small
from hypothesis import given, settings
from hypothesis import strategies as st

from demandsim.scenario.overlay import overlay_toml
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.priors import (
    at,
    first_approximations,
    fitted,
    from_what_they_replace,
    priors_in,
    uncertain,
    values_at,
)
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import resolved_toml
from demandsim.scenario.schema import Basis, Role

BASELINE = read_scenario("baseline")
DRAWN = uncertain(BASELINE)
ROUTES = ("care.home", "care.adoption", "care.guardianship", "care.other")


def test_no_lever_and_nothing_published_is_fitted() -> None:
    for prior in fitted(BASELINE):
        setting = BASELINE.settings[prior.name]
        assert (setting.role, setting.declared.basis) == (Role.UNCERTAINTY, Basis.FITTED), prior
    assert not [prior for prior in DRAWN if BASELINE.settings[prior.name].role != Role.UNCERTAINTY]
    names = {prior.name for prior in DRAWN}
    assert {"loop.drift", "harm.shield", "demand.need", "practice.help", "help.plan"} <= names
    # Hours are set together, and a published list is known.
    assert not names & {"hours.assessment", "workforce.hours", "pressure.reference", "demand.source"}
    assert set(fitted(BASELINE)) < set(DRAWN)


def test_what_a_scenario_sets_by_judgement_stands() -> None:
    changed = small(demand__new_families=150)
    assert "demand.new_families" not in {prior.name for prior in (*fitted(changed), *uncertain(changed))}


def test_nought_is_the_value_as_declared_to_the_last_digit() -> None:
    # So what was simulated there for fewer priors is not simulated again.
    nothing = np.zeros(len(DRAWN))
    assert at(BASELINE, DRAWN, nothing).digest() == BASELINE.digest()
    third = small(care__short_stay_days=100 / 3)
    assert at(third, DRAWN, nothing).digest() == third.digest()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 1.0, 3.0]))
def test_every_point_is_a_scenario_that_can_be_simulated(seed: int, spread: float) -> None:
    units = spread * np.random.default_rng(seed).standard_normal(len(DRAWN))
    moved = at(BASELINE, DRAWN, units)  # raises if a value is out of bounds
    for prior in DRAWN:
        setting = BASELINE.settings[prior.name]
        if prior.place is None:
            assert setting.range
            assert setting.range[0] <= moved.settings[prior.name].value <= setting.range[1]  # type: ignore[operator]
    for name, parameter in PARAMETERS.items():
        if parameter.sums_to_one:
            assert sum(moved.settings[name].value) == pytest.approx(1.0, abs=1e-9)  # type: ignore[arg-type]
    routes = np.array([moved.settings[route].value for route in ROUTES])
    assert (routes.sum(axis=0) <= 1 + 1e-12).all()


def test_half_the_weight_is_on_either_side_of_the_value_and_the_ends_are_never_passed() -> None:
    (prior,) = priors_in(BASELINE, ["demand.new_families"])
    setting = BASELINE.settings["demand.new_families"]
    assert isinstance(setting.value, float)
    assert setting.range
    value, (low, high) = setting.value, setting.range
    units = np.random.default_rng(1).standard_normal(2_000)
    found = np.array([prior.of(values_at(BASELINE, [prior], np.array([unit]))) for unit in units])
    assert abs(np.mean(found > value) - 0.5) < 4 * 0.5 / np.sqrt(len(found))
    assert found.min() >= low
    assert found.max() <= high


def test_a_number_moves_smoothly_through_its_declared_value() -> None:
    """Slopes there are the same on both sides: a search steps from it."""
    for prior in DRAWN:
        at_nought, up, down = (prior.of(values_at(BASELINE, [prior], np.array([unit]))) for unit in (0.0, 0.05, -0.05))
        rise, fall = up - at_nought, at_nought - down
        if rise == 0 or fall == 0 or min(rise, fall) < 0.5 * max(rise, fall):
            low, high = BASELINE.settings[prior.name].range or (0.0, 1.0)
            assert not 0.005 < (at_nought - low) / (high - low) < 0.995, f"{prior} is no end of its range"
            continue
        assert rise == pytest.approx(fall, rel=0.2, abs=3e-6), prior


def test_one_part_of_a_whole_that_grows_takes_from_the_others() -> None:
    priors = [one for one in priors_in(BASELINE, ["care.home", "care.adoption"]) if one.place == 1]
    up = np.array([1.0 if one.name == "care.adoption" else 0.0 for one in priors])
    moved = at(BASELINE, priors, up).settings
    assert moved["care.adoption"].value[1] > BASELINE.settings["care.adoption"].value[1]  # type: ignore[index]
    assert moved["care.home"].value[1] < BASELINE.settings["care.home"].value[1]  # type: ignore[index]
    # Another age is left as it is, but for rounding.
    other = BASELINE.settings["care.home"].value[2]  # type: ignore[index]
    assert moved["care.home"].value[2] == pytest.approx(other, abs=2e-6)  # type: ignore[index]


def test_an_overlay_reads_back_to_the_same_values(tmp_path: Path) -> None:
    priors = fitted(BASELINE)
    units = np.random.default_rng(2).standard_normal(len(priors))
    values = values_at(BASELINE, priors, units)
    text = overlay_toml(
        BASELINE, tmp_path, 'A "fit"', "why", {name: (value, "T01") for name, value in values.items()}, "none.csv"
    )
    (tmp_path / "fitted.toml").write_text(text, encoding="utf-8")
    read = read_scenario(tmp_path / "fitted.toml")
    for name, value in values.items():
        assert read.settings[name].value == pytest.approx(value, rel=1e-12)
        assert read.settings[name].basis == Basis.FITTED
        assert read.settings[name].source == "T01"
    # One that extends a user's own file finds it from where it lies.
    own = tmp_path / "own" / "mine.toml"
    own.parent.mkdir()
    own.write_text('[scenario]\ntitle = "Mine"\nwhy = "?"\nextends = "baseline"\n', encoding="utf-8")
    deep = tmp_path / "results" / "calibrate-mine"
    deep.mkdir(parents=True)
    text = overlay_toml(
        read_scenario(own), deep, "Mine, fitted", "why", {"demand.new_families": (150.0, "T01")}, "none.csv"
    )
    (deep / "fitted.toml").write_text(text, encoding="utf-8")
    assert [Path(one).name for one in read_scenario(deep / "fitted.toml").lineage] == [
        "fitted.toml",
        "mine.toml",
        "baseline.toml",
    ]


def test_a_lever_that_was_fitted_holds_before_the_start_too_and_a_what_if_does_not(tmp_path: Path) -> None:
    (posts,) = priors_in(BASELINE, ["workforce.posts"])
    moved = at(BASELINE, [posts], np.array([1.0]))
    fitted_posts = moved.settings["workforce.posts"].value
    assert fitted_posts != BASELINE.settings["workforce.posts"].value
    assert moved.history()["workforce.posts"] == fitted_posts
    text = overlay_toml(BASELINE, tmp_path, "Ours", "why", {"workforce.posts": (fitted_posts, "T42")}, "none.csv")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    what_if = read_scenario(tmp_path / "ours.toml", ["workforce.posts=20.5"])
    assert what_if.at_start()["workforce.posts"] == 20.5
    assert what_if.history()["workforce.posts"] == pytest.approx(fitted_posts)
    # Without a fit the lever's past is the baseline's, as it ever was.
    plain = read_scenario("baseline", ["workforce.posts=20.5"])
    assert plain.history()["workforce.posts"] == BASELINE.settings["workforce.posts"].value


@pytest.mark.parametrize("approximate", [True, False])
def test_a_first_approximation_that_is_freed_starts_from_what_it_replaces(tmp_path: Path, approximate: bool) -> None:
    """It was counted from a target: a prior around it would let that evidence count twice."""
    path = tmp_path / "mine.toml"
    path.write_text(
        '[scenario]\ntitle = "Mine"\nextends = "baseline"\n[local."demand.level"]\nvalue = 1.7\nunit = "ratio"\n'
        f'file = "cin.xml"\nsha256 = "{"ab" * 32}"\nrule = "referrals"\nrecords = 500\n'
        f"approximate = {str(approximate).lower()}\n",
        encoding="utf-8",
    )
    mine = read_scenario(path)
    again = tmp_path / "again.toml"
    again.write_text(resolved_toml(mine), encoding="utf-8")
    assert read_scenario(again).settings["demand.level"].local == mine.settings["demand.level"].local
    freed = from_what_they_replace(mine, ["demand.level"])
    assert freed.history()["demand.level"] == (1.0 if approximate else 1.7)
    england = BASELINE.settings["demand.level"].range
    assert england
    wider = mine.settings["demand.level"].range
    assert freed.settings["demand.level"].range == ((england[0], max(england[1], 1.7)) if approximate else wider)
    assert from_what_they_replace(mine, []).settings == mine.settings
    assert first_approximations(mine) == (["demand.level"] if approximate else [])
