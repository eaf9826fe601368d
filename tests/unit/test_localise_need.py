"""Nasty censuses, outturns and published tables, every figure invented, and what is right for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_localise_care import HEADING, Read, _value
from test_localise_care import read as read

from demandsim.localise.localise import localise
from demandsim.problems import UserError

DETAILS = "LAchildID,CINdetailsID,CINreferralDate,ReferralSource,PrimaryNeedCode,"
DETAILS += "CINclosureDate,ReasonForClosure,ReferralNFA\n"


def _census(*children: str, year: int = 2024) -> str:
    return (
        f"<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>"
        f"<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails><Source><LEA>999</LEA></Source></Header>"
        f"<Children>{''.join(children)}</Children></Message>"
    )


def _child(name: str, details: str, born: str = "<PersonBirthDate>2012-09-12</PersonBirthDate>") -> str:
    identifiers = f"<ChildIdentifiers><LAchildID>{name}</LAchildID>{born}</ChildIdentifiers>"
    return f"<Child>{identifiers}<CINdetails>{details}</CINdetails></Child>"


def _referral(day: str, more: str = "") -> str:
    return f"<CINreferralDate>{day}</CINreferralDate><ReferralNFA>0</ReferralNFA>{more}"


def test_working_days_and_years_a_census_cannot_speak_for(read: Read) -> None:
    enquiry = "<Section47><S47ActualStartDate>{}</S47ActualStartDate>{}</Section47>"
    held = "<DateOfInitialCPC>2023-05-22</DateOfInitialCPC>"
    assessment = "<Assessments><AssessmentActualStartDate>2024-02-01</AssessmentActualStartDate></Assessments>"
    found = read(
        (
            "cin.xml",
            _census(
                _child("H101", _referral("2023-04-27", enquiry.format("2023-04-27", held))),
                _child("H102", _referral("2024-03-20", enquiry.format("2024-03-20", ""))),
                _child("H103", _referral("2024-02-01", assessment)),
                _child("H104", _referral("2022-06-01")),
            ),
        )
    )
    assert (_value(found, "enquiries"), _value(found, "conferences"), _value(found, "conferences_in_time")) == (
        2,
        1,
        100,
    )
    assert (_value(found, "assessed_in_time"), found.quality.rows("not_authorised")) == (None, 1)
    assert (_value(found, "referrals"), _value(found, "children_in_need")) == (3, 4)
    assert _value(found, "referrals", 2022) is None
    assert (_value(found, "re_referrals"), found.quality.rows("no_year_before")) == (None, 1)


def test_an_unborn_child_is_in_need_and_has_no_age(read: Read) -> None:
    born = "<ExpectedPersonBirthDate>2024-05-20</ExpectedPersonBirthDate>"
    found = read(("cin.xml", _census(_child("F804", _referral("2024-02-01"), born))))
    assert (_value(found, "children_in_need"), found.quality.rows("birth_expected")) == (1, 1)


def test_who_grows_up_before_any_result_ends_no_episode_of_need(read: Read) -> None:
    """Turned 18 while an enquiry was under way; an enquiry that was concluded, or an assessment, is a result."""
    born, ends = "<PersonBirthDate>2005-09-12</PersonBirthDate>", "<ReasonForClosure>RC6</ReasonForClosure>"
    case = _referral("2023-08-20", f"<CINclosureDate>2023-09-12</CINclosureDate>{ends}{{}}")
    enquiry = "<Section47><S47ActualStartDate>2023-08-21</S47ActualStartDate>{}</Section47>"
    assessed = "<AssessmentActualStartDate>2023-08-21</AssessmentActualStartDate>"
    assessed += "<AssessmentAuthorisationDate>2023-09-01</AssessmentAuthorisationDate>"
    found = read(
        (
            "cin.xml",
            _census(
                _child("K1", case.format(""), born),
                _child("K2", case.format(enquiry.format("")), born),
                _child("K3", case.format(enquiry.format("<ICPCnotRequired>1</ICPCnotRequired>")), born),
                _child("K4", case.format(f"<Assessments>{assessed}</Assessments>"), born),
                _child("K5", case.format("")),
            ),
        )
    )
    assert _value(found, "need_ended") == 3


def test_who_comes_into_care_alone_or_on_remand_is_no_referral(read: Read) -> None:
    cases = DETAILS + "".join(f"K{n},1,2023-05-{day:02d},1A,N8,,,0\n" for n, day in enumerate((1, 3, 4, 20), start=1))
    starts = "".join(f"K{n},04/05/2023,S,{status},N8,U6,PR1,,\n" for n, status in ((1, "V2"), (2, "J1"), (3, "V2")))
    alone = "CHILD,SEX,DOB,DUC\nK1,1,02/07/2007,\n"
    found = read(("a/CINdetails.csv", cases), ("b/episodes.csv", HEADING + starts), ("b/uasc.csv", alone))
    assert (_value(found, "referrals"), found.quality.rows("from_outside")) == (2, 2)
    assert _value(found, "children_in_need") == 4


def test_a_referral_on_an_open_case_is_not_another_and_one_within_a_year_is_a_re_referral(read: Read) -> None:
    before = DETAILS + "K1,1,2022-06-01,1A,N1,2022-07-01,RC7,0\n"
    now = DETAILS + (
        "K1,1,2023-05-30,1A,N1,,,0\nK1,2,2023-08-01,1A,N1,,,0\nK2,1,2023-05-30,1A,N1,2023-05-30,,1\n"
        "K2,2,2023-06-30,1A,N1,2023-09-30,RC8,0\n"
    )
    found = read(("1/details.csv", before), ("2/details.csv", now))
    assert (_value(found, "referrals"), found.quality.rows("on_open_case")) == (3, 1)
    assert _value(found, "re_referrals") == pytest.approx(100 * 2 / 3)
    assert _value(found, "referrals_no_action") == pytest.approx(100 / 3)
    assert _value(found, "referrals_not_in_need") == pytest.approx(100 / 3)


def test_two_censuses_in_one_folder_are_refused(read: Read) -> None:
    rows = DETAILS + "K1,1,2022-06-01,1A,N1,,,0\n"
    with pytest.raises(UserError, match="a folder of its own"):
        read(("a.csv", rows), ("b.csv", rows))


A = (
    "time_period,geographic_level,old_la_code,new_la_code,la_name,Referrals,Re_referrals_percent\n"
    '2024,Local authority,999,E06009999,Midshire,"4,120",c\n'
)
B = (
    "time_period,geographic_level,old_la_code,la_name,new_la_code,referral_count,rereferral_percent\n"
    "2024,Local authority,999,Midshire,E06009999,4135,u\n2025,Local authority,999,Midshire,E06009999,4210,21.4\n"
    "2025,Local authority,998,Elsewhere,E06009998,1,1\n2025,National,,,,632830,22.6\n"
)


def test_published_tables_are_read_by_name_and_the_newest_release_counts(read: Read) -> None:
    found = read(("a.csv", A), ("b.csv", B))
    assert (_value(found, "referrals"), _value(found, "referrals", 2024)) == (4135, 4210)
    assert (_value(found, "re_referrals"), _value(found, "re_referrals", 2024)) == (None, 21.4)
    assert [found.quality.rows(f"not_read_mark_{mark}") for mark in "cu"] == [1, 1]
    assert found.quality.rows("older_release") == 1
    assert found.quality.rows("other_authority") == 1


@pytest.mark.parametrize("mark", ["c", "u", "x", "z", "k", "low", "..", "-", "[x]", "[z]", "[note 4]", ""])
def test_every_mark_is_an_absence_and_nought_is_nought(read: Read, mark: str) -> None:
    text = "time_period,geographic_level,old_la_code,la_name,referral_count,not_in_need_percent\n"
    found = read(("c.csv", text + f"2024,Local authority,999,Midshire,{mark},0\n"))
    assert _value(found, "referrals") is None
    assert _value(found, "referrals_not_in_need") == 0


def test_a_column_of_another_year_than_its_file_stops(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "geog_l,geog_c,geog_n,CLA_started2014\nLA,999,MIDSHIRE,231\n"
    with pytest.raises(UserError, match="a column of 2014 in a file of 2015"):
        read(("starts 2015.csv", text), base=2014)
    from demandsim.localise import published

    every = published.rows_of
    slip = ({"file_has": "starts 2015", "column": "cla_started2014", "year": "2014", "why": "mislabelled"},)
    monkeypatch.setattr(published, "rows_of", lambda name: slip if name == "slips.csv" else every(name))
    assert _value(read(("starts 2015.csv", text), base=2014), "care_started", 2014) == 231


def test_the_same_spend_in_pounds_and_in_thousands(read: Read, tmp_path: Path) -> None:
    heading = "LA,LA Name,CYPServiceDescription,TotalExpenditure"
    pounds = heading + ",Notes\n999,Midshire,7 Fostering services – all,8412345.5,\n"
    thousands = f"Outturn,£ thousand,,,\n{heading},PrivateProvision\n999,Midshire,Fostering services,8412,[z]\n"
    first = read(("outturn-2023-24.csv", pounds.encode("cp1252")))
    assert _value(first, "spend_fostering") == pytest.approx(8.4123455)
    (tmp_path / "outturn-2023-24.csv").unlink()
    assert _value(read(("ro3-2023-24.csv", thousands)), "spend_fostering") == pytest.approx(8.412)


def test_workers_in_post_and_vacancies_give_posts(read: Read) -> None:
    worker = "<CSWWWorker><AgencyWorker>{}</AgencyWorker><FTE>{}</FTE>{}</CSWWWorker>"
    text = (
        "<Message><Header><CollectionDetails><ReferenceDate>2023-09-30</ReferenceDate></CollectionDetails></Header>"
        "<LALevelVacancies><NumberOfVacancies>3.5</NumberOfVacancies></LALevelVacancies>"
        + worker.format(0, 1, "") * 9
        + worker.format(0, 0.5, "")
        + worker.format(1, 1, "") * 2
        + worker.format(0, 1, "<RoleEndDate>2023-06-30</RoleEndDate>")
        + worker.format(0, 1, "<RoleEndDate>2021-06-30</RoleEndDate>")
        + "</Message>"
    )
    found = read(("csww.xml", text), ("b.csv", B))
    values = {one.name: one.value for one in found.values}
    assert (_value(found, "social_workers_september"), _value(found, "agency_workers_september")) == (9.5, 2)
    assert values["workforce.posts"] == 13
    assert values["workforce.turnover"] == pytest.approx(1 / 9.5, rel=1e-4)


@pytest.mark.parametrize(
    ("la", "base", "told"),
    [
        ("Cumbria", 2023, "Cumberland or Westmorland and Furness"),
        ("E06000063", 2021, "--la Cumbria"),
        ("Midshyre", 2023, "did you mean 'Midshire'"),
        ("Midshire", 2019, "files have figures of 2023-24, 2024-25"),
    ],
)
def test_an_authority_or_a_year_that_the_files_cannot_speak_for(tmp_path: Path, la: str, base: int, told: str) -> None:
    (tmp_path / "b.csv").write_text(B)
    with pytest.raises(UserError, match=told):
        localise(la, base, [tmp_path], children=10_000)


def test_an_authority_that_was_another_of_its_name_before_a_merger_is_told_apart(read: Read) -> None:
    text = "time_period,geographic_level,old_la_code,new_la_code,la_name,referral_count\n"
    text += "2018,Local authority,835,E10000009,Dorset,4000\n2020,Local authority,838,E06000059,Dorset,3000\n"
    found = read(("c.csv", text), la="Dorset", base=2019)
    assert (_value(found, "referrals", 2017), _value(found, "referrals", 2019)) == (None, 3000)


def test_an_authority_that_changed_its_code_only_is_the_same(read: Read) -> None:
    text = "time_period,geographic_level,old_la_code,new_la_code,la_name,referral_count\n"
    text += "2018,Local authority,825,E10000002,Buckinghamshire,4000\n"
    text += "2021,Local authority,825,E06000060,Buckinghamshire,3000\n"
    found = read(("c.csv", text), la="E06000060", base=2020)
    assert (_value(found, "referrals", 2017), _value(found, "referrals", 2020)) == (4000, 3000)
    assert found.authority == "Buckinghamshire"


def test_returns_of_two_authorities_are_refused(read: Read) -> None:
    one, other = _census(_child("A", _referral("2023-05-01"))), _census(_child("B", _referral("2022-05-01")), year=2023)
    with pytest.raises(UserError, match="not of 998 and 999"):
        read(("1.xml", one), ("2.xml", other.replace("<LEA>999", "<LEA>998")))


def test_half_of_a_row_for_two_authorities_is_not_taken(read: Read) -> None:
    text = "time_period,geographic_level,old_la_code,la_name,inpost_fte,vacancy_rate_fte\n"
    text += "2023,Local authority,999 / 998,Midshire / Elsewhere,400,10\n"
    found = read(("csww.csv", text), ("b.csv", B))
    assert (_value(found, "social_workers_september"), found.quality.rows("combined")) == (None, 1)


def test_nobody_says_how_many_children(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(B)
    with pytest.raises(UserError, match="--children"):
        localise("Midshire", 2023, [tmp_path])
