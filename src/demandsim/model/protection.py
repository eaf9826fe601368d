"""Section 47 enquiry, initial conference, and the child protection plan with its reviews."""

from __future__ import annotations

from math import log

from demandsim.draws import Enquiry, Review, Stage
from demandsim.model.child import LONG_AGO, NEVER, Child, Protection
from demandsim.model.need import NeedSteps
from demandsim.model.world import duration_band
from demandsim.records import Count
from demandsim.vocabulary import CONFERENCE_LIMIT, FIRST_REVIEW_LIMIT, LATER_REVIEW_LIMIT, State

#: A late review is held a fortnight late on average; a judgement, nobody publishes by how much.
LATE_BY = 14.0


class ProtectionSteps(NeedSteps):
    """Events from a strategy discussion to the end of a plan."""

    __slots__ = ()

    # -- enquiry and conference -----------------------------------------------------------------------------------

    def start_enquiry(self, child: Child) -> None:
        """Hold the strategy discussion; the enquiry ends on the day booked for a conference, or later if it slips."""
        rules, now = self.rules, self._now
        self.count[Count.ENQUIRY] += 1
        protection = child.protection = Protection()
        row = protection.row = self.draws.row(child.id, Stage.ENQUIRY, child.enquiries)
        child.enquiries += 1
        protection.enquiry_started = now
        self.move(child, State.ENQUIRY)
        days = rules.booked_from + (CONFERENCE_LIMIT - rules.booked_from) * row[Enquiry.BOOKED]
        if row[Enquiry.SLIPS] < rules.slips:
            days += rules.slip.of(row[Enquiry.SLIP])
        when = self.calendar.after_working_days(now, days)
        if row[Enquiry.SUBSTANTIATED] < rules.substantiated:
            when = self.conferences.book(when)
        self.wait_at_home(child, when, self.on_enquiry_concluded)

    def enquiry_concluded(self, child: Child) -> None:
        rules, now = self.rules, self._now
        row = child.protection.row
        if row[Enquiry.TO_CARE] < rules.enquiry_to_care[child.age(now)] * child.risk:
            self.family_looked_after(child, emergency=True)
        elif row[Enquiry.SUBSTANTIATED] < rules.substantiated:
            self.need_found(child)
            self.hold_conference(child)
        elif child.need_end > now:
            self.start_need_plan(child)
        elif child.need_known:
            # Its plan would have ended while the enquiry went on.
            self.need_plan_ended(child)
        else:
            self.decide_need(child)

    def hold_conference(self, child: Child) -> None:
        count = self.count
        count[Count.CONFERENCE] += 1
        taken = self.calendar.working_days_between(child.protection.enquiry_started, self._now)
        count[Count.CONFERENCE_IN_TIME] += taken <= CONFERENCE_LIMIT
        if child.protection.row[Enquiry.PLAN] < self.rules.conference_plan:
            self.start_plan(child)
        else:
            self.start_need_plan(child)

    # -- plan and reviews -----------------------------------------------------------------------------------------

    def start_plan(self, child: Child) -> None:
        count, now, protection = self.count, self._now, child.protection
        count[Count.PLAN_STARTED] += 1
        if child.plans:
            count[Count.PLAN_REPEAT] += 1
        child.plans += 1
        protection.plan_started = now
        protection.review_number = 0
        protection.late_review_due = child.need_end = LONG_AGO
        rate = self.rules.plan_to_care[child.age(now)] * child.risk
        luck = protection.row[Enquiry.PLAN_TO_CARE]
        protection.care_at = now - log(1.0 - luck) / rate if rate > 0.0 else NEVER
        self.move(child, State.PROTECTION_PLAN)
        self.wait_for_review(child)

    def wait_for_review(self, child: Child) -> None:
        """Set the next review: the first within 3 months, later ones within 6. Care may come before it."""
        rules, now, protection = self.rules, self._now, child.protection
        number = protection.review_number
        protection.review_row = self.draws.row(child.id, Stage.REVIEW, (child.plans << 8) + number)
        time, late, forward, _ = protection.review_row
        limit = LATER_REVIEW_LIMIT if number else FIRST_REVIEW_LIMIT
        if late < rules.review_late:
            gap = limit - LATE_BY * log(1.0 - time)
            protection.late_review_due = now + limit
        elif number and forward < rules.review_forward:
            gap = limit * (0.4 + 0.4 * time)
        else:
            gap = limit * (0.8 + 0.2 * time)
        protection.review_set_at = now
        when = now + gap
        handler = self.on_plan_reviewed
        if protection.care_at < when:
            when, handler = protection.care_at, self.on_plan_failed
        self.wait_at_home(child, when, handler)

    def plan_reviewed(self, child: Child) -> None:
        """A review conference ends the plan or lets it run."""
        rules, count, protection = self.rules, self.count, child.protection
        count[Count.REVIEW] += 1
        if protection.late_review_due > protection.review_set_at:
            count[Count.REVIEW_LATE] += 1
        number = protection.review_number
        ends = protection.review_row[Review.ENDS]
        protection.review_number = number + 1
        if ends >= rules.ends_at_review[number if number < 3 else 3]:
            self.wait_for_review(child)
            return
        self.end_plan(child)
        if protection.row[Enquiry.CLOSED_OUTRIGHT] < rules.closed_outright:
            count[Count.PLAN_CLOSED] += 1
            self.close(child)
        else:
            count[Count.PLAN_STEPPED_DOWN] += 1
            self.start_need_plan(child, stepped_down=True)

    def plan_failed(self, child: Child) -> None:
        """The plan did not keep the child safe at home: a review is brought forward and the child is looked after."""
        self.family_looked_after(child)

    def end_plan(self, child: Child) -> None:
        count, started = self.count, child.protection.plan_started
        count[Count.PLAN_ENDED] += 1
        count[Count.PLAN_ENDED_BAND + duration_band(self._now - started)] += 1
        if self.book:
            self.book.note(child, "child protection plan", f"plan {child.plans}", started, self._now)
