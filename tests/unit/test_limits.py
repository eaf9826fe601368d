"""What a file may hold: types as they are written, one mistake told once, and nothing too large or too deep."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest

from demandsim.plots.style import _RC
from demandsim.problems import MOST_TOLD, Problem, UserError, printable
from demandsim.scenario.ensemble import MOST_MEMBERS, read_ensemble
from demandsim.scenario.grid import grid_from
from demandsim.scenario.limits import problem_of_name
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import quoted, resolved_toml
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import FORMAT
from demandsim.scenario.size import check_size, size_of
from demandsim.scenario.starter import starter
from demandsim.text_files import number_in, safe_cells

HEAD = '[scenario]\ntitle = "Mine"\nextends = "baseline"\n'


def _refused(folder: Path, text: str) -> str:
    """Return the one problem of a file."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_scenario(path)
    assert len(caught.value.problems) == 1, str(caught.value)
    return str(caught.value)


def _set(name: str, change: str) -> str:
    return f'{HEAD}[set."{name}"]\n{change}\nbecause = "x"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "years = true\n", "found True; expected a whole number"),
        (HEAD + 'years = "3"\n', "found '3'; expected a whole number"),
        (HEAD + "years = 2.5\n", "found 2.5; expected a whole number"),
        (HEAD + "start = 1364774400\n", "found 1364774400; expected a date"),
        (HEAD + "start = 2013-04-01T00:00:00Z\n", "expected a date"),
        (HEAD + "start = 2016-02-29\n", "found 2016-02-29; expected the first of April"),
        (HEAD + "start = 9999-04-01\n", "found 9999-04-01; expected the first of April"),
        (HEAD + 'start = 2016-02-29\n[set."demand.level"]\npath = [[2016-03-01, 1]]\nbecause = "x"\n', "2016-02-29"),
        (HEAD + 'start = 9999-04-01\n[set."demand.level"]\npath = [[9999-04-01, 1]]\nbecause = "x"\n', "9999-04-01"),
        (_set("demand.level", 'value = "high"'), "expected a number, or a list of numbers"),
        (_set("demand.level", "value = []"), "expected a list of numbers, one or more"),
        (_set("care.home", "value = [0.1, true, 0.1, 0.1, 0.1]"), "expected a list of numbers"),
        (_set("demand.level", "value = 1e400"), "expected a number"),
        (_set("demand.level", f"value = 1{'0' * 400}"), "expected a number"),
        (_set("demand.level", f"value = {'9' * 5000}"), "thousands of digits"),
        (_set("demand.level", f"value = 0x{'f' * 5000}"), "thousands of digits"),
        (_set("demand.level", "path = [[2014-04-01, -1], [2015-04-01, -2]]"), "from 0 to 20"),
        (_set("demand.level", "path = [[2011-04-01, 1], [2012-04-01, 1]]"), "2011-04-01, 2012-04-01"),
        (_set("budget.spending_controls", 'value = ["use_reserves", "use_reserves"]'), "each at most once"),
        (_set("budget.spending_controls", "times = 2"), "value, an order"),
        (_set("workforce.posts", 'value = []\npaid_by = "prevention.targeted"'), "list of numbers"),
        (_set("workforce.posts", 'value = 2000\npaid_by = "prevention.targeted"'), "from 0 to 1000"),
        (HEAD.replace("Mine", "\\u001b[31mred"), "text, without control characters"),
        (HEAD.replace("Mine", "two\\nlines"), "a line of text"),
        (HEAD + "deep = " + "[" * 2000 + "]" * 2000 + "\n", "deep in one another"),
        (HEAD + "deep = " + "[" * 20 + "]" * 20 + "\n", "values 21 deep in one another"),
        (HEAD + "".join(f"k{number} = 1\n" for number in range(20_000)), "20,002 entries"),
        (HEAD + "# " + "x" * 2_000_000, "more than 2 MB"),
        (HEAD.replace('"baseline"', '"' + "n" * 300 + '"'), "no such file"),
        (HEAD.replace('"baseline"', '"\\u0000"'), "without control characters"),
    ],
    ids=range(30),
)
def test_one_mistake_is_told_as_one_problem(tmp_path: Path, text: str, said: str) -> None:
    assert said in _refused(tmp_path, text)


@pytest.mark.parametrize("cost", ["0", '["a"]'])
def test_a_lever_is_not_paid_for_at_a_price_that_is_none(tmp_path: Path, cost: str) -> None:
    text = _set("prevention.targeted", 'value = 80\npaid_by = "workforce.posts"')
    declared = '[parameter."cost.social_worker"]\nunit = "£ a year"\nrole = "uncertainty"\nbasis = "derived"\n'
    path = tmp_path / "mine.toml"
    path.write_text(f'{text}{declared}value = {cost}\nsource = "x"\n', encoding="utf-8")
    with pytest.raises(UserError, match=r'cost\.social_worker"\.value'):
        read_scenario(path)


@pytest.mark.parametrize("given", ["1\n[x]", "9" * 5000, "[" * 3000, '1\nbecause="y"'])
def test_an_override_is_a_value_and_nothing_else(given: str) -> None:
    with pytest.raises(UserError) as caught:
        read_scenario("baseline", [f"demand.level={given}"])
    assert len(caught.value.problems) == 1
    assert len(str(caught.value)) < 1000


def test_an_override_given_twice_is_refused() -> None:
    with pytest.raises(UserError, match=r"demand\.level: found the same parameter twice"):
        read_scenario("baseline", ["demand.level=1.1", "demand.level=1.2"])


def test_a_range_lies_within_what_is_possible(tmp_path: Path) -> None:
    text = '[parameter."demand.level"]\nvalue = 1\nunit = "ratio"\nrange = [-1, 2]\nrole = "lever"\n'
    base = Path(read_scenario("baseline").lineage[0]).read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(base.replace("range = [0.5, 2.0]", "range = [-1, 2.0]", 1), encoding="utf-8")
    assert "range = [-1, 2.0]" in path.read_text(encoding="utf-8")
    assert text
    with pytest.raises(UserError, match=r'"demand\.level"\.range: found \[-1\.0, 2\.0\]'):
        read_scenario(path)


def test_a_hundred_thousand_problems_are_counted_and_not_printed() -> None:
    error = UserError([Problem("f", f"k{number}", "x" * 10_000, "y") for number in range(100_000)])
    assert len(error.problems) == 100_000
    assert str(error).endswith("and 99,950 more like these")
    assert len(str(error)) < 500 * MOST_TOLD


def test_what_would_move_a_terminals_cursor_is_written_out() -> None:
    assert printable("a\x1b[2J\x07\u202eb") == "a\\x1b[2J\\x07\\u202eb"
    assert printable("Café £\u00a0\n") == "Café £\u00a0\n"
    assert "\x1b" not in str(Problem("\x1b", "\x1b", "\x1b", "\x1b", "\x1b"))


# -- CSV --------------------------------------------------------------------------------------------------------------


#: What an ensemble begins with.
HEADER = f"# demandsim ensemble, format {FORMAT}\n"


def test_a_long_cell_and_a_long_ensemble_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ensemble.csv"
    path.write_text(HEADER + "member,demand.new_families\n1," + "7" * 200_000 + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"field larger than field limit|a cell of"):
        read_ensemble(path)
    rows = "".join(f"{number},700\n" for number in range(1, 100_001))
    path.write_text(HEADER + "member,demand.new_families\n" + rows, encoding="utf-8")
    with pytest.raises(UserError, match=f"at most {MOST_MEMBERS:,} draws"):
        read_ensemble(path)
    path.write_text(HEADER + "member,demand.new_families\n1,7_00\n2,nan\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_ensemble(path)
    assert len(caught.value.problems) == 2


def test_a_point_of_a_file_is_a_number_as_people_write_it(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("demand.level\n1_0\n1.1\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"found '1_0'|found ''1_0''"):
        grid_from(read_scenario("baseline"), path)


def test_numbers_are_read_as_people_write_them() -> None:
    assert [number_in(text) for text in ("1", "-1.5", "+2e3", ".5", " 7 ")] == [1, -1.5, 2000, 0.5, 7]
    assert number_in("69,540", commas=True) == 69540
    for text in ("1_000", "nan", "inf", "0x10", "6,95,40", "", "١"):
        assert number_in(text, commas=True) != number_in(text, commas=True)


def test_no_text_of_a_csv_file_is_a_formula() -> None:
    given = [["=1+1", "+A1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx"], ["-1.5", "+2", "-", "nan", -3, "Café"]]
    formulas, plain = list(safe_cells(given))
    assert all(cell.startswith("'") for cell in formulas)
    assert plain == given[1]


def test_a_title_with_dollar_signs_is_drawn_as_it_stands() -> None:
    with matplotlib.rc_context(_RC):
        figure = plt.figure()
        figure.text(0, 0, "Saves $\\nothing$ and more")
        figure.savefig(io.BytesIO())
        plt.close(figure)
    assert not _RC["text.parse_math"]


# -- names and sizes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", ".", "..", "/", "n" * 300, "a\x1b[31m", "q\udcff", ".toml"])
def test_a_new_scenario_needs_a_name_that_a_file_can_have(name: str) -> None:
    assert problem_of_name(Path(name))


@pytest.mark.parametrize("name", ['a"b', "a\\b", "'''", "a\tb", "{x}", "é"])
def test_a_new_scenario_is_good_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(starter(name), encoding="utf-8")
    if "\t" not in name:
        assert read_scenario(path).changes()
    assert quoted("\x00\x1f\x7f") == '"\\u0000\\u001f\\u007f"'


def test_a_title_with_many_overrides_reads_back(tmp_path: Path) -> None:
    many = [f"care.home=[{', '.join(['0.' + '1' * 15] * 5)}]", "care.adoption=[0.5, 0.2, 0.041, 0, 0]"]
    scenario = read_scenario("baseline", many * 1)
    path = tmp_path / "resolved.toml"
    path.write_text(resolved_toml(scenario), encoding="utf-8")
    assert read_scenario(path).digest() == scenario.digest()


def _large(**changes: float) -> Scenario:
    return read_scenario("baseline", [f"{name.replace('__', '.')}={value}" for name, value in changes.items()])


def test_a_run_too_large_for_the_machine_is_refused_with_its_time_and_memory() -> None:
    scenario = _large()
    check_size(scenario, replications=20, jobs=2, available=4_000)
    with pytest.raises(UserError, match=r"20 replications that needs about .* of memory; expected at most the 1"):
        check_size(scenario, replications=20, jobs=2, available=100)
    with pytest.raises(UserError, match=r"days.*expected at most 30 days"):
        check_size(scenario, replications=1_000_000, authorities=152, jobs=1, available=1e9)


def test_twice_the_children_or_the_demand_take_twice_as_long() -> None:
    usual = size_of(_large()).seconds
    assert size_of(_large(population__children=151_000)).seconds == pytest.approx(2 * usual)
    assert size_of(_large(demand__level=2)).seconds > 1.5 * usual
    assert size_of(_large(), replications=10, jobs=2).seconds == pytest.approx(5 * usual)
    assert size_of(_large(), replications=10, jobs=2).megabytes > size_of(_large()).megabytes
