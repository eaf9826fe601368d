"""Names that the model no longer has are told with what to use instead, wherever a parameter is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from demandsim.calibration.calibrate import calibrate
from demandsim.experiment.solve import solve
from demandsim.problems import UserError
from demandsim.scenario.ensemble import read_ensemble
from demandsim.scenario.explain import explain_parameter
from demandsim.scenario.grid import grid_from, grid_of
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import read_scenario
from demandsim.scenario.replaced import REPLACED
from demandsim.scenario.scenario import notes_on
from demandsim.scenario.schema import FORMAT

BASELINE = read_scenario("baseline")
#: Every parameter that demandsim 0.1 had and this version has not.
GONE = """
    severity.persistence severity.risk_slope severity.history_weight severity.unmet_increment
    relapse.strength relapse.after_contact relapse.after_early_help relapse.after_referral relapse.after_assessment
    relapse.after_need relapse.after_plan relapse.after_care relapse.median_days relapse.shape
    practice.relapse pressure.relapse
    assessment.to_care need.to_care plan.to_care enquiry.to_care enquiry.after_plan
    care.emergency care.breakdown care.breakdown_level care.breakdown_shape
    start.contacts start.known budget.prevention
"""


def test_every_parameter_that_is_gone_is_told_and_none_that_is_there() -> None:
    assert set(REPLACED) == set(GONE.split())
    assert not REPLACED.keys() & PARAMETERS.keys()


@pytest.mark.parametrize("name", REPLACED)
def test_what_is_told_instead_is_there_in_one_sentence(name: str) -> None:
    named = re.findall(r"\b[a-z_]+\.[a-z_]+\b", REPLACED[name])
    assert named
    assert set(named) <= PARAMETERS.keys()
    assert not REPLACED[name].endswith(".")
    assert len(REPLACED[name]) < 180


def _set(name: str, folder: Path) -> None:
    read_scenario("baseline", [f"{name}=1"])


def _file(name: str, folder: Path) -> None:
    text = f'[scenario]\ntitle = "Mine"\nextends = "baseline"\n[set."{name}"]\nvalue = 1\nbecause = "x"\n'
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    read_scenario(folder / "mine.toml")


def _param(name: str, folder: Path) -> None:
    grid_of(BASELINE, [f"{name}=0:1:3"])


def _grid(name: str, folder: Path) -> None:
    (folder / "points.csv").write_text(f"{name}\n1\n2\n", encoding="utf-8")
    grid_from(BASELINE, folder / "points.csv")


def _solve(name: str, folder: Path) -> None:
    solve(BASELINE, name, target=1, out=folder)


def _only(name: str, folder: Path) -> None:
    calibrate(BASELINE, only=[name], out=folder)


def _free(name: str, folder: Path) -> None:
    calibrate(BASELINE, free=[name], out=folder)


def _ensemble(name: str, folder: Path) -> None:
    text = f"# demandsim ensemble, format {FORMAT}\nmember,{name}\n1,0.5\n"
    (folder / "ensemble.csv").write_text(text, encoding="utf-8")
    read_ensemble(folder / "ensemble.csv")


def _explain(name: str, folder: Path) -> None:
    explain_parameter(BASELINE, name)


@pytest.mark.parametrize("given", [_set, _file, _param, _grid, _solve, _only, _free, _ensemble, _explain])
@pytest.mark.parametrize("name", ["budget.prevention", "relapse.median_days", "plan.to_care", "care.breakdown_level"])
def test_whoever_names_one_is_told_what_to_use_instead(
    tmp_path: Path, given: Callable[[str, Path], None], name: str
) -> None:
    with pytest.raises(UserError) as caught:
        given(name, tmp_path)
    (problem,) = caught.value.problems
    assert name in problem.key
    assert problem.found == "a parameter that the model no longer has"
    assert problem.expected == REPLACED[name]


def test_a_name_that_never_was_is_told_as_ever() -> None:
    with pytest.raises(UserError, match=r"did you mean 'demand\.level'.*expected the name of a parameter"):
        read_scenario("baseline", ["demand.levle=1"])


def test_a_renamed_parameter_is_accepted_with_a_notice(tmp_path: Path) -> None:
    old, new = "budget.brakes", "budget.spending_controls"
    path = tmp_path / "old.toml"
    text = (
        f'[scenario]\ntitle = "Old"\nextends = "baseline"\n[set."{old}"]\nvalue = ["cut_prevention"]\nbecause = "x"\n'
    )
    path.write_text(text, encoding="utf-8")
    renamed = [(old, f"is called {new} now; the old name goes with the next version")]
    assert notes_on(read_scenario(path)) == renamed
    assert notes_on(read_scenario("baseline", [f"{old}=[0, 0, 1]"])) == renamed
    assert read_scenario(path).at_start()[new] == [0, 0, 1]
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert notes_on(read_scenario(path)) == []
    with pytest.raises(UserError, match="each at most once"):
        read_scenario("baseline", [f'{old}=["cut_prevention", "cut_prevention"]'])


@pytest.mark.parametrize(
    "set_to",
    ["path = [[2014-04-01, 36], [2014-04-02, 26]]", "path = [[2014-04-02, 26]]", "value = 26\nfrom = 2014-04-02"],
)
def test_what_changes_within_a_month_is_said_to_act_from_the_next(tmp_path: Path, set_to: str) -> None:
    path = tmp_path / "late.toml"
    text = f'[scenario]\ntitle = "Late"\nextends = "baseline"\n[set."court.weeks"]\n{set_to}\nbecause = "x"\n'
    path.write_text(text, encoding="utf-8")
    [(name, said)] = notes_on(read_scenario(path))
    assert (name, "changes on 2014-04-02" in said) == ("court.weeks", True)
    in_time = text.replace("[2014-04-01, 36]", "[2014-03-31, 36]").replace("2014-04-02", "2014-04-01")
    path.write_text(in_time, encoding="utf-8")
    assert notes_on(read_scenario(path)) == []
