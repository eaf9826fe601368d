"""Every spell of a run, for those who want to look at children one by one, or to count again what the tables count.

A spell is noted where it is counted, when it ends; what is a moment begins and ends at it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from demandsim.engine.compiling import compiled
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.record import by_name
from demandsim.records import SpellEnd, SpellKind
from demandsim.state.children import NEVER, Child, Plan
from demandsim.state.kept import Memory
from demandsim.state.world import World, plans_of, spells_of
from demandsim.vocabulary import LegalRoute, Need, Placement, State

#: (child, family, kind, detail, start day, end day or None, how it ended, day of birth, primary need, legal basis)
Spell = tuple[int, int, str, str, float, float | None, str, str, str, str]
Spells = list[Spell]
SPELL_COLUMNS = ("child", "family", "kind", "detail", "start", "end", "ended_by", "born", "need", "basis")

_FIELDS = ("id", "kind", "detail", "start", "end", "ended_by", "adult_at", "need", "basis")
_KINDS, _ENDS = SpellKind.words.labels(), (*SpellEnd.words.labels(), "")
_NEEDS, _BASES = Need.words.labels(), (*LegalRoute.words.labels(), "")
_PLACEMENTS = Placement.words.labels()
#: What the details of those kinds mean whose details are not numbers.
_DETAILS: dict[int, list[str]] = {
    SpellKind.EPISODE: ["not found in need", "in need"],
    SpellKind.PLACEMENT: _PLACEMENTS,
    SpellKind.ASSESSMENT: ["", "continuous", "initial"],
    SpellKind.REVIEW: ["in time", "late"],
    SpellKind.EARLY_HELP: ["not effectively planned", "effectively planned"],
}
#: The age, in years, at which a child grows up.
_GROWN = 18
_NUMBERED = {SpellKind.PLAN: "plan", SpellKind.CARE: "period", SpellKind.ENQUIRY: "enquiry"}


@compiled
def note(
    world: World, child: Child, kind: int, detail: int, start: float, end: float, ended_by: int, basis: int = -1
) -> None:
    """Note a spell, where spells are kept; one that ends after the horizon is marked as unfinished later."""
    clock = world.clock
    if clock.keep_spells:
        spell = spells_of(world)[clock.spells]
        spell.id, spell.adult_at, spell.need = child.id, child.adult_at, child.need
        spell.kind, spell.detail, spell.basis = kind, detail, basis
        spell.start, spell.end, spell.ended_by = start, end, ended_by
        clock.spells += 1


@compiled
def note_moment(world: World, child: Child, kind: int, when: float, ended_by: int) -> None:
    """Note what takes no time, where spells are kept."""
    note(world, child, kind, 0, when, when, ended_by)


@compiled
def cut_short(world: World, child: Child, why: int) -> None:
    """Note the end of an assessment or an enquiry that something else cuts short, if one is under way."""
    now = world.clock.now
    under_way: Plan = plans_of(world)[child.row]
    if child.state == State.ENQUIRY:
        note(world, child, SpellKind.ENQUIRY, child.enquiries, under_way.enquiry_started, now, why)
    elif child.state == State.ASSESSMENT and not child.unallocated:
        note(world, child, SpellKind.ASSESSMENT, 0, under_way.assessment_started, now, why)


def every_spell(memory: Memory, origin: date) -> Spells:
    """Return the spells noted, and those still open at the horizon, marked as unfinished by having no end.

    Args:
        memory: of an authority at its horizon.
        origin: the date of day 0.
    """
    noted = memory.spells[: memory.here.clock.spells]
    noted["end"][noted["end"] > memory.here.clock.horizon] = np.inf
    rows = list(zip(*(noted[name].tolist() for name in _FIELDS), strict=True))
    children = by_name(memory.children)
    cases = children[(children.id != NOBODY) & (children.opened != NEVER)]
    for child in cases[cases.opened.argsort(kind="stable")]:
        whose = (float(child.adult_at), int(child.need))
        rows += [
            (int(child.id), kind, detail, start, NEVER, -1, *whose, basis)
            for kind, detail, start, basis in _open_spells(memory, child)
        ]

    @cache
    def born(adult_at: float) -> str:
        """Return the day whose eighteenth return is the day on which the child grows up, as a return has it."""
        grown = origin + timedelta(days=int(adult_at // 1))
        return date(grown.year - _GROWN, grown.month, min(grown.day, 28) if grown.month == 2 else grown.day).isoformat()

    return [
        (
            id,
            id >> 2,
            _KINDS[kind],
            _detail(kind, detail),
            start,
            None if end == NEVER else end,
            _ENDS[ended_by],
            born(adult_at),
            _NEEDS[need],
            _BASES[basis],
        )
        for id, kind, detail, start, end, ended_by, adult_at, need, basis in rows
    ]


def _open_spells(memory: Memory, child: Any) -> list[tuple[int, int, float, int]]:
    """Return (kind, detail, start, legal basis) of what is open of a child with a case."""
    care, plan = by_name(memory.cares)[child.row], by_name(memory.plans)[child.row]
    found: list[tuple[int, int, Any, int]] = [(SpellKind.EPISODE, int(child.need_known), child.opened, -1)]
    if child.state == State.ASSESSMENT and not child.unallocated:
        found.append((SpellKind.ASSESSMENT, 0, plan.assessment_started, -1))
    elif child.state == State.ENQUIRY:
        found.append((SpellKind.ENQUIRY, int(child.enquiries), plan.enquiry_started, -1))
    elif child.state == State.PROTECTION_PLAN:
        found.append((SpellKind.PLAN, int(child.plans), plan.started, -1))
    elif child.state == State.LOOKED_AFTER:
        found.append((SpellKind.CARE, int(care.periods), care.started, int(care.basis)))
        found.append((SpellKind.PLACEMENT, int(care.placement), care.placed_at, -1))
    elif child.state == State.CARE_LEAVER:
        found.append((SpellKind.LEAVER, 0, care.last_ended, -1))
    return [(kind, detail, float(start), basis) for kind, detail, start, basis in found]


def _detail(kind: int, detail: int) -> str:
    if kind in _NUMBERED:
        return f"{_NUMBERED[kind]} {detail}"
    return _DETAILS[kind][detail] if kind in _DETAILS else ""
