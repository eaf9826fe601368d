"""The pathway, declared once: every step a child takes, what does it, and what may come next.

The model's loop runs this table. The picture of the pathway and the glossary are drawn from it, and a test holds it
against what children do. `FLOWS` says what of it is counted, from box to box of the picture.
"""

from __future__ import annotations

from typing import NamedTuple

from demandsim.lookup import looked_up_often
from demandsim.records import Count


class Declared(NamedTuple):
    """One step.

    Attributes:
        box: of `BOXES`, where the picture shows a child that takes it.
        handler: the function that carries it out, as file.function of `model`; empty where a process does.
        then: names of the steps that may come next, at once or later.
        meaning: what happens, for the glossary.
    """

    box: str
    handler: str
    then: tuple[str, ...]
    meaning: str


class Table:
    """Collects steps as they are declared; a step's number is its place."""

    def __init__(self) -> None:
        self.all: list[Declared] = []

    def step(self, box: str, handler: str, then: str, meaning: str) -> int:
        """Declare a step and return its number."""
        self.all.append(Declared(box, handler, tuple(then.split()), meaning))
        return len(self.all) - 1


#: Every box of the picture, with what stands on it.
BOXES = {
    "contact": "Contact",
    "no action": "No action",
    "early help": "Early help asked",
    "referral": "Referral",
    "assessment": "Assessment",
    "enquiry": "Section 47 enquiry",
    "conference": "Initial conference",
    "plan": "Child protection plan",
    "need": "Child in need plan",
    "care": "Looked after",
    "home": "Home",
    "adoption": "Adoption",
    "guardianship": "Guardianship",
    "other": "Other routes",
    "leaver": "Care leaver at 18",
    "closed": "Case closed",
}

#: What a child in care may meet next; and one whose care proceedings may be yet to come.
_IN_CARE = " CARE_ENDS LAST_PHASE MOVE MISSING"
_BEFORE_COURT = _IN_CARE + " PROCEEDINGS"


@looked_up_often
class Step:
    """Every step of the pathway."""

    table = Table()
    GONE = table.step("closed", "", "", "the child has grown up")
    MONTH = table.step(
        "contact",
        "",
        "AT_HOME CONTACT REFERRAL CONCERN HARM_SEEN LOOKED_AFTER LOOKED_AFTER_AT_ONCE HOME_BROKE_DOWN",
        "a month passes; what it brings to a child known comes before whatever the child waits for",
    )
    AT_HOME = table.step("closed", "", "", "no case is open; circumstances go on, a month at a time")
    CONTACT = table.step("contact", "front_door.contact", "EARLY_HELP", "a contact leads to a request for early help")
    EARLY_HELP = table.step("early help", "", "", "early help is requested; the week's panel gives places")
    REFERRAL = table.step(
        "referral",
        "front_door.referral",
        "ASSESSED ENQUIRY AT_HOME TURNED_EIGHTEEN",
        "decided on within a working day; assessed, an enquiry at once, or closed",
    )
    HARM_SEEN = table.step(
        "enquiry", "protection.harm_seen", "ENQUIRY", "serious harm is seen: an enquiry, whatever the thresholds say"
    )
    ASSESSED = table.step(
        "assessment", "front_door.assessed", "NEED_DECISION", "a social worker completes the assessment"
    )
    NEED_DECISION = table.step(
        "assessment", "front_door.need_decision", "EARLY_HELP NEED_PLAN AT_HOME", "in need or not, and what follows"
    )
    NEED_PLAN = table.step(
        "need",
        "need.need_plan",
        "NEED_PLAN_ENDS TURNED_EIGHTEEN",
        "a child in need plan begins, or goes on after an enquiry",
    )
    STEPPED_DOWN = table.step(
        "need",
        "need.stepped_down",
        "NEED_PLAN_ENDS TURNED_EIGHTEEN",
        "a child in need plan begins after a protection plan or care",
    )
    NEED_PLAN_ENDS = table.step("need", "need.need_plan_ends", "AT_HOME", "the case is closed")
    CONCERN = table.step("need", "need.concern", "ENQUIRY", "a new concern on an open case; not a referral")
    ENQUIRY = table.step(
        "enquiry", "protection.enquiry", "ENQUIRY_CONCLUDED TURNED_EIGHTEEN", "a strategy discussion begins an enquiry"
    )
    ENQUIRY_CONCLUDED = table.step(
        "enquiry",
        "protection.enquiry_concluded",
        "CONFERENCE NEED_PLAN NEED_PLAN_ENDS NEED_DECISION",
        "substantiated or not",
    )
    CONFERENCE = table.step(
        "conference", "protection.conference", "PLAN NEED_PLAN", "the initial child protection conference is held"
    )
    PLAN = table.step("plan", "protection.plan", "NEXT_REVIEW", "a child protection plan begins")
    NEXT_REVIEW = table.step("plan", "protection.next_review", "REVIEW TURNED_EIGHTEEN", "the next review is set")
    REVIEW = table.step(
        "plan", "protection.review", "NEXT_REVIEW STEPPED_DOWN AT_HOME", "a review ends the plan or lets it run"
    )
    LOOKED_AFTER = table.step(
        "care", "care.looked_after", _BEFORE_COURT, "the child becomes looked after, siblings may too"
    )
    LOOKED_AFTER_AT_ONCE = table.step(
        "care", "care.looked_after_at_once", _IN_CARE, "by police protection or an emergency order"
    )
    MOVE = table.step("care", "placements.move", _BEFORE_COURT, "the child moves to another placement")
    LAST_PHASE = table.step(
        "care",
        "placements.last_phase",
        "CARE_ENDS MISSING",
        "the child goes to live with adopters, or with a parent under the order",
    )
    MISSING = table.step("care", "missing.goes_missing", _BEFORE_COURT, "the child goes missing and returns")
    CARE_ENDS = table.step(
        "care",
        "leaving.care_ends",
        "WENT_HOME LEAVER AT_HOME ORDER_BROKE_DOWN",
        "the period of being looked after ends by its route",
    )
    WENT_HOME = table.step(
        "home", "leaving.went_home", "STEPPED_DOWN AT_HOME", "the child is back with parents or relatives"
    )
    HOME_BROKE_DOWN = table.step("home", "leaving.home_broke_down", "LOOKED_AFTER", "a return home breaks down")
    LEAVER = table.step("leaver", "leavers.leaver", "LEAVER_NINETEEN GONE", "a care leaver, supported if owed it")
    LEAVER_NINETEEN = table.step("leaver", "leavers.leaver_nineteen", "LEAVER_ENDS", "what care leavers do at 19")
    LEAVER_ENDS = table.step("leaver", "leavers.leaver_ends", "GONE", "support ends")
    TURNED_EIGHTEEN = table.step("closed", "need.turned_eighteen", "GONE", "a child leaves every child service at 18")
    CARE_BEFORE = table.step(
        "care", "warm_up.care_before", "LOOKED_AFTER", "looked after without having been known here before"
    )
    PLAN_BEFORE = table.step(
        "need", "warm_up.plan_before", "NEED_PLAN", "a disabled child's long plan from before the pathway is simulated"
    )
    PROCEEDINGS = table.step(
        "care", "care.proceedings", _IN_CARE, "care proceedings begin for a child looked after by agreement until then"
    )
    ORDER_BROKE_DOWN = table.step(
        "guardianship", "leaving.order_broke_down", "LOOKED_AFTER", "a child that left care to guardians comes back"
    )


#: Each step's name, in order.
NAMES = [
    name for name, _ in sorted(((n, v) for n, v in vars(Step).items() if isinstance(v, int)), key=lambda item: item[1])
]


def may_follow(step: int, following: int) -> bool:
    """Return whether one step may come after another."""
    return NAMES[following] in Step.table.all[step].then


class Flow(NamedTuple):
    """One way from a box of the picture to another, and what counts it.

    Attributes:
        source, target: of `BOXES`.
        counts: columns whose sum is the number of children who took it in a month.
        minus: columns to take off, where a count holds more than this way.
        governed_by: parameters that decide it, as `demandsim explain` knows them.
    """

    source: str
    target: str
    counts: tuple[int, ...]
    minus: tuple[int, ...]
    governed_by: tuple[str, ...]


FLOWS = (
    Flow("contact", "no action", (Count.CONTACT_NO_ACTION,), (), ("contact.early_help_threshold",)),
    Flow("contact", "early help", (Count.EARLY_HELP_ASKED,), (Count.STEPPED_DOWN,), ("contact.referral_threshold",)),
    Flow("contact", "referral", (Count.REFERRAL,), (), ("contact.referral_threshold",)),
    Flow("referral", "closed", (Count.REFERRAL_NO_ACTION,), (), ("referral.no_action_threshold",)),
    Flow("referral", "assessment", (Count.REFERRAL_ASSESSED,), (), ("referral.enquiry_threshold",)),
    Flow("referral", "enquiry", (Count.REFERRAL_ENQUIRY,), (), ("referral.enquiry_threshold",)),
    Flow("assessment", "closed", (Count.NOT_IN_NEED,), (), ("assessment.need_threshold",)),
    Flow("assessment", "early help", (Count.STEPPED_DOWN,), (), ("assessment.plan_threshold",)),
    Flow("assessment", "need", (Count.NEED_FROM_ASSESSMENT,), (), ("assessment.plan_threshold",)),
    Flow("assessment", "care", (Count.CARE_FROM_ASSESSMENT,), (), ("care.rate", "harm.rate")),
    Flow("need", "enquiry", (Count.CONCERN,), (), ("enquiry.concerns",)),
    Flow("need", "closed", (Count.NEED_CLOSED,), (), ("need.length", "need.short_days")),
    Flow("need", "care", (Count.CARE_FROM_NEED,), (), ("care.rate",)),
    Flow("enquiry", "conference", (Count.CONFERENCE,), (), ("enquiry.substantiated",)),
    Flow("conference", "plan", (Count.PLAN_STARTED,), (), ("conference.plan",)),
    Flow("plan", "need", (Count.PLAN_STEPPED_DOWN,), (), ("plan.ends_at_review",)),
    Flow("plan", "closed", (Count.PLAN_CLOSED,), (), ("plan.closed_outright",)),
    Flow("plan", "care", (Count.PLAN_TO_CARE,), (), ("care.on_plan",)),
    Flow("care", "home", (Count.LEFT_HOME,), (), ("care.home",)),
    Flow("home", "care", (Count.CARE_FROM_HOME,), (), ("care.after_home",)),
    Flow("care", "adoption", (Count.LEFT_ADOPTION,), (), ("care.adoption",)),
    Flow("care", "guardianship", (Count.LEFT_GUARDIANSHIP,), (), ("care.guardianship",)),
    Flow("guardianship", "care", (Count.CARE_FROM_GUARDIANS,), (), ("care.orders_break_down",)),
    Flow("care", "other", (Count.LEFT_OTHER,), (), ("care.other",)),
    Flow("care", "leaver", (Count.LEFT_EIGHTEEN,), (), ()),
)
