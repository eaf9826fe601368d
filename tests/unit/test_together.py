"""Values that each lie within their bounds and still can't be, told in one sentence that names every key."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ensemble_of, small

from demandsim.problems import UserError
from demandsim.scenario.ensemble import with_ensemble
from demandsim.scenario.grid import grid_of
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import read_scenario
from demandsim.scenario.together import RULES

HEAD = '[scenario]\ntitle = "Mine"\nextends = "baseline"\n'

REFUSED = [
    (["loop.sufficiency=3", "placement.spill_moves=0.1"], ("loop.sufficiency, placement.spill_moves", "-1.7 times")),
    (
        ["placement.residential_by_need=[0,1,1,1,1]", "placement.1_to_4=[0,0,0,1,0]"],
        ("placement.residential_by_need, placement.1_to_4", "aged 1 to 4 whose need is abuse or neglect"),
    ),
    (["loop.sufficiency=3", "placement.spill_away=0.5"], ("loop.sufficiency, placement.spill_away", "1.5 times")),
    (
        ["missing.episodes=[12,12,12,12,12]", "missing.raises_risk=3"],
        ("missing.episodes, missing.raises_risk", "36 missing episodes"),
    ),
    (["demand.new_families=9000", "demand.level=2"], ("demand.new_families, demand.level", "18,000 new families")),
    (["population.children=2e7"], ("population.children, population.england", "England of 11,478,000")),
    (["inflation.fostering=50"], ("inflation.fostering, scenario.years", "58 times")),
    (["budget.growth=50"], ("budget.growth, scenario.years", "58 times")),
    (["care.home=[0.9,0.9,0.9,0.9,0.9]"], ("care.home, care.adoption", "at most 1 at each age")),
    (["budget.spending_controls=[1,1,2]"], ("budget.spending_controls", "each place once")),
    (["demand.monthly_shape=[1,0,0,0,0,0,0,0,0,0,0,0]", "demand.police_teenage=20", "demand.level=6"], ("season", "")),
]


@pytest.mark.parametrize(("overrides", "said"), REFUSED, ids=[" ".join(given)[:60] for given, _ in REFUSED])
def test_values_that_cannot_be_together_are_refused_by_name(overrides: list[str], said: tuple[str, str]) -> None:
    years = 20 if "inflation" in overrides[0] or "growth" in overrides[0] else 2
    with pytest.raises(UserError) as caught:
        read_scenario("baseline", overrides, years)
    (problem,) = caught.value.problems
    if said[0] != "season":
        assert problem.key.startswith(said[0])
        assert years == 20 or said[1] in str(problem)
    else:
        assert "demand.monthly_shape" in problem.key


def test_each_of_a_refused_pair_is_good_alone() -> None:
    for override in ("loop.sufficiency=3", "placement.spill_moves=0.1", "placement.1_to_4=[0,0,0,1,0]"):
        assert read_scenario("baseline", [override])


def test_every_rule_is_about_parameters_that_there_are() -> None:
    names = {name for rule in RULES for name in rule.names}
    assert names - {"scenario.years"} <= PARAMETERS.keys()


def test_a_lever_is_looked_at_wherever_its_path_leads(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    many = '[set."demand.new_families"]\nvalue = 1000\nbecause = "x"\n'
    path.write_text(HEAD + many, encoding="utf-8")
    assert read_scenario(path)
    text = HEAD + many + '[set."demand.level"]\npath = [[2013-04-01, 1], [2016-04-01, 15]]\nbecause = "x"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"demand\.new_families, demand\.level.*new families"):
        read_scenario(path)


def test_growth_over_the_years_counts(tmp_path: Path) -> None:
    assert read_scenario("baseline", ["demand.growth=20"], 10)
    with pytest.raises(UserError, match=r"demand\.growth"):
        read_scenario("baseline", ["demand.growth=20"], 30)


def test_a_value_out_of_bounds_is_not_told_of_twice() -> None:
    with pytest.raises(UserError) as caught:
        read_scenario("baseline", ["care.home=[9,9,9,9,9]", "loop.sufficiency=30"])
    assert len(caught.value.problems) == 2


def test_a_point_of_a_sweep_at_which_values_cannot_be_is_refused() -> None:
    scenario = small(placement__spill_moves=0.1)
    with pytest.raises(UserError, match=r"at loop\.sufficiency=2: loop\.sufficiency, placement\.spill_moves"):
        grid_of(scenario, ["loop.sufficiency=0:3:4"])


def test_a_member_of_an_ensemble_with_values_that_cannot_be_is_refused() -> None:
    scenario = small(loop__sufficiency=3)
    ensemble = ensemble_of(**{"care__home[0]": (0.2778, 0.6)})
    with pytest.raises(UserError, match=r"member 2: care\.home, care\.adoption"):
        with_ensemble(scenario, ensemble)
