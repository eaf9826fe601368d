"""Each loop pushes the way its name says, and off means off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import authority_of, small, tables_of

from demandsim.model.practice import press
from demandsim.records import Count, Stock
from demandsim.results.tables import Tables
from demandsim.scenario.parameters import LOOPS
from demandsim.scenario.read import read_scenario
from demandsim.state.compiled_parameters import compile_rules
from demandsim.vocabulary import SpendCause

#: Too few workers, so that load is far above what it was.
PRESSED = {"workforce__posts": 15, "workforce__caseload": 40}


def _with_and_without(loop: str, **changes: Any) -> tuple[Tables, Tables]:
    """Return runs with the loop strong and off, every other loop off."""
    off = {f"loop__{name}": 0 for name in LOOPS}
    runs = [tables_of(small(40_000, 3, **{**off, f"loop__{loop}": strength, **changes}), 3) for strength in (2, 0)]
    return runs[0], runs[1]


def _total(tables: Tables, *columns: int) -> float:
    return float(tables["count"][:, 12:, list(columns)].sum())


def test_reactive_trap_an_overspend_cuts_prevention_and_more_go_without_help() -> None:
    changes = {"budget__total": 560, "budget__spending_controls": [0, 0, 1]}
    on, off = _with_and_without("reactive_trap", **changes)
    spent_on, spent_off = (run["spend"][:, 12:, SpendCause.UNIVERSAL].sum() for run in (on, off))
    assert spent_on < 0.95 * spent_off
    assert _total(on, Count.EARLY_HELP_UNMET) > 1.05 * _total(off, Count.EARLY_HELP_UNMET)
    assert _total(on, Count.UNSERVED) > _total(off, Count.UNSERVED)
    assert _total(on, Count.EXPOSURE) > _total(off, Count.EXPOSURE)


def test_workload_spiral_more_workers_leave() -> None:
    on, off = _with_and_without("workload_spiral", **PRESSED)
    assert _total(on, Count.STAFF_LEFT) > 1.2 * _total(off, Count.STAFF_LEFT)


def test_failure_demand_cases_are_closed_worse_and_more_come_back() -> None:
    on, off = _with_and_without("failure_demand", **PRESSED)
    assert _total(on, Count.DOSE) < 0.9 * _total(off, Count.DOSE)
    closed = [_total(run, Count.CLOSED_SEVERITY) / _total(run, Count.CLOSED_HOME) for run in (on, off)]
    assert closed[0] > closed[1] + 0.05
    assert _total(on, Count.CONTACT_AGAIN) > 1.03 * _total(off, Count.CONTACT_AGAIN)
    assert _total(on, Count.EXPOSURE) > 1.01 * _total(off, Count.EXPOSURE)


def test_drift_children_stay_longer_in_care() -> None:
    on, off = _with_and_without("drift", **PRESSED)
    assert _total(on, Count.CARE_ENDED) < _total(off, Count.CARE_ENDED)
    assert on["stock"][:, -1, Stock.CARE].sum() > off["stock"][:, -1, Stock.CARE].sum()


def test_sufficiency_full_places_make_more_moves_and_longer_care() -> None:
    changes = {"placement__places": [10, 8, 4], "placement__supply_response": 0}
    on, off = _with_and_without("sufficiency", **changes)
    assert _total(on, Count.PLACED_FIRST_FULL) > 0
    assert _total(on, Count.MOVE) > 1.05 * _total(off, Count.MOVE)
    assert on["stock"][:, -1, Stock.CARE].sum() > off["stock"][:, -1, Stock.CARE].sum()


def test_threshold_creep_fewer_contacts_become_referrals() -> None:
    on, off = _with_and_without("threshold_creep", **PRESSED)
    assert _total(on, Count.REFERRAL) < 0.97 * _total(off, Count.REFERRAL)


@pytest.mark.parametrize(
    ("loop", "what", "neutral"),
    [
        ("workload_spiral", "turnover", 1.0),
        ("failure_demand", "sooner", 1.0),
        ("drift", "drift", 1.0),
        ("threshold_creep", "threshold", 0.0),
    ],
)
def test_off_means_off_whatever_the_load(loop: str, what: str, neutral: float) -> None:
    steady = {f"practice__{name}": [1.0, 1.0, 1.0] for name in ("help", "drift", "turnover")}
    off = [_pressed(felt, 3.0, **steady, **{f"loop__{loop}": 0.0}) for felt in (0.1, 1.0, 5.0)]
    assert [pressure[what] for pressure in off] == [neutral] * 3
    assert _pressed(5.0, 3.0, **steady, **{f"loop__{loop}": 1.0})[what] > neutral


def _pressed(felt: float, court: float, **changes: Any) -> Any:
    """Return what presses on the work of the first month where load is felt like this."""
    world = authority_of(small(), **changes).memory.world[0]
    world["practice"]["felt"] = felt
    press(world, court)
    return world["practice"]


def test_sufficiency_off_means_that_a_second_choice_is_as_good_as_the_first() -> None:
    off, on = (authority_of(small(), loop__sufficiency=strength).memory.world[0] for strength in (0.0, 1.0))
    compile_rules(off)
    compile_rules(on)
    assert [off["rules"][name] for name in ("spill_moves", "spill_delay", "spill_away")] == [1.0, 0.0, 0.0]
    assert on["rules"]["spill_moves"] > 1
    assert on["rules"]["spill_delay"] > 0
    assert on["rules"]["spill_away"] > 0


def test_reactive_trap_off_cuts_nothing_and_its_strength_is_how_deep_the_cut_is() -> None:
    changes = {"budget__total": 620, "budget__spending_controls": [0, 0, 1], "budget__reserves": 0}
    cut = [
        _total(tables_of(small(40_000, 2, **changes, loop__reactive_trap=strength), 2), Count.PREVENTION_CUT)
        for strength in (0, 0.1, 1)
    ]
    assert cut[0] == 0
    assert 0 < cut[1] < 0.8 * cut[2]


def test_a_full_court_takes_longer_with_every_loop_off() -> None:
    """Its capacity is a constraint, not a loop."""
    off = {f"loop__{loop}": 0.0 for loop in LOOPS}
    waits = [_pressed(1.0, full, **off)["court"] for full in (0.5, 1.0, 1.5, 9.0)]
    assert waits == [1.0, 1.0, 1.5, 3.0]


def test_at_the_load_of_2013_14_nothing_presses() -> None:
    steady = {f"practice__{name}": [1.0, 1.0, 1.0] for name in ("help", "drift", "turnover")}
    reference = read_scenario("baseline").at_start()["pressure.reference"]
    pressure = _pressed(reference, 0.5, **steady)
    assert [pressure[name] for name in ("slow", "sooner", "drift", "turnover", "court", "help")] == [1.0] * 6
    assert pressure["threshold"] == 0.0


def test_practice_averages_to_what_was_fitted_over_authorities_and_their_directors() -> None:
    off = {f"loop__{loop}": 0.0 for loop in LOOPS}
    effects, scenario = [], small()
    for key in range(300):
        world = authority_of(scenario, key, **off).memory.world[0]
        for month in range(1, 49):
            world["clock"]["month"] = world["clock"]["first_month"] + month
            press(world, 0.0)
            if month > 24:
                effects.append([world["practice"][on] for on in ("help", "drift", "turnover")])
    assert np.mean(effects, axis=0) == pytest.approx(1.0, abs=0.02)


def test_good_practice_everywhere_is_better_than_the_usual_mix() -> None:
    usual = tables_of(small(40_000, 2), 4)
    good = tables_of(small(40_000, 2, practice__mix=[1, 0, 0], practice__director_changes=0), 4)
    assert _total(good, Count.DOSE) > 1.05 * _total(usual, Count.DOSE)
    assert _total(good, Count.EXPOSURE) < _total(usual, Count.EXPOSURE)
    assert _total(good, Count.CONTACT_AGAIN) < _total(usual, Count.CONTACT_AGAIN)
