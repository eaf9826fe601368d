"""Every spell of a run, for those who want to look at children one by one."""

from __future__ import annotations

from typing import Any

from demandsim.engine.compiling import compiled
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.record import by_name
from demandsim.state.children import NEVER, Child
from demandsim.state.kept import Memory
from demandsim.state.world import World, spells_of
from demandsim.vocabulary import LeavingRoute, Placement, State

#: (child, family, kind, detail, start day, end day or None, how it ended)
Spell = tuple[int, int, str, str, float, float | None, str]
Spells = list[Spell]
SPELL_COLUMNS = ("child", "family", "kind", "detail", "start", "end", "ended_by")

EPISODE, PLAN, CARE, PLACEMENT = range(4)
KINDS = ("episode of need", "child protection plan", "looked after", "placement")
PLACEMENTS = Placement.words.labels()
ROUTES = LeavingRoute.words.labels()


@compiled
def note(world: World, child: Child, kind: int, detail: int, start: float, end: float, ended_by: int) -> None:
    """Note a spell that has ended, where spells are kept."""
    clock = world.clock
    if clock.keep_spells:
        spell = spells_of(world)[clock.spells]
        spell.id, spell.kind, spell.detail = child.id, kind, detail
        spell.start, spell.end, spell.ended_by = start, end, ended_by
        clock.spells += 1


def every_spell(memory: Memory) -> Spells:
    """Return the spells noted, and those still open at the horizon, marked as unfinished by having no end."""
    noted = memory.spells[: memory.here.clock.spells]
    columns = (noted[name].tolist() for name in ("id", "kind", "detail", "start", "end", "ended_by"))
    spells = [_spell(*row) for row in zip(*columns, strict=True)]
    children = by_name(memory.children)
    cases = children[(children.id != NOBODY) & (children.opened != NEVER)]
    for child in cases[cases.opened.argsort(kind="stable")]:
        spells += _open_spells(memory, child)
    return spells


def _open_spells(memory: Memory, child: Any) -> Spells:
    id, care = int(child.id), by_name(memory.cares)[child.row]
    found = [_spell(id, EPISODE, 0, float(child.opened), None, -1)]
    if child.state == State.PROTECTION_PLAN:
        found.append(_spell(id, PLAN, int(child.plans), float(by_name(memory.plans)[child.row].started), None, -1))
    elif child.state == State.LOOKED_AFTER:
        found.append(_spell(id, CARE, int(care.periods), float(care.started), None, -1))
        found.append(_spell(id, PLACEMENT, int(care.placement), float(care.placed_at), None, -1))
    return found


def _spell(id: int, kind: int, detail: int, start: float, end: float | None, ended_by: int) -> Spell:
    words = ("", f"plan {detail}", f"period {detail}", PLACEMENTS[detail] if kind == PLACEMENT else "")
    return id, id >> 2, KINDS[kind], words[kind], start, end, ROUTES[ended_by] if ended_by >= 0 else ""
