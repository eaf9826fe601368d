"""A month of the whole pathway in expected values, in the order a child meets its steps."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.chances import PLAN_KINDS, Chances
from demandsim.meanfield.delays import Delay, Long, Queue
from demandsim.meanfield.episodes import Episodes, Moved
from demandsim.meanfield.grid import (
    AGES,
    BANDS,
    BOTH,
    CARED,
    HISTORIES,
    KNOWN,
    NEEDS,
    NEW,
    PLANNED,
    SEVERITY,
    SHAPE,
    aged,
    nothing,
)
from demandsim.meanfield.help import Help, positive_part
from demandsim.meanfield.home import NeedPlans, PlansEnd, Waiting, of_needs, of_plans
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.law import ASSESSED, ENQUIRED, Law
from demandsim.meanfield.plans import Protection
from demandsim.records import Count
from demandsim.state.world import WEEK
from demandsim.vocabulary import DURATION_BANDS

Array = NDArray[np.float64]

_POINTS = len(SEVERITY)
#: Shape of children of two histories: on plans, looked after before or not; looked after, on a plan before or not.
TWO = (2, NEEDS, _POINTS, AGES)
_ROWS = 2 * NEEDS * _POINTS
_NEW_CASES = HISTORIES * NEEDS
_CASES = (_NEW_CASES + PLAN_KINDS * HISTORIES, _POINTS, AGES)
_BANDS = np.array(BANDS)


class Entering(NamedTuple):
    """Who enters in a month from outside.

    Attributes:
        contacts: contacts, first ones and those seeded.
        care, disabled: long stays seeded.
        joining: children who become looked after because a sibling does: from an assessment, a child in need plan and a
            child protection plan.
        referred: referrals to follow in place of those that contacts lead to.
    """

    contacts: Array
    care: Array
    disabled: Array
    joining: tuple[float, float, float] = (0.0, 0.0, 0.0)
    referred: Array | None = None


def to_care(flow: Array) -> Array:
    """Return children of all histories with the history of those once looked after."""
    return np.stack([flow[NEW] + flow[KNOWN] + flow[CARED], flow[PLANNED] + flow[BOTH]])


def join_known(flow: Array, referred: Array) -> None:
    """Add children who have been referred: those who were new are known from now on."""
    flow[KNOWN:] += referred[KNOWN:]
    flow[KNOWN] += referred[NEW]


class Pathway:
    """Stocks of the mean field, a month at a time.

    Args:
        months: of the whole run.
        lengths: what follows how long episodes of need last, if that is wanted.

    Attributes:
        ended_by_length: episodes of need that ended in the month, but for those of care leavers.
        in_care, left_care: children looked after, and how many leave care in a month by another way than home and not
            as care leavers; set from outside.
        counting: whether to count what happens; most of a long history is of no interest.
        count: what happened in the month.
        contacts, referrals: of the month, known whether counted or not.
        referred: children referred in the month, but for those whose return home broke down.
        no_worker: children who wait for a social worker at the month's end; set from outside.
        most_conferences: that can be held in the month; set from outside.
        just_asked: children on the list for early help for whom no panel has met yet.
        at_home: children returned home, in a child in need plan, who will be looked after again because that fails.
    """

    def __init__(self, months: int, lengths: Episodes | None = None) -> None:
        self.waiting = Waiting()
        self.help = Help()
        self.need = NeedPlans()
        self.unallocated = Queue(SHAPE)
        self.assessing = Delay(SHAPE, ASSESSED)
        self._continuous = Delay((1,), ASSESSED)
        self.enquiring = Delay(_CASES, ENQUIRED)
        self.booked_later = Queue(_CASES)
        self.plans = Protection(_ROWS, months)
        self._in_care, self._in_care_since = Long(_ROWS, months), Long(_ROWS, months)
        #: What was true before the start, by which those leave care who entered it then; None until the start.
        self.history: Law | None = None
        self._to_break_down = Long(_ROWS, months)
        self.at_home = 0.0
        self._destined, self._returned = np.zeros(TWO), np.zeros(0)
        self.went_home: Array = np.zeros(TWO)
        self.destined = 0.0
        #: Of breakdowns in the month, those of returns home so many months before; the latest first.
        self.broken_by_lag: Array = np.zeros(0)
        self._lengths = lengths
        self.ended_by_length: Array = np.zeros(len(DURATION_BANDS))
        self.in_care = self.left_care = 0.0
        self._moved = Moved()
        self.counting = False
        self.count: Array = np.zeros(Count.words.size)
        self.contacts = self.referrals = 0.0
        self.no_worker, self.most_conferences = 0.0, inf
        self.just_asked = 0.0
        self.referred: Array = nothing()
        # Of the month's closed cases, those that come back; and of those that asked for help in vain.
        self._closed, self._unmet = nothing(), nothing()

    def month(self, law: Law, entering: Entering) -> Array:
        """Let a month pass, and return who became looked after in it."""
        chances = law.chances
        self.count = np.zeros(Count.words.size)
        asked, enquired, assessed = self._contacts(
            entering.contacts + self.waiting.step(chances), law, entering.referred
        )
        begun, cared = self._assessments(law, assessed, asked, entering.joining[0])
        moved = self._moved = Moved(
            need_open=_by_kind(self.need.open), plan_open=self.plans.stock, care_open=self.in_care
        )
        moved.assessed = _by_kind(of_plans(begun + entering.disabled, chances.begun_as))
        moved.assessed_care = float(cared.sum() + entering.care.sum())
        care = self._to_care(cared)
        ended = self._need(law, begun, entering)
        moved.need_closed, moved.need_enquired, moved.need_care = (_by_kind(flow) for flow in ended)
        care += self._to_care(of_needs(ended.to_care)) + to_care(entering.care)
        late, cared, starting = self._enquiries(law, enquired, ended.concerns, asked)
        care += cared
        stepped, cared = self._plans(law, starting, entering.joining[2])
        late += stepped
        care += cared + self._breakdowns(law)
        late += self._home(law, care)
        closed_late = self.need.late(late, chances)
        moved.late_closed = float(closed_late.sum())
        self._close(of_needs(closed_late), chances)
        self._tally(self.need.eighteen, Count.NEED_ENDED)
        moved.home, moved.care_ended = float(self.went_home.sum()), self.left_care
        if self._lengths:
            self.ended_by_length = self._lengths.step(moved, law)
        self._early_help(law, asked, entering)
        self.waiting.join(self._closed, self._unmet, chances)
        self._care_started(law, care)
        return care

    def long_stays(self, law: Law, entering: Entering) -> Array:
        """Let a month pass long before the start, when only long stays matter; return who became looked after.

        Who comes back is helped or given a plan at once. What a concern would lead to is left out: the plan goes on.
        """
        chances = law.chances
        asked, enquired, assessed = self._contacts(self.waiting.step(chances), law, None)
        begun, cared = self._decide(law, enquired + assessed, asked)
        ended = self._need(law, begun, entering)
        care = to_care(of_needs(ended.to_care) + cared) + to_care(entering.care) + self._breakdowns(law)
        self._close(of_needs(self.need.late(self._home(law, care) + ended.concerns, chances)), chances)
        self._unmet += asked * chances.back_unmet
        self.waiting.join(self._closed, self._unmet, chances)
        return care

    def _tally(self, flow: Array | float, *columns: int) -> None:
        """Count a flow."""
        if self.counting:
            total = float(np.sum(flow))
            for column in columns:
                self.count[column] += total

    def _to_care(self, flow: Array) -> Array:
        self._tally(flow[CARED], Count.CARE_AGAIN)
        self._tally(flow[BOTH], Count.CARE_AGAIN)
        return to_care(flow)

    # -- front door -----------------------------------------------------------------------------------------------

    def _contacts(self, contacts: Array, law: Law, instead: Array | None) -> tuple[Array, Array, Array]:
        """Return who asks for help, and whose referral leads to an enquiry at once and to an assessment."""
        chances = law.chances
        self.contacts = float(contacts.sum())
        self._tally(self.contacts, Count.CONTACT)
        no_action = contacts * chances.no_action
        referred = self.referred = contacts * chances.referred
        self.referrals = float(referred.sum())
        self._tally(self.referrals, Count.REFERRAL)
        if instead is not None:
            referred = instead
        closed = referred * chances.not_acted_on
        enquired, assessed = referred * chances.enquired_at_once, referred * chances.assessed
        self._tally(no_action, Count.CONTACT_NO_ACTION)
        self._tally(closed, Count.REFERRAL_NO_ACTION)
        self._tally(enquired, Count.REFERRAL_ENQUIRY)
        self._tally(assessed, Count.REFERRAL_ASSESSED)
        self._closed, self._unmet = no_action * chances.back_no_action, nothing()
        join_known(self._closed, closed * chances.back_referral)
        return contacts * chances.asks_for_help, enquired, assessed

    def _assessments(self, law: Law, assessed: Array, asked: Array, joining: float) -> tuple[Array, Array]:
        begun = self.unallocated.step(assessed, self.no_worker)
        self._tally(begun, Count.ASSESSMENT_STARTED)
        done = aged(self.assessing.step(begun, law.assessments_end), law.assessments_older)
        continuous = self._continuous.step(np.array([law.continuous * begun.sum()]), law.continuous_end)
        self._tally(continuous, Count.ASSESSED_CONTINUOUS)
        self._tally(law.assessed_in_time(self.unallocated.waits) * continuous, Count.ASSESSED_IN_TIME)
        return self._decide(law, done, asked, joining)

    def _decide(self, law: Law, assessed: Array, asked: Array, joining: float = 0.0) -> tuple[Array, Array]:
        """Return who begins a child in need plan, and who becomes looked after, of those assessed."""
        chances = law.chances
        joined = assessed * min(1.0, joining / max(1e-12, float(assessed.sum())))
        assessed = assessed - joined
        not_in_need = assessed * chances.not_in_need
        stepped = assessed * chances.stepped_down
        in_need = assessed * chances.planned_for
        care = in_need * chances.assessment_to_care
        self._tally(not_in_need, Count.NOT_IN_NEED)
        self._tally(stepped, Count.STEPPED_DOWN)
        self._tally(in_need, Count.NEED_STARTED, Count.NEED_FROM_ASSESSMENT)
        self._tally(-care, Count.NEED_FROM_ASSESSMENT)
        self._tally(joined, Count.NEED_STARTED, Count.CARE_FROM_ASSESSMENT)
        self._tally(care, Count.CARE_FROM_ASSESSMENT)
        join_known(self._closed, not_in_need * chances.back_not_in_need)
        join_known(asked, stepped)
        begun = nothing()
        join_known(begun, in_need - care)
        return begun, care + joined

    def _early_help(self, law: Law, asked: Array, entering: Entering) -> None:
        chances = law.chances
        helped = self.help.step(asked, law.rules, law.clustering)
        # Families known before are on the list at once, new ones when the panel meets.
        anew = float((entering.contacts * chances.asks_for_help).sum())
        self.just_asked = max(0.0, float(asked.sum()) - anew) / MONTH * WEEK / 2
        self._tally(asked, Count.EARLY_HELP_ASKED)
        self._tally(helped.started, Count.EARLY_HELP_STARTED)
        self._tally(chances.works * helped.started, Count.EARLY_HELP_WORKED)
        self._tally(helped.unmet, Count.EARLY_HELP_UNMET)
        self._closed += helped.started * chances.back_helped
        self._unmet += helped.unmet * chances.back_unmet

    def _need(self, law: Law, begun: Array, entering: Entering) -> PlansEnd:
        """Let child in need plans go on for a month, those begun among them."""
        chances = law.chances
        ended = self.need.step(of_plans(begun + entering.disabled, chances.begun_as), chances, entering.joining[1])
        self._tally(entering.disabled, Count.NEED_STARTED)
        self._tally(entering.care, Count.NEED_STARTED, Count.CARE_FROM_ASSESSMENT)
        self._tally(ended.to_care, Count.CARE_FROM_NEED)
        self._tally(ended.concerns, Count.CONCERN)
        self._close(of_needs(ended.closed), chances)
        return ended

    def _close(self, closed: Array, chances: Chances) -> None:
        """Close cases of children at home, some of whom will come back."""
        self._tally(closed, Count.NEED_CLOSED, Count.NEED_ENDED)
        self._closed += closed * chances.back_closed

    # -- protection -----------------------------------------------------------------------------------------------

    def _enquiries(self, law: Law, enquired: Array, concerns: Array, asked: Array) -> tuple[Array, Array, Array]:
        """Return plans begun or gone on with, who became looked after, and who is put on a child protection plan."""
        chances = law.chances
        entering = np.concatenate([enquired.reshape(-1, _POINTS, AGES), concerns.reshape(-1, _POINTS, AGES)])
        done = aged(self.enquiring.step(entering, law.enquiries_end), law.enquiries_older)
        ended = done * (1 - chances.substantiated)
        conferences = self._conferences_held(law, done * chances.substantiated)
        cared = (ended + conferences) * chances.enquiry_to_care
        ended, conferences = (flow * (1 - chances.enquiry_to_care) for flow in (ended, conferences))
        self._tally(entering, Count.ENQUIRY)
        self._tally(cared, Count.CARE_FROM_ASSESSMENT, Count.CARE_EMERGENCY)
        self._tally(cared[:_NEW_CASES], Count.NEED_STARTED)
        self._tally(conferences[:_NEW_CASES], Count.NEED_STARTED)
        self._tally(conferences, Count.CONFERENCE)
        self._tally(law.conferred_in_time(self.booked_later.waits) * conferences, Count.CONFERENCE_IN_TIME)

        moved = self._moved
        new, open_ = _split(conferences * chances.conference_plan)
        moved.enquired_plan, moved.back_plan = float(new.sum()), float(open_.sum())
        starting = new + of_needs(open_)
        new, open_ = _split(conferences * (1 - chances.conference_plan))
        # A plan that was interrupted goes on if it has not ended meanwhile; else another begins.
        again = nothing()
        join_known(again, new + of_needs(open_ * (1 - law.go_on)))
        anew = of_plans(again, chances.begun_as)
        moved.back, moved.enquired = _by_kind(open_ * law.go_on), _by_kind(anew)
        begun = open_ * law.go_on + anew
        new, open_ = _split(ended)
        begun += open_ * law.go_on
        moved.back = moved.back + _by_kind(open_ * law.go_on)
        moved.back_closed = float((open_ * (1 - law.go_on)).sum())
        self._close(of_needs(open_ * (1 - law.go_on)), chances)
        in_need, care = self._decide(law, new, asked)
        anew = of_plans(in_need, chances.begun_as)
        begun += anew
        moved.enquired = moved.enquired + _by_kind(anew)
        new, open_ = _split(cared)
        moved.enquired_care, moved.back_care = float(new.sum() + care.sum()), float(open_.sum())
        return begun, self._to_care(new + of_needs(open_) + care), starting

    def _conferences_held(self, law: Law, due: Array) -> Array:
        """Return who has a conference, of those who should in the month and of those for whom there was no room."""
        expected = float(due.sum())
        beyond = float(self.booked_later.inside.sum()) + expected - self.most_conferences
        return self.booked_later.step(due, positive_part(beyond, float(np.sqrt(law.clustering * expected))))

    def _plans(self, law: Law, starting: Array, joining: float) -> tuple[Array, Array]:
        """Return plans stepped down to, and who became looked after."""
        chances = law.chances
        once = np.stack([starting[NEW] + starting[KNOWN] + starting[PLANNED], starting[CARED] + starting[BOTH]])
        falls = np.broadcast_to(chances.plan_to_care, TWO).reshape(_ROWS, AGES)
        falls = falls + joining / max(1e-12, self.plans.stock)
        leaving = self.plans.step(once.reshape(_ROWS, AGES), law.reviews, falls, self.counting)
        ended, cared = leaving.ended.reshape(TWO), leaving.to_care.reshape(TWO)
        closed, stepped = nothing(), nothing()
        closed[[PLANNED, BOTH]] = ended * chances.closed_outright
        stepped[[PLANNED, BOTH]] = ended * (1 - chances.closed_outright)
        self._closed += closed * chances.back_closed
        moved = self._moved
        moved.plan_closed = float(closed.sum()) + leaving.eighteen
        moved.plan_stepped, moved.plan_care = float(stepped.sum()), float(cared.sum())
        self._tally(starting, Count.PLAN_STARTED)
        self._tally(starting[[PLANNED, BOTH]], Count.PLAN_REPEAT)
        self._tally(closed, Count.PLAN_CLOSED, Count.PLAN_ENDED, Count.NEED_ENDED)
        self._tally(leaving.eighteen, Count.PLAN_CLOSED, Count.PLAN_ENDED, Count.NEED_ENDED)
        self._tally(stepped, Count.PLAN_STEPPED_DOWN, Count.PLAN_ENDED)
        self._tally(cared, Count.PLAN_TO_CARE, Count.PLAN_ENDED)
        self._tally(leaving.reviews, Count.REVIEW)
        self._tally(leaving.reviews * law.rules.review_late, Count.REVIEW_LATE)
        self.count[Count.PLAN_ENDED_BAND : Count.PLAN_ENDED_BAND + len(leaving.bands)] += leaving.bands
        self._tally(cared[1], Count.CARE_AGAIN)
        care = np.zeros(TWO)
        care[1] = cared.sum(axis=0)
        return of_plans(stepped, chances.stepped_as), care

    # -- care -----------------------------------------------------------------------------------------------------

    def _breakdowns(self, law: Law) -> Array:
        """Return who becomes looked after because a return home broke down.

        Until then they are on the plan they were stepped down to, or closed; what else might have brought them back
        sooner is left out.
        """
        lags = len(law.breaks)
        broken = self._to_break_down.step(self._destined, law.breakdown_after)
        total = float(broken.sum())
        returned = self._returned = np.concatenate([[self._destined.sum()], self._returned[: lags - 1]])
        left, breaks = law.stepped_left[: len(returned)], law.breaks[: len(returned)]
        closed = float(returned @ ((1 - left) * breaks)) * total / max(1e-12, float(returned @ breaks))
        self._tally(total, Count.BREAKDOWN, Count.CARE_FROM_HOME, Count.CARE_EMERGENCY, Count.CARE_AGAIN)
        # Those whose case was closed are contacted about and referred anew.
        self._tally(closed, Count.CONTACT, Count.REFERRAL, Count.NEED_STARTED)
        self.contacts += closed
        self.referrals += closed
        self.broken_by_lag = returned * breaks
        before, self.at_home = self.at_home, float(returned @ (left * law.unbroken[: len(returned)]))
        self._tally(before + returned[0] - (total - closed) - self.at_home, Count.NEED_CLOSED, Count.NEED_ENDED)
        return broken

    def _home(self, law: Law, care: Array) -> Array:
        """Return plans begun by those who went home, but for those whose return will break down."""
        if self.history is None:
            home = self._in_care.step(care, law.home_after)
        else:
            home = self._in_care.step(np.zeros(TWO), self.history.home_after)
            home += self._in_care_since.step(care, law.home_after)
        self.went_home = home
        self._destined = home * law.breaks_down
        self.destined = float(self._destined.sum())
        flow = nothing()
        flow[[CARED, BOTH]] = home - self._destined
        return of_plans(flow, law.chances.stepped_as)

    def _care_started(self, law: Law, care: Array) -> None:
        if self.counting:
            count, by_bin = self.count, care.sum(axis=(0, 1, 2))
            np.add.at(count, Count.CARE_STARTED_AGE + _BANDS, by_bin)
            total = count[Count.CARE_STARTED] = by_bin.sum()
            # Some enter by police protection although nothing had been enquired into.
            count[Count.CARE_EMERGENCY] += law.emergency * (total - count[Count.CARE_EMERGENCY])


def _by_kind(plans: Array) -> Array:
    """Return how many there are of each kind of plan."""
    return np.asarray(plans.sum(axis=(1, 2, 3)))


def _split(cases: Array) -> tuple[Array, Array]:
    """Return those whose referral led to an enquiry, by kind of need, and those on plans, by kind of plan."""
    return cases[:_NEW_CASES].reshape(SHAPE), cases[_NEW_CASES:].reshape(PLAN_KINDS, HISTORIES, _POINTS, AGES)
