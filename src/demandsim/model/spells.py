"""Every spell of a run, for those who want to look at children one by one."""

from __future__ import annotations

from demandsim.model.child import Child
from demandsim.model.world import World
from demandsim.vocabulary import LeavingRoute, Placement, State

#: (child, family, kind, detail, start day, end day or None, how it ended)
Spell = tuple[int, int, str, str, float, float | None, str]
Spells = list[Spell]
SPELL_COLUMNS = ("child", "family", "kind", "detail", "start", "end", "ended_by")


class SpellBook:
    """Collects spells as they end, and at the horizon those still open, marked as unfinished by having no end."""

    def __init__(self) -> None:
        self.spells: Spells = []

    def note(self, child: Child, kind: str, detail: str, start: float, end: float | None, ended_by: str = "") -> None:
        self.spells.append((child.id, child.id >> 2, kind, detail, start, end, ended_by))

    def note_open(self, world: World) -> None:
        for child in world.open.values():
            self.note(child, "episode of need", "", child.opened or 0.0, None)
            if child.state == State.PROTECTION_PLAN:
                self.note(child, "child protection plan", f"plan {child.plans}", child.protection.plan_started, None)
            elif child.state == State.LOOKED_AFTER:
                care = child.care
                self.note(child, "looked after", f"period {care.periods}", care.started, None)
                self.note(child, "placement", PLACEMENTS[care.placement], care.placed_at, None)


PLACEMENTS = Placement.words.labels()
ROUTES = LeavingRoute.words.labels()
