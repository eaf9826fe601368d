"""Tables `[local."name"]`: what an authority's own records show holds before the start too, with its provenance."""

from __future__ import annotations

from pathlib import Path

import pytest

from demandsim.problems import UserError
from demandsim.scenario.explain import explain_parameter, explain_scenario
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import resolved_toml

HEAD = '[scenario]\ntitle = "Mine"\nextends = "baseline"\n'
POSTS = (
    '[local."workforce.posts"]\nvalue = 25.5\nunit = "posts per 10,000 children"\nfile = "csww.xml"\n'
    f'sha256 = "{"ab" * 32}"\nrule = "in post and vacant"\nrecords = 115\n'
)


def _written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_a_local_lever_held_before_the_start_and_a_set_goes_on_top(tmp_path: Path) -> None:
    local = read_scenario(_written(tmp_path, POSTS))
    assert local.history()["workforce.posts"] == local.at_start()["workforce.posts"] == 25.5
    on_top = POSTS + '[set."workforce.posts"]\nvalue = 20\nbecause = "a cut"\n'
    cut = read_scenario(_written(tmp_path, on_top))
    assert (cut.history()["workforce.posts"], cut.at_start()["workforce.posts"]) == (25.5, 20)


def test_the_range_of_a_local_value_is_as_wide_around_it_and_holds_englands(tmp_path: Path) -> None:
    """Else a value outside England's range could be fitted no further that way, and posterior draws be refused."""
    england = read_scenario("baseline").settings["workforce.posts"]
    local = read_scenario(_written(tmp_path, POSTS)).settings["workforce.posts"]
    assert england.range
    assert isinstance(england.value, float)
    assert local.range == pytest.approx((england.range[0], england.range[1] * 25.5 / england.value))
    top = POSTS.replace("posts", "vacancies").replace("25.5", "0.99").replace("vacancies per 10,000 children", "share")
    assert read_scenario(_written(tmp_path, top, "high.toml")).settings["workforce.vacancies"].range[1] == 1


def test_a_local_value_stands_against_an_ensemble(tmp_path: Path) -> None:
    assert read_scenario(_written(tmp_path, POSTS)).settings["workforce.posts"].stands


@pytest.mark.parametrize(
    "more", ["", '[set."workforce.posts"]\npath = [[2014-04-01, 25.5], [2015-04-01, 20]]\nbecause = "a cut"\n']
)
def test_what_is_written_out_in_full_reads_back_the_same(tmp_path: Path, more: str) -> None:
    first = read_scenario(_written(tmp_path, POSTS + more))
    text = resolved_toml(first)
    path = tmp_path / "resolved.toml"
    path.write_text(text, encoding="utf-8")
    again = read_scenario(path)
    assert again.digest() == first.digest()
    found, was = again.settings["workforce.posts"].last_local, first.settings["workforce.posts"].last_local
    assert found
    assert was
    assert found.local == was.local
    assert resolved_toml(again) == text


def test_explain_prints_file_rule_records_and_checksum(tmp_path: Path) -> None:
    scenario = read_scenario(_written(tmp_path, POSTS))
    told = explain_parameter(scenario, "workforce.posts")
    for part in ("basis   local", "in post and vacant", "csww.xml", "115 records", "ab" * 32):
        assert part in told
    assert "1 local" in explain_scenario(scenario)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("posts per 10,000 children", "posts", "unit"),
        ("25.5", "-1", "workforce.posts"),
        ("ab", "xy", "sha256"),
        ("records = 115", "records = 1.5", "records"),
        ("workforce.posts", "workforce.post", "did you mean"),
        ("rule =", "basis = 'local'\nrule =", "means nothing here"),
    ],
)
def test_a_wrong_local_table_is_explained(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_scenario(_written(tmp_path, POSTS.replace(old, new)))


def test_a_what_if_is_not_local(tmp_path: Path) -> None:
    text = '[set."demand.level"]\nvalue = 1.1\nbasis = "local"\nbecause = "so"\n'
    with pytest.raises(UserError, match="your own records"):
        read_scenario(_written(tmp_path, text))


def test_posts_that_pay_for_prevention_were_there_before_the_start(tmp_path: Path) -> None:
    """Posts are a fitted lever in the baseline; what a what-if takes from them is a what-if and no fit."""
    text = '[set."prevention.targeted"]\ntimes = 1.2\npaid_by = "workforce.posts"\nbecause = "a swap"\n'
    scenario = read_scenario(_written(tmp_path, text))
    assert scenario.history()["workforce.posts"] == read_scenario("baseline").history()["workforce.posts"]
    assert scenario.at_start()["workforce.posts"] < scenario.history()["workforce.posts"]
