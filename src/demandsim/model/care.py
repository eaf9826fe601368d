"""Looked after: becoming so, where to live, moving, going missing, and leaving by each route.

A period of care has its exit settled at the start: a plan for permanence and the time it takes. Moves and missing
episodes happen on the way. The child waits for whichever comes first.
"""

from __future__ import annotations

from bisect import bisect_right
from math import log

from demandsim.draws import Care as Draw
from demandsim.draws import Missing, Place, Row, Stage
from demandsim.model.child import LONG_AGO, NEVER, NO_CARE, Care, Child
from demandsim.model.spells import PLACEMENTS, ROUTES
from demandsim.model.world import MOST_LIKELY, World
from demandsim.records import Count
from demandsim.vocabulary import (
    DAYS_A_YEAR,
    FOSTERED,
    LeaverActivity,
    LeavingRoute,
    Placement,
    State,
    age_band,
)

BREAKDOWN_DAYS = 5 * DAYS_A_YEAR
#: Placement types in the order of the `placement.*` parameters.
FIRST_CHOICE = (
    Placement.FOSTER_IN_HOUSE,
    Placement.FOSTER_AGENCY,
    Placement.KINSHIP,
    Placement.CHILDRENS_HOME,
    Placement.OTHER,
)
_LEFT = (Count.LEFT_HOME, Count.LEFT_ADOPTION, Count.LEFT_GUARDIANSHIP, Count.LEFT_OTHER, Count.LEFT_EIGHTEEN)
CARE_LENGTHS = (14.0, DAYS_A_YEAR, 2 * DAYS_A_YEAR, 5 * DAYS_A_YEAR, 10 * DAYS_A_YEAR)
#: A care leaver is owed support after 13 weeks of care that reach past the sixteenth birthday (Children Act 1989).
QUALIFYING_DAYS = 91.0
_AT_HOME = (State.ASSESSMENT, State.ENQUIRY, State.CHILD_IN_NEED, State.PROTECTION_PLAN)


class CareSteps(World):
    """Events from the start of care to the end of leaving-care support."""

    __slots__ = ()

    # -- becoming looked after ------------------------------------------------------------------------------------

    def family_looked_after(self, child: Child, emergency: bool = False) -> None:
        """A child becomes looked after, and siblings with an open case may with it: one application if to court."""
        to_court = self.become_looked_after(child, emergency)
        for sibling in self.siblings_with_open_case(child):
            if sibling.state in _AT_HOME and self._now < sibling.adult_at:
                row = self.draws.row(sibling.id, Stage.CARE, sibling.care.periods)
                if row[Draw.JOINS] < self.rules.siblings_join:
                    self.interrupt(sibling)
                    to_court |= self.become_looked_after(sibling, emergency)
        if to_court:
            self.count[Count.APPLICATION] += 1
            self.court.apply(self.decided_at)

    def become_looked_after(self, child: Child, emergency: bool) -> bool:
        """Start a period of care, settle how it will end, and find a placement. True if proceedings begin."""
        now, rules, count = self._now, self.rules, self.count
        if child.care is NO_CARE:
            child.care = Care()
        care = child.care
        if child.state == State.PROTECTION_PLAN:
            count[Count.PLAN_TO_CARE] += 1
            self.end_plan(child)
        elif care.breakdown_at <= now:
            count[Count.CARE_FROM_HOME] += 1
        elif child.state == State.CHILD_IN_NEED:
            count[Count.CARE_FROM_NEED] += 1
        else:
            count[Count.CARE_FROM_ASSESSMENT] += 1
        if child.opened is None:
            self.open_episode(child)
        if child.unallocated:
            self.stop_waiting(child)
        self.need_found(child)
        child.need_end = LONG_AGO
        self.move(child, State.LOOKED_AFTER)
        row = care.row = self.draws.row(child.id, Stage.CARE, care.periods)
        age = child.age(now)

        count[Count.CARE_STARTED] += 1
        if care.periods:
            count[Count.CARE_AGAIN] += 1
        count[Count.CARE_STARTED_AGE + age_band(age)] += 1
        if care.last_ended < self.year_start:
            count[Count.CARE_IN_YEAR] += 1
        self.note_return_to_care(child)
        care.periods += 1
        care.started = now
        care.period_placements = 0
        care.breakdown_at, child.home_until = NEVER, child.adult_at

        route = care.route = bisect_right(rules.care_route[age], row[Draw.ROUTE])
        in_court: bool = row[Draw.LEGAL] < rules.proceedings[route]
        if emergency or row[Draw.LEGAL] > 1.0 - rules.emergency:
            count[Count.CARE_EMERGENCY] += 1
        care.phase_at, care.final_placement = NEVER, Placement.OTHER
        care.exit_at = min(now + self.time_to_leave(child, route, row, in_court), child.adult_at)
        care.frailty = rules.frailty.of(row[Draw.FRAILTY])
        care.placed_at = LONG_AGO
        self.schedule_missing(child)
        self.place(child)
        return in_court

    def time_to_leave(self, child: Child, route: int, row: Row, in_court: bool) -> float:
        """Return the days until the period ends by its route, and settle its last phase, if it has one of its own."""
        rules, now, care = self.rules, self._now, child.care
        court = 0.0
        if in_court:
            court = rules.court_time.of(row[Draw.COURT])
            self.decided_at = now + court
        if route == LeavingRoute.EIGHTEEN:
            return child.adult_at - now
        if route == LeavingRoute.HOME:
            if row[Draw.SHORT] < rules.short_share and not in_court:
                return rules.short_stay.of(row[Draw.STAY])
            stay = court + rules.home_stay.of(row[Draw.STAY])
            if in_court and row[Draw.WITH_PARENTS] < rules.with_parents:
                care.phase_at, care.final_placement = now + stay, Placement.WITH_PARENTS
                stay += rules.with_parents_time.of(row[Draw.FINAL_PHASE])
            return stay
        if route == LeavingRoute.ADOPTION:
            matched = court + rules.matching_time[child.age(now)].of(row[Draw.MATCHING])
            care.phase_at, care.final_placement = now + matched, Placement.FOR_ADOPTION
            return matched + rules.adoption_order_time.of(row[Draw.FINAL_PHASE])
        if route == LeavingRoute.GUARDIANSHIP:
            return court + rules.guardianship_time.of(row[Draw.STAY])
        return court + rules.other_time.of(row[Draw.STAY])

    # -- placements and moves -------------------------------------------------------------------------------------

    def place(self, child: Child, final: bool = False) -> None:
        """Find a placement, settle when the child would move on from it, and wait for whatever comes first."""
        now, rules, care = self._now, self.rules, child.care
        row, full = self.draws.row(child.id, Stage.PLACEMENT, care.placements), False
        if final:
            kind = care.final_placement
            care.move_at, care.phase_at = NEVER, NEVER
        else:
            kind, full = self.find_place(child, row[Place.TYPE])
            moves = care.frailty * rules.moves_by_age[child.age(now)]
            if full:
                moves *= rules.spill_moves
            care.move_at = now + rules.move_time.of(row[Place.TIME]) / moves
        away = rules.out_of_area_home if kind == Placement.CHILDRENS_HOME else rules.out_of_area_other
        if full:
            away += rules.spill_away
        care.out_of_area = row[Place.AREA] < away
        care.placement = kind
        care.previous_placed_at, care.placed_at = care.placed_at, now
        care.placements += 1
        care.period_placements += 1
        self.placed[kind] += 1
        self.placed_days[kind] += self.month_end - now
        self.wait_in_care(child)

    def find_place(self, child: Child, luck: float) -> tuple[int, bool]:
        """Return a type of placement with room, and whether the first choice was full; that delays leaving care."""
        age, care = child.age(self._now), child.care
        first = FIRST_CHOICE[bisect_right(self.rules.placement_choice[child.need][age], luck)]
        if care.period_placements == 0 and first in FOSTERED:
            for sibling in self.siblings_with_open_case(child):
                # Together where a family has room for both.
                if sibling.state == State.LOOKED_AFTER and sibling.care.placement in FOSTERED:
                    first = sibling.care.placement
        kind = self.places.find(first, self.placed, age)
        if kind == first:
            return kind, False
        self.count[Count.PLACED_FIRST_FULL] += 1
        delay = self.rules.spill_delay
        care.exit_at = min(care.exit_at + delay, child.adult_at)
        care.phase_at += delay
        return kind, True

    def leave_placement(self, child: Child) -> None:
        care = child.care
        self.placed[care.placement] -= 1
        self.placed_days[care.placement] -= self.month_end - self._now
        if self.book:
            self.book.note(child, "placement", PLACEMENTS[care.placement], care.placed_at, self._now)

    def wait_in_care(self, child: Child) -> None:
        """Wait for the first of leaving, a last phase, a move and going missing."""
        care = child.care
        when, handler = care.exit_at, self.on_leaving_care
        if care.phase_at < when:
            when, handler = care.phase_at, self.on_last_phase
        if care.move_at < when:
            when, handler = care.move_at, self.on_placement_ended
        if care.missing_at < when:
            when, handler = care.missing_at, self.on_went_missing
        self.call_at(when, child, handler)

    def placement_ended(self, child: Child) -> None:
        self.count[Count.MOVE] += 1
        self.leave_placement(child)
        self.place(child)

    def last_phase_began(self, child: Child) -> None:
        """The child goes to live with adopters, or with a parent under the care order."""
        self.count[Count.MOVE] += 1
        self.leave_placement(child)
        self.place(child, final=True)

    # -- missing --------------------------------------------------------------------------------------------------

    def schedule_missing(self, child: Child) -> None:
        care = child.care
        rate = self.rules.missing_rate[child.age(self._now)] * care.frailty
        if rate <= 0.0:
            care.missing_at = NEVER
            return
        care.missing_row = self.draws.row(child.id, Stage.MISSING, care.missing)
        care.missing_at = self._now - log(1.0 - care.missing_row[Missing.TIME]) / rate

    def went_missing(self, child: Child) -> None:
        """A child goes missing. That raises the risk of more and of moving; a timely interview prevents part of it."""
        now, care = self._now, child.care
        luck = care.missing_row[Missing.INTERVIEW]
        interviewed = luck < self.rules.interviewed
        self.count[Count.MISSING] += 1
        self.count[Count.INTERVIEWED] += interviewed
        care.missing += 1
        rise = self.rules.missing_rise[interviewed]
        # The spread of propensity is bounded: without a bound a few children would go missing daily.
        if care.frailty < 20.0:
            care.frailty *= rise
            care.move_at = now + (care.move_at - now) / rise
        self.schedule_missing(child)
        self.wait_in_care(child)

    # -- leaving --------------------------------------------------------------------------------------------------

    def left_care(self, child: Child) -> None:
        now, count, care = self._now, self.count, child.care
        route = LeavingRoute.EIGHTEEN if now >= child.adult_at else care.route
        self.leave_placement(child)
        days = now - care.started
        count[Count.CARE_ENDED] += 1
        count[_LEFT[route]] += 1
        count[Count.CARE_ENDED_BAND + bisect_right(CARE_LENGTHS, days)] += 1
        moves = care.period_placements
        count[Count.CARE_ENDED_MOVES + (0 if moves < 5 else 1 if moves < 10 else 2)] += 1
        care.last_ended = now
        if self.book:
            self.book.note(child, "looked after", f"period {care.periods}", care.started, now, ROUTES[route])
        if route == LeavingRoute.HOME:
            self.went_home(child)
        elif route == LeavingRoute.EIGHTEEN or (route == LeavingRoute.OTHER and child.age(now) >= 16):
            self.became_care_leaver(child)
        else:
            if route == LeavingRoute.ADOPTION:
                age = child.age(now)
                count[Count.ADOPTED_AGE + (0 if age < 1 else 1 if age < 2 else 2 if age < 6 else 3)] += 1
            self.leave(child)

    def went_home(self, child: Child) -> None:
        """Back with parents, on a child in need plan; the return may break down (register O086)."""
        now, rules, care = self._now, self.rules, child.care
        care.went_home = now
        self.home_cohort(now)[0] += 1
        limit = min(rules.breakdown * child.risk, MOST_LIKELY)
        luck = care.row[Draw.BREAKDOWN]
        if luck < limit:
            care.breakdown_at = now + BREAKDOWN_DAYS * (luck / limit) ** rules.breakdown_power
            child.home_until = min(care.breakdown_at, child.adult_at)
        self.start_need_plan(child, stepped_down=True)

    def home_broke_down(self, child: Child) -> None:
        """A child that had gone home is looked after again; if its case was closed, that begins with a referral."""
        self.count[Count.BREAKDOWN] += 1
        if child.opened is None:
            self.new_episode(child)
            self.count[Count.CONTACT] += 1
            self.count_referral(child)
        self.family_looked_after(child, emergency=True)

    def home_cohort(self, when: float) -> list[int]:
        """Return [returns home, of them back in care within five years] of the financial year of a moment."""
        return self.home_cohorts.setdefault(self.calendar.month_index(when) // 12, [0, 0])

    def note_return_to_care(self, child: Child) -> None:
        care = child.care
        if self._now - care.went_home < BREAKDOWN_DAYS:
            self.home_cohort(care.went_home)[1] += 1
            care.went_home = LONG_AGO

    # -- care leavers ---------------------------------------------------------------------------------------------

    def became_care_leaver(self, child: Child) -> None:
        now, care = self._now, child.care
        sixteen = child.adult_at - 2 * DAYS_A_YEAR
        qualifies = now - max(care.started, sixteen) >= QUALIFYING_DAYS
        if qualifies and care.row[Draw.IN_TOUCH] < self.rules.in_touch:
            self.move(child, State.CARE_LEAVER)
            if self.unallocated:
                self.allocate()
            self.call_at(child.adult_at + DAYS_A_YEAR, child, self.on_leaver_nineteen)
        else:
            self.leave(child)

    def leaver_turned_nineteen(self, child: Child) -> None:
        activity = bisect_right(self.rules.leaver_activity, child.care.row[Draw.ACTIVITY])
        self.count[Count.LEAVER_NINETEEN] += 1
        self.count[Count.LEAVER_ACTIVITY + activity] += 1
        years = 7 if activity == LeaverActivity.EDUCATION else 3
        self.call_at(child.adult_at + years * DAYS_A_YEAR, child, self.on_leaver_ended)

    def leaver_support_ended(self, child: Child) -> None:
        self.count[Count.LEAVER_ENDED] += 1
        self.leave(child)
