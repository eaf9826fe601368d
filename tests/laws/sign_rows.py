"""The table of signs: what each policy must move, and which way.

Each row is measured in pairs with common random numbers, at the fitted values, after a stated number of years. A row
is *emergent* (nothing puts it in but how the parts work together), *implied* (an effect that was an input comes out) or
*either way* (then it is not here but in `reference/behaviour.md`, with what decides). "Up" and "down" are told by a
one-sided test at 5%; "same" by the 95% bound of the difference lying within a stated part of the level.
"""

from __future__ import annotations

from typing import NamedTuple

from demandsim.scenario.read import read_scenario

PAIRS = 16
#: Fewer where a row is told by so many standard errors that it is by these as well, with room to spare.
FEW, FEWER = 8, 6
#: A fifth fewer posts than pay for the work.
SHORT = ("workforce.posts=17.8",)
#: Money enough that no spending control is applied.
RICH = ("budget.total=1200",)


class Sign(NamedTuple):
    """One row of the table: of a what-if, the measure, the year after the start, and which way it moves."""

    whatif: str
    changes: tuple[str, ...]
    measure: str
    moves: str
    year: int = 6
    setting: tuple[str, ...] = ()
    within: float = 0.0
    scenario: str = "baseline"
    tag: str = "emergent"
    pairs: int = PAIRS

    @property
    def name(self) -> str:
        return f"{self.whatif}: {self.measure} {self.moves}"


def _rows(whatif: str, changes: tuple[str, ...], *signs: str, **more: object) -> list[Sign]:
    """Return a row for each 'measure up', 'measure down' or 'measure same 2' (within 2%)."""
    found = []
    for sign in signs:
        measure, moves, *within = sign.split()
        size = float(within[0]) / 100 if within else 0.0
        found.append(Sign(whatif, changes, measure, moves, within=size, **more))  # type: ignore[arg-type]
    return found


def _changed(name: str, by: float) -> str:
    value = read_scenario("baseline").settings[name].value
    assert isinstance(value, float | int)
    return f"{name}={value + by:.6g}"


def _times(by: float, *names: str) -> tuple[str, ...]:
    values = read_scenario("baseline").settings
    return tuple(f"{name}={float(values[name].value) * by:.6g}" for name in names)  # type: ignore[arg-type]


LENGTHS = ("need.short_days", "need.medium_days", "need.long_days", "need.step_down_days")
#: Thresholds, help, staff and practice.
OF_HELP = [
    *_rows(
        "more referrals closed at once",
        (_changed("referral.no_action_threshold", 0.3),),
        "exposure up",
        "contacts_again up",
        "children_in_need down",
    ),
    *_rows(
        "contact threshold up",
        (_changed("contact.referral_threshold", 0.15),),
        "exposure up",
        "referrals down",
        pairs=FEW,
    ),
    *_rows(
        "gate lowered where posts are short",
        (_changed("contact.referral_threshold", -0.15),),
        "workload up",
        setting=SHORT,
        pairs=FEWER,
    ),
    *_rows(
        "need cases closed a quarter earlier", _times(0.75, *LENGTHS), "exposure up", "contacts_again up", pairs=FEW
    ),
    *_rows(
        "targeted help halved",
        ("prevention.targeted=29.6",),
        "exposure up",
        "care_started up",
        "looked_after up",
        "unserved up",
        tag="implied",
    ),
    *_rows(
        "targeted help doubled",
        ("prevention.targeted=118.4",),
        "exposure down",
        "care_started down",
        "looked_after down",
        tag="implied",
    ),
    *_rows(
        "universal help up by a half",
        ("prevention.universal=110",),
        "enquiries up",
        year=2,
        tag="implied",
        pairs=FEW,
    ),
    *_rows(
        "more enquiries without more help",
        ("enquiry.readiness=1.2",),
        "plans_started up",
        "looked_after notdown 2",
        tag="implied",
        pairs=FEW,
    ),
    *_rows(
        "demand up by a fifth",
        ("demand.level=1.2",),
        "referrals up",
        "children_in_need up",
        "plans up",
        "looked_after up",
        pairs=FEWER,
    ),
    *_rows(
        "hours a third fewer",
        ("workforce.hours=870",),
        "exposure up",
        "contacts_again up",
        "severity_at_closure up",
        pairs=FEWER,
    ),
    *_rows(
        "turnover of 23% rather than 9%",
        ("workforce.turnover=0.23",),
        "exposure up",
        "contacts_again up",
        "severity_at_closure up",
        setting=("workforce.turnover=0.09",),
        pairs=FEW,
    ),
    *_rows("agency workers in every vacancy", ("workforce.agency_cover=1",), "spend_agency up", pairs=FEWER),
    *_rows(
        "directors change twice as often",
        # Contacts again go up too, which takes 160 pairs to tell: 0.09 points, with an error of 0.02.
        ("practice.director_changes=0.8",),
        "exposure up",
        "help_delivered down",
        tag="implied",
    ),
    *_rows(
        "recruitment takes half the time",
        ("workforce.recruitment_months=4.2",),
        "vacancy_rate down",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows("better practice", ("practice.mix=[1,0,0]",), "exposure down", "contacts_again down", tag="implied"),
    *_rows(
        "partners withdraw",
        # Care either way: less help, and less harm seen.
        ("partners.strength=0.5",),
        "exposure up",
        "help_by_partners down",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows(
        "partners agree on thresholds", ("partners.passed_on=0.5",), "contacts down", "exposure same 1", pairs=FEWER
    ),
    *_rows("half the noise in assessment", ("assessment.noise=0.5",), "unprotected_other down", "exposure down"),
    *_rows(
        "history in every assessment",
        ("assessment.history=1",),
        "unprotected_neglect down",
        "plans up",
        "exposure down",
        year=2,
        tag="implied",
    ),
    *_rows(
        "found inadequate",
        # Exposure either way: support improves practice, caution loads the team.
        ("inspection.inadequate_after=1",),
        "enquiries up",
        "spend_intervention up",
        "practice up",
        year=2,
        tag="implied",
        pairs=FEW,
    ),
    *_rows("directors who stay", ("practice.director_changes=0.1",), "practice up", "exposure down", tag="implied"),
]
#: Care, money and where children live.
OF_CARE = [
    *_rows(
        "edge_of_care",
        (),
        "care_started down",
        "looked_after down",
        scenario="edge_of_care",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows("reunification", (), "back_in_care down", year=9, scenario="reunification_support", tag="implied"),
    *_rows(
        # As many start: what it acts on is how long. Spend net of the allowances falls; all spend may rise or fall.
        "kinship allowances",
        (),
        "looked_after down",
        "spend_looked_after down",
        "care_started same 2",
        scenario="kinship_allowances",
        tag="implied",
        pairs=FEW,
    ),
    *_rows(
        # More go home. As many or fewer may come back: a lower risk, of more children.
        "Family Drug and Alcohol Court",
        (),
        "left_home up",
        "looked_after down",
        "spend_prevention up",
        scenario="drug_and_alcohol_court",
        tag="implied",
    ),
    *_rows(
        "fewer foster places",
        ("placement.places=[18,14.2,6.2]", "placement.carers_recruited=0.05"),
        "first_choice_full up",
        "spend_looked_after up",
        "care_started same 4",
        # Where money is short the dearer places are paid for by cuts, and these do raise starts.
        setting=RICH,
        pairs=FEW,
    ),
    *_rows(
        "courts slower",
        ("court.weeks=44",),
        "looked_after up",
        "care_started same 2",
        tag="implied",
    ),
    *_rows(
        "twice the unaccompanied children",
        ("care.unaccompanied=1.3",),
        "looked_after up",
        "plans same 2",
        tag="implied",
    ),
    *_rows("overspend", (), "spend_prevention down", "unserved up", year=3, scenario="overspend", pairs=2 * PAIRS),
    *_rows(
        "programmes on open cases",
        (),
        "exposure down",
        scenario="programmes_on_open_cases",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows(
        "an interview after every missing episode",
        ("missing.interviewed=1",),
        "exploitation_identified up",
        "missing_episodes down",
        "placement_moves down",
        tag="implied",
    ),
    *_rows(
        "three times as many over 20 miles away",
        ("distance.level=3",),
        "missing_episodes up",
        "placement_moves up",
        "workload up",
        # By way of going missing, exploitation and hours of travel.
        "exposure up",
    ),
    *_rows(
        "four times as many homes lose their manager",
        ("homes.manager_gaps=0.46",),
        "homes_without_manager up",
        "homes_judged_4 up",
        "childrens_homes down",
        tag="implied",
    ),
    *_rows(
        "everybody fostered until 18 stays put",
        ("leaver.staying_put=1",),
        "leavers_busy up",
        "leavers_suitable up",
        "spend_leaving_care up",
        "looked_after same 2",
        tag="implied",
    ),
    *_rows("targeted_cut", (), "exposure up", "care_started up", scenario="targeted_cut", tag="implied", pairs=FEW),
]
TABLE = [*OF_HELP, *OF_CARE]
