"""What a month costs: child-weeks and posts times unit costs, on the lines of the Section 251 outturn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.vocabulary import DAYS_A_YEAR, Placement, SpendLine, State

if TYPE_CHECKING:
    from demandsim.model.journey import Journey

_WEEKLY = (
    (Placement.FOSTER_IN_HOUSE, SpendLine.FOSTERING, "cost.foster_in_house"),
    (Placement.FOSTER_AGENCY, SpendLine.FOSTERING, "cost.foster_agency"),
    (Placement.KINSHIP, SpendLine.FOSTERING, "cost.kinship"),
    (Placement.CHILDRENS_HOME, SpendLine.RESIDENTIAL, "cost.childrens_home"),
)


def spend_of_month(world: Journey) -> list[float]:
    """Return the month's spend in pounds, one number for each `SpendLine`."""
    values = world.values
    spend = [0.0] * SpendLine.words.size
    for placement, line, cost in _WEEKLY:
        spend[line] += world.placed_days[placement] / 7 * values[cost]
    year = (world.month_end - world.calendar.month_starts[world.month]) / DAYS_A_YEAR
    care_years = world.state_days[State.LOOKED_AFTER] / DAYS_A_YEAR
    spend[SpendLine.CARE_OTHER] = care_years * values["cost.looked_after_other"]
    children = values["population.children"]
    workers = values["workforce.social_workers"] * children / 1e4
    spend[SpendLine.SOCIAL_WORK] = year * workers * values["cost.social_worker"]
    spend[SpendLine.INTERVENTION_OTHER] = year * children * values["cost.intervention_other"]
    spend[SpendLine.PREVENTION] = year * children * values["budget.prevention"]
    return spend
