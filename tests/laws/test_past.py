"""Years that scenarios share: whoever goes on from them gets what it would get by itself."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demandsim.experiment import measured, parts
from demandsim.experiment.compare import results_of
from demandsim.experiment.run import run
from demandsim.model.past import Pasts
from demandsim.model.simulate import calendar_of, levers_of, pasts_of, simulate
from demandsim.problems import UserError
from demandsim.records import Stock
from demandsim.results.financing import Financing
from demandsim.results.tables import YEARS_BEFORE
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

FEW, YEARS = ("population.children=6000",), 2
#: With what each does first: reserves, posts paid for already, prevention, courts, a path.
NAMES = ("baseline", "overspend", "vacancy_crisis", "invest_to_save", "courts_26_weeks", "demand_surge")


@pytest.mark.parametrize("spells", [False, True])
@pytest.mark.parametrize("asked", [None, len(NAMES)])
def test_a_scenario_goes_on_from_a_shared_past_as_from_its_own(spells: bool, asked: int | None) -> None:
    pasts = Pasts(asked=asked)
    for name in NAMES:
        scenario = read_scenario(name, [*FEW], YEARS)
        assert _bytes_of(scenario, spells, pasts) == _bytes_of(scenario, spells, None)


#: With the first day on which each differs from the baseline, in a year of four: paths and lists that hold from a day
#: on, paid from the budget or not; posts; an event in the middle of a month.
LATER = {
    "shift_to_prevention": 730.0,
    "vacancy_crisis": 365.0,
    "targeted_cut": 365.0,
    "return_interviews": 365.0,
    "public_tragedy": 579.0,
}


@pytest.mark.parametrize("spells", [False, True])
@pytest.mark.parametrize("name", LATER)
def test_a_scenario_goes_on_from_the_day_on_which_it_differs(name: str, spells: bool) -> None:
    pair = [read_scenario(one, [*FEW], 4) for one in ("baseline", name)]
    pasts = pasts_of(pair)
    assert pasts
    assert pasts._until == LATER[name]
    reference = _bytes_of(pair[0], spells, pasts)
    ((_, past),) = pasts._kept
    assert past.environment.now >= LATER[name]
    assert past.environment.now - LATER[name] < 31
    handled = past.handled
    what_if = _bytes_of(pair[1], spells, pasts)
    assert past.handled > handled  # it took the memory of this past, and went on
    assert [reference, what_if] == [_bytes_of(one, spells, None) for one in pair]


def _bytes_of(scenario: Scenario, spells: bool, pasts: Pasts | None) -> tuple[dict[str, bytes], Any]:
    tables, its_spells = simulate(scenario, 5, 3, spells, 0, pasts)
    return {name: table.tobytes() for name, table in tables.items()}, its_spells


def test_scenarios_share_years_until_the_first_of_them_differs() -> None:
    def until(*names: str) -> float:
        pasts = pasts_of([read_scenario(name, [*FEW], 4) for name in names])
        assert pasts
        return pasts._until

    assert until("baseline", "shift_to_prevention", "shift_to_prevention_half") == 730.0
    assert until("shift_to_prevention", "shift_to_prevention_half") == 730.0
    assert until("baseline", "shift_to_prevention", "targeted_cut") == 365.0
    assert until("baseline", "shift_to_prevention", "overspend") == 0.0
    assert pasts_of([read_scenario("baseline", [*FEW], 4)]) is None


def test_whoever_differs_sooner_has_a_past_of_its_own() -> None:
    """What differs in a posterior draw alone is not known beforehand."""
    pasts = Pasts(asked=2, until=365.0)
    for name in ("baseline", "overspend"):
        scenario = read_scenario(name, [*FEW], YEARS)
        assert _bytes_of(scenario, False, pasts) == _bytes_of(scenario, False, None)


def test_the_same_scenario_twice_is_simulated_to_its_last_month() -> None:
    scenario = read_scenario("baseline", [*FEW], 1)
    pasts = pasts_of([scenario, scenario])
    assert [_bytes_of(scenario, False, pasts) for _ in range(2)] == [_bytes_of(scenario, False, None)] * 2


def test_the_past_is_shared_only_with_the_same_values_draws_and_years() -> None:
    pasts = Pasts(most=9)
    for overrides, years, key in (([], 2, 1), (["workforce.posts=15"], 2, 1), ([], 3, 1), ([], 2, 2)):
        scenario = read_scenario("baseline", [*FEW, *overrides], years)
        calendar = calendar_of(scenario.start, years)
        pasts.authority(levers_of(scenario, calendar), key, calendar, years, False)
    # A lever is moved from the first day on; a value that is fitted holds before it too.
    assert len(pasts._kept) == 3
    other = read_scenario("baseline", [*FEW, "severity.observation_noise=0.9"], 2)
    calendar = calendar_of(other.start, 2)
    pasts.authority(levers_of(other, calendar), 1, calendar, 2, False)
    assert len(pasts._kept) == 4


def test_no_more_are_kept_than_asked_for_and_the_last_ones() -> None:
    scenario, pasts = read_scenario("baseline", [*FEW], 1), Pasts(most=2)
    calendar = calendar_of(scenario.start, 1)
    for key in (1, 2, 1, 3):
        pasts.authority(levers_of(scenario, calendar), key, calendar, 1, False)
    assert [told[0] for told, _ in pasts._kept] == [1, 3]


def test_the_last_that_asks_takes_the_past_and_whoever_asks_after_it_gets_another() -> None:
    scenario, pasts = read_scenario("baseline", [*FEW], 1), Pasts(asked=2)
    calendar = calendar_of(scenario.start, 1)
    first, last, after = (pasts.authority(levers_of(scenario, calendar), 1, calendar, 1, False) for _ in range(3))
    last.run()
    assert [past.memory is last.memory for _, past in pasts._kept] == [False]
    first.run()
    after.run()
    months = [one.memory.months.tobytes() for one in (first, last, after)]
    assert months[0] == months[1] == months[2]


def test_reserves_are_what_they_are_from_the_first_day_on() -> None:
    """A scenario's own reserves are there from its first day; the year before it has those that were."""
    plain, fewer = (
        simulate(read_scenario("baseline", [*FEW, *more], 1), 1, 0)[0]["stock"][:, Stock.RESERVES]
        for more in ((), ("budget.reserves=5",))
    )
    before = 12 * YEARS_BEFORE
    assert (plain[:before] == fewer[:before]).all()
    np.testing.assert_allclose(plain[before] - fewer[before], plain[before - 1] - 5 * 6000, rtol=1e-5)


@pytest.mark.parametrize("opening", [5, 60])
def test_who_opens_with_other_reserves_has_neither_paid_nor_saved_them(opening: int, tmp_path: Path) -> None:
    given = [read_scenario("baseline", [*FEW, *more], 1) for more in ((), (f"budget.reserves={opening}",))]
    reference, other = results_of(given, replications=2, out=tmp_path, jobs=1)
    money = Financing(reference, other)
    np.testing.assert_allclose(money.budget, 0.0, atol=1e-6)
    np.testing.assert_allclose(money.reserves + money.deficit + money.council, money.net_cost, atol=1e-6)


def test_runs_that_are_made_together_have_the_bytes_of_each_alone(tmp_path: Path) -> None:
    given = [read_scenario(name, [*FEW], 1) for name in ("baseline", "vacancy_crisis")]
    together = results_of(given, replications=3, out=tmp_path / "together", jobs=1)
    for scenario, results in zip(given, together, strict=True):
        alone = run(scenario, replications=3, out=tmp_path / "alone", jobs=1)
        for name in ("months.parquet", "years.parquet", "summary.csv"):
            assert (results.folder / name).read_bytes() == (alone.folder / name).read_bytes()


@pytest.mark.parametrize(("workers", "calls"), [(2, 2), (6, 6), (64, 12)])
def test_more_workers_than_groups_get_smaller_groups(workers: int, calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve simulations, of two replications: groups share a past, but leave no worker without work."""
    given: list[Any] = []

    def execute(function: Any, calls: Any, workers: int) -> Generator[Any]:
        given.extend(calls)
        yield from ()

    monkeypatch.setattr(measured, "execute", execute)
    list(measured.measured_runs([(read_scenario("baseline"), place // 6) for place in range(12)], 1, workers))
    assert len(given) == calls
    assert sum(len(scenarios) for scenarios, _, _ in given) == 12


def test_a_run_that_fails_keeps_no_other_from_being_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(scenario: Scenario, *others: Any) -> Any:
        if scenario.name == "vacancy_crisis":
            raise ZeroDivisionError
        return simulate(scenario, *others)

    monkeypatch.setattr(parts, "simulate", failing)
    given = [read_scenario(name, [*FEW], 1) for name in ("vacancy_crisis", "baseline")]
    with pytest.raises(UserError, match="ZeroDivisionError"):
        results_of(given, replications=2, out=tmp_path, jobs=1)
    assert [folder.name.split("-")[0] for folder in tmp_path.glob("*-*") if folder.suffix != ".partial"] == ["baseline"]
