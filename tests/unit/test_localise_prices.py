"""England's prices in those of the base year, by the GDP deflator that a user gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_localise_care import HEADING

from demandsim.localise.localise import Localised, localise
from demandsim.localise.output import write
from demandsim.problems import UserError
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import resolved_toml

#: As the Treasury writes it: lines above, an index of 100 in some year, notes below. The numbers are made up.
DEFLATOR = (
    "GDP deflators at market prices\n\n"
    "Financial year,GDP deflator at market prices,Per cent change on previous year\n"
    "2012-13,78,1.5\n2013-14,80,1.9\n2023-24,100,6.0\nSource: made up\n"
)
EPISODES = "".join(f"KX{n:05d},{1 + n % 28:02d}/05/2023,S,V2,N1,U6,PR1,,\n" for n in range(60))


def _localised(folder: Path, deflator: str, base: int = 2023) -> Localised:
    (folder / "episodes.csv").write_text(HEADING + EPISODES, encoding="utf-8")
    (folder / "deflators.csv").write_text(deflator, encoding="utf-8")
    return localise("Midshire", base, [folder], children=40_000, private=True)


def test_prices_without_a_local_line_rise_with_the_deflator(tmp_path: Path) -> None:
    found = _localised(tmp_path, DEFLATOR)
    path = write(found, tmp_path / "out")
    scenario, england = read_scenario(path), read_scenario("baseline").at_start()
    for name in ("cost.childrens_home", "budget.total", "prevention.targeted", "early_help.unit_cost"):
        assert scenario.at_start()[name] == pytest.approx(1.25 * england[name], rel=1e-4)
        assert scenario.history()[name] == scenario.at_start()[name]
    assert scenario.at_start()["hours.referral"] == england["hours.referral"]
    assert "prices of 2023-24 by the GDP deflator of deflators.csv" in " ".join(found.stays)
    # A range moves along, so that what is uncertain stays so.
    setting, declared = scenario.settings["early_help.unit_cost"], scenario.settings["early_help.unit_cost"].declared
    assert setting.range is not None
    assert declared.range is not None
    assert setting.range[1] == pytest.approx(1.25 * declared.range[1])


def test_what_is_only_repriced_is_not_the_authoritys_own(tmp_path: Path) -> None:
    path = write(_localised(tmp_path, DEFLATOR), tmp_path / "out")
    scenario = read_scenario(path)
    local = [one.local for one in scenario.settings.values() if one.local]
    assert scenario.local_values == sum(not one.repriced for one in local) < len(local)
    again = tmp_path / "out" / "again.toml"
    again.write_text(resolved_toml(scenario), encoding="utf-8")
    assert read_scenario(again).local_values == scenario.local_values


def test_a_deflator_without_a_year_that_is_needed_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"deflators\.csv: found no 2023-24; expected lines of 2013-14 and of 2023-24"):
        _localised(tmp_path, DEFLATOR.replace("2023-24", "2024-25"))


def test_without_one_prices_stay_and_are_said_to(tmp_path: Path) -> None:
    (tmp_path / "episodes.csv").write_text(HEADING + EPISODES, encoding="utf-8")
    found = localise("Midshire", 2023, [tmp_path], children=40_000, private=True)
    assert "England's of 2013-14, not of 2023-24: a file of the GDP deflator moves them." in " ".join(found.stays)
    assert not [one for one in found.values if one.repriced]


def test_of_the_years_of_the_baseline_nothing_is_repriced(tmp_path: Path) -> None:
    (tmp_path / "episodes.csv").write_text(HEADING + EPISODES.replace("/2023", "/2013"), encoding="utf-8")
    (tmp_path / "deflators.csv").write_text(DEFLATOR, encoding="utf-8")
    found = localise("Midshire", 2013, [tmp_path], children=40_000, private=True)
    assert not [one for one in found.values if one.repriced]
