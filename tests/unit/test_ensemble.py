"""Ensembles: what is read and refused, what a replication takes from one, and what a run keeps of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ensemble_of, small

from demandsim.experiment.compare import compare
from demandsim.experiment.run import check_england, manifest_of, run
from demandsim.experiment.solve import solve
from demandsim.experiment.sweep import sweep
from demandsim.model.simulate import simulate
from demandsim.problems import UserError
from demandsim.results.atomic_write import write_text
from demandsim.results.comparison_tables import rows
from demandsim.results.store import Store, read_results
from demandsim.scenario.ensemble import (
    ensemble_text,
    future,
    in_pairs,
    read_ensemble,
    with_ensemble,
)
from demandsim.scenario.grid import with_values
from demandsim.scenario.priors import numbers_at, uncertain
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble

BASELINE = read_scenario("baseline")
FAMILIES = (152.0, 160.0, 168.0)
THREE = ensemble_of(demand__new_families=FAMILIES, harm__severe=(0.1, 0.2, 0.3))


def _drawn(members: int) -> Ensemble:
    """Return an ensemble that draws everything that is uncertain."""
    random, priors = np.random.default_rng(1), uncertain(BASELINE)
    rows = numbers_at(BASELINE, priors, random.standard_normal((members, len(priors)))).tolist()
    return Ensemble(
        "drawn; for baseline and what extends it", tuple(prior.key for prior in priors), tuple(map(tuple, rows))
    )


# -- files ------------------------------------------------------------------------------------------------------------


def test_an_ensemble_that_is_written_is_read_back_to_the_last_digit(tmp_path: Path) -> None:
    ensemble = _drawn(5)
    write_text(tmp_path / "five.csv", ensemble_text(ensemble))
    read = read_ensemble(tmp_path / "five.csv")
    assert read == replace(ensemble, file="five.csv")
    assert read.digest == ensemble.digest
    assert read.made_for == ("baseline",)


@pytest.mark.parametrize("first", ["", "# for baseline and what extends it\n", "# demandsim ensemble, format 3\n"])
def test_an_ensemble_of_another_format_is_refused_in_one_sentence_that_says_what_to_do(
    tmp_path: Path, first: str
) -> None:
    path = tmp_path / "old.csv"
    path.write_text(first + "member,harm.severe\n1,0.2\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_ensemble(path)
    (problem,) = caught.value.problems
    assert "format 3" in problem.found if "3" in first else "as demandsim 0.1 wrote it" in problem.found
    assert "demandsim calibrate" in str(problem)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no ensemble"),
        ("# nothing else\n", "no ensemble"),
        ("member\n1\n", "no ensemble"),
        ("member,demand.new_families\n", "no ensemble"),
        ("a,b\n1,2\n", "no ensemble"),
        ("member,demand.new_familie\n1,700\n", "did you mean 'demand.new_families'"),
        ("member,demand.new_families[1]\n1,700\n", "a place that it does not have"),
        ("member,care.home\n1,0.5\n", "care.home[0] to care.home"),
        ("member,care.home[99]\n1,0.5\n", "a place that it does not have"),
        ("member,harm.severe,harm.severe\n1,0.1,0.2\n", "2 columns of it"),
        ("member,harm.severe\n1\n", "member 1: found 0 values"),
        ("member,harm.severe\n1,much\n", "member 1, harm.severe: found 'much'"),
        ("member,harm.severe\n1,0.1\n2,nan\n", "member 2, harm.severe: found 'nan'"),
        ("member,harm.severe\n1,1.5\n", "expected a number from 0 to 1"),
    ],
)
def test_what_is_no_ensemble_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "some.csv"
    path.write_text(f"# demandsim ensemble, format 2\n{text}" if text else "", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_ensemble(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_said_with_what_makes_one(tmp_path: Path) -> None:
    for given in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UserError, match="can't be read") as caught:
            read_ensemble(given)
        assert "demandsim calibrate" in str(caught.value)


# -- taking one -------------------------------------------------------------------------------------------------------


def test_an_ensemble_of_another_scenario_is_refused(tmp_path: Path) -> None:
    other = replace(THREE, about="for my_authority and what extends it")
    with pytest.raises(UserError, match="for my_authority; expected one for baseline"):
        with_ensemble(BASELINE, other)
    low, high = BASELINE.settings["demand.new_families"].range or (0, 0)
    with pytest.raises(UserError, match=rf"member 1, demand.new_families: found 90; expected from {low:g} to {high:g}"):
        with_ensemble(BASELINE, ensemble_of(demand__new_families=(90.0, 160.0)))
    with pytest.raises(UserError, match="a lever, which somebody sets"):
        with_ensemble(BASELINE, ensemble_of(workforce__posts=(20.0, 21.0)))
    shares = Ensemble("", ("demand.family_size[0]",), ((0.9,),))
    with pytest.raises(UserError, match=r"shares that add up to 1\.\d+; expected shares that add up to 1"):
        with_ensemble(BASELINE, shares)
    routes = Ensemble("", ("care.home[0]", "care.adoption[0]"), ((0.6, 0.6),))
    with pytest.raises(UserError, match="at most 1 at each age"):
        with_ensemble(BASELINE, routes)


def test_an_ensemble_serves_its_scenario_and_what_extends_it(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[scenario]\ntitle = "x"\nextends = "shift_to_prevention"\n', encoding="utf-8")
    for name in ("baseline", "shift_to_prevention", mine):
        assert Scenario.read(name, ensemble=THREE).ensemble is THREE
    assert with_ensemble(BASELINE, None) is BASELINE
    assert Scenario.read("baseline", ensemble=_drawn(20)).ensemble


def test_two_replications_have_each_member_and_members_come_round_again() -> None:
    scenario = with_ensemble(BASELINE, THREE)
    found = [future(scenario, number).settings["demand.new_families"].value for number in range(8)]
    assert found == [152, 152, 160, 160, 168, 168, 152, 152]
    assert [in_pairs(scenario, number) for number in (1, 2, 3)] == [2, 2, 4]
    assert [in_pairs(BASELINE, number) for number in (1, 2, 3)] == [1, 2, 3]


def test_a_list_takes_the_places_that_are_drawn_and_keeps_the_others() -> None:
    ensemble = Ensemble("", ("care.home[2]",), ((0.25,),))
    value = future(with_ensemble(BASELINE, ensemble), 0).settings["care.home"].value
    before = BASELINE.settings["care.home"].value
    assert isinstance(value, tuple)
    assert isinstance(before, tuple)
    assert value == (*before[:2], 0.25, *before[3:])


def test_what_somebody_sets_stands_whatever_the_ensemble_says() -> None:
    scenario = with_ensemble(small(harm__severe=0.14), THREE)
    assert {future(scenario, number).settings["harm.severe"].value for number in range(6)} == {0.14}
    assert future(scenario, 2).settings["demand.new_families"].value == 160


def test_a_replication_is_what_its_values_give_alone() -> None:
    one = small(3_000)
    drawn = with_ensemble(one, THREE)
    for replication in (0, 1, 3):
        member = THREE.members[replication // 2]
        alone = with_values(one, dict(zip(THREE.names, member, strict=True)))
        tables, same = simulate(drawn, 5, replication)[0], simulate(alone, 5, replication)[0]
        assert all(np.array_equal(tables[name], same[name]) for name in tables)


# -- what a run keeps -------------------------------------------------------------------------------------------------


def test_a_digest_tells_ensembles_apart_and_whether_a_value_is_drawn_or_set() -> None:
    other = replace(THREE, members=(*THREE.members[:2], (170.0, 0.29)))
    now = BASELINE.settings["harm.severe"].value
    assert isinstance(now, float)
    scenarios = [
        BASELINE,
        with_ensemble(BASELINE, THREE),
        with_ensemble(BASELINE, other),
        # The same value, but set: no member changes it.
        with_ensemble(with_values(BASELINE, {"harm.severe": now}), THREE),
    ]
    assert len({one.digest() for one in scenarios}) == len({manifest_of(one, 4, 1, False).digest for one in scenarios})
    assert len({one.digest() for one in scenarios}) == 4
    assert with_ensemble(BASELINE, replace(THREE, file="another name.csv", about="")).digest() == scenarios[1].digest()


def test_a_run_keeps_its_ensemble_and_can_be_run_again_from_its_folder(tmp_path: Path) -> None:
    write_text(tmp_path / "three.csv", ensemble_text(THREE))
    scenario = with_ensemble(small(3_000), tmp_path / "three.csv")
    results = run(scenario, replications=5, seed=9, out=tmp_path / "one", jobs=1)
    manifest = results.manifest
    assert (manifest.ensemble, manifest.ensemble_digest, manifest.members) == ("three.csv", THREE.digest, 3)
    assert (manifest.replications, manifest.members_used) == (6, 3)
    assert manifest.intervals == "parameter uncertainty and stochastic variation, 3 posterior draws"
    assert read_results(results.folder).manifest == manifest
    again = Scenario.read(results.folder / "resolved.toml", ensemble=results.folder / "ensemble.csv")
    repeated = run(again, replications=6, seed=9, out=tmp_path / "two", jobs=1)
    assert repeated.manifest.digest == manifest.digest
    assert all(np.array_equal(results.tables[name], repeated.tables[name]) for name in results.tables)
    heading, row = (results.folder / "summary.csv").read_text(encoding="utf-8-sig").splitlines()[:2]
    parts = dict(zip(heading.split(","), row.split(","), strict=True))
    assert float(parts["parameters alone (half of 90%)"]) >= 0
    assert float(parts["chance alone (half of 90%)"]) > 0


def test_a_run_without_an_ensemble_says_that_intervals_are_of_chance_alone(tmp_path: Path) -> None:
    results = run(small(3_000), replications=2, out=tmp_path, jobs=1)
    assert results.manifest.intervals == "stochastic variation only"
    assert not (results.folder / "ensemble.csv").exists()
    heading, row = (results.folder / "summary.csv").read_text(encoding="utf-8-sig").splitlines()[:2]
    assert dict(zip(heading.split(","), row.split(","), strict=True))["parameters alone (half of 90%)"] == ""


def test_a_stopped_run_goes_on_and_whoever_does_the_work_the_bytes_are_the_same(tmp_path: Path) -> None:
    scenario = with_ensemble(small(3_000), THREE)

    def stop(what: str, finished: int, wanted: int) -> None:
        if finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(scenario, replications=6, seed=9, out=tmp_path / "one", jobs=1, on_progress=stop)
    told: list[int] = []
    one = run(
        scenario,
        replications=6,
        seed=9,
        out=tmp_path / "one",
        jobs=1,
        on_progress=lambda what, finished, wanted: told.append(finished),
    )
    assert told[0] == 3
    other = run(scenario, replications=6, seed=9, out=tmp_path / "two", jobs=2)
    for path in one.folder.iterdir():
        assert path.read_bytes() == (other.folder / path.name).read_bytes(), path.name
    # What another ensemble left is not taken for this one's.
    changed = replace(THREE, members=(*THREE.members[:2], (169.0, 0.3)))
    assert not Store(tmp_path / "one", manifest_of(with_ensemble(scenario, changed), 6, 9, False)).finished


# -- what compares ----------------------------------------------------------------------------------------------------


def test_runs_over_different_ensembles_are_not_compared(tmp_path: Path) -> None:
    one, other = small(3_000), small(3_000, court__weeks=26)
    plain = run(other, replications=4, out=tmp_path, jobs=1)
    with pytest.raises(UserError, match=r"(?s)ensemble_digest: found none; expected .* the same --ensemble"):
        compare(one, plain, replications=4, out=tmp_path, jobs=1, ensemble=THREE)
    comparison = compare(one, other, replications=3, out=tmp_path, jobs=1, ensemble=THREE)
    assert comparison.reference.manifest.replications == 4
    table = list(rows(comparison))
    place = table[0].index("parameters alone (half of 90%)")
    assert all(row[place] != "" for row in table[1:] if row[place - 4] != "nan")


def test_the_points_of_a_sweep_have_whole_members_and_a_value_that_is_set_is_not_drawn(tmp_path: Path) -> None:
    scenario = with_ensemble(small(2_000), THREE)
    now = BASELINE.settings["demand.new_families"].value
    assert isinstance(now, float)
    swept = sweep(scenario, {"demand.new_families": [now, 170.0]}, replications=7, precision=0.0, out=tmp_path, jobs=1)
    assert [point.replications for point in swept.points] == [8, 8]
    rough = sweep(scenario, {"demand.new_families": [now, 170.0]}, precision=9.0, out=tmp_path, jobs=1)
    assert [point.replications for point in rough.points] == [6, 6]
    assert rough.fewest_members == 3
    # The scenario as it is draws the number, a point does not: so the two differ where the value is the same.
    assert swept.difference(swept.points[0], 0, 0).error > 0
    assert swept.manifest.members == 3


def test_a_solve_takes_the_ensemble_in_the_reference_too(tmp_path: Path) -> None:
    scenario = with_ensemble(small(2_000), THREE)
    solved = solve(
        scenario,
        "demand.level",
        measure="referrals",
        target=5,
        against=small(2_000),
        replications=3,
        between=(0.5, 2.0),
        out=tmp_path,
        jobs=1,
    )
    assert min(len(one) for one in solved.found) == 4
    place = list(solved.values).index(1.0) if 1.0 in solved.values else None
    # With the same members and the same random draws, the same scenario is no different.
    assert place is None or np.abs(solved.found[place]).max() == 0
    assert solved.manifest.members == 3


def test_england_has_one_member_for_all_its_authorities_and_needs_two_members(tmp_path: Path) -> None:
    scenario = with_ensemble(small(2_000), THREE)
    with pytest.raises(UserError, match="found 1; expected 4 or more of England"):
        check_england(scenario, 1, 152)
    with pytest.raises(UserError, match="without --england"):
        run(scenario, replications=2, out=tmp_path, jobs=1, authorities=2)
    check_england(scenario, 3, 152)
    check_england(BASELINE, 1, 152)
    pooled = run(scenario, replications=4, seed=5, out=tmp_path, jobs=1, authorities=2)
    from demandsim.experiment.england import authority

    for replication in (0, 3):
        member = dict(zip(THREE.names, THREE.members[replication // 2], strict=True))
        alone = with_values(small(2_000), member)
        parts = [simulate(authority(alone, number, 2), 5, replication, authority=number)[0] for number in (1, 2)]
        total = sum(part["stock"].astype(float) for part in parts)
        assert np.array_equal(pooled.tables["stock"][replication], total)


def test_the_text_of_an_ensemble_is_what_the_file_holds(tmp_path: Path) -> None:
    write_text(tmp_path / "three.csv", ensemble_text(THREE))
    assert (tmp_path / "three.csv").read_bytes().decode() == ensemble_text(THREE)
