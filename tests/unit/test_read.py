"""Reading scenario files: what is right is read, what is wrong is all said at once."""

from __future__ import annotations

import string
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demandsim.model.simulate import calendar_of, levers_of
from demandsim.problems import UserError
from demandsim.scenario.files import shipped
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import resolved_toml
from demandsim.scenario.schema import Role


def _write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


HEAD = '[scenario]\ntitle = "Mine"\nextends = "baseline"\n'


def test_the_baseline_declares_every_parameter_and_no_other() -> None:
    scenario = read_scenario("baseline")
    assert list(scenario.settings) == list(PARAMETERS)
    assert scenario.start == date(2013, 4, 1)
    assert not scenario.changes()


def test_every_value_of_the_baseline_lies_in_its_own_range() -> None:
    for name, setting in read_scenario("baseline").settings.items():
        if setting.range:
            numbers = setting.value if isinstance(setting.value, tuple) else (setting.value,)
            assert all(setting.range[0] <= number <= setting.range[1] for number in numbers), name


def test_a_lever_moves_at_the_start_and_an_uncertainty_held_before(tmp_path: Path) -> None:
    changes = '[set."contact.referral_threshold"]\nvalue = 1.5\nbecause = "tighter"\n'
    changes += '[set."need.short_days"]\ntimes = 1.1\nbecause = "slower"\n'
    scenario = read_scenario(_write(tmp_path, HEAD + changes))
    plain = read_scenario("baseline")
    assert plain.settings["contact.referral_threshold"].role == Role.LEVER
    assert scenario.history()["contact.referral_threshold"] == plain.history()["contact.referral_threshold"]
    assert scenario.at_start()["contact.referral_threshold"] == 1.5
    assert scenario.history()["need.short_days"] == pytest.approx(1.1 * plain.history()["need.short_days"])


def test_a_list_may_hold_from_a_day_on_and_is_what_it_was_until_then(tmp_path: Path) -> None:
    controls, plain = "budget.spending_controls", read_scenario("baseline")
    first = f'[set."{controls}"]\nvalue = ["use_reserves"]\nfrom = 2015-04-01\nbecause = "from then"\n'
    first += '[set."demand.level"]\nvalue = 1.1\nfrom = 2016-04-01\nbecause = "a step"\n'
    _write(tmp_path, HEAD + first, "first.toml")
    text = '[scenario]\ntitle = "B"\nextends = "first.toml"\n'
    text += f'[set."{controls}"]\nvalue = ["cut_prevention"]\nfrom = 2017-04-01\nbecause = "later"\n'
    scenario = read_scenario(_write(tmp_path, text))
    again = read_scenario(_write(tmp_path, resolved_toml(read_scenario(tmp_path / "first.toml")), "resolved.toml"))
    usual = plain.history()[controls]
    levers = levers_of(scenario, calendar_of(scenario.start, scenario.years))
    for day, orders in ((-500, usual), (0, usual), (731, [1, 0, 0]), (1460, [1, 0, 0]), (1462, [0, 0, 1])):
        assert levers.at(day)[controls] == orders
    assert scenario.paths() == {"demand.level": ((date(2016, 4, 1), 1.1),)}
    assert again.digest() == read_scenario(tmp_path / "first.toml").digest() != plain.digest()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("value = 0.5\nfrom = 2031-04-01", "a date from 2013-04-01 to 2023-04-01"),
        ("times = 2\nfrom = 2015-04-01", "from beside a value alone"),
        ("value = 0.5\nfrom = 2015", "a date"),
    ],
)
def test_a_day_that_cannot_be_is_explained(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, f'{HEAD}[set."contact.referral_threshold"]\n{lines}\nbecause = "x"\n'))
    assert told in str(caught.value)


@pytest.mark.parametrize("lines", ["path = [[2015-04-01, 30], [2016-04-01, 20]]", "value = 30\nfrom = 2015-04-01"])
def test_what_there_is_on_the_first_day_cannot_move_later(tmp_path: Path, lines: str) -> None:
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, f'{HEAD}[set."budget.reserves"]\n{lines}\nbecause = "x"\n'))
    assert "value alone, as budget.reserves is what there is on the first day" in str(caught.value)


def test_files_build_on_one_another_and_remember_each_step(tmp_path: Path) -> None:
    _write(tmp_path, HEAD + '[set."demand.level"]\nvalue = 1.1\nbecause = "first"\n', "a.toml")
    text = '[scenario]\ntitle = "B"\nextends = "a.toml"\n[set."demand.level"]\ntimes = 2\nbecause = "second"\n'
    scenario = read_scenario(_write(tmp_path, text, "b.toml"))
    setting = scenario.settings["demand.level"]
    assert setting.value == pytest.approx(2.2)
    assert setting.before is not None
    assert [setting.source, setting.before.source] == ["second", "first"]
    assert len(scenario.lineage) == 3


def test_what_is_resolved_reads_back_to_the_same_run(tmp_path: Path) -> None:
    changes = (
        '[set."demand.level"]\npath = [[2014-04-01, 1.0], [2016-03-31, 1.1]]\nbecause = "a \\"rise\\"\\n of a tenth"\n'
    )
    changes += '[set."care.home"]\nvalue = [0.2, 0.3, 0.3, 0.3, 0.2]\nbecause = "shares"\n'
    scenario = read_scenario(_write(tmp_path, HEAD + changes))
    again = read_scenario(_write(tmp_path, resolved_toml(scenario), "resolved.toml"))
    assert again.digest() == scenario.digest()
    assert again.changes().keys() == scenario.changes().keys()


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("years", [1, 4, None])
def test_every_shipped_scenario_resolved_reads_back_to_the_same_run(
    tmp_path: Path, name: str, years: int | None
) -> None:
    scenario = read_scenario(name, ["court.weeks=30"], years)
    text = resolved_toml(scenario)
    again = read_scenario(_write(tmp_path, text, "resolved.toml"))
    assert again.digest() == scenario.digest()
    assert resolved_toml(again) == text


def test_a_value_before_a_path_is_resolved_too(tmp_path: Path) -> None:
    _write(tmp_path, HEAD + '[set."demand.level"]\nvalue = 1.1\nbecause = "first"\n', "a.toml")
    text = (
        '[scenario]\ntitle = "B"\nextends = "a.toml"\n[set."demand.level"]\npath = [[2015-04-01, 1.2]]\nbecause = "x"\n'
    )
    scenario = read_scenario(_write(tmp_path, text, "b.toml"))
    again = read_scenario(_write(tmp_path, resolved_toml(scenario), "resolved.toml"))
    assert again.settings["demand.level"].value == 1.1
    assert again.digest() == scenario.digest()


#: A scenario's words hold no control characters, nor halves of characters, which no file can hold.
WRITTEN = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WRITTEN.filter(str.strip), why=WRITTEN)
def test_any_title_that_a_file_may_have_is_resolved_as_it_was(tmp_path: Path, title: str, why: str) -> None:
    scenario = replace(read_scenario("baseline"), title=title, why=why.strip())
    again = read_scenario(_write(tmp_path, resolved_toml(scenario), "resolved.toml"))
    assert (again.title, again.why) == (title, why.strip())


def test_a_scenario_may_simulate_fewer_years_than_what_it_extends(tmp_path: Path) -> None:
    text = '[scenario]\ntitle = "B"\nextends = "shift_to_prevention"\nyears = 1\n'
    assert read_scenario(_write(tmp_path, text)).years == 1


def test_the_digest_changes_with_anything_that_matters_and_not_with_words(tmp_path: Path) -> None:
    digests = {
        read_scenario("baseline").digest(),
        read_scenario("baseline", years=5).digest(),
        read_scenario("baseline", ["demand.level=1.1"]).digest(),
        read_scenario("baseline", ["need.short_days=36"]).digest(),
    }
    assert len(digests) == 4
    assert read_scenario(_write(tmp_path, HEAD)).digest() == read_scenario("baseline").digest()


PROBLEMS = [
    ("", "mine.toml: found nothing in the file", 'expected a table [scenario] to begin with: title = "My'),
    ('[set."demand.level"]\nvalue = 1\nbecause = "x"\n', "scenario", "expected a table [scenario] to begin with"),
    ("scenario = 3", "scenario", "3"),
    ("[scenario]\n", "scenario.title", 'nothing; expected a title, as title = "My question"'),
    (HEAD + '[set."demand.level"]\nvalue = 1\nfrm = 2015-04-01\nbecause = "x"\n', "frm", "did you mean 'from'"),
    (HEAD + '[set."demand.level"]\nvalues = 1\nbecause = "x"\n', "values", "one of: value, times, path, from, paid_by"),
    (HEAD + "yeers = 3\n", "scenario.yeers", "did you mean 'years'"),
    (HEAD + "years = 0\n", "scenario.years", "0"),
    (HEAD.replace("baseline", "baselin"), "scenario.extends", "did you mean 'baseline'"),
    (HEAD + "start = 2013-05-01\n", "scenario.start", "2013-05-01"),
    (HEAD + '[set."demand.levle"]\nvalue = 1\nbecause = "x"\n', 'set."demand.levle"', "did you mean 'demand.level'"),
    (HEAD + '[set."demand.level"]\nvalue = 1\n', "because", 'nothing; expected a reason, as because = "why"'),
    (HEAD + '[set."demand.level"]\nbecause = "x"\n', "demand.level", "exactly one of"),
    (HEAD + '[set."demand.level"]\nvalue = 1\ntimes = 2\nbecause = "x"\n', "demand.level", "exactly one of"),
    (HEAD + '[set."demand.level"]\nvalue = "high"\nbecause = "x"\n', "value", "'high'"),
    (HEAD + '[set."demand.level"]\nvalue = true\nbecause = "x"\n', "value", "True"),
    (HEAD + '[set."demand.level"]\nvalue = nan\nbecause = "x"\n', "value", "nan"),
    (HEAD + '[set."demand.level"]\nvalue = -1\nbecause = "x"\n', "value", "from 0 to 20"),
    (HEAD + '[set."demand.level"]\nvalue = [1, 2]\nbecause = "x"\n', "value", "one number"),
    (HEAD + '[set."care.home"]\nvalue = 0.3\nbecause = "x"\n', "value", "5 numbers (under 1"),
    (HEAD + '[set."workforce.posts"]\nvalue = -1\nbecause = "x"\n', "workforce.posts", "from 0 to 1000"),
    (HEAD + '[set."cost.kinship"]\nvalue = 0\nbecause = "x"\n', "cost.kinship", "from 1 to 100000"),
    (
        HEAD + '[set."budget.spending_controls"]\nvalue = [1, 1, 2]\nbecause = "x"\n',
        "budget.spending_controls",
        "each place once",
    ),
    (
        HEAD + '[set."budget.spending_controls"]\nvalue = [1, 2, 9]\nbecause = "x"\n',
        "budget.spending_controls",
        "from 0 to 3 order",
    ),
    (
        HEAD + '[set."budget.spending_controls"]\nvalue = [1, 2]\nbecause = "x"\n',
        "budget.spending_controls",
        "use reserves, freeze recr",
    ),
    (
        HEAD + '[set."care.home"]\nvalue = [0.9, 0.9, 0.9, 0.9, 0.9]\nbecause = "x"\n',
        "care.home",
        "at most 1 at each age",
    ),
    (HEAD + '[set."need.length"]\nvalue = [0.5, 0.4, 0.3]\nbecause = "x"\n', "need.length", "add up to 1.2"),
    (HEAD + '[set."need.length"]\ntimes = 2\nbecause = "x"\n', "need.length", "shares"),
    (HEAD + '[set."demand.level"]\npath = [[2030-01-01, 1]]\nbecause = "x"\n', "path", "2030-01-01"),
    (HEAD + '[set."demand.level"]\npath = [[2010-01-01, 1]]\nbecause = "x"\n', "path", "a date from 2013-04-01"),
    (
        HEAD + '[set."demand.level"]\npath = [[2015-01-01, 1], [2014-01-01, 1]]\nbecause = "x"\n',
        "path",
        "dates in order",
    ),
    (HEAD + '[set."care.home"]\npath = [[2015-01-01, 1]]\nbecause = "x"\n', "path", "is a list"),
    (HEAD + '[set."need.short_days"]\npath = [[2015-01-01, 40]]\nbecause = "x"\n', "path", "is an uncertainty"),
    (
        HEAD
        + '[parameter."demand.level"]\nvalue = 1\nunit = "percent"\nrole = "lever"\nbasis = "fitted"\nsource = "x"\n',
        "unit",
        "'ratio'",
    ),
    (
        HEAD
        + '[parameter."demand.level"]\nvalue = 1\nunit = "ratio"\nrole = "leaver"\nbasis = "fitted"\nsource = "x"\n',
        "role",
        "'leaver'",
    ),
]


@pytest.mark.parametrize(("text", "key", "said"), PROBLEMS, ids=range(len(PROBLEMS)))
def test_what_is_wrong_is_said_with_its_file_and_key(tmp_path: Path, text: str, key: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, text))
    message = str(caught.value)
    assert "mine.toml" in message
    assert key in message
    assert said in message


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = HEAD + '[set."demand.levle"]\nvalue = 1\nbecause = "x"\n[set."need.short_days"]\nvalue = -4\nbecause = "x"\n'
    text += '[set."need.length"]\nvalue = [1, 1, 1]\nbecause = "x"\n'
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, text))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("years", [0, 31, 10**9, True, 2.5])
def test_years_given_in_python_are_held_to_the_same_bounds(years: int) -> None:
    with pytest.raises(UserError, match="from 1 to 30"):
        read_scenario("baseline", years=years)


def test_a_circle_of_files_is_named(tmp_path: Path) -> None:
    _write(tmp_path, '[scenario]\ntitle = "A"\nextends = "b.toml"\n', "a.toml")
    path = _write(tmp_path, '[scenario]\ntitle = "B"\nextends = "a.toml"\n', "b.toml")
    with pytest.raises(UserError, match=r"b\.toml extends a\.toml extends b\.toml"):
        read_scenario(path)


@pytest.mark.parametrize("text", ["demand.level", "demand.level=", "demand.level=high", "=3", "demand.level=[1,"])
def test_an_override_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(UserError, match="--set"):
        read_scenario("baseline", [text])


def test_what_is_not_text_or_not_toml_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-8"):
        read_scenario(path)
    path.write_text("[scenario\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"not TOML.*line 1"):
        read_scenario(path)


def test_a_file_to_extend_that_is_not_there_is_named_with_the_folder_and_a_few_near_names(tmp_path: Path) -> None:
    _write(tmp_path, HEAD, "our_base.toml")
    text = '[scenario]\ntitle = "Mine"\nextends = "our_baseline.toml"\n'
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, text))
    (problem,) = caught.value.problems
    assert problem.found.startswith(f"'our_baseline.toml': no such file in {tmp_path.absolute()}, ")
    assert problem.found.endswith("(did you mean 'our_base' or 'baseline'?)")
    assert "shift_to_prevention" not in str(problem)
    assert problem.next == "demandsim list"


@pytest.mark.parametrize("lines", ["[set.court.weeks]\nvalue = 26\nbecause = 'x'", "[set]\ncourt.weeks = 26"])
def test_a_name_without_quotes_is_told_as_that_and_other_mistakes_with_it(tmp_path: Path, lines: str) -> None:
    text = HEAD + lines + '\n[set.court.week]\nvalue = 1\n[set."demand.level"]\nvalue = 1\n'
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, text))
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 3
    assert any('set.court.weeks: found a name without quotes; expected [set."court.weeks"]' in one for one in told)
    assert any("without quotes (did you mean 'court.weeks'?)" in one for one in told)
    assert any('expected a reason, as because = "why"' in one for one in told)


SLIPS = [
    ("from = 01/04/2015", "a date as year-month-day, 2015-04-01"),
    ("path = [[1.4.2015, 1]]", "a date as year-month-day, 2015-04-01"),
    ("from = 2015-4-1", "a date as year-month-day, 2015-04-01"),
    ("from = 2015-02-30", "a date that exists: 2015-02 has 28 days"),
    ("from = 30/02/2016", "a date that exists: 2016-02 has 29 days"),
    ("times = 120%", "a number, 1.2 for 120%"),
    ("value = 30,5", "a point in numbers, 30.5"),
    ("value = 81,000  # children", "a number alone, 81000"),
    ("value = \u00a31,250.50", "a number alone, 1250.50"),
    ("because = \u201cwhy, by 20%\u201d", "straight quotes"),
    ('because = "by 20% on 01/04/2015', "lines as value = 1.1, text in straight quotes"),
    ("value = about 1", "lines as value = 1.1"),
]


@pytest.mark.parametrize(("line", "expected"), SLIPS, ids=range(len(SLIPS)))
def test_a_line_that_is_no_toml_is_quoted_with_what_to_write(tmp_path: Path, line: str, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, f'{HEAD}[set."demand.level"]\n{line}\n'))
    (problem,) = caught.value.problems
    assert problem.key == "line 5"
    assert problem.found.startswith(repr(line) + ", which is not TOML")
    assert problem.expected.startswith(expected)
    assert problem.next.startswith("demandsim ")


def test_slips_on_later_lines_are_told_too_but_not_those_in_a_text(tmp_path: Path) -> None:
    text = f'{HEAD}[set."demand.level"]\ntimes = 120%\nbecause = "by 20%, or 30,5"  # 01/04/2015\n'
    text += '[set."court.weeks"]\nvalue = 26\nfrom = 01/04/2015\nbecause = """\nby 20%\n"""\n'
    with pytest.raises(UserError) as caught:
        read_scenario(_write(tmp_path, text))
    assert [problem.key for problem in caught.value.problems] == ["line 5", "line 9"]
    assert all(problem.next == f"demandsim check {tmp_path / 'mine.toml'}" for problem in caught.value.problems)


def test_a_value_that_is_none_is_told_as_one_and_a_wrong_name_with_it() -> None:
    with pytest.raises(UserError) as caught:
        read_scenario("baseline", ["early_help=20%", "demand.level=30,5"])
    name, value, other = map(str, caught.value.problems)
    assert 'set."early_help": found a parameter the model does not have' in name
    assert "--set: early_help: found '20%'; expected a number, 0.2 for 20%" in value
    assert "--set: demand.level: found '30,5'; expected a point in numbers, 30.5" in other


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_good(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.title
    assert scenario.why


# -- generated files --------------------------------------------------------------------------------------------------

_NAMES = st.sampled_from([*PARAMETERS, "no.such", "", "demand"])
_NUMBERS = st.one_of(st.integers(-5, 200), st.floats(allow_nan=True, allow_infinity=True, width=32))
_VALUES = st.one_of(_NUMBERS, st.lists(_NUMBERS, max_size=6), st.booleans(), st.text(string.printable, max_size=4))
_DATES = st.dates(date(2005, 1, 1), date(2040, 1, 1))
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "value": _VALUES,
        "times": _NUMBERS,
        "path": st.lists(st.tuples(_DATES, _NUMBERS).map(list), max_size=3),
        "because": st.text(string.ascii_letters, max_size=5),
        "basis": st.sampled_from(["fitted", "judgement", "guess"]),
        "note": st.just("x"),
    },
)
_FILES = st.fixed_dictionaries(
    {
        "scenario": st.fixed_dictionaries(
            {"title": st.text(string.ascii_letters, max_size=5)},
            optional={
                "extends": st.sampled_from(["baseline", "baseline.toml", "nowhere", "mine.toml"]),
                "years": st.integers(-1, 40),
                "start": st.one_of(_DATES, st.just(date(2013, 4, 1))),
            },
        )
    },
    optional={"set": st.dictionaries(_NAMES, _CHANGES, max_size=4), "other": st.just(1)},
)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(letter):04x}" if letter in '\\"' or ord(letter) < 32 else letter for letter in value
        )
        return f'"{escaped}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    return str(value)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=_FILES)
def test_any_file_is_read_or_explained(tmp_path: Path, content: dict[str, Any]) -> None:
    text = "\n".join(f"{_toml(key)} = {_toml(value)}" for key, value in content.items())
    assert tomllib.loads(text).keys() == content.keys()
    try:
        scenario = read_scenario(_write(tmp_path, text))
    except UserError as error:
        said = [problem.found and problem.expected for problem in error.problems]
    else:
        said = [scenario.settings.keys() == PARAMETERS.keys()]
    assert said
    assert all(said)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=60))
def test_any_bytes_are_explained(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(noise)
    with pytest.raises(UserError):
        read_scenario(path)
