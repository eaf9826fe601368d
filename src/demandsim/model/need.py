"""Child in need plans at home: from the finding of need to closing, a new concern, or care."""

from __future__ import annotations

from bisect import bisect_right
from math import log

from demandsim.draws import NEED_PLANS_A_ROW, Episode, Stage, fraction
from demandsim.model.care import CareSteps
from demandsim.model.child import NEVER, Child, Timer
from demandsim.records import Count
from demandsim.vocabulary import Need, State


class NeedSteps(CareSteps):
    """Events of a child in need plan."""

    def start_need_plan(self, child: Child, stepped_down: bool = False) -> None:
        """Begin a plan; `stepped_down` after protection or care. A plan once interrupted goes on with its old end."""
        now, rules = self._now, self.rules
        row = child.row
        if child.first_plan_drawn:
            shared, nth = divmod(child.need_plans, NEED_PLANS_A_ROW)
            if nth == 0:
                child.need_plan_row = self.draws.row(child.id, Stage.NEED_PLAN, shared)
            length, time, concern, to_care = child.need_plan_row[4 * nth : 4 * nth + 4]
            child.need_plans += 1
        else:
            length, time = row[Episode.PLAN_LENGTH], row[Episode.PLAN_TIME]
            concern, to_care = row[Episode.CONCERN], row[Episode.NEED_TO_CARE]
            child.first_plan_drawn = True
        self.move(child, State.CHILD_IN_NEED)
        if child.need_end <= now:
            if child.need == Need.DISABILITY:
                law = rules.disability_time
            elif stepped_down:
                law = rules.step_down_time
            else:
                law = rules.need_times[bisect_right(rules.need_length, length)]
            child.need_end = now + law.of(time)
        rate = rules.concern_rate_after_plan if child.plans else rules.concern_rate
        rate *= child.risk * rules.concern_by_need[child.need]
        concern_at = now - log(1.0 - fraction(concern)) / rate if rate > 0.0 else NEVER
        rate = rules.need_to_care[child.age(now)] * child.risk
        care_at = now - log(1.0 - fraction(to_care)) / rate if rate > 0.0 else NEVER

        when, handlers = child.need_end, self.on_need_plan_ended
        if concern_at < when:
            when, handlers = concern_at, self.on_concern_raised
        if care_at < when:
            when, handlers = care_at, self.on_need_plan_failed
        self.wait_at_home(child, when, handlers)

    def need_plan_ended(self, timer: Timer) -> None:
        self.count[Count.NEED_CLOSED] += 1
        self.close(timer.child)

    def need_plan_failed(self, timer: Timer) -> None:
        """Help at home was not enough: the child becomes looked after."""
        self.family_looked_after(timer.child)

    def concern_raised(self, timer: Timer) -> None:
        """New information on an open case starts a section 47 enquiry; it is not a referral."""
        self.count[Count.CONCERN] += 1
        self.start_enquiry(timer.child)

    def turned_eighteen(self, timer: Timer) -> None:
        """A child leaves every child service at 18."""
        child = timer.child
        if child.state == State.PROTECTION_PLAN:
            self.count[Count.PLAN_CLOSED] += 1
            self.end_plan(child)
        self.end_episode(child)
