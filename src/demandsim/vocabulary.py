"""Every word of the domain in one place: states, decisions, categories and statutory limits.

The terms are those of the Department for Education's returns: the children in need census, the looked after
children return (SSDA903) and the Section 251 outturn. Order never changes once
released: add at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from demandsim.lookup import looked_up_often

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a vocabulary: its place, what people call it, what it means, its columns if it has several, and its
    unit if that is not the usual one of its kind.
    """

    index: int
    label: str
    meaning: str
    columns: tuple[str, ...] = ()
    unit: str = ""


class Vocabulary:
    """Collects the words of one kind as they are declared.

    The model indexes arrays with words, so a word is a plain integer in its class, and what people read about it stands
    here.
    """

    def __init__(self) -> None:
        self.all: list[Word] = []
        self.size = 0

    def word(self, label: str, meaning: str, columns: tuple[str, ...] = (), unit: str = "") -> int:
        """Declare a word and return its place; one with columns takes as many places, from the one returned on."""
        index = self.size
        self.all.append(Word(index, label, meaning, columns, unit))
        self.size += len(columns) or 1
        return index

    def labels(self) -> list[str]:
        """Name every place, in order; a word with columns gives 'label: column' for each."""
        names: list[str] = []
        for word in self.all:
            names += [f"{word.label}: {column}" for column in word.columns] or [word.label]
        return names


@looked_up_often
class State:
    """Where a child stands. Exactly one at any moment; those from ASSESSMENT on are open cases of children in need."""

    words = Vocabulary()
    CLOSED = words.word("closed", "known to the authority, no open case; may be receiving early help; may come back")
    ASSESSMENT = words.word("assessment", "referred and awaiting the result of a social worker's assessment")
    ENQUIRY = words.word("section 47 enquiry", "a strategy discussion has begun an enquiry into significant harm")
    CHILD_IN_NEED = words.word("child in need plan", "in need under section 17 and living at home")
    PROTECTION_PLAN = words.word("child protection plan", "subject to a child protection plan")
    LOOKED_AFTER = words.word("looked after", "in the care of the authority")
    CARE_LEAVER = words.word("care leaver", "left care at 16 or over and supported until 21, or 25 in education")


#: States that count as a child in need at 31 March (children in need census guide: open episodes of need).
OPEN_CASE = (
    State.ASSESSMENT,
    State.ENQUIRY,
    State.CHILD_IN_NEED,
    State.PROTECTION_PLAN,
    State.LOOKED_AFTER,
    State.CARE_LEAVER,
)


@looked_up_often
class Placement:
    """Where a looked after child lives."""

    words = Vocabulary()
    FOSTER_IN_HOUSE = words.word("foster, own carers", "with a foster family approved by the authority")
    FOSTER_AGENCY = words.word("foster, agency", "with a foster family of an independent fostering agency")
    KINSHIP = words.word("foster, relative or friend", "with a relative or friend approved as foster carer")
    CHILDRENS_HOME = words.word("children's home", "in a children's home")
    WITH_PARENTS = words.word("with parents", "under a care order, living with a parent")
    FOR_ADOPTION = words.word("placed for adoption", "with the family that is to adopt")
    OTHER = words.word("other", "residential school, secure unit, hostel, or semi-independent living")
    SPOT = words.word("spot-purchased", "bought for one child in haste, where every type that suits is full")


FOSTERED = (Placement.FOSTER_IN_HOUSE, Placement.FOSTER_AGENCY, Placement.KINSHIP)


@looked_up_often
class LeavingRoute:
    """How a period of being looked after ends."""

    words = Vocabulary()
    HOME = words.word("home", "returned to parents or relatives")
    ADOPTION = words.word("adoption", "an adoption order was made")
    GUARDIANSHIP = words.word("guardianship", "a special guardianship or residence order was made")
    OTHER = words.word("other", "independent living before 18, adult services, custody or another authority")
    EIGHTEEN = words.word("eighteenth birthday", "stayed until the eighteenth birthday")


@looked_up_often
class LegalRoute:
    """The legal basis on which a child becomes looked after."""

    words = Vocabulary()
    VOLUNTARY = words.word("voluntary (section 20)", "accommodated by agreement with parents")
    EMERGENCY = words.word("emergency", "police protection or an emergency protection order")
    PROCEEDINGS = words.word("care proceedings", "an interim care order while the court decides")
    REMAND = words.word("remand", "remanded to the authority by a court")
    UNACCOMPANIED = words.word("unaccompanied", "came to the country alone and is accommodated")


@looked_up_often
class Need:
    """Primary need, grouped from the children in need census codes N1 to N9."""

    words = Vocabulary()
    ABUSE_OR_NEGLECT = words.word("abuse or neglect", "N1")
    DISABILITY = words.word("child's disability or illness", "N2")
    FAMILY = words.word("family stress or dysfunction", "N3, N4, N5 and N7")
    BEHAVIOUR = words.word("socially unacceptable behaviour", "N6")
    OTHER = words.word("absent parenting, other or not stated", "N8, N9 and N0")


@looked_up_often
class Source:
    """Who made the contact (children in need census table C5)."""

    words = Vocabulary()
    INDIVIDUAL = words.word("individual", "family, friend, neighbour or the child")
    SCHOOLS = words.word("schools", "schools")
    EDUCATION = words.word("education services", "education services other than schools")
    HEALTH = words.word("health services", "general practitioners, health visitors, hospitals and others")
    HOUSING = words.word("housing", "housing services")
    COUNCIL = words.word("council services", "other services of the authority")
    POLICE = words.word("police", "police")
    LEGAL = words.word("other legal agency", "courts, probation, immigration")
    OTHER = words.word("other", "other sources")
    ANONYMOUS = words.word("anonymous", "anonymous")
    UNKNOWN = words.word("unknown", "not recorded")


@looked_up_often
class Judgement:
    """What Ofsted judges a children's home to be (report, figure 10)."""

    words = Vocabulary()
    OUTSTANDING = words.word("outstanding", "outstanding")
    GOOD = words.word("good", "good")
    ADEQUATE = words.word("adequate", "adequate; from 2015 on, requires improvement")
    INADEQUATE = words.word("inadequate", "inadequate: it improves or closes")


@looked_up_often
class Exploited:
    """Whether a child is sexually exploited, or exploited otherwise, outside the family."""

    words = Vocabulary()
    NO = words.word("not exploited", "not as far as the model goes")
    HIDDEN = words.word("exploited, not identified", "nobody knows")
    FOUND = words.word("exploited, identified", "known to the authority and the police, and protected in part")


@looked_up_often
class LeaverActivity:
    """What a care leaver does at 19 (SSDA903)."""

    words = Vocabulary()
    EDUCATION = words.word("education", "in education")
    WORK = words.word("training or employment", "in training or employment")
    NEITHER = words.word("neither", "not in education, employment or training")
    UNKNOWN = words.word("not known", "the authority is not in touch, or the activity is not recorded")


@looked_up_often
class SpendLine:
    """Lines of the Section 251 outturn, grouped as the report groups them (paragraphs 42 to 53)."""

    words = Vocabulary()
    FOSTERING = words.word("fostering", "foster placements of every kind")
    RESIDENTIAL = words.word("residential", "children's homes and residential schools")
    CARE_OTHER = words.word(
        "looked after, other (residual)", "adoption, guardianship, leaving care, education of looked after children"
    )
    SOCIAL_WORK = words.word("social work", "social workers and the commissioning and safeguarding around them")
    INTERVENTION_OTHER = words.word(
        "other intervention (residual)", "youth justice and other services, not modelled: a residual"
    )
    PREVENTION = words.word("prevention", "family support and services for young people")


#: Authorities by quality of practice in 2013-14, in which what was fitted holds: 10 good, 26 requiring improvement and
#: 7 inadequate of the 43 inspected.
USUAL_MIX = (10 / 43, 26 / 43, 7 / 43)


@looked_up_often
class SpendCause:
    """What money is spent on. Each belongs to one line; the ledger holds one amount for each cause and month."""

    words = Vocabulary()
    FOSTER_IN_HOUSE = words.word("own foster carers", "child-weeks with the authority's own foster carers")
    FOSTER_AGENCY = words.word("agency foster carers", "child-weeks with agency foster carers")
    KINSHIP = words.word("kinship carers", "child-weeks fostered by a relative or friend")
    CHILDRENS_HOME = words.word("children's homes", "child-weeks in children's homes")
    OTHER_PLACEMENT = words.word("other placements", "child-weeks in residential schools, secure units and the like")
    SPOT = words.word("spot-purchased placements", "child-weeks in placements bought in haste")
    CARE_OTHER = words.word("other care costs", "child-years looked after, times what else is spent on each")
    POSTS = words.word("social workers in post", "posts filled by the authority's own workers")
    AGENCY = words.word("agency social workers", "vacant posts covered by agency workers, premium included")
    INTERVENTION_OTHER = words.word("residual", "other intervention, not modelled: a residual")
    UNIVERSAL = words.word("universal services", "children's centres, youth and other services for all, after any cut")
    TARGETED = words.word("targeted family support", "early help cases, those that are given")
    OPEN_CASES = words.word("programmes on open cases", "parenting and family programmes for children with a plan")
    EDGE_OF_CARE = words.word("edge of care", "family group conferences before a child becomes looked after")
    REUNIFICATION = words.word("reunification", "support of children who go home from care")
    LEAVING_CARE = words.word("leaving care", "support of care leavers: homes, personal advisers, staying put")
    KINSHIP_ALLOWANCES = words.word("kinship allowances", "paid to relatives who became guardians with an allowance")
    FDAC = words.word("family drug and alcohol court", "the court's specialist team: families given a place")


#: The line of each cause, in the order of `SpendCause`.
LINE_OF_CAUSE = (
    SpendLine.FOSTERING,
    SpendLine.FOSTERING,
    SpendLine.FOSTERING,
    SpendLine.RESIDENTIAL,
    SpendLine.RESIDENTIAL,
    SpendLine.RESIDENTIAL,
    SpendLine.CARE_OTHER,
    SpendLine.SOCIAL_WORK,
    SpendLine.SOCIAL_WORK,
    SpendLine.INTERVENTION_OTHER,
    *(SpendLine.PREVENTION,) * 5,
    *(SpendLine.CARE_OTHER,) * 2,
    SpendLine.PREVENTION,
)


@looked_up_often
class Tier:
    """What prevention spend is for, from help for all to help for children in care."""

    words = Vocabulary()
    UNIVERSAL = words.word("universal", "open to all: notices children, and keeps none out of care that we know of")
    TARGETED = words.word("targeted", "early help for families below the threshold of a social worker's case")
    OPEN_CASES = words.word("open_cases", "programmes for families on a child in need or protection plan")
    EDGE_OF_CARE = words.word("edge_of_care", "family group conferences when a child is about to become looked after")
    REUNIFICATION = words.word("reunification", "support of children who go home from care")
    KINSHIP_ALLOWANCES = words.word("kinship_allowances", "allowances for foster carers who become guardians of kin")
    FDAC = words.word("fdac", "the Family Drug and Alcohol Court, for families in care proceedings")


@looked_up_often
class Moved:
    """What an authority decides otherwise from one year to the next, though nothing else has changed."""

    words = Vocabulary()
    REFERRAL = words.word("referral", "the threshold at which a contact becomes a referral")
    LENGTH = words.word("length", "how long a child in need case is kept open")
    ENQUIRY = words.word("enquiry", "how readily a section 47 enquiry is made")
    SUBSTANTIATED = words.word("substantiated", "how often an enquiry is substantiated")
    CARE = words.word("care", "how readily a child becomes looked after")


@looked_up_often
class Loop:
    """The feedback loops of the design, each a switch with a strength."""

    words = Vocabulary()
    REACTIVE_TRAP = words.word(
        "reactive trap", "care spend up, prevention cut, more unmet need, more escalation, care spend up"
    )
    WORKLOAD_SPIRAL = words.word("workload spiral", "caseload up, more workers leave, vacancies up, caseload up")
    FAILURE_DEMAND = words.word("failure demand", "work under a high workload is worse work: more cases come back")
    DRIFT = words.word("drift", "workers, courts and family-finding with a high workload keep children in care longer")
    SUFFICIENCY = words.word(
        "sufficiency", "places full, dearer and less stable ones used, more moves, longer care, places full"
    )
    THRESHOLD_CREEP = words.word("threshold creep", "overload raises thresholds; the refused come back more severe")


#: Age bands of the looked after children return, as (label, first age, last age).
AGE_BANDS: tuple[tuple[str, int, int], ...] = (
    ("under 1", 0, 0),
    ("1 to 4", 1, 4),
    ("5 to 9", 5, 9),
    ("10 to 15", 10, 15),
    ("16 and over", 16, 17),
)

#: The five duration bands of tables B4, B5, D5 and D7, as (label, days below which it ends).
DURATION_BANDS: tuple[tuple[str, float], ...] = (
    ("3 months or less", 365.25 / 4),
    ("3 to 6 months", 365.25 / 2),
    ("6 to 12 months", 365.25),
    ("1 to 2 years", 730.5),
    ("2 years or more", float("inf")),
)

#: Statutory limits in working days (Working Together to Safeguard Children, March 2013).
ASSESSMENT_LIMIT = 45
CONFERENCE_LIMIT = 15
#: Statutory limits in calendar days: reviews of child protection plans.
FIRST_REVIEW_LIMIT = 91.3125
LATER_REVIEW_LIMIT = 182.625

DAYS_A_YEAR = 365.25
ADULT = 18 * DAYS_A_YEAR


def age_band(age: int) -> int:
    """Return the index in `AGE_BANDS` of a whole age in years (18 and over count with the last band)."""
    return 0 if age < 1 else 1 if age < 5 else 2 if age < 10 else 3 if age < 16 else 4


_BAND_OF_AGE = [age_band(age) for age in range(19)]


def by_single_year(bands: Sequence[T]) -> list[T]:
    """Spread one value per age band over the ages 0 to 18, so that the model can index by age."""
    return [bands[band] for band in _BAND_OF_AGE]
