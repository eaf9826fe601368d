"""Nasty SSDA903 returns, every child invented, and the counts that are right for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from demandsim.localise.localise import Localised, localise
from demandsim.localise.years import year_of
from demandsim.problems import UserError

HEADING = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"
#: Measures that the returns of two years must give.
Read = Callable[..., Localised]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write files as (folder/name, text), and localise them with exact counts."""

    def localised(*given: tuple[str, str | bytes], base: int = 2023, **options: object) -> Localised:
        for name, text in given:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        options = {"children": 10_000.0, "private": True, "accept": True} | options
        return localise(str(options.pop("la", "Midshire")), base, [tmp_path], **options)  # type: ignore[arg-type]

    return localised


def _value(found: Localised, measure: str, year: int = 2023) -> float | None:
    return found.counted.value(measure, year)


#: A child whose only purpose is to say which year a return is of: looked after for a day on the first of April.
def _of(year: int) -> str:
    return f"Z{year},01/04/{year},S,V2,N1,U6,PR1,01/04/{year},E4A\n"


def test_the_same_open_episode_in_two_returns_and_a_child_who_vanishes(read: Read) -> None:
    before = "A101,10/01/2023,S,V2,N1,U6,PR1,,\nA102,05/06/2021,S,C2,N1,U4,PR4,,\nA103,01/03/2023,S,V2,N8,K2,PR4,,X1\n"
    now = (
        "A101,10/01/2023,S,V2,N1,U6,PR1,14/05/2023,E4A\nA103,01/03/2023,S,V2,N8,K2,PR4,20/06/2023,X1\n"
        "A103,20/06/2023,P,V2,N8,U6,PR4,,\n"
    )
    found = read(("1/episodes.csv", HEADING + before), ("2/episodes.csv", HEADING + now))
    words = "SSDA903 episodes"
    assert [found.quality.kept(f"{folder}/episodes.csv", words) for folder in "12"] == [1, 3]
    assert found.quality.rows("superseded") == 2
    assert (_value(found, "looked_after", 2022), _value(found, "looked_after")) == (3, 1)
    assert (_value(found, "care_started", 2022), _value(found, "care_ended")) == (2, 2)
    assert found.quality.rows("vanished") == 1
    assert _value(found, "left_home") == 100
    assert _value(found, "left_under_2_weeks") == 0
    assert found.counted.figures["left_home", 2023].whole == 1


def test_overlap_gap_no_length_backwards_and_restart_the_same_day(read: Read) -> None:
    rows = (
        "C301,01/05/2023,S,V2,N1,U6,PR1,12/06/2023,X1\nC301,05/06/2023,P,V2,N1,U6,PR4,,\n"
        "C302,01/05/2023,S,V2,N1,U6,PR1,30/06/2023,X1\nC302,03/07/2023,P,V2,N1,K2,PR4,,\n"
        "C303,09/08/2023,S,L1,N1,U6,PR1,09/08/2023,E4A\nC304,15/09/2023,S,V2,N1,U6,PR1,15/08/2023,E4A\n"
        "C305,01/10/2023,S,V2,N1,U6,PR1,20/10/2023,E4A\nC305,20/10/2023,S,V2,N1,U6,PR1,,\n"
    )
    found = read(("episodes.csv", HEADING + rows))
    table = ("episodes.csv", "SSDA903 episodes")
    assert found.quality.read[table] == 8
    assert (found.quality.kept(*table), found.quality.effect(*table, "mended")) == (7, 3)
    assert [found.quality.rows(reason) for reason in ("backwards", "overlap", "gap", "same_day")] == [1, 1, 1, 1]
    assert [_value(found, name) for name in ("care_started", "care_ended", "looked_after")] == [4, 1, 3]
    assert _value(found, "left_under_2_weeks") == 100
    rules = {note.reason.id: note.reason.rule for note in found.quality.notes}
    assert (rules["overlap"], rules["backwards"]) == ("501", "356")


def test_short_breaks_are_not_care(read: Read) -> None:
    rows = (
        "D401,02/05/2023,S,V4,N2,S1,PR4,,\nD402,01/06/2023,S,V2,N2,U6,PR1,,\n"
        "D402,11/04/2023,S,V3,N2,U6,PR1,14/04/2023,E8\nD403,03/07/2023,S,V3,N2,R1,PR4,23/07/2023,E8\n"
        "D402,09/05/2023,S,V3,N2,U6,PR1,12/05/2023,E8\n"
    )
    found = read(("episodes.csv", HEADING + rows))
    names = ("care_started", "looked_after", "care_any_time", "care_ended")
    assert [_value(found, name) for name in names] == [1, 1, 1, 0]
    assert (found.quality.rows("respite"), found.quality.rows("respite_long")) == (4, 1)


@pytest.mark.parametrize(
    ("first", "second", "days", "reason"),
    [
        ("13/04/2023", "04/05/2023", (date(2023, 4, 13), date(2023, 5, 4)), ""),
        ("2023-04-13", "2023-05-04T00:00:00", (date(2023, 4, 13), date(2023, 5, 4)), ""),
        ("45029", "45050", (date(2023, 4, 13), date(2023, 5, 4)), ""),
        ("2023-05-31T23:00:00Z", "2023-06-02", (date(2023, 6, 1), date(2023, 6, 2)), "time_zone"),
        ("2023-12-31T23:30:00Z", "2024-01-02", (date(2023, 12, 31), date(2024, 1, 2)), ""),
        ("13/04/23", "04/05/2023", (date(2023, 4, 13), date(2023, 5, 4)), "year_two_digits"),
        ("31/06/2023", "04/05/2023", (date(2023, 5, 4),), "not_a_date"),
        ("01/01/1900", "14/05/2023", (date(2023, 5, 14),), "no_start"),
        ("04/05/2023", "05/06/2023", (date(2023, 5, 4), date(2023, 6, 5)), "day_first"),
    ],
)
def test_dates_as_people_and_programs_write_them(
    read: Read, first: str, second: str, days: tuple[date, ...], reason: str
) -> None:
    rows = f"E1,{first},S,V2,N1,U6,PR1,,\nE2,{second},S,V2,N1,U6,PR1,,\n"
    found = read(("episodes.csv", HEADING + rows), base=year_of(days[0]))
    tally = found.counted.tallies
    assert not tally
    assert _value(found, "care_started", year_of(days[0])) == len(days)
    assert {year_of(day) for day in days} == {year for _, year in found.counted.figures}
    if reason:
        assert found.quality.rows(reason) == 1


def test_the_day_of_a_moment_is_that_of_london(read: Read) -> None:
    """23:00 UTC of 31 March is midnight in London once clocks went forward, as they had in 2023."""
    rows = "E1,2023-03-31T23:00:00Z,S,V2,N1,U6,PR1,,\nE2,2023-04-10,S,V2,N1,U6,PR1,,\n"
    assert _value(read(("episodes.csv", HEADING + rows)), "care_started") == 2


def test_an_end_in_9999_is_no_end(read: Read) -> None:
    found = read(("episodes.csv", HEADING + "E1,13/04/2023,S,V2,N1,U6,PR1,31/12/9999,\n"))
    assert (_value(found, "looked_after"), found.quality.rows("open_9999")) == (1, 1)


def test_a_column_with_the_month_first_is_refused_until_that_is_said(read: Read) -> None:
    rows = HEADING + "E1,04/13/2023,S,V2,N1,U6,PR1,,\nE2,05/04/2023,S,V2,N1,U6,PR1,,\n"
    with pytest.raises(UserError, match=r"line 2, decom.*month first[\s\S]*--dates mdy"):
        read(("episodes.csv", rows))
    found = read(("episodes.csv", rows), month_first=True)
    assert _value(found, "care_started") == 2


def test_headers_ids_and_bytes_as_spreadsheets_leave_them(read: Read) -> None:
    episodes = (
        b'\xef\xbb\xbf"child ",decom,rne,ls,cin,pl,place_provider,dec,rec,Notes\r\n'
        b" ab12,13/04/2023,s,v2,n1,u6,pr1,,,moved in by taxi\r\n007341,14/04/2023,s,v2,n1,u6,pr1,,,\r\n"
    )
    header = "CHILD,SEX,DOB\nAB12 ,M,02/02/2015\n7341.0,F,03/03/2011\n"
    found = read(("header.csv", episodes), ("b.csv", header), ("uasc.csv", "CHILD,SEX,DOB,DUC\n"))
    assert (_value(found, "care_started"), _value(found, "looked_after")) == (2, 2)
    shares = [_value(found, f"looked_after_age_{band}") for band in range(1, 6)]
    assert shares == [0, 0, 50, 50, 0]
    told = {(note.reason.id, note.about) for note in found.quality.notes}
    assert {("column_ignored", "notes"), ("empty_table", "")} <= told
    assert found.quality.rows("ids_joined") == 2
    assert _value(found, "local_unaccompanied") == 0


def test_ids_that_zeros_tell_apart_are_left_alone(read: Read) -> None:
    rows = HEADING + "007,14/04/2023,S,V2,N1,U6,PR1,,\n7,14/04/2023,S,V2,N1,U6,PR1,,\n"
    assert _value(read(("episodes.csv", rows)), "looked_after") == 2


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_are_told_and_said(read: Read, encoding: str) -> None:
    text = HEADING.strip() + ",Café\nE1,13/04/2023,S,V2,N1,U6,PR1,,,é\n"
    found = read(("episodes.csv", text.encode(encoding)))
    assert _value(found, "looked_after") == 1
    assert bool(found.quality.rows("cp1252")) == (encoding == "cp1252")


def test_dates_of_birth_that_change_are_blank_or_come_after_the_start(read: Read) -> None:
    rows = "F801,01/05/2022,S,V2,N1,U6,PR1,,\nF802,01/05/2023,S,V2,N1,U6,PR1,,\nF803,01/05/2023,S,V2,N1,U6,PR1,,\n"
    rows += "F805,01/05/2022,S,V2,N1,U6,PR1,,\n"
    found = read(
        ("1/episodes.csv", HEADING + "F801,01/05/2022,S,V2,N1,U6,PR1,,\nF805,01/05/2022,S,V2,N1,U6,PR1,,\n"),
        ("1/header.csv", "CHILD,SEX,DOB\nF801,M,12/09/2012\nF805,M,01/02/2006\n"),
        ("2/episodes.csv", HEADING + rows),
        ("2/header.csv", "CHILD,SEX,DOB\nF801,M,21/09/2012\nF802,F,\nF803,F,03/06/2023\nF805,M,01/02/2006\n"),
    )
    assert (found.quality.rows("birth_changed"), found.quality.rows("birth_blank")) == (1, 1)
    assert (found.quality.rows("birth_after"), found.quality.rows("eighteen")) == (1, 1)
    assert (_value(found, "care_started"), _value(found, "care_started_age_1")) == (2, None)
    assert (_value(found, "looked_after"), _value(found, "care_ended")) == (3, 1)
    assert [_value(found, name) for name in ("left_home", "adoptions")] == [0, 0]


def test_births_rounded_to_months_are_said(read: Read) -> None:
    header = "CHILD,SEX,DOB\n" + "".join(f"F{number},M,01/{number:02d}/2012\n" for number in range(1, 8))
    rows = "".join(f"F{number},13/05/2023,S,V2,N1,U6,PR1,,\n" for number in range(1, 8))
    found = read(("episodes.csv", HEADING + rows), ("header.csv", header))
    assert found.quality.rows("births_first") == 1
    assert _value(found, "looked_after_age_4") == 100


def test_placements_of_a_day_count_and_temporary_ones_do_not(read: Read) -> None:
    rows = (
        "G1,02/05/2023,S,V2,N1,U6,PR1,02/05/2023,X1\nG1,02/05/2023,P,V2,N1,U6,PR4,09/05/2023,X1\n"
        "G1,09/05/2023,P,V2,N1,K2,PR4,,\n"
        "G2,02/05/2023,S,V2,N1,U6,PR1,09/05/2023,X1\nG2,09/05/2023,P,V2,N1,T1,PR1,16/05/2023,X1\n"
        "G2,16/05/2023,P,V2,N1,U6,PR1,01/07/2023,X1\nG2,01/07/2023,L,C2,N1,U6,PR1,,\n"
    )
    found = read(("episodes.csv", HEADING + rows))
    shares = [_value(found, name) for name in ("one_placement", "two_placements", "three_placements")]
    assert shares == [0, 50, 50]
    assert (_value(found, "fostered"), _value(found, "childrens_homes")) == (1, 1)


def test_placements_of_leavers_are_those_of_every_period(read: Read) -> None:
    rows = (
        "G1,02/05/2021,S,V2,N1,U6,PR1,09/05/2021,X1\nG1,09/05/2021,P,V2,N1,K2,PR4,16/05/2021,X1\n"
        "G1,16/05/2021,P,V2,N1,U6,PR1,02/06/2021,E4A\n"
        "G1,02/05/2023,S,V2,N1,U6,PR1,09/05/2023,X1\nG1,09/05/2023,P,V2,N1,K2,PR4,02/06/2023,E4A\n"
    )
    found = read(("episodes.csv", HEADING + rows))
    assert (_value(found, "left_5_placements"), _value(found, "left_10_placements")) == (100, 0)


def test_where_a_child_lived_on_31_march_is_not_where_it_lives_now(read: Read) -> None:
    before = "G1,02/05/2022,S,V2,N1,U4,PR4,,\n"
    now = "G1,02/05/2022,S,V2,N1,U4,PR4,09/05/2023,X1\nG1,09/05/2023,P,V2,N1,K2,PR4,,\n"
    found = read(("1/episodes.csv", HEADING + before), ("2/episodes.csv", HEADING + now))
    assert [_value(found, "agency_fostered", year) for year in (2022, 2023)] == [1, 0]


def test_more_than_two_in_a_hundred_rows_dropped_stops(read: Read) -> None:
    rows = "".join(f"G{number},31/06/2023,S,V2,N1,U6,PR1,,\n" for number in range(3))
    text = HEADING + rows + "".join(f"H{number},13/06/2023,S,V2,N1,U6,PR1,,\n" for number in range(20))
    with pytest.raises(
        UserError, match=r"over 2% of the rows can't be read \(row with a date that is none\)[\s\S]*--accept"
    ):
        read(("episodes.csv", text), accept=False)
