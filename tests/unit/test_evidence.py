"""The evidence that ships: whole, sourced, and matched to what the model measures."""

from __future__ import annotations

import csv
import re
from dataclasses import fields
from pathlib import Path

import pytest

import demandsim.evidence
from demandsim.evidence import Effect, effects, register, series, targets
from demandsim.evidence.places import NOT_CHECKED, TABLES, places
from demandsim.results.measures import MEASURES
from demandsim.scenario.explain import references
from demandsim.scenario.files import shipped
from demandsim.scenario.read import read_scenario

FOLDER = Path(demandsim.evidence.__file__).parent


def test_every_target_is_a_measure_of_the_model() -> None:
    assert not {target.id for target in targets() if target.measure not in MEASURES}


def test_targets_run_from_1_to_80_with_their_sources() -> None:
    assert {target.id for target in targets()} == {f"T{number:02d}" for number in range(1, 81)}
    assert all(target.source and target.use in ("calibrate", "validate", "scenario") for target in targets())


def test_series_agree_with_the_targets_of_the_same_year() -> None:
    held = {(target.measure, target.year): target.value for target in targets() if target.use != "scenario"}
    both = [(point, held[point.measure, point.year]) for point in series() if (point.measure, point.year) in held]
    assert len(both) > 10
    for point, value in both:
        assert point.value == value, point


#: Targets that stand in the official tables: (table, label, column) of each, for the year ending March 2014.
OFFICIAL = {
    "re_referrals": ("c1", "Re_referrals_percent"),
    "referrals_no_action": ("c1", "No_Further_Action_percent"),
    "referrals_not_in_need": ("c1", "Not_in_Need_percent"),
    "need_started": ("b1", "Started_episodes"),
    "need_ended": ("b1", "Ended_episodes"),
    "awaiting_assessment": ("b1", "Awaiting_assessment"),
    "conferences": ("c4", "ICPC"),
    "plans_started": ("d1", "CPP_start"),
    "plans_ended": ("d1", "CPP_end"),
    "plans": ("d1", "CPP_At31"),
    "plans_repeat": ("d3", "CPP_subsequent_percent"),
    "plans_reviewed": ("d6", "Reviewed_within_timescales_percent"),
}
_LENGTHS = ("3_months_or_less", "more_than_3_months_6_months", "more_than_6_months_less_than_1_year")


def _official() -> dict[tuple[str, str], float]:
    rows = csv.DictReader((FOLDER / "dfe_cin_england_2013_2014.csv").read_text(encoding="utf-8").splitlines())
    return {
        (row["dfe_table"], row["column"]): float(row["value"])
        for row in rows
        if row["year_ending_31_march"] == "2014" and row["value"]
    }


@pytest.mark.parametrize("measure", OFFICIAL)
def test_targets_are_the_official_figures(measure: str) -> None:
    (target,) = [each for each in targets() if each.measure == measure and each.year == "2013-14"]
    assert target.value == _official()[OFFICIAL[measure]]


@pytest.mark.parametrize(
    ("stem", "table", "names"),
    [
        ("need_ended_length", "b5", (*_LENGTHS, "1_year_less_than_2_years", "2years+")),
        ("need_open_length", "b4", (*_LENGTHS, "1_year_less_than_2_years", "2years+")),
        ("plan_ended_length", "d7", (*_LENGTHS, "1_year_less_than_2_years", "2_years_or_more")),
        ("plan_open_length", "d5", (*_LENGTHS, "1_year_less_than_2_years", "2_years_or_more")),
    ],
)
def test_duration_bands_are_the_official_shares(stem: str, table: str, names: tuple[str, ...]) -> None:
    held = [target.value for target in targets() if target.measure.startswith(stem)]
    assert held == [_official()[table, f"{name}_percent"] for name in names]


def test_timeliness_targets_follow_from_the_official_counts() -> None:
    tables = _official()
    held = {target.measure: target.value for target in targets() if target.year == "2013-14"}
    assessed = sum(tables["c2", name] for name in ("46-50_days", "51-60_days", "61+_days"))
    assert held["assessed_in_time"] == pytest.approx(
        100 * (1 - assessed / tables["c2", "Assessments_completed"]), abs=0.06
    )
    conferences = tables["c4", "Duration_0-10_days"] + tables["c4", "Duration_11-15_days"]
    assert held["conferences_in_time"] == pytest.approx(100 * conferences / tables["c4", "ICPC"], abs=0.06)


def test_published_parameters_are_the_official_figures() -> None:
    values, tables = read_scenario("baseline").at_start(), _official()
    assert values["assessment.median_working_days"] == tables["c2", "Median_days"]
    assert values["conference.plan"] == pytest.approx(tables["d1", "CPP_start"] / tables["c4", "ICPC"], abs=0.0005)
    sources = ("Individual", "Schools", "Education_Services", "Health_Services", "Housing", "LA_Services", "Police")
    sources += ("Other_legal_agency", "Other", "Anonymous", "Unknown")
    counts = [tables["c5", source] for source in sources]
    assert values["demand.source"] == pytest.approx([count / sum(counts) for count in counts], abs=1e-4)


#: What a source may name: rows of the register, effects and targets.
FIGURE = re.compile(r"\b([RODKPV]\d{3}|T\d{2})\b")


@pytest.mark.parametrize("scenario", shipped())
def test_every_figure_a_source_names_is_in_the_register_the_effects_or_the_targets(scenario: str) -> None:
    for name, setting in read_scenario(scenario).settings.items():
        named = set(FIGURE.findall(setting.source))
        assert len(references(setting.source)) == len(named), name


def test_every_effect_that_a_value_or_a_target_rests_on_is_among_the_effects() -> None:
    sources = [setting.source for setting in read_scenario("baseline").settings.values()]
    sources += [text for target in targets() for text in (target.source, target.note)]
    sources += [text for effect in effects().values() for text in (effect.population, effect.read_at, effect.note)]
    named = {key for text in sources for key in FIGURE.findall(text) if key.startswith("V")}
    assert len(named) > 20
    assert named <= effects().keys()


def test_every_effect_has_a_source_and_where_it_was_read() -> None:
    assert len(effects()) == 84
    assert all(re.fullmatch(r"V\d{3}", key) for key in effects())
    for effect in effects().values():
        assert all((effect.quantity, effect.value, effect.source, effect.read_at, effect.how_sure, effect.mechanism))


def test_the_columns_of_effects_are_what_they_are_read_as() -> None:
    heading = next(csv.reader((FOLDER / "effects.csv").read_text(encoding="utf-8").splitlines()))
    assert heading == [field.name for field in fields(Effect)]


def test_an_interval_of_an_effect_holds_its_value() -> None:
    for effect in effects().values():
        cells = (cell.split("|") for cell in (effect.low, effect.value, effect.high))
        for low, value, high in zip(*cells, strict=False):
            if low and high:
                assert float(low) <= float(value) <= float(high), effect.id


def test_an_effect_that_a_source_names_is_explained_by_what_was_found_and_who_found_it() -> None:
    (said,) = references("V042: later assessments of high risk")
    effect = effects()["V042"]
    assert said.startswith(f"V042: {effect.quantity}: {effect.value}")
    assert said.endswith(effect.source)


def test_the_register_holds_every_figure_with_a_source() -> None:
    assert len(register()) == 493
    assert all(figure.source and figure.quantity for figure in register().values())


def test_every_published_or_derived_value_says_where_it_stands() -> None:
    settings = read_scenario("baseline").settings
    named = {name for name, one in settings.items() if one.basis in ("published", "derived")}
    assert named - places().keys() == set(), "evidence/places.csv has no row for these"
    assert places().keys() - named == set(), "evidence/places.csv has rows for values that are neither"
    known = {*register(), *effects(), TABLES}
    for name, place in places().items():
        assert set(place.rows) <= known, name
        told = "table" in place.place or "paragraph" in place.place or "page" in place.place or "file" in place.place
        assert told or "definition" in place.place or place.place.startswith("as "), name


def test_a_table_that_a_place_names_is_in_the_tables_that_ship() -> None:
    shipped_tables = {table for table, _ in _official()}
    for name, place in places().items():
        for table in re.findall(r"\b[abcd]\d\b", place.place):
            assert table in shipped_tables, name
            assert TABLES in place.rows or "O007" in place.rows, name


def test_what_nobody_opened_is_said_so_and_links_are_those_of_the_register() -> None:
    unread = "\n".join(places()["demand.before"].lines())
    assert f"{NOT_CHECKED}: nobody has opened K009" in unread
    court = "\n".join(places()["court.weeks"].lines())
    assert register()["O096"].where in court
    assert NOT_CHECKED not in court
    assert "table c2" in "\n".join(places()["assessment.median_working_days"].lines())
