"""Several censuses of children in need put together: each case once, with what each census says of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from demandsim.localise.case import Case
from demandsim.localise.quality import Quality
from demandsim.localise.years import NEAR, closes, opens


def once(cases: Sequence[Case], quality: Quality) -> list[Case]:
    """Return each referral as the latest census has it, in order of time."""
    found: dict[tuple[object, ...], Case] = {}
    seen = Counter[tuple[object, ...]]()
    for case in cases:
        # A referral without further action is another one than the case that was opened on the same day.
        which = (case.child, case.referred, case.no_action)
        key = (*which, seen[*which, case.of])
        seen[*which, case.of] += 1
        if key in found:
            quality.note(
                found[key].file, "children in need census, referrals and cases", "superseded_case", found[key].line
            )
            _carry_over(found[key], case)
        found[key] = case
    return sorted(found.values(), key=lambda one: (one.referred, not one.no_action, one.closed or date.max))


def without_vanished(cases: Sequence[Case], returns: Sequence[int], quality: Quality) -> list[Case]:
    """Close the cases that are open in a census and absent from the next; one whose referral has another day there is
    that case.
    """
    of_child: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        of_child[case.child].append(case)
    kept: list[Case] = []
    for case in cases:
        if case.closed or case.no_action or not any(year > case.of for year in returns):
            kept.append(case)
            continue
        again = [
            one
            for one in of_child[case.child]
            if one.of > case.of
            and not one.no_action
            and (one.referred < closes(case.of) or one.referred - case.referred <= NEAR)
            and (one.closed is None or one.closed > case.referred)
        ]
        reason = "superseded_case" if again else "vanished_case"
        quality.note(case.file, "children in need census, referrals and cases", reason, case.line)
        if again:
            _carry_over(case, again[0])
        else:
            case.closed, case.vanished = closes(case.of), True
            kept.append(case)
    return kept


def _joined(
    older: Sequence[tuple[date, date | None]], newer: Sequence[tuple[date, date | None]]
) -> list[tuple[date, date | None]]:
    """Return what two censuses have, each once: what had no end in the older one may have it in the newer."""
    left = Counter(older)
    for start, end in newer:
        same = (start, end) if left[start, end] else (start, None)
        left[same] -= left[same] > 0
    return sorted([*newer, *left.elements()], key=lambda one: (one[0], one[1] or date.max))


def _carry_over(older: Case, newer: Case) -> None:
    """Let a case have what an earlier census says of it: each has the assessments and enquiries of its own year.

    A plan that was open in the earlier one and has another start in the later one is the same; one that the later one
    does not have ended on an unknown day.
    """

    def is_corrected(start: date, others: Iterable[date]) -> bool:
        # What begins in the later census's own year is another one.
        before = [other for other in others if other < opens(newer.of)]
        return any(start != other and abs(start - other) <= NEAR for other in before)

    for name in ("assessments", "initial", "enquiries"):
        setattr(newer, name, _joined(getattr(older, name), getattr(newer, name)))
    newer.conferences = sorted({*older.conferences, *newer.conferences})
    newer.concluded |= older.concluded
    plans = {plan.start: plan for plan in newer.plans}
    named = list(plans)
    for plan in older.plans:
        if plan.end is None and is_corrected(plan.start, named):
            continue
        if plan.end is None and plan.start not in plans:
            plan.end, plan.vanished = closes(older.of), True
        same = plans.setdefault(plan.start, plan)
        same.reviews = sorted({*plan.reviews, *same.reviews})
    newer.plans = [plans[start] for start in sorted(plans)]
