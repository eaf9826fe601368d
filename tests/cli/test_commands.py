"""The command as a user meets it: real files, one clear message when something is wrong.

Where streams, signals or what a process imports is what is tested the command is a process of its own; else it is
carried out in this one, which has the model loaded already.
"""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import Command, quiet

from demandsim.results.checksums import damage, seal

QUICK = ("--set", "population.children=2000", "--years", "1", "--replications", "2", "--jobs", "1", "--no-pictures")
QUICK += ("--point",)


def _folder(out: Path) -> Path:
    (folder,) = [path for path in out.iterdir() if path.is_dir()]
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_a_run_writes_what_it_says_and_prints_the_headlines(demandsim: Command, tmp_path: Path) -> None:
    done = demandsim(
        "run", "baseline", "--set", "population.children=4000", "--years", "1", "--replications", "2", "--spells"
    )
    assert done.returncode == 0, done.stderr
    assert quiet(done.stderr)
    assert "Children looked after" in done.stdout
    assert "Next:" in done.stdout
    folder = _folder(tmp_path / "results")
    assert str(folder.relative_to(tmp_path)) in done.stdout
    expected = {"months.parquet", "months.csv", "years.parquet", "spells.parquet", "summary.csv", "columns.csv"}
    assert expected | {"resolved.toml", "ensemble.csv", "manifest.json", "SHA256SUMS", "pictures"} == {
        path.name for path in folder.iterdir()
    }
    pictures = {path.suffix for path in (folder / "pictures").iterdir()}
    assert pictures == {".png", ".svg", ".csv", ""}
    assert len(list((folder / "pictures").iterdir())) == 24 + 1
    assert not damage(folder)
    assert not damage(folder / "pictures")
    stocks = (folder / "pictures" / "stocks.csv").read_text(encoding="utf-8-sig").splitlines()
    assert stocks[0].endswith(",published (for its size)")
    months = pq.read_table(folder / "months.parquet")
    assert months.num_rows == 2 * 24
    described = {
        row["column"] for row in csv.DictReader((folder / "columns.csv").read_text(encoding="utf-8-sig").splitlines())
    }
    years = pq.read_table(folder / "years.parquet")
    assert described == (set(months.column_names) | set(years.column_names)) - {"replication", "month", "year"}


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_processes(separate: Command, tmp_path: Path) -> None:
    folders = []
    for number, (jobs, hash_seed) in enumerate((("1", "0"), ("2", "1"))):
        out = tmp_path / f"out{number}"
        done = separate("run", "baseline", *QUICK, "--jobs", jobs, "--out", str(out), env={"PYTHONHASHSEED": hash_seed})
        assert done.returncode == 0, done.stderr
        folders.append(_bytes(_folder(out)))
    assert folders[0].keys() == folders[1].keys()
    for name, content in folders[0].items():
        assert content == folders[1][name], name


def test_another_seed_gives_another_run(demandsim: Command, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        assert demandsim("run", "baseline", *QUICK, "--seed", seed).returncode == 0
    one, other = sorted((tmp_path / "results").iterdir())
    assert (one / "months.csv").read_bytes() != (other / "months.csv").read_bytes()


def test_a_finished_run_is_shown_and_not_simulated_again(demandsim: Command, tmp_path: Path) -> None:
    first = demandsim("run", "baseline", *QUICK)
    before = _bytes(_folder(tmp_path / "results"))
    second = demandsim("run", "baseline", *QUICK)
    assert "Already simulated" in second.stdout
    assert "Already simulated" not in first.stdout
    assert _bytes(_folder(tmp_path / "results")) == before
    shown = demandsim("show", str(_folder(tmp_path / "results")))
    assert shown.returncode == 0
    assert shown.stdout.strip() in second.stdout
    listed = demandsim("show")
    assert str(Path("results") / _folder(tmp_path / "results").name) in listed.stdout
    assert "Baseline: the typical English authority" in listed.stdout
    assert demandsim("show", "results").stdout == listed.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_run_leaves_nothing_final_and_goes_on_where_it_stopped(demandsim: Command, tmp_path: Path) -> None:
    arguments = ("run", "baseline", "--set", "population.children=9000", "--years", "1", "--replications", "12")
    arguments += ("--no-pictures", "--jobs", "1")
    whole = demandsim(*arguments, "--out", str(tmp_path / "whole"))
    assert whole.returncode == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "demandsim", *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    results = tmp_path / "results"
    deadline = time.monotonic() + 120
    while len(list(results.glob("*.partial/part-*.months.arrow"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    (partial,) = results.glob("*.partial")
    assert not [path for path in results.iterdir() if path.is_dir() and path != partial]
    parts = {path: path.stat().st_mtime_ns for path in partial.glob("part-*.months.arrow")}
    assert 2 <= len(parts) < 12

    again = demandsim(*arguments)
    assert again.returncode == 0, again.stderr
    assert not partial.exists()
    assert _bytes(_folder(results)) == _bytes(_folder(tmp_path / "whole"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole groups")
def test_ctrl_c_says_what_is_kept(tmp_path: Path) -> None:
    arguments = ("run", "baseline", "--set", "population.children=9000", "--years", "3", "--replications", "50")
    process = subprocess.Popen(
        [sys.executable, "-m", "demandsim", *arguments, "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("results/*.partial/part-*.months.arrow")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped." in stdout
    assert "the same command goes on from there." in stdout
    assert "Traceback" not in stderr


def test_leftovers_of_another_run_are_not_mixed_in(demandsim: Command, tmp_path: Path) -> None:
    demandsim("run", "baseline", *QUICK)
    folder = _folder(tmp_path / "results")
    partial = folder.with_name(folder.name + ".partial")
    partial.mkdir()
    (partial / "manifest.json").write_text(json.dumps({"seed": 9}), encoding="utf-8")
    (partial / "part-00000.months.arrow").write_bytes(b"not one")
    good = _bytes(folder)
    done = demandsim("run", "baseline", *QUICK, "--again")
    assert done.returncode == 0, done.stderr
    assert _bytes(_folder(tmp_path / "results")) == good


# -- what can be wrong ------------------------------------------------------------------------------------------------


def _wrong(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def test_a_scenario_that_is_not_there(demandsim: Command) -> None:
    _wrong(demandsim("run", "baselin"), "no such file", "did you mean 'baseline'", "demandsim list")


def test_a_misspelt_parameter(demandsim: Command) -> None:
    _wrong(demandsim("run", "baseline", "--set", "court.week=26"), "--set", "did you mean 'court.weeks'")


def test_several_files_and_all_their_problems(demandsim: Command, tmp_path: Path) -> None:
    head = '[scenario]\ntitle = "x"\nextends = "baseline"\n'
    (tmp_path / "a.toml").write_text(head + '[set."no.such"]\nvalue = 1\nbecause = "x"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(head + '[set."court.weeks"]\nvalue = 0\nbecause = "x"\n', encoding="utf-8")
    _wrong(demandsim("check", "a.toml", "b.toml", "baseline"), "2 problems", "a.toml", "b.toml", "from 1 to 200 weeks")


def test_files_that_go_round_in_circles_are_no_toml_or_do_not_add_up(demandsim: Command, tmp_path: Path) -> None:
    head = '[scenario]\ntitle = "x"\nextends = "{}"\n'
    (tmp_path / "a.toml").write_text(head.format("b.toml"), encoding="utf-8")
    (tmp_path / "b.toml").write_text(head.format("a.toml"), encoding="utf-8")
    (tmp_path / "c.toml").write_text("title: x", encoding="utf-8")
    shares = '[set."demand.family_size"]\nvalue = [0.5, 0.2, 0.1, 0.1]\nbecause = "x"\n'
    (tmp_path / "d.toml").write_text(head.format("baseline") + shares, encoding="utf-8")
    (tmp_path / "e.toml").write_text(head.format("baseline") + "start = 1999-04-01\n", encoding="utf-8")
    _wrong(demandsim("check", "a.toml"), "a circle", "scenario.extends")
    _wrong(demandsim("check", "c.toml"), "not TOML", "demandsim new my_scenario")
    _wrong(demandsim("check", "d.toml"), "shares that add up to 0.9")
    _wrong(demandsim("check", "e.toml"), "scenario.start", "1999-04-01")
    _wrong(demandsim("run", "baseline", "--set", "court.weeks=26weeks"), "'26weeks'", "without its unit")


def test_usage_is_another_code(demandsim: Command) -> None:
    _wrong(demandsim("run"), "Missing argument", code=2)
    _wrong(demandsim("fly"), "No such command", code=2)
    _wrong(demandsim("run", "baseline", "--replications", "0"), "replications", code=2)


def test_a_results_folder_that_cannot_be_made(demandsim: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    _wrong(demandsim("run", "baseline", *QUICK, "--out", "taken/deep"), "can't be written", "--out")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
def test_a_full_disk_keeps_what_is_finished(demandsim: Command, tmp_path: Path) -> None:
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])));"
        "sys.argv = ['demandsim', *sys.argv[2:]]; from demandsim.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "40000", "run", "baseline", *QUICK, "--jobs", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    _wrong(done, "without room left", "the same command")
    assert all(path.name.endswith(".partial") for path in (tmp_path / "results").iterdir())
    assert not list(tmp_path.glob("results/*/*.tmp")) or demandsim("run", "baseline", *QUICK).returncode == 0
    assert demandsim("run", "baseline", *QUICK).returncode == 0


def test_results_of_another_version(demandsim: Command, tmp_path: Path) -> None:
    demandsim("run", "baseline", *QUICK)
    manifest = _folder(tmp_path / "results") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**content, "version": "0.0.1"}), encoding="utf-8")
    seal(manifest.parent)
    _wrong(demandsim("run", "baseline", *QUICK), "0.0.1", "--again")
    manifest.write_text(json.dumps({**content, "format": 99}), encoding="utf-8")
    seal(manifest.parent)
    _wrong(demandsim("show", str(manifest.parent)), "99", "--again")
    assert demandsim("run", "baseline", *QUICK, "--again").returncode == 0


def test_results_that_are_damaged_or_not_there(demandsim: Command, tmp_path: Path) -> None:
    _wrong(demandsim("show", "nowhere"), "no results", "demandsim run baseline")
    demandsim("run", "baseline", *QUICK)
    folder = _folder(tmp_path / "results")
    (folder / "years.parquet").unlink()
    _wrong(demandsim("show", str(folder)), "damaged results", "--again")
    (folder / "months.parquet").write_bytes(b"")
    _wrong(demandsim("show", str(folder)), "damaged results")


# -- scenario files ---------------------------------------------------------------------------------------------------


def test_a_new_scenario_is_good_as_it_is(demandsim: Command, tmp_path: Path) -> None:
    made = demandsim("new", "work/my_scenario")
    assert made.returncode == 0, made.stderr
    path = tmp_path / "work" / "my_scenario.toml"
    assert demandsim("check", str(path)).returncode == 0
    before = path.read_bytes()
    _wrong(demandsim("new", "work/my_scenario.toml"), "a file that already exists", "--force")
    assert path.read_bytes() == before
    assert demandsim("new", "work/my_scenario.toml", "--force").returncode == 0


def test_explain_names_value_source_and_what_the_register_says(demandsim: Command) -> None:
    done = demandsim("explain", "baseline", "court.weeks")
    for word in ("36 weeks", "published", "O096", "Cafcass", "baseline.toml"):
        assert word in done.stdout, done.stdout
    changed = demandsim("explain", "baseline", "court.weeks", "--set", "court.weeks=26")
    assert "set to  26 in --set" in changed.stdout
    _wrong(demandsim("explain", "baseline", "court.wekes"), "did you mean 'court.weeks'")
    whole = demandsim("explain", "baseline")
    assert "judgement" in whole.stdout
    assert "placement.under_1" in demandsim("explain", "baseline", "placement").stdout


def test_explain_searches_words_of_names_meanings_and_sources(demandsim: Command) -> None:
    found = demandsim("explain", "baseline", "foster", "carers").stdout
    assert "cost.foster_in_house" in found
    assert "court.weeks" in demandsim("explain", "baseline", "cafcass").stdout
    _wrong(demandsim("explain", "baseline", "zebra", "crossing"), "words of a name, a meaning or a source")
    _wrong(demandsim("run", "courts_in_26"), "did you mean 'courts_26_weeks'")
    meant = demandsim(
        "solve", "baseline", "--param", "demand.level", "--target", "-5%", "--measure", "children looked after"
    )
    _wrong(meant, "did you mean 'looked_after', Children looked after")


@pytest.mark.parametrize("ask", ["early_help", "fewer_posts", "more_demand"])
def test_a_common_question_makes_a_scenario_that_is_good_from_its_date_on(
    demandsim: Command, tmp_path: Path, ask: str
) -> None:
    from demandsim.scenario.read import read_scenario

    made = demandsim("new", "mine", "--ask", ask, "--from", "2016-04-01", "--by", "10%")
    assert made.returncode == 0, made.stderr
    read = read_scenario(tmp_path / "mine.toml")
    name = {"early_help": "prevention.targeted", "fewer_posts": "workforce.posts", "more_demand": "demand.level"}[ask]
    (first, before), (_, after) = read.settings[name].path
    assert first.isoformat() == "2016-04-01"
    assert before == read.settings[name].declared.value
    assert after == pytest.approx(before * (0.9 if ask == "fewer_posts" else 1.1), rel=1e-3)
    _wrong(demandsim("new", "other", "--ask", ask, "--from", "2040-04-01"), "--from", "a date from 2013-04-01")
    assert demandsim("new", "other", "--by", "3%").returncode == 2


def test_a_number_that_can_mean_a_share_or_a_percentage_is_asked_about(demandsim: Command) -> None:
    asked = ("new", "mine", "--ask", "early_help", "--by")
    _wrong(demandsim(*asked, "0.2"), "'0.2' can mean two things: write 20%, or 0.2% if so little", code=2)
    assert demandsim(*asked, "0.2%").returncode == 0


def test_list_names_every_shipped_scenario(demandsim: Command) -> None:
    from demandsim.scenario.files import shipped

    done = demandsim("list")
    assert all(name in done.stdout for name in shipped())


def test_check_mentions_values_outside_their_range(demandsim: Command) -> None:
    done = demandsim("check", "baseline", "--set", "court.weeks=60")
    assert done.returncode == 0
    assert "court.weeks goes outside its range of 26 to 40 weeks" in done.stdout


def test_every_command_has_help_with_an_example(demandsim: Command) -> None:
    from demandsim.cli.main import COMMANDS

    overview = demandsim("--help").stdout
    for name, (_, line) in COMMANDS.items():
        assert name in overview
        text = demandsim(name, "--help").stdout
        assert f"demandsim {name}" in text.split("Examples:")[1]
        assert line.rstrip(".") in " ".join(text.split())


def test_no_help_imports_anything_heavy() -> None:
    code = (
        "import sys\nfrom demandsim.cli.main import COMMANDS, main\n"
        "for words in [], *([name] for name in COMMANDS):\n"
        "    try:\n        main([*words, '--help'])\n    except SystemExit:\n        pass\n"
        "    heavy = {'numpy', 'scipy', 'matplotlib', 'pyarrow', 'pydantic', 'simpy', 'rich'} & set(sys.modules)\n"
        "    if heavy:\n        sys.exit(f'{words} imported {heavy}')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_places_below_those_living_there_are_explained(demandsim: Command) -> None:
    done = demandsim("run", "baseline", *QUICK, "--no-pictures", "--set", "placement.places=[5, 14.2, 6.2]")
    assert done.returncode == 0, done.stderr
    assert "foster, own carers" in done.stdout
    assert "Nobody is moved out" in done.stdout


def test_decompose_prints_and_draws_what_each_loop_adds(demandsim: Command, tmp_path: Path) -> None:
    done = demandsim("run", "baseline", *QUICK, "--decompose")
    assert done.returncode == 0, done.stderr
    for loop in ("reactive trap", "workload spiral", "failure demand", "drift", "sufficiency", "threshold creep"):
        assert loop in done.stdout
    (folder,) = [path.parent.parent for path in tmp_path.glob("results/*/pictures/loops.png")]
    rows = (folder / "pictures" / "loops.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 6 * 3
    assert demandsim("run", "baseline", *QUICK).stdout.count("Already simulated") == 1


def test_compare_runs_what_is_missing_and_says_what_it_comes_to(demandsim: Command, tmp_path: Path) -> None:
    small = ["--replications", "2", "--years", "2", "--jobs", "1", "--point"]
    done = demandsim("compare", "baseline", "courts_26_weeks", *small)
    assert done.returncode == 0, done.stderr
    assert "Children looked after" in done.stdout
    assert "Cumulative net cost, £ million (prices of 2013-14, not discounted):" in done.stdout
    assert "Who pays over 2 years" in done.stdout
    assert "1. Courts in 26 weeks\n   In 2014-15, " in done.stdout
    (folder,) = tmp_path.glob("results/compare-*")
    assert len(list(folder.glob("*.png"))) == len(list(folder.glob("*.svg"))) == 4
    assert {"comparison.csv", "money.csv"} <= {path.name for path in folder.iterdir()}
    runs = {path for path in tmp_path.glob("results/*") if "compare" not in path.name}
    assert len(runs) == 2
    again = demandsim("compare", *map(str, sorted(runs)), "--at", "2013-14", "--no-pictures")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("2013-14")
    shown = demandsim("show", str(folder))
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip() == done.stdout.split("\nFiles:")[0].strip()
    assert demandsim("show", str(folder), "--at", "2013-14").stdout.startswith("2013-14")
    discounted = demandsim("compare", *map(str, sorted(runs)), "--no-pictures", "--discount-rate", "3.5")
    assert "prices of 2013-14, discounted at 3.5% a year to 2013-14" in discounted.stdout


def test_show_says_what_is_wrong_with_a_comparison(demandsim: Command, tmp_path: Path) -> None:
    small = ["--replications", "2", "--years", "1", "--jobs", "1", "--no-pictures", "--point"]
    assert demandsim("compare", "baseline", "vacancy_crisis", *small).returncode == 0
    (folder,) = tmp_path.glob("results/compare-*")
    _wrong(demandsim("show", str(folder), "--at", "2031-32"), "2013-14")
    (run,) = tmp_path.glob("results/vacancy_crisis-*")
    assert demandsim("show", str(run), "--at", "2013-14").returncode == 2
    run.rename(tmp_path / "elsewhere")
    _wrong(demandsim("show", str(folder)), "no such folder", "demandsim compare")
    both = demandsim("compare", "baseline", "vacancy_crisis", *small, "--prices", "cash", "--discount-rate", "3.5")
    assert both.returncode == 2
    assert "leave out --prices cash" in " ".join(both.stderr.split())


def test_compare_explains_what_it_refuses(demandsim: Command) -> None:
    assert demandsim("compare", "baseline").returncode == 2
    small = ["--replications", "2", "--years", "1", "--jobs", "1", "--no-pictures", "--point"]
    _wrong(demandsim("compare", "baseline", "baseline", *small), "changes nothing")
    _wrong(demandsim("compare", "baseline", "shift_to_preventoin", *small), "did you mean 'shift_to_prevention'")
    _wrong(demandsim("compare", "baseline", "courts_26_weeks", *small, "--at", "2031-32"), "2013-14")
    assert (
        demandsim("run", "baseline", "--replications", "3", "--years", "1", "--no-pictures", "--point").returncode == 0
    )


def test_compare_refuses_before_it_simulates(demandsim: Command, tmp_path: Path) -> None:
    for folder, title in (("d1", "One"), ("d2", "Two")):
        (tmp_path / folder).mkdir()
        text = f'[scenario]\ntitle = "{title}"\nextends = "baseline"\n'
        (tmp_path / folder / "mine.toml").write_text(text, encoding="utf-8")
    asked = ("compare", "baseline", "courts_26_weeks")
    _wrong(demandsim(*asked, "--at", "2019-20", "--years", "3", "--point"), "--at", "one of: 2013-14, 2014-15, 2015-16")
    _wrong(demandsim(*asked, "--at", "2019-20", "--years", "3"), "--at", "2015-16")
    few = demandsim(*asked, "--replications", "2", "--years", "5", "--sensitivity")
    _wrong(few, "found 1 posterior draw;", "try: --replications 20 or more")
    gone = demandsim("compare", "baseline", "results/nothere", "nor_this", "--point")
    _wrong(gone, "2 problems", "results/nothere", "nor_this", "or a results folder that demandsim run wrote")
    same = demandsim("compare", "baseline", "d1/mine.toml", "d2/mine.toml")
    _wrong(same, "d2/mine.toml: found a what-if of the same name", "call one of them mine_2.toml")
    assert not (tmp_path / "results").exists()


def test_what_is_no_more_answers_with_what_takes_its_place(demandsim: Command) -> None:
    for arguments in (("estimate", "baseline"), ("estimate",), ("estimate", "baseline", "--steady")):
        gone = demandsim(*arguments)
        assert gone.returncode == 2
        assert "estimate went with version 0.2.0: demandsim run simulates in its place" in gone.stderr
    gone = demandsim("calibrate", "baseline", "--members", "50")
    assert gone.returncode == 2
    assert "--members went with version 0.2.0: --draws takes its place." in gone.stderr


def test_a_scenario_of_another_format_is_refused_with_where_to_read_how_to_move(
    demandsim: Command, tmp_path: Path
) -> None:
    for given in ("1", "3", '"2"', "true"):
        text = f'[scenario]\nformat = {given}\ntitle = "Mine"\nextends = "baseline"\n'
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        done = demandsim("check", "mine.toml")
        assert done.returncode == 1
        assert "scenario.format" in done.stderr + done.stdout
    (tmp_path / "mine.toml").write_text(text.replace("true", "2"), encoding="utf-8")
    assert demandsim("check", "mine.toml").returncode == 0


def test_validate_counts_rows_by_what_they_can_show(demandsim: Command, tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text("measure,year,value\nplans,2014-15,21\n", encoding="utf-8")
    done = demandsim(
        *("validate", "baseline", "--set", "population.children=5000", "--replications", "2", "--jobs", "1"),
        *("--actuals", "later.csv", "--of", "authority"),
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"fitted +\d+ of 61 inside their tolerance", done.stdout)
    assert "Circular: an input was set from the same statistic" in done.stdout
    assert re.search(r"2014-15 +Child protection plans +21.0 ", done.stdout)
    folder = next((tmp_path / "results").glob("baseline-*/validation"))
    assert {path.name for path in folder.iterdir()} >= {"validation.csv", "forecasts.csv", "tolerances.png"}

    wrong = demandsim("validate", "baseline", "--actuals", "nowhere.csv")
    assert wrong.returncode == 1
    assert "nowhere.csv: found a file that can't be read" in wrong.stderr


def test_the_python_interface_does_the_same(tmp_path: Path) -> None:
    from demandsim import Scenario, compare, run

    scenario = Scenario.read("baseline", ["population.children=5000"], years=1)
    results = run(scenario, replications=2, out=tmp_path, jobs=1)
    more = Scenario.read("baseline", ["population.children=5000", "demand.level=1.5"], years=1)
    comparison = compare(results, more, replications=2, out=tmp_path, jobs=1)
    assert comparison.others[0].cumulative.shape == (2, 12)
