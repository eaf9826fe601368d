"""Parts of a page without a simulation: levers, settings, what-ifs on sliders, the emulator, its checks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from conftest import small

from demandsim.page.answers import learn
from demandsim.page.design import FEW, checks, training
from demandsim.page.emulator import fit
from demandsim.page.levers import levers_of, moved
from demandsim.page.outputs import SPEND, outputs, taken
from demandsim.page.pictures import picture
from demandsim.page.trial import Checked, trial
from demandsim.page.what_ifs import Expressed, expressed
from demandsim.results.measures import MEASURES
from demandsim.scenario.read import read_scenario

NAMES = ("prevention.targeted", "prevention.edge_of_care", "workforce.posts", "demand.level")


def test_sliders_span_half_the_range_around_now_and_stay_in_it() -> None:
    for lever in levers_of(small(years=3)):
        low, high = lever.declared
        assert low <= lever.low <= lever.now <= lever.high <= high
        assert lever.high - lever.low == pytest.approx((high - low) / 2, abs=2 * lever.step)
        assert lever.scaled(lever.now) == 0
        assert max(abs(lever.scaled(end)) for end in (lever.low, lever.high)) == 1
        assert 90 <= (lever.high - lever.low) / lever.step <= 300


def test_half_of_the_settings_move_few_levers_and_more_begin_with_the_same() -> None:
    levers = levers_of(small(years=4), NAMES)
    settings = training(levers, 40, 1)
    assert settings == training(levers, 80, 1)[:40]
    for one in settings:
        many = sum(value != lever.now for lever, value in zip(levers, one.values, strict=True))
        assert many <= FEW if one.few else many == len(levers)
        assert all(lever.low <= value <= lever.high for lever, value in zip(levers, one.values, strict=True))
    tried = checks(levers, 20, 4, 1)
    assert sum(one.few for one in tried) == 20
    assert {one.start for one in tried if not one.few} == {0}
    assert {one.start for one in tried} == {0, 1, 2}
    assert not {one.values for one in tried} & {one.values for one in settings}


def test_a_moved_lever_is_a_step_from_a_first_of_april() -> None:
    scenario = small(years=3)
    levers = levers_of(scenario, NAMES)
    found = moved(scenario, levers, [80.0, 0.0, 22.21, 1.0], 1)
    assert found.settings["prevention.targeted"].path == ((date(2014, 4, 1), 80.0),)
    assert found.settings["prevention.edge_of_care"] == scenario.settings["prevention.edge_of_care"]
    assert moved(scenario, levers, [lever.now for lever in levers], 1).digest() == scenario.digest()


def test_sliders_express_a_step_and_nothing_else() -> None:
    baseline = read_scenario("baseline")
    levers = levers_of(baseline)

    def found(name: str) -> Expressed | str:
        return expressed(baseline, levers, read_scenario(name))

    edge = found("edge_of_care")
    assert isinstance(edge, Expressed)
    assert edge.start == 1
    assert edge.values[[lever.name for lever in levers].index("prevention.edge_of_care")] == 4.5
    assert isinstance(found("higher_thresholds"), Expressed)
    assert "moves over time" in str(found("austerity_10"))
    assert "beyond its slider" in str(found("better_early_help"))
    assert "is no slider here" in str(found("good_practice"))
    assert "paid for within the budget" in str(found("shift_to_prevention_half"))


def test_an_emulator_says_nothing_where_nothing_moves_and_finds_what_there_is() -> None:
    generator = np.random.default_rng(1)
    scaled = generator.uniform(-1, 1, (400, 3))
    truth = np.stack([scaled[:, 0] + scaled[:, 1] * scaled[:, 2], np.tanh(3 * scaled[:, 1])], axis=1)
    emulator = fit(scaled, truth + generator.normal(0, 0.05, truth.shape), 1)
    assert (emulator.moves(np.zeros((1, 3))) == 0).all()
    fresh = generator.uniform(-1, 1, (100, 3))
    wanted = np.stack([fresh[:, 0] + fresh[:, 1] * fresh[:, 2], np.tanh(3 * fresh[:, 1])], axis=1)
    assert np.sqrt(((emulator.moves(fresh) - wanted) ** 2).mean()) < 0.15


def _invented(scaled: np.ndarray, replications: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return measures of two years: a level of each replication, times what a lever makes, with some noise."""
    level = np.exp(0.1 * np.sin(7.0 * replications))[:, None, None]
    effect = np.exp(scaled[:, :1] * 0.3)[:, :, None]
    noise = np.exp(generator.normal(0, 0.05, (len(scaled), 2, 1)) * np.abs(scaled[:, :1])[:, :, None])
    return 40.0 * level * effect * noise * np.ones((1, 1, len(outputs())))


def test_answers_have_right_means_intervals_and_costs_and_the_trial_says_so() -> None:
    """On invented simulations whose truth is known."""
    generator = np.random.default_rng(2)
    reference = _invented(np.zeros((60, 1)), np.arange(60.0), generator)
    scaled, numbers = generator.uniform(-1, 1, (600, 1)), np.arange(600) % 60
    values = _invented(scaled, numbers.astype(float), generator)
    model = learn(outputs(), reference, scaled, values, numbers.tolist(), 1)
    answer = model.answer(np.array([0.5]), 0)
    count = [one.share for one in model.measures].index(False)
    assert answer.mean[0, count] == pytest.approx(reference[..., count].mean() * np.exp(0.15), rel=0.02)
    lines = [place for place, one in enumerate(model.measures) if one.id in SPEND]
    assert answer.cost == pytest.approx(answer.difference[:, lines].sum(axis=1).cumsum())
    assert (answer.cost_low < answer.cost).all()
    later = model.answer(np.array([0.5]), 1)
    assert (later.difference[0] == 0).all()
    assert later.cost[0] == 0
    assert later.difference[1, count] == pytest.approx(answer.difference[0, count], rel=0.1)
    tried = []
    for place in range(20):
        at, which = generator.uniform(-1, 1, (1, 1)), np.arange(10) + 3 * place % 50
        simulated = _invented(np.repeat(at, 10, axis=0), which.astype(float), generator)
        tried.append(Checked(model.answer(at[0], 0), simulated, reference[which], place % 2 == 0, 0))
    found = trial(model, tried)
    assert found.few > 0.95
    assert found.every > 0.95
    assert found.signs > 0.95
    assert 0.85 < found.held <= 1
    wrong = [Checked(model.answer(-2 * np.ones(1), 0), one.values, one.reference, one.few, 0) for one in tried]
    assert trial(model, wrong).few < 0.5
    assert not trial(model, wrong).errors[count].good_few


def test_lines_of_spend_add_up_to_all_of_it() -> None:
    generator = np.random.default_rng(3)
    columns = list(MEASURES)
    values = generator.uniform(1, 2, (4, len(columns)))
    rest = ("spend_social_work", "spend_residual")
    at = {name: values[:, columns.index(name)] for name in ("spend_looked_after", "spend_prevention", *rest)}
    places = [place for place, one in enumerate(outputs()) if one.id in SPEND]
    assert taken(values)[:, places].sum(axis=1) == pytest.approx(sum(at.values()))


@pytest.mark.parametrize(
    ("low", "high", "texts"), [(12, 18, ["12.0", "13.5"]), (-5, 5, ["−5.0", "−2.5"]), (0, 400, ["0", "100"])]
)
def test_a_tick_has_as_many_decimals_as_the_step_needs(low: float, high: float, texts: list[str]) -> None:
    level = np.array([low, high], dtype=float)
    drawn = picture("A measure", "children", ["2013-14", "2014-15"], level, (level, level), (low, high), 1)
    ticks = [tick["text"] for tick in drawn["ticks"]]
    assert ticks[:2] == texts
    values = [float(text.replace("−", "-").replace(",", "")) for text in ticks]
    assert np.allclose(np.diff(values), values[1] - values[0])


def test_the_scale_holds_a_mean_outside_its_interval() -> None:
    mean, nothing = np.array([5.1, 5.1]), np.zeros(2)
    drawn = picture("Unallocated", "children", ["2013-14", "2014-15"], mean, (nothing, nothing), (0, 4), 1)
    assert drawn["high"] >= 5.1
