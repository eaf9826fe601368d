"""Child in need plans at home: from the finding of need to closing, a new concern, or care."""

from __future__ import annotations

from bisect import bisect_right
from math import log

from demandsim.draws import Episode, NeedPlan, Stage
from demandsim.model.care import CareSteps
from demandsim.model.child import Child
from demandsim.records import Count
from demandsim.vocabulary import Need, State


class NeedSteps(CareSteps):
    """Events of a child in need plan."""

    __slots__ = ()

    def start_need_plan(self, child: Child, stepped_down: bool = False) -> None:
        """Begin a plan; `stepped_down` after protection or care. A plan once interrupted goes on with its old end."""
        now, rules = self._now, self.rules
        if child.first_plan_drawn:
            row, first = self.draws.row(child.id, Stage.NEED_PLAN, child.need_plans), 0
            child.need_plans += 1
        else:
            # The same four decisions stand in the episode's row, in the same order.
            row, first = child.row, Episode.PLAN_LENGTH
            child.first_plan_drawn = True
        self.move(child, State.CHILD_IN_NEED)
        when, handler = child.need_end, self.on_need_plan_ended
        if when <= now:
            if child.need == Need.DISABILITY:
                law = rules.disability_time
            elif stepped_down:
                law = rules.step_down_time
            else:
                law = rules.need_times[bisect_right(rules.need_length, row[first])]
            when = child.need_end = now + law.of(row[first + NeedPlan.TIME])
        # Time to an event is at least luck / rate, as -log(1 - luck) is at least luck: so most need no logarithm to be
        # known to come too late.
        rate = rules.concern_rate_after_plan if child.plans else rules.concern_rate
        rate *= child.risk * rules.concern_by_need[child.need]
        luck = row[first + NeedPlan.CONCERN]
        if luck < rate * (when - now):
            concern_at = now - log(1.0 - luck) / rate
            if concern_at < when:
                when, handler = concern_at, self.on_concern_raised
        rate = rules.need_to_care[child.age(now)] * child.risk
        luck = row[first + NeedPlan.TO_CARE]
        if luck < rate * (when - now):
            care_at = now - log(1.0 - luck) / rate
            if care_at < when:
                when, handler = care_at, self.on_need_plan_failed
        self.wait_at_home(child, when, handler)

    def need_plan_ended(self, child: Child) -> None:
        self.count[Count.NEED_CLOSED] += 1
        self.close(child)

    def need_plan_failed(self, child: Child) -> None:
        """Help at home was not enough: the child becomes looked after."""
        self.family_looked_after(child)

    def concern_raised(self, child: Child) -> None:
        """New information on an open case starts a section 47 enquiry; it is not a referral."""
        self.count[Count.CONCERN] += 1
        self.start_enquiry(child)

    def turned_eighteen(self, child: Child) -> None:
        """A child leaves every child service at 18."""
        if child.state == State.PROTECTION_PLAN:
            self.count[Count.PLAN_CLOSED] += 1
            self.end_plan(child)
        self.leave(child)
