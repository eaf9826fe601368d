"""A simulated authority goes out as returns and comes back: the same counts, and no child in any byte of output."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from conftest import Command, small

from demandsim.experiment.run import manifest_of, run
from demandsim.localise.export import export
from demandsim.localise.figures import Findings
from demandsim.localise.localise import Localised, localise
from demandsim.localise.output import write
from demandsim.localise.workforce import SEPTEMBER
from demandsim.localise.writing import target_rows
from demandsim.plots.over_time import stocks
from demandsim.plots.style import GIVEN, run_line
from demandsim.problems import UserError
from demandsim.records import Count
from demandsim.results.fit_rows import read_targets
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results, read_results
from demandsim.results.summary import headline
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import resolved_toml
from demandsim.vocabulary import SpendCause

CHILDREN, YEARS = 12_000, 2
#: Counts on whole days: so many children may lie on the other side of a birthday, a length or a limit.
ON_THE_EDGE = 2


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(small(CHILDREN, YEARS), replications=1, seed=1, out=tmp_path_factory.mktemp("runs"), jobs=1, spells=True)


@pytest.fixture(scope="module")
def returns(finished: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("returns")
    for which, xml in (("903", False), ("cin", True), ("csww", False), ("s251", False)):
        export(finished.folder, which, out, xml=xml)
    return out


@pytest.fixture(scope="module")
def found(returns: Path) -> Localised:
    return localise("999", 2013, [returns], children=CHILDREN, private=True)


def test_a_clean_export_gives_exactly_the_measures_of_the_run(finished: Results, found: Localised) -> None:
    wrong, compared = [], 0
    for (measure, year), figure in found.counted.figures.items():
        if measure not in MEASURES or year < finished.manifest.first_year + 1:
            continue
        of_run = Year(finished.tables, year - finished.manifest.first_year)
        told = float(MEASURES[measure].of(of_run)[0])
        on_edge = re.search(r"_age|_length|reviewed|re_referrals|placements|under_|10_years", measure)
        slack = 100 * ON_THE_EDGE / figure.whole if on_edge and figure.whole else 1e-6
        compared += 1
        if not abs(told - figure.value) <= slack:
            wrong.append((measure, year, told, figure.value))
    assert not wrong
    assert compared > 90


def test_children_who_come_alone_or_on_remand_are_no_referrals(finished: Results, found: Localised) -> None:
    """They have a case and no referral in the model: the return of looked after children says who they are."""
    years = range(2013, 2013 + YEARS)
    of_run = [Year(finished.tables, year - finished.manifest.first_year) for year in years]
    came = sum(float(year.count(Count.CARE_REMAND, Count.CARE_UNACCOMPANIED)[0]) for year in of_run)
    assert found.quality.rows("from_outside") >= came > 5


def test_workers_of_september_are_no_target(found: Localised, tmp_path: Path) -> None:
    path = write(found, tmp_path)
    measures = {one.measure for one in read_targets(path.with_name("targets.csv"))}
    assert not measures & set(SEPTEMBER)
    assert {"workforce.posts", "workforce.vacancies", "workforce.turnover"} <= {one.name for one in found.values}
    assert "Social workers in post, 30 September" in (tmp_path / "quality.md").read_text(encoding="utf-8")


def test_prices_and_posts_come_back_as_they_were(finished: Results, found: Localised) -> None:
    """Of the year's mean; workers are counted once, in September, so theirs is known less well. The line of residential
    care holds what was bought on the spot too, so what it pays for comes back dearer by that.
    """
    value = {one.name: one.value for one in found.values}
    given = small(CHILDREN, YEARS).at_start()
    pounds = finished.tables["spend"][0, 12 * YEARS_BEFORE : 12 * YEARS_BEFORE + 12].sum(axis=0)
    usual = pounds[SpendCause.CHILDRENS_HOME] + pounds[SpendCause.OTHER_PLACEMENT]
    given["cost.childrens_home"] *= 1.0 + pounds[SpendCause.SPOT] / usual
    for name, slack in (
        ("cost.social_worker", 0.03),
        ("cost.foster_in_house", 0.02),
        ("cost.foster_agency", 0.02),
        ("cost.childrens_home", 0.04),
        ("workforce.posts", 0.02),
    ):
        assert value[name] == pytest.approx(given[name], rel=slack), name


def test_spend_on_few_children_is_as_uncertain_as_they_are(found: Localised) -> None:
    rows = {row[1]: row for row in list(target_rows(found.counted, 2013, private=True))[2:]}
    for spend, children in (("spend_residential", "childrens_homes"), ("spend_looked_after", "looked_after")):
        part, of_children = (float(rows[name][5]) / float(rows[name][2]) for name in (spend, children))
        assert part == pytest.approx(of_children, rel=0.01)
        assert part > 0.1
    assert float(rows["spend_social_work"][5]) == pytest.approx(0.02 * float(rows["spend_social_work"][2]), rel=0.01)
    assert float(rows["spend_intervention"][5]) > 0.02 * float(rows["spend_intervention"][2])


def test_an_episode_begins_where_proceedings_do(finished: Results, tmp_path: Path) -> None:
    """SSDA903: RNE is L where the legal status alone changes, and the episode before ends X1 on that day."""
    export(finished.folder, "903", tmp_path)
    rows = {
        (row["CHILD"], row["DECOM"]): row
        for path in sorted(tmp_path.rglob("*episodes*.csv"))
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    }
    # What ended before the first return is on none.
    changed = [row for row in rows.values() if row["RNE"] == "L" and int(row["DECOM"][-4:]) > 2009]
    assert changed
    for row in changed:
        (before,) = [one for one in rows.values() if one["CHILD"] == row["CHILD"] and one["DEC"] == row["DECOM"]]
        assert (before["LS"], row["LS"]) == ("V2", "C1")
        assert (before["REC"], before["PLACE"], before["REASON_PLACE_CHANGE"]) == ("X1", row["PLACE"], "")


def test_csv_and_xml_of_a_return_say_the_same(finished: Results, found: Localised, tmp_path: Path) -> None:
    export(finished.folder, "903", tmp_path, xml=True)
    export(finished.folder, "cin", tmp_path)
    other = localise("999", 2013, [tmp_path], children=CHILDREN, private=True)
    values = {key: figure.value for key, figure in found.counted.figures.items() if key in other.counted.figures}
    assert len(values) > 300
    assert values == {key: figure.value for key, figure in other.counted.figures.items()}


def test_mistakes_put_in_on_purpose_are_counted(finished: Results, tmp_path: Path) -> None:
    export(finished.folder, "903", tmp_path, dirt=7)
    found = localise("999", 2013, [tmp_path], children=CHILDREN, private=True, accept=True)
    made: dict[str, int] = {}
    for path in tmp_path.rglob("mistakes.md"):
        for line in path.read_text(encoding="utf-8").splitlines()[2:]:
            _, mistake, rows = (cell.strip() for cell in line.strip("| ").split("|"))
            made[mistake] = made.get(mistake, 0) + int(rows)
    reasons = {
        "no id": "no_id",
        "a day that does not exist": "not_a_date",
        "an end before the start": "backwards",
        "no date of birth": "birth_blank",
        "a year of two digits": "year_two_digits",
    }
    assert {name: found.quality.rows(reason) for name, reason in reasons.items()} == {
        name: made[name] for name in reasons
    }
    assert all(made[name] > 0 for name in reasons)


def _identifiers(folder: Path) -> set[str]:
    """Return ids and dates of birth of the children in returns, as they stand in the files."""
    found = set()
    for path in folder.rglob("*"):
        if path.suffix in (".csv", ".xml") and ("903" in path.parent.name or "cin" in path.parent.name):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"S\d{7}", text))
            if path.name == "header.csv":
                found |= set(re.findall(r"\d\d/\d\d/\d{4}", text))
            found |= set(re.findall(r"(?<=<PersonBirthDate>)[^<]+", text))
    return found


def _broken(text: str, way: str) -> str:
    lines = text.splitlines(keepends=True)
    if way == "no heading":
        return "".join(lines[1:])
    if way == "cut":
        return text[: len(text) * 2 // 3]
    if way == "columns swapped":
        return "".join(",".join(reversed(line.rstrip("\r\n").split(","))) + "\n" for line in lines)
    if way == "heading of ids":
        return lines[1] + text
    return text.replace("/", "?")


@pytest.mark.parametrize(
    ("way", "private"),
    [
        ("", False),
        ("", True),
        *((way, True) for way in ("no heading", "cut", "columns swapped", "heading of ids", "no dates")),
    ],
)
def test_no_identifier_of_the_input_is_in_any_byte_of_output(
    demandsim: Command, returns: Path, tmp_path: Path, private: bool, way: str
) -> None:
    given = tmp_path / "given"
    for name in ("903-2012-13", "903-2013-14", "cin-2013-14"):
        shutil.copytree(returns / name, given / name)
    if way:
        for path in given.rglob("episodes.csv"):
            path.write_text(_broken(path.read_text(encoding="utf-8"), way), encoding="utf-8", newline="")
    options = ["--private"] if private else []
    out = tmp_path / "out"
    result = demandsim(
        *("localise", "--la", "999", "--base", "2013-14", "--children", "12000", str(given), "--out", str(out)),
        *options,
    )
    assert result.returncode in (0, 1)
    assert "Traceback" not in result.stderr
    assert (result.returncode == 0) == out.exists() or way
    said = result.stdout + result.stderr
    if out.exists():
        said += "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    identifiers = _identifiers(given)
    assert len(identifiers) > 500
    assert not [one for one in identifiers if one in said]


def test_small_counts_are_suppressed_with_a_second_one_and_others_rounded(returns: Path, tmp_path: Path) -> None:
    open_ = localise("999", 2013, [returns], children=CHILDREN)
    write(open_, tmp_path)
    for (measure, year), figure in open_.shown.figures.items():
        exact = open_.counted.figures[measure, year]
        if figure.of_children and not measure.endswith("_days"):
            assert figure.part % 5 == 0
            assert exact.part == 0 or exact.part >= 6
    assert open_.hidden
    for measure, year in open_.hidden:
        stem, _, band = measure.rpartition("_")
        if band.isdigit():
            of_stem = [one for one, when in open_.hidden if when == year and one.rpartition("_")[0] == stem]
            assert len(of_stem) >= 2
    targets = list(csv.DictReader((tmp_path / "targets.csv").read_text(encoding="utf-8-sig").splitlines()))
    counts = [row for row in targets if MEASURES[row["measure"]].unit in ("children", "per year")]
    assert counts
    assert all(float(row["value"]) % 5 == 0 for row in counts)


def test_what_is_written_is_a_scenario_that_holds_before_the_start(found: Localised, tmp_path: Path) -> None:
    path = write(found, tmp_path)
    scenario = read_scenario(path)
    assert scenario.settings["workforce.posts"].local
    assert scenario.history()["workforce.posts"] == scenario.at_start()["workforce.posts"]
    assert scenario.at_start()["population.children"] == CHILDREN
    assert "Not to be passed on" in path.read_text(encoding="utf-8")


def test_a_run_without_spells_says_how_to_keep_them(tmp_path: Path) -> None:
    results = run(small(2_000, 1), replications=1, seed=1, out=tmp_path, jobs=1)
    with pytest.raises(UserError, match="--spells"):
        export(results.folder, "903", tmp_path / "out")


def test_what_an_input_was_made_from_is_no_evidence(found: Localised, tmp_path: Path) -> None:
    scenario = read_scenario(write(found, tmp_path))
    assert {"T47", "T48", "T49", "T50", "T51"} <= scenario.circular_targets()
    again = tmp_path / "again.toml"
    again.write_text(resolved_toml(scenario), encoding="utf-8")
    assert read_scenario(again).circular_targets() == scenario.circular_targets()
    circular = scenario.circular_targets()
    known = {one.measure for one in read_targets(tmp_path / "targets.csv") if one.is_circular(circular)}
    assert {"spend_social_work", "spend_fostering", "reactive_ratio"} <= known
    assert not known & {"referrals", "plans", "looked_after", "conferences"}


def test_results_say_what_stays_englands(demandsim: Command, found: Localised, tmp_path: Path) -> None:
    path = write(found, tmp_path / "local")
    done = demandsim("run", str(path), "--years", "1", "--replications", "2", "--point", "--jobs", "1", "--no-pictures")
    assert done.returncode == 0, done.stderr
    many = read_scenario(path).local_values
    said = f"{many} values are this authority's own; others, as hours and what help does, are England's of 2013-14"
    assert said in " ".join(done.stdout.split())
    (folder,) = (tmp_path / "results").glob("simulated-*")
    results = read_results(folder)
    assert said in run_line(results.manifest)
    own = {one.measure: one.value for one in read_targets(path.with_name("targets.csv"))}
    assert {line.measure.id: line.target.value for line in headline(results, "2013-14") if line.target} == {
        line.measure.id: own[line.measure.id] for line in headline(results, "2013-14") if line.measure.id in own
    }
    assert "given" in done.stdout
    assert "Published" not in done.stdout
    assert stocks(results).source == GIVEN
    shown = demandsim("show", str(folder))
    assert "Given: the authority's own figure (targets.csv)." in shown.stdout
    again = demandsim("reproduce", str(folder))
    assert again.returncode == 0, again.stdout + again.stderr
    england = manifest_of(small(CHILDREN), 2, 1, False)
    assert england.whose == ""
    assert "local" not in england.content


def test_spend_is_as_uncertain_where_nobody_says_how_many_children_it_is_for(found: Localised) -> None:
    """Published tables have the children looked after and no placements: then a line is for as many as in England."""
    without = Findings({key: one for key, one in found.counted.figures.items() if key[0] != "fostered"})
    rows = [
        {row[1]: row for row in list(target_rows(each, 2013, private=True))[2:]} for each in (found.counted, without)
    ]
    parts = [float(each["spend_fostering"][5]) / float(each["spend_fostering"][2]) for each in rows]
    assert parts[1] == pytest.approx(parts[0], rel=0.2)
