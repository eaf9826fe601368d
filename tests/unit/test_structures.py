"""What an answer turns on: verdicts over structures, how they are applied, and what they leave on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import small

from demandsim.experiment.compare import keep
from demandsim.experiment.run import run
from demandsim.experiment.structures import compare_structures
from demandsim.problems import UserError
from demandsim.results.checksums import damage
from demandsim.results.comparison import Comparison
from demandsim.results.kept_comparison import read_structured
from demandsim.results.measures import MEASURES, headline_measures
from demandsim.results.structures import Finding, Outcome, Structured, Turn, finding, sentence
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.scenario.files import shipped, shipped_structures
from demandsim.scenario.read import read_scenario
from demandsim.scenario.schema import Role
from demandsim.scenario.structures import structures, under

NAMES = (
    "casework_has_no_dose",
    "money_has_no_consequence",
    "no_shields",
    "permanent_severity_only",
    "prevention_has_no_effect",
)
DOWN, UP = np.array([-5.0, -4.0, -6.0, -5.0]), np.array([3.0, 4.0, 3.0, 4.0])
NOTHING, NOISE = np.zeros(4), np.array([-9.0, 8.0, -20.0, 12.0])


def _turn(**others: np.ndarray) -> Turn:
    """Return a turn whose main change is down, unless one is named main."""
    main = others.pop("main", DOWN)
    found = [
        (name, estimate(values), finding(estimate(main), estimate(values), estimate(values - main)))
        for name, values in others.items()
    ]
    return Turn(MEASURES["looked_after"], estimate(main), tuple(found))


@pytest.mark.parametrize(
    ("others", "outcome", "findings"),
    [
        ({"a": DOWN - 1, "b": DOWN / 2}, Outcome.FIRM, [Finding.SAME, Finding.SAME]),
        ({"a": DOWN, "b": UP}, Outcome.DEPENDS, [Finding.SAME, Finding.REVERSED]),
        ({"a": NOTHING, "b": DOWN}, Outcome.DEPENDS, [Finding.NOTHING, Finding.SAME]),
        ({"a": np.array([-0.5, 0.5, 0.4, -0.5])}, Outcome.DEPENDS, [Finding.NOTHING]),
        ({"a": NOISE, "b": DOWN}, Outcome.UNCLEAR, [Finding.UNCLEAR, Finding.SAME]),
        ({"main": NOISE, "a": UP}, Outcome.NOT_TOLD_APART, [Finding.SAME]),
        ({"main": NOTHING, "a": NOTHING}, Outcome.NOT_TOLD_APART, [Finding.NOTHING]),
    ],
)
def test_verdicts(others: dict[str, np.ndarray], outcome: Outcome, findings: list[Finding]) -> None:
    turn = _turn(**others)
    assert turn.outcome == outcome
    assert [found for _, _, found in turn.others] == findings or outcome == Outcome.NOT_TOLD_APART


def test_a_sentence_names_what_an_answer_depends_on() -> None:
    firm, depends = _turn(no_shields=DOWN), _turn(prevention_has_no_effect=NOTHING, no_shields=UP, other=DOWN)
    assert sentence("Less", [firm, depends, _turn(main=NOISE)]) == (
        "Less: 1 of 2 changes told apart are firm: children looked after down; depends on prevention that works and "
        "services that shield from harm: children looked after down (reversed)."
    )
    assert sentence("Less", [_turn(main=NOISE)]) == ("Less: no change of a headline measure is told apart from zero.")
    assert "more replications may tell: children looked after" in sentence("Less", [_turn(no_shields=NOISE)])


def test_with_one_replication_nothing_is_told_apart() -> None:
    assert finding(Estimate(1, 1, 1, np.nan), Estimate(1, 1, 1, np.nan), Estimate(0, 0, 0, np.nan)) == Finding.UNCLEAR


def test_structures_ship_apart_from_what_ifs_and_refit_uncertainties_only() -> None:
    assert tuple(shipped_structures()) == NAMES
    assert not set(NAMES) & set(shipped())
    for structure in structures():
        settings = read_scenario(structure.name).settings
        levers = {name for name in structure.values if settings[name].role == Role.LEVER}
        assert levers <= {"budget.spending_controls", "budget.reserves_floor"}, structure.name
        assert "Supposes that" in read_scenario(structure.name).why
        assert "issed by more than" in read_scenario(structure.name).why


def test_a_structure_holds_before_the_start_and_what_a_scenario_changes_wins() -> None:
    every = {structure.name: structure for structure in structures()}
    found = under(small(help__plan=0.7), every["casework_has_no_dose"])
    assert found.at_start()["help.plan"] == 0.7
    assert found.at_start()["help.need"] == found.history()["help.need"] == 0
    assert found.at_start()["population.children"] == 7_550
    money = under(small(), every["money_has_no_consequence"])
    assert money.history()["budget.spending_controls"] == money.at_start()["budget.spending_controls"] == [0, 0, 0]
    assert found.digest() != money.digest()


@pytest.fixture(scope="module")
def structured(tmp_path_factory: pytest.TempPathFactory) -> Structured:
    out = tmp_path_factory.mktemp("structures")
    said: list[str] = []
    more = small(3_000, 1, prevention__targeted=200)
    found = compare_structures(small(3_000, 1), more, replications=3, out=out, jobs=1, notice=said.append)
    assert not said
    return found


def test_each_structure_has_the_same_what_ifs_seed_and_replications(structured: Structured) -> None:
    assert tuple(name for name, _ in structured.others) == NAMES
    for _, comparison in structured.others:
        assert comparison.reference.manifest.replications == 3
        assert comparison.reference.manifest.digest != structured.main.reference.manifest.digest
        assert len(comparison.others) == 1
    turns = structured.turns(0, structured.main.years[-1])
    assert [turn.measure for turn in turns] == headline_measures()


def test_structures_are_kept_with_checksums_and_read_again(structured: Structured, tmp_path: Path) -> None:
    folder = keep(structured.main, tmp_path, structured)
    assert damage(folder) == []
    rows = (folder / "structures.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(headline_measures()) * (1 + len(NAMES))
    again, year = read_structured(folder), structured.main.years[-1]
    assert sentence("it", again.turns(0, year)) == sentence("it", structured.turns(0, year))
    assert keep(structured.main, tmp_path) != folder
    (folder / "structures.csv").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="damaged"):
        read_structured(folder)


def test_runs_take_part_by_their_folders_but_not_those_of_england(structured: Structured, tmp_path: Path) -> None:
    main: Comparison = structured.main
    out = main.reference.folder.parent
    again = compare_structures(main.reference.folder, main.others[0].run.folder, out=out, jobs=1)
    assert again.main.reference.manifest.replications == 3
    year = main.years[-1]
    for (_, one), (_, other) in zip(structured.others, again.others, strict=True):
        differences = [each.others[0].measure(MEASURES["referrals"], year) for each in (one, other)]
        assert np.array_equal(*differences)
    england = run(small(1_000, 1), replications=1, seed=7, out=tmp_path, jobs=1, authorities=2)
    with pytest.raises(UserError, match="a run of England"):
        compare_structures(england.folder, "austerity_10", out=tmp_path)


def test_a_switch_that_a_scenario_sets_itself_is_told(structured: Structured) -> None:
    said: list[str] = []
    out = structured.main.reference.folder.parent
    other = small(3_000, 1, help__plan=0.1)
    compare_structures(small(3_000, 1), other, replications=3, out=out, jobs=1, notice=said.append)
    assert said == ["baseline sets help.plan itself: that stands under casework_has_no_dose too."]
