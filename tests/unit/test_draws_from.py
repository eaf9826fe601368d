"""Posterior draws unless told otherwise: those a scenario names, or those of what it extends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ensemble_of, small

from demandsim.experiment.compare import compare
from demandsim.experiment.options import DEFAULT_DRAWS, DEFAULT_REPLICATIONS, RunOptions
from demandsim.experiment.shared_draws import shared_draws
from demandsim.problems import UserError
from demandsim.results.atomic_write import write_text
from demandsim.scenario.draws_from import draws_of
from demandsim.scenario.ensemble import ensemble_text
from demandsim.scenario.explain import explain_parameter
from demandsim.scenario.files import shipped_folder
from demandsim.scenario.read import read_scenario

THREE = ensemble_of(demand__new_families=(152.0, 160.0, 168.0))


def _scenario(path: Path, extends: str, header: str = "", level: float = 1.1) -> str:
    path.write_text(
        f'[scenario]\ntitle = "{path.stem}"\nextends = "{extends}"\n{header}\n'
        f'[set."demand.level"]\nvalue = {level}\nbecause = "a test"\n',
        encoding="utf-8",
    )
    return str(path)


@pytest.fixture
def mine(tmp_path: Path) -> str:
    write_text(tmp_path / "three.csv", ensemble_text(THREE))
    return _scenario(tmp_path / "mine.toml", "baseline", 'ensemble = "three.csv"')


def test_a_scenario_takes_the_draws_it_names_then_those_of_what_it_extends(mine: str, tmp_path: Path) -> None:
    shipped = str(shipped_folder() / "baseline_ensemble.csv")
    assert read_scenario("baseline").draws_from == shipped
    assert read_scenario("shift_to_prevention").draws_from == shipped
    assert read_scenario(mine).draws_from == str(tmp_path / "three.csv")
    later = _scenario(tmp_path / "later.toml", "mine.toml")
    assert read_scenario(later).draws_from == str(tmp_path / "three.csv")
    found = draws_of(read_scenario(later))
    assert found is not None
    assert found.members == THREE.members


def test_a_file_of_draws_beside_a_scenario_is_found_without_being_named(tmp_path: Path) -> None:
    beside = _scenario(tmp_path / "beside.toml", "baseline")
    write_text(tmp_path / "beside_ensemble.csv", ensemble_text(THREE))
    assert read_scenario(beside).draws_from == str(tmp_path / "beside_ensemble.csv")


def test_draws_change_nothing_of_a_scenario_that_does_not_take_them(mine: str, tmp_path: Path) -> None:
    without = _scenario(tmp_path / "without.toml", "baseline")
    assert read_scenario(mine).digest() == read_scenario(without).digest()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# demandsim ensemble, format 2\nmember,gone.parameter,gone.too\n1,2,3\n", "gone.parameter"),
        ("# demandsim ensemble, format 2\nmember,workforce.posts\n1,20\n", "workforce.posts: a lever"),
        (None, "that can't be read"),
    ],
)
def test_draws_that_do_not_fit_are_refused_in_one_sentence_that_names_point(
    tmp_path: Path, text: str | None, said: str
) -> None:
    mine = _scenario(tmp_path / "mine.toml", "baseline", 'ensemble = "draws.csv"')
    if text:
        (tmp_path / "draws.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        shared_draws([mine, "baseline"], RunOptions())
    (problem,) = caught.value.problems
    assert "posterior draws that do not fit mine" in problem.found
    assert said in problem.found
    assert "--point" in problem.next
    assert shared_draws([mine, "baseline"], RunOptions(point=True)).ensemble is None


def test_every_scenario_of_a_comparison_must_fit_the_draws_of_its_reference(mine: str, tmp_path: Path) -> None:
    other = "# demandsim ensemble, format 2\n# for mine and what extends it; made by a test\n"
    (tmp_path / "three.csv").write_text(other + "member,demand.new_families\n1,160\n", encoding="utf-8")
    assert shared_draws([mine, mine], RunOptions()).ensemble is not None
    with pytest.raises(UserError, match="do not fit austerity_10: an ensemble for mine"):
        shared_draws([mine, "austerity_10"], RunOptions())


def test_two_replications_of_a_hundred_draws_unless_told(mine: str, tmp_path: Path) -> None:
    many = ensemble_of(demand__new_families=[152 + number / 10 for number in range(120)])
    write_text(tmp_path / "three.csv", ensemble_text(many))
    shared = shared_draws([mine, mine], RunOptions())
    assert shared.ensemble is not None
    assert shared.ensemble.members == many.members
    assert shared.replications == 2 * DEFAULT_DRAWS == 200
    point = shared_draws([mine, mine], RunOptions(point=True))
    assert (point.ensemble, point.replications) == (None, DEFAULT_REPLICATIONS)
    given = shared_draws([mine, mine], RunOptions(ensemble=tmp_path / "three.csv"))
    assert given.replications == 200


def test_few_draws_are_each_taken_twice_and_a_scenario_may_have_none(mine: str, tmp_path: Path) -> None:
    assert shared_draws([mine, mine], RunOptions()).replications == 6
    alone = (shipped_folder() / "baseline.toml").read_text(encoding="utf-8")
    (tmp_path / "alone.toml").write_text(alone, encoding="utf-8")
    shared = shared_draws([str(tmp_path / "alone.toml"), "austerity_10"], RunOptions())
    assert (shared.ensemble, shared.named) == (None, False)


def test_new_runs_take_the_draws_and_replications_of_finished_ones(tmp_path: Path) -> None:
    more = small(3_000, 1, demand__level=1.2)
    for ensemble, replications in ((THREE, 4), (None, 3)):
        done = compare(small(3_000, 1), more, replications=replications, out=tmp_path, jobs=1, ensemble=ensemble)
        shared = shared_draws(["baseline", str(done.reference.folder)], RunOptions())
        assert shared.replications == replications
        assert (shared.ensemble and shared.ensemble.members) == (ensemble and ensemble.members)


def test_a_parameter_is_explained_with_what_the_draws_say_of_it(tmp_path: Path) -> None:
    told = explain_parameter(read_scenario("baseline"), "care.adoption")
    ensemble = draws_of(read_scenario("baseline"))
    assert ensemble
    low, high = np.quantile(ensemble.of("care.adoption[0]"), [0.05, 0.95])
    assert f"  drawn   {low:.3g} to {high:.3g}, " in told
    assert told.count("not drawn") == 2
    # Whoever set a value keeps it, and draws that can't be read keep nobody from reading where it comes from.
    assert "drawn" not in explain_parameter(read_scenario("baseline", ["contact.slope=0.7"]), "contact.slope")
    lost = _scenario(tmp_path / "lost.toml", "baseline", 'ensemble = "gone.csv"')
    assert "drawn" not in explain_parameter(read_scenario(lost), "contact.slope")
