"""The front door: contact, referral and assessment."""

from __future__ import annotations

from math import exp

from demandsim.draws import SLICES, Episode
from demandsim.model.child import Child
from demandsim.model.early_help import EarlyHelp
from demandsim.model.protection import ProtectionSteps
from demandsim.records import Count
from demandsim.vocabulary import ASSESSMENT_LIMIT, Closure, State

#: The last working week before the limit, in which overdue assessments are finished.
LAST_WEEK = 5.0


class FrontDoorSteps(ProtectionSteps):
    """Events from a contact to the result of an assessment."""

    __slots__ = ()

    early_help: EarlyHelp

    def seen(self, child: Child, draw: float) -> float:
        """Return the severity a worker sees: the child's own, its known history, and noise."""
        rules = self.rules
        seen = child.severity + rules.noises[int(draw * SLICES)]
        return seen + rules.history_weight if child.known else seen

    # -- contact --------------------------------------------------------------------------------------------------

    def contact_returned(self, child: Child) -> None:
        """A child known before is contacted about again. First contacts are settled by the month, in `demand`."""
        rules, count = self.rules, self.count
        count[Count.CONTACT] += 1
        row = self.new_episode(child)
        child.known = child.last_referral is not None
        # Circumstances change between contacts: without this, children once severe would come back for ever.
        severity = rules.persistence * child.severity + rules.changes[int(row[Episode.SEVERITY] * SLICES)]
        child.severity, child.risk = severity, exp(rules.risk_slope * severity)
        seen = self.seen(child, row[Episode.CONTACT_SCORE])
        if seen > rules.referral_threshold:
            self.referral_received(child)
        elif seen > rules.early_help_threshold:
            self.early_help.ask(child)
        else:
            count[Count.CONTACT_NO_ACTION] += 1
            self.may_return(child, Closure.CONTACT_NO_ACTION)

    # -- referral -------------------------------------------------------------------------------------------------

    def referral_received(self, child: Child) -> None:
        """Decide within the day: no further action, an enquiry at once, or an assessment."""
        self.count_referral(child)
        rules, count = self.rules, self.count
        seen = self.seen(child, child.row[Episode.REFERRAL_SCORE])
        if seen < rules.no_action_threshold:
            count[Count.REFERRAL_NO_ACTION] += 1
            self.may_return(child, Closure.REFERRAL_NO_FURTHER_ACTION)
            return
        # Asked before it is one of the cases itself.
        full = self.allocated >= self.room
        self.open_episode(child)
        if seen > rules.enquiry_threshold:
            count[Count.REFERRAL_ENQUIRY] += 1
            self.start_enquiry(child)
        else:
            count[Count.REFERRAL_ASSESSED] += 1
            # Allocated to a worker with room, or left to wait for one.
            self.move(child, State.ASSESSMENT)
            if full:
                self.wait_for_worker(child)
            else:
                self.begin_assessment(child)

    # -- assessment -----------------------------------------------------------------------------------------------

    def begin_assessment(self, child: Child) -> None:
        rules, row, now = self.rules, child.row, self._now
        self.count[Count.ASSESSMENT_STARTED] += 1
        if row[Episode.ASSESSMENT_FORMAT] < rules.continuous:
            days = rules.assessment_time.of(row[Episode.ASSESSMENT_TIME]) * rules.slow
            if days > ASSESSMENT_LIMIT and row[Episode.DEADLINE] < rules.deadline_effort:
                # The same luck, spread over the last week: finished in time because somebody chased it.
                days = ASSESSMENT_LIMIT - LAST_WEEK * row[Episode.DEADLINE] / rules.deadline_effort
        else:
            days = rules.initial_time.of(row[Episode.ASSESSMENT_TIME]) * rules.slow
        when = self.calendar.after_working_days(now, days)
        self.wait_at_home(child, when, self.on_assessment_completed)

    def assessment_completed(self, child: Child) -> None:
        count = self.count
        if child.row[Episode.ASSESSMENT_FORMAT] < self.rules.continuous:
            count[Count.ASSESSED_CONTINUOUS] += 1
            taken = self.calendar.working_days_between(child.opened, self._now)  # type: ignore[arg-type]
            count[Count.ASSESSED_IN_TIME] += taken <= ASSESSMENT_LIMIT
        self.decide_need(child)

    def decide_need(self, child: Child) -> None:
        """Close as not in need, step down to early help, take into care, or begin a child in need plan."""
        rules, count, row = self.rules, self.count, child.row
        seen = self.seen(child, row[Episode.ASSESSMENT_SCORE])
        if seen < rules.need_threshold:
            count[Count.NOT_IN_NEED] += 1
            self.forget_episode(child)
            self.may_return(child, Closure.NOT_IN_NEED)
        elif seen < rules.plan_threshold:
            count[Count.STEPPED_DOWN] += 1
            self.forget_episode(child)
            self.early_help.ask(child)
        else:
            self.need_found(child)
            if row[Episode.TO_CARE] < rules.assessment_to_care[child.age(self._now)] * child.risk:
                self.family_looked_after(child)
            else:
                count[Count.NEED_FROM_ASSESSMENT] += 1
                self.start_need_plan(child)
