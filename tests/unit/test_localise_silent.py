"""What used to be read wrongly in silence: each is refused, noted, or right. Every figure is invented."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from test_localise_care import HEADING, Read, _value
from test_localise_care import read as read
from test_localise_need import DETAILS, _census, _child, _referral

from demandsim.localise.disclosure import disclosed
from demandsim.localise.figures import Findings, Tally
from demandsim.localise.localise import Localised
from demandsim.localise.output import write
from demandsim.localise.rules import rows_of
from demandsim.problems import UserError
from demandsim.report.scenario_of import assumptions_of
from demandsim.results.actuals import read_actuals
from demandsim.results.fit_rows import read_targets
from demandsim.results.manifest import Results
from demandsim.scenario.explain import basis_of
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import resolved_toml

OUTTURN = "LA,LA Name,CYPServiceDescription,TotalExpenditure"


def _starts(year: int, count: int, place: str = "U6,PR1", first: int = 0, month: int = 5) -> str:
    return "".join(f"K{first + n:04d},{1 + n % 28:02d}/{month:02d}/{year},S,V2,N1,{place},,\n" for n in range(count))


def test_a_case_keeps_what_an_earlier_census_says_of_it(read: Read) -> None:
    """Each census has the assessments, enquiries and reviews of its own year."""
    enquiry = (
        "<Section47><S47ActualStartDate>{}</S47ActualStartDate><DateOfInitialCPC>{}</DateOfInitialCPC></Section47>"
    )
    plan = (
        "<ChildProtectionPlans><CPPstartDate>2023-06-10</CPPstartDate>{}<NumberOfPreviousCPP>0</NumberOfPreviousCPP>"
        "<Reviews><CPPreviewDate>{}</CPPreviewDate></Reviews></ChildProtectionPlans>"
    )
    held = enquiry.format("2023-06-01", "2023-06-10")
    first = _census(_child("K1", _referral("2023-05-01", held + plan.format("", "2023-08-20"))), year=2024)
    ended = "<CPPendDate>2024-09-01</CPPendDate>"
    second = _census(_child("K1", _referral("2023-05-01", plan.format(ended, "2024-07-01"))), year=2025)
    found = read(("a.xml", first), ("b.xml", second))
    assert (_value(found, "enquiries"), _value(found, "conferences"), _value(found, "plans_started")) == (1, 1, 1)
    assert (_value(found, "plans"), _value(found, "plans_ended", 2024)) == (1, 1)


def test_of_a_small_count_and_the_next_only_the_sum_is_told_and_england_shares_it_out() -> None:
    findings = Findings()
    findings.add([], [Tally("first_place_0", 2023, (34.0, 0.0, 2.0, 0.0, 0.0), "", ())])
    shown, _ = disclosed(findings)
    tally = shown.tallies["first_place_0", 2023]
    assert tally.together == (0, 2)
    assert tally.counts[0] == tally.counts[2]
    assert tally.shares([0.6, 0.2, 0.1, 0.05, 0.05]) == pytest.approx((6 / 7, 0, 1 / 7, 0, 0))


def test_a_price_of_few_children_is_not_written(read: Read) -> None:
    """Spend over child-weeks would give away how long the one child was there."""
    care = HEADING + _starts(2023, 60) + "K9999,11/05/2023,S,V2,N1,K2,PR4,05/09/2023,E4A\n"
    outturn = f"{OUTTURN},OwnProvision\n999,Midshire,Residential care,300000,0\n"
    outturn += "999,Midshire,Fostering services,900000,900000\n"
    files = (("episodes.csv", care), ("outturn-2023-24.csv", outturn))
    assert "cost.childrens_home" in {one.name for one in read(*files).values}
    names = {one.name for one in read(*files, private=False).values}
    assert "cost.childrens_home" not in names
    assert "cost.foster_in_house" in names


def test_an_outturn_of_several_years_is_read_year_by_year(read: Read) -> None:
    rows = "".join(
        f"999,Midshire,Fostering services,{amount},{year}\n" for year, amount in ((202122, 4e6), (202324, 8e6))
    )
    found = read(("outturn.csv", f"{OUTTURN},time_period\n{rows}"))
    assert (_value(found, "spend_fostering", 2021), _value(found, "spend_fostering", 2023)) == (4, 8)


@pytest.mark.parametrize(
    "heading", ["TotalExpenditure (£000)", "TotalExpenditure £'000", "Total Expenditure (£ thousand)"]
)
def test_thousands_are_told_from_pounds(read: Read, heading: str) -> None:
    text = f"LA,LA Name,CYPServiceDescription,{heading}\n999,Midshire,Fostering services,8412\n"
    assert _value(read(("ro3-2023-24.csv", text)), "spend_fostering") == pytest.approx(8.412)


def test_spend_that_no_authority_has_is_refused(read: Read) -> None:
    has = {row["line"]: row["has"] for row in rows_of("lines.csv")}
    wanted = ("care_total", "other_families", "safeguarding_total", "youth_justice")
    rows = "".join(f"999,Midshire,{has[name]},3000\n" for name in wanted)
    with pytest.raises(UserError, match="a child in 2023-24"):
        read(("outturn-2023-24.csv", f"{OUTTURN}\n{rows}"))


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("a/episodes.csv", HEADING + _starts(2023, 9)), ("b/episodes.csv", HEADING + _starts(2023, 9)), "SSDA903"),
        (
            ("a/cin.csv", DETAILS + "K1,1,2023-05-01,1A,N1,,,0\n"),
            ("b/cin.csv", DETAILS + "K1,1,2023-06-01,1A,N1,,,0\n"),
            "a children in need census of 2023-24 beside",
        ),
        (
            ("a/outturn-2023-24.csv", f"{OUTTURN}\n999,Midshire,Fostering services,8\n"),
            ("b/outturn-2023-24.csv", f"{OUTTURN}\n999,Midshire,Fostering services,9\n"),
            "a second outturn of 2023-24",
        ),
    ],
)
def test_two_returns_of_one_year_are_refused(
    read: Read, first: tuple[str, str], second: tuple[str, str], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        read(first, second)


def test_a_return_that_stops_in_summer_is_no_year(read: Read) -> None:
    with pytest.raises(UserError, match="in which hardly anything happens after July 2023"):
        read(("episodes.csv", HEADING + _starts(2023, 60) + _starts(2023, 60, first=500, month=7)))


def test_returns_of_an_authority_that_is_known_by_another_name_are_refused(read: Read) -> None:
    census = _census(_child("K1", _referral("2023-05-01"))).replace("<LEA>999</LEA>", "<LEA>928</LEA>")
    with pytest.raises(UserError, match="authority 928, Northamptonshire"):
        read(("cin.xml", census), la="Kent")
    with pytest.raises(UserError, match="--la: found nothing"):
        read(("cin.xml", census), la="  ")


def test_files_of_one_name_in_folders_of_one_name_are_told_apart(read: Read) -> None:
    rows = [
        DETAILS + "".join(f"K{n},1,{year}-05-0{n},1A,N8,{year}-06-01,RC7,0\n" for n in range(1, 6))
        for year in (2022, 2023)
    ]
    care = HEADING + "K2,02/05/2023,S,J1,N8,U6,PR1,,\n"
    found = read(("2022-23/cin/d.csv", rows[0]), ("2023-24/cin/d.csv", rows[1]), ("episodes.csv", care))
    names = {file for file, _ in found.quality.read}
    assert {"2022-23/cin/d.csv", "2023-24/cin/d.csv"} <= names
    assert found.quality.rows("from_outside") == 1
    assert (_value(found, "referrals", 2022), _value(found, "referrals")) == (5, 4)


def test_one_row_of_several_that_are_suppressed_is_no_total(read: Read) -> None:
    text = "time_period,geographic_level,old_la_code,la_name,source,referral_count\n"
    text += "2024,Local authority,999,Midshire,Police,120\n2024,Local authority,999,Midshire,Total,c\n"
    care = ("episodes.csv", HEADING + _starts(2023, 5))
    found = read(("c1.csv", text), care)
    assert _value(found, "referrals") is None
    assert (found.quality.rows("part"), found.quality.rows("not_read_mark_c")) == (1, 1)


def test_a_code_that_is_not_known_is_noted(read: Read) -> None:
    care = HEADING + _starts(2023, 60) + _starts(2023, 1, "X99,PR1", 900)
    assert read(("episodes.csv", care)).quality.rows("code_not_known") == 1


def test_many_codes_that_are_not_known_stop(read: Read) -> None:
    """As where two columns were exchanged."""
    with pytest.raises(UserError, match=r"over 2% of the rows can't be read .*a code that is not known.*: place"):
        read(("episodes.csv", HEADING + _starts(2023, 20, "PR1,U6")), accept=False)


def test_words_for_codes_in_a_census_are_noted(read: Read) -> None:
    need = DETAILS + "K1,1,2023-05-01,Police,ABUSE,2023-06-01,ZZ,0\n"
    assert read(("cin.csv", need)).quality.rows("code_not_known") == 3


def test_ids_that_a_spreadsheet_cut_are_refused(read: Read) -> None:
    with pytest.raises(UserError, match="a spreadsheet has cut them"):
        read(("episodes.csv", HEADING + "1.23E+05,01/05/2023,S,V2,N1,U6,PR1,,\n"))


def test_where_nothing_is_left_it_is_said_why(read: Read) -> None:
    text = "time_period,geographic_level,old_la_code,la_name,referral_count\n2024,Local authority,999,Midshire,4 120\n"
    with pytest.raises(UserError, match=r"the files have figures of no year; c1\.csv: "):
        read(("c1.csv", text))


def test_a_workbook_is_said_not_to_be_read(read: Read) -> None:
    found = read(("episodes.csv", HEADING + _starts(2023, 5)), ("more.xlsx", b"PK"))
    assert found.quality.rows("workbook_not_read") == 1


@pytest.fixture
def private(read: Read) -> Localised:
    return read(("episodes.csv", HEADING + _starts(2023, 60)))


def test_every_private_file_says_so_and_can_be_read(private: Localised, tmp_path: Path) -> None:
    path = write(private, tmp_path / "out")
    for file in path.parent.iterdir():
        assert "PRIVATE" in "".join(file.read_text(encoding="utf-8-sig").splitlines()[:3]), file.name
    scenario = read_scenario(path)
    assert scenario.title.startswith("PRIVATE: Midshire")
    assert {one.measure for one in read_targets(Path(scenario.targets_from))} >= {"care_started"}
    assert read_actuals(path.with_name("actuals.csv"))
    broken = path.with_name("targets.csv")
    lines = broken.read_text(encoding="utf-8-sig").splitlines()
    broken.write_text("\n".join([*lines[:2], lines[2].replace("authority", "village"), *lines[3:]]), encoding="utf-8")
    with pytest.raises(UserError, match="line 3, scale"):
        read_targets(broken)


def test_prices_that_were_moved_are_not_called_local(read: Read, tmp_path: Path) -> None:
    deflator = "financial year,GDP deflator\n2013-14,80\n2023-24,100\n"
    found = read(("episodes.csv", HEADING + _starts(2023, 60)), ("deflators.csv", deflator))
    scenario = read_scenario(write(found, tmp_path / "out"))
    assert basis_of(scenario.settings["cost.leaver"]) == "England's, in other prices"
    assert basis_of(scenario.settings["start.care_starts"]) == "local"
    # A report rates it as England's value is rated, not as a record of the authority's own.
    (tmp_path / "resolved.toml").write_text(resolved_toml(scenario), encoding="utf-8")
    run = SimpleNamespace(folder=tmp_path)
    basis = {one.name: one.basis for one in assumptions_of(cast("Results", run))}
    assert (basis["early_help.unit_cost"], basis["start.care_starts"]) == ("judgement", "local")


# -- what is not given is not nought ----------------------------------------------------------------------------------


def _cases(year: int, count: int, first: int = 0, closed: bool = False) -> str:
    end = f"{year}-09-01" if closed else ""
    why = "RC7" if closed else ""
    return "".join(
        f"K{first + n:03d},1,{year}-{5 + n % 3:02d}-{1 + n % 28:02d},1A,N1,{end},{why},0\n" for n in range(count)
    )


def test_a_table_that_is_not_given_is_counted_as_nothing_not_as_none(read: Read) -> None:
    found = read(("cin/cases.csv", DETAILS + _cases(2023, 30)), ("care/episodes.csv", HEADING + _starts(2023, 30)))
    for measure in ("enquiries", "conferences", "plans", "plans_started", "local_unaccompanied", "need_ended"):
        assert _value(found, measure) is None, measure
    assert _value(found, "referrals") == 30
    assert found.quality.rows("not_given") == 4
    assert found.quality.rows("column_not_given") == 1


def test_a_published_figure_stands_where_the_return_has_no_such_table(read: Read) -> None:
    published = "time_period,geographic_level,old_la_code,la_name,section47\n2024,Local authority,999,Midshire,410\n"
    assert _value(read(("cin/cases.csv", DETAILS + _cases(2023, 30)), ("c4.csv", published)), "enquiries") == 410


def test_an_xml_census_without_enquiries_has_none(read: Read) -> None:
    assert _value(read(("cin.xml", _census(_child("K1", _referral("2023-05-01"))))), "enquiries") == 0


def test_a_return_without_ends_is_no_return(read: Read) -> None:
    rows = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DATE_CEASED,REC\nK1,01/05/2023,S,V2,N1,U6,PR1,,\n"
    with pytest.raises(UserError, match="a heading of no table that is known"):
        read(("episodes.csv", rows))


# -- censuses put together ------------------------------------------------------------------------------------------


def test_a_case_that_the_next_census_does_not_have_is_closed(read: Read) -> None:
    found = read(("1/cases.csv", DETAILS + _cases(2022, 30)), ("2/cases.csv", DETAILS + _cases(2023, 30, first=500)))
    assert (_value(found, "children_in_need", 2022), _value(found, "children_in_need")) == (30, 30)
    assert found.quality.rows("vanished_case") == 30
    assert _value(found, "need_ended") is None


def test_a_corrected_day_of_referral_is_the_same_case(read: Read) -> None:
    first = DETAILS + "K1,1,2023-02-01,1A,N1,,,0\n"
    second = DETAILS + "K1,1,2023-02-02,1A,N1,2023-06-01,RC7,0\n"
    found = read(("1/cases.csv", first), ("2/cases.csv", second))
    assert (_value(found, "children_in_need", 2022), _value(found, "children_in_need")) == (1, 0)
    assert (_value(found, "referrals", 2022), _value(found, "need_ended")) == (1, 1)


def test_a_plan_that_the_next_census_does_not_have_has_ended_and_a_corrected_one_is_the_same(read: Read) -> None:
    plan = "<ChildProtectionPlans><CPPstartDate>{}</CPPstartDate></ChildProtectionPlans>"
    gone = _child("K1", _referral("2022-05-01", plan.format("2022-06-01")))
    moved = [_child("K2", _referral("2022-05-01", plan.format(day))) for day in ("2022-07-01", "2022-07-02")]
    found = read(
        ("a.xml", _census(gone, moved[0], year=2023)),
        ("b.xml", _census(_child("K1", _referral("2022-05-01")), moved[1], year=2024)),
    )
    assert (_value(found, "plans_started", 2022), _value(found, "plans", 2022)) == (2, 2)
    assert (_value(found, "plans"), _value(found, "plans_ended")) == (1, 0)


def test_one_mistyped_year_does_not_settle_the_year_of_a_return(read: Read) -> None:
    care = HEADING + _starts(2023, 60) + "K9000,01/05/2023,S,V2,N1,U6,PR1,01/05/2032,E4A\n"
    found = read(("episodes.csv", care))
    assert (_value(found, "care_started"), found.quality.rows("ends_later")) == (61, 1)


# -- files that are no table ----------------------------------------------------------------------------------------


def test_a_file_in_a_folder_that_is_no_table_is_left_out_and_said(read: Read) -> None:
    header = "Collection,Year,ReferenceDate\nCIN,2024,2024-03-31\n"
    disabled = "LAchildID,Disability\nK001,HAND\n"
    found = read(
        ("cin/cases.csv", DETAILS + _cases(2023, 30)), ("cin/Header.csv", header), ("cin/Disabilities.csv", disabled)
    )
    assert _value(found, "referrals") == 30
    assert found.quality.rows("unknown_table") == 1


def test_what_extends_a_private_scenario_is_private(private: Localised, tmp_path: Path) -> None:
    path = write(private, tmp_path / "out")
    over = tmp_path / "over.toml"
    over.write_text(f'[scenario]\ntitle = "More help"\nextends = "{path.as_posix()}"\n', encoding="utf-8")
    assert read_scenario(over).title == "PRIVATE: More help"
    assert read_scenario("higher_thresholds").title == "Higher thresholds"


def test_an_authority_that_is_told_by_a_code_of_its_own_is_noted(read: Read) -> None:
    census = _census(_child("K1", _referral("2023-05-01"))).replace("<LEA>999</LEA>", "<LEA>330</LEA>")
    assert read(("cin.xml", census), la="Kent").quality.rows("authority_code") == 1


# -- cases, and what belongs to them --------------------------------------------------------------------------------


def test_what_follows_a_referral_on_an_open_case_belongs_to_the_case(read: Read) -> None:
    """And it goes on as long as that did."""
    enquiry = (
        "<Section47><S47ActualStartDate>2023-08-02</S47ActualStartDate><DateOfInitialCPC>2023-08-20</DateOfInitialCPC>"
    )
    plan = "</Section47><ChildProtectionPlans><CPPstartDate>2023-08-20</CPPstartDate></ChildProtectionPlans>"
    first = _referral(
        "2023-05-01", "<CINclosureDate>2023-09-01</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>"
    )
    second = f"</CINdetails><CINdetails>{_referral('2023-08-01', enquiry + plan)}"
    found = read(("c.xml", _census(_child("K1", first + second), _child("K2", _referral("2023-05-01")))))
    assert (_value(found, "referrals"), _value(found, "children_in_need")) == (2, 2)
    assert (_value(found, "enquiries"), _value(found, "conferences"), _value(found, "plans")) == (1, 1, 1)


def test_rows_whose_child_is_in_no_case_stop(read: Read) -> None:
    enquiries = "LAchildID,S47ActualStartDate,DateOfInitialCPC\n"
    enquiries += "".join(f"P{n:03d},2023-06-{1 + n % 28:02d},\n" for n in range(40))
    files = (("cin/cases.csv", DETAILS + _cases(2023, 30)), ("cin/s47.csv", enquiries))
    with pytest.raises(UserError, match="row of a child that has no case in the return"):
        read(*files, accept=False)


def test_days_of_an_enquiry_or_a_plan_that_can_not_be_are_noted(read: Read) -> None:
    plan = "<ChildProtectionPlans><CPPstartDate>2023-08-20</CPPstartDate><CPPendDate>{}</CPPendDate>"
    plan += "</ChildProtectionPlans>"
    found = read(("c.xml", _census(_child("K1", _referral("2023-05-01", plan.format("2013-09-01"))))))
    assert (_value(found, "plans_started"), found.quality.rows("backwards")) == (0, 1)


def test_the_very_same_row_counts_once(read: Read) -> None:
    row = "K1,1,2023-05-01,1A,N1,,,1\n"
    found = read(("cases.csv", DETAILS + row + row + "K2,1,2023-05-01,1A,N1,,,0\n"))
    assert (_value(found, "referrals"), found.quality.rows("twice")) == (2, 1)


def test_no_further_action_and_a_case_of_one_day_are_two(read: Read) -> None:
    first = DETAILS + "K1,1,2022-05-01,1A,N1,,,1\nK1,2,2022-05-01,1A,N1,,,0\nK2,1,2022-06-01,1A,N1,,,0\n"
    second = DETAILS + "K1,2,2022-05-01,1A,N1,2023-06-01,RC7,0\nK2,1,2022-06-01,1A,N1,,,0\n"
    found = read(("1/cases.csv", first), ("2/cases.csv", second))
    assert _value(found, "referrals", 2022) == 3
    assert _value(found, "referrals_no_action", 2022) == pytest.approx(100 / 3)


def test_a_mark_of_no_action_that_is_not_known_is_noted(read: Read) -> None:
    found = read(("cases.csv", DETAILS + "K1,1,2023-05-01,1A,N1,,,1.0\nK2,1,2023-05-01,1A,N1,,,NFA\n"))
    assert _value(found, "referrals_no_action") == 50
    assert found.quality.rows("code_not_known") == 1


def test_a_start_of_care_that_is_corrected_is_the_same_child(read: Read) -> None:
    first = HEADING + "A1,10/01/2023,S,V2,N1,U6,PR1,,\nA2,11/01/2023,S,V2,N1,U6,PR1,,\n"
    second = (
        HEADING + "A1,09/01/2023,S,V2,N1,U6,PR1,,\nA2,11/01/2023,S,V2,N1,U6,PR1,,\nA3,01/05/2023,S,V2,N1,U6,PR1,,\n"
    )
    found = read(("1/episodes.csv", first), ("2/episodes.csv", second))
    assert (_value(found, "looked_after"), _value(found, "care_ended"), found.quality.rows("vanished")) == (3, 0, 0)


def test_workers_without_an_end_give_no_turnover(read: Read) -> None:
    rows = "SWENo,AgencyWorker,FTE,RoleStartDate\n" + "".join(f"S{n},0,1,2023-0{1 + n % 9}-01\n" for n in range(20))
    found = read(("w.csv", rows), ("episodes.csv", HEADING + _starts(2023, 5)))
    assert "workforce.turnover" not in {one.name for one in found.values}
    assert _value(found, "social_workers_september") == 20


def test_grants_and_income_are_no_spend(read: Read) -> None:
    text = (
        f"{OUTTURN}\n999,Midshire,Fostering services grants and income,500000\n999,Midshire,Fostering services,900000\n"
    )
    assert _value(read(("outturn-2023-24.csv", text)), "spend_fostering") == pytest.approx(0.9)


def test_two_releases_as_new_as_each_other_that_differ_are_ambiguous(read: Read) -> None:
    text = "time_period,geographic_level,old_la_code,la_name,section47\n2024,Local authority,999,Midshire,{}\n"
    files = (("a.csv", text.format(410)), ("b.csv", text.format(615)), ("episodes.csv", HEADING + _starts(2023, 5)))
    found = read(*files)
    assert (_value(found, "enquiries"), found.quality.rows("ambiguous")) == (None, 1)


def test_births_years_apart_are_of_two_children(read: Read) -> None:
    heads = ("CHILD,SEX,DOB\nK0000,1,02/07/2004\n", "CHILD,SEX,DOB\nK0000,1,02/07/2020\n")
    found = read(
        *(("1/header.csv", heads[0]), ("1/episodes.csv", HEADING + _starts(2022, 1))),
        *(("2/header.csv", heads[1]), ("2/episodes.csv", HEADING + _starts(2023, 1, first=9))),
    )
    assert found.quality.rows("birth_far") == 1
    assert _value(found, "care_started_age_1", 2022) is None


def test_a_referral_corrected_over_the_end_of_march_is_one(read: Read) -> None:
    first = DETAILS + "K1,1,2023-03-30,1A,N1,,,0\nK2,1,2023-03-01,1A,N1,,,0\n"
    second = DETAILS + "K1,1,2023-04-02,1A,N1,,,0\nK2,1,2023-03-01,1A,N1,,,0\n"
    found = read(("1/cases.csv", first), ("2/cases.csv", second))
    assert (_value(found, "referrals", 2022), _value(found, "referrals")) == (1, 1)
    assert (_value(found, "children_in_need"), _value(found, "re_referrals")) == (2, 0)


def test_a_workforce_census_of_no_year_is_said(read: Read) -> None:
    rows = "SWENo,AgencyWorker,FTE\n" + "".join(f"S{n},0,1\n" for n in range(20))
    assert read(("w.csv", rows), ("episodes.csv", HEADING + _starts(2023, 5))).quality.rows("no_date") == 1
