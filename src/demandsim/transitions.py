"""The pathway as a table: which step leads to which, and what counts it.

The diagram is drawn from it, the glossary lists it, and a test holds it against what the model does: what flows into a
step, less what flows out, is the change in those who stand there.
"""

from __future__ import annotations

from typing import NamedTuple

from demandsim.records import Count


class Transition(NamedTuple):
    """One way from a step to another.

    Attributes:
        source, target: names of steps in `STEPS`.
        counts: columns whose sum is the number of children who took it in a month.
        minus: columns to take off, where a count holds more than this way.
        governed_by: parameters that decide it, as `demandsim explain` knows them.
    """

    source: str
    target: str
    counts: tuple[int, ...]
    minus: tuple[int, ...]
    governed_by: tuple[str, ...]


#: Every step, with what stands on its box.
STEPS = {
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

TRANSITIONS = (
    Transition("contact", "no action", (Count.CONTACT_NO_ACTION,), (), ("contact.early_help_threshold",)),
    Transition(
        "contact", "early help", (Count.EARLY_HELP_ASKED,), (Count.STEPPED_DOWN,), ("contact.referral_threshold",)
    ),
    Transition("contact", "referral", (Count.REFERRAL,), (), ("contact.referral_threshold",)),
    Transition("referral", "closed", (Count.REFERRAL_NO_ACTION,), (), ("referral.no_action_threshold",)),
    Transition("referral", "assessment", (Count.REFERRAL_ASSESSED,), (), ("referral.enquiry_threshold",)),
    Transition("referral", "enquiry", (Count.REFERRAL_ENQUIRY,), (), ("referral.enquiry_threshold",)),
    Transition("assessment", "closed", (Count.NOT_IN_NEED,), (), ("assessment.need_threshold",)),
    Transition("assessment", "early help", (Count.STEPPED_DOWN,), (), ("assessment.plan_threshold",)),
    Transition("assessment", "need", (Count.NEED_FROM_ASSESSMENT,), (), ("assessment.plan_threshold",)),
    Transition("assessment", "care", (Count.CARE_FROM_ASSESSMENT,), (), ("assessment.to_care", "enquiry.to_care")),
    Transition("need", "enquiry", (Count.CONCERN,), (), ("enquiry.concerns",)),
    Transition("need", "closed", (Count.NEED_CLOSED,), (), ("need.length", "need.short_days")),
    Transition("need", "care", (Count.CARE_FROM_NEED,), (), ("need.to_care",)),
    Transition("enquiry", "conference", (Count.CONFERENCE,), (), ("enquiry.substantiated",)),
    Transition("conference", "plan", (Count.PLAN_STARTED,), (), ("conference.plan",)),
    Transition("plan", "need", (Count.PLAN_STEPPED_DOWN,), (), ("plan.ends_at_review",)),
    Transition("plan", "closed", (Count.PLAN_CLOSED,), (), ("plan.closed_outright",)),
    Transition("plan", "care", (Count.PLAN_TO_CARE,), (), ("plan.to_care",)),
    Transition("care", "home", (Count.LEFT_HOME,), (), ("care.home",)),
    Transition("home", "care", (Count.CARE_FROM_HOME,), (), ("care.breakdown",)),
    Transition("care", "adoption", (Count.LEFT_ADOPTION,), (), ("care.adoption",)),
    Transition("care", "guardianship", (Count.LEFT_GUARDIANSHIP,), (), ("care.guardianship",)),
    Transition("care", "other", (Count.LEFT_OTHER,), (), ("care.other",)),
    Transition("care", "leaver", (Count.LEFT_EIGHTEEN,), (), ()),
)
