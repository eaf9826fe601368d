"""Parameters that the model had once: what to use instead, for whoever has a file or a habit from then."""

from __future__ import annotations

from collections.abc import Iterable

from demandsim.problems import Problem, did_you_mean
from demandsim.scenario.parameters import PARAMETERS

_BY_SEVERITY = "contact.rate and contact.slope, as children come back by severity"
_INTO_CARE = "care.rate, as children become looked after by severity"

#: Parameters that have another name now. The old one is accepted until the version after 0.2, with a notice.
RENAMED = {"budget.brakes": "budget.spending_controls"}


def now_called(name: str) -> str:
    """Return the present name of a parameter that was renamed, or the name as it is."""
    return RENAMED.get(name, name)


#: What is expected instead of a name: parameters that do now what it did, and why.
REPLACED = {
    "severity.persistence": "severity.permanent and severity.slow, as severity has parts that last and parts that pass",
    "severity.risk_slope": "harm.slope, contact.slope and care.slope, as each hazard has a slope of its own",
    "severity.history_weight": "severity.permanent, as who was known before is seen by severity alone",
    "severity.unmet_increment": "harm.rise, what harm that nobody sees adds to severity; whoever gets no help is left "
    "with the severity there is",
    "relapse.strength": f"{_BY_SEVERITY}; with contact.rate and contact.unrelated at 0 nobody does",
    "relapse.after_contact": _BY_SEVERITY,
    "relapse.after_early_help": f"{_BY_SEVERITY}; early_help.relative_risk is what early help does about it",
    "relapse.after_referral": _BY_SEVERITY,
    "relapse.after_assessment": _BY_SEVERITY,
    "relapse.after_need": f"{_BY_SEVERITY}; help.need is what a child in need plan does about it",
    "relapse.after_plan": f"{_BY_SEVERITY}; help.plan is what a protection plan does about it",
    "relapse.after_care": f"{_BY_SEVERITY}; help.looked_after is what care does about it",
    "relapse.median_days": f"{_BY_SEVERITY}; severity.fast_months is how soon a crisis passes",
    "relapse.shape": f"{_BY_SEVERITY}; severity.slow is how much of severity lasts for years",
    "practice.relapse": "practice.help, as practice acts on what help does",
    "pressure.relapse": "pressure.early_closing, as load closes plans sooner, and help.lost_with_worker",
    "assessment.to_care": _INTO_CARE,
    "need.to_care": _INTO_CARE,
    "plan.to_care": f"{_INTO_CARE}; care.on_plan is how much more often on a protection plan",
    "enquiry.to_care": f"{_INTO_CARE}; care.on_plan is how much more often in an enquiry",
    "enquiry.after_plan": "enquiry.concerns, as new concerns come by severity, before a plan and after it",
    "care.emergency": "harm.rate and harm.severe, as harm that is seen brings a child into care at once",
    "care.breakdown": "care.after_home, the hazard of care just after a return home",
    "care.breakdown_level": "prevention.reunification, which buys support of returns home; care.after_home is how "
    "fragile they are",
    "care.breakdown_shape": "care.after_home, which fades over two years",
    "start.contacts": "demand.new_families and demand.before, as the years before the start are simulated",
    "start.known": "demand.new_families and demand.before, as the years before the start are simulated",
    "budget.prevention": "prevention.targeted and prevention.universal, as prevention is by tier",
}


def not_a_parameter(
    where: str,
    key: str,
    name: str,
    hint: str,
    known: Iterable[str] = PARAMETERS,
    expected: str = "the name of a parameter",
) -> Problem:
    """Return what is wrong with a name that is no parameter's, and what to use instead if it was one once.

    Args:
        where: file or option that gave it.
        key: place in it.
        name: as given.
        hint: command to try.
        known: names that could have been meant.
        expected: unless there is something to use instead.
    """
    if name in REPLACED:
        return Problem(where, key, "a parameter that the model no longer has", REPLACED[name], hint)
    labels = {one: parameter.meaning for one, parameter in PARAMETERS.items()}
    return Problem(
        where, key, "a parameter the model does not have" + did_you_mean(name, known, labels), expected, hint
    )
