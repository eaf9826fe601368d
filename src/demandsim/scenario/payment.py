"""What pays for a lever that costs money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from demandsim.problems import Problem
from demandsim.scenario.parameters import PARAMETERS, TIERS
from demandsim.scenario.scenario import Setting
from demandsim.scenario.schema import Basis, Change, Payer
from demandsim.scenario.values import numbers_of

COST_OF_A_POST = "cost.social_worker"
#: Levers that cost money: what one unit of each costs, in pounds a child.
COSTS_A_CHILD: dict[str, Callable[[dict[str, Setting]], float]] = {
    **{f"prevention.{tier}": lambda settings: 1.0 for tier in TIERS},
    "workforce.posts": lambda settings: numbers_of(settings[COST_OF_A_POST].value)[0] / 1e4,
}


def pay(
    where: str,
    key: str,
    name: str,
    payer: Payer,
    settings: dict[str, Setting],
    changes: dict[str, Change],
    problems: list[Problem],
) -> None:
    """Take from one lever the money that another needs, at every date at which it moves.

    What each of them is and costs must have been found good.
    """
    key += ".paid_by"
    if name not in COSTS_A_CHILD or payer == name:
        expected = "no paid_by: only posts and prevention are paid for, by the budget, posts or targeted prevention"
        problems.append(Problem(where, key, str(payer), expected, f"demandsim explain baseline {name}"))
        return
    if payer == Payer.BUDGET:
        return
    if payer in changes:
        problems.append(
            Problem(where, key, str(payer), f"a payer that this file does not change itself, as it does {payer}")
        )
        return
    rate = COSTS_A_CHILD[name](settings) / COSTS_A_CHILD[payer](settings)
    lever, other = settings[name], settings[payer]
    assert lever.before is not None
    usual, base = numbers_of(lever.before.value)[0], numbers_of(other.value)[0]

    def left(value: float) -> float:
        return base - rate * (value - usual)

    moved = [left(value) for value in (*numbers_of(lever.value), *(value for _, value in lever.path))]
    low, high = PARAMETERS[payer].low, PARAMETERS[payer].high
    for end in {min(moved), max(moved)}:
        if not low <= end <= high:
            found = f"a payer that can: this would take {payer} to {end:.4g}, outside {low:g} to {high:g}"
            problems.append(Problem(where, key, str(payer), found))
    settings[payer] = replace(
        other,
        value=left(numbers_of(lever.value)[0]),
        path=tuple((day, left(value)) for day, value in lever.path),
        basis=Basis.JUDGEMENT,
        source=f"pays for {name}",
        local=None,
        file=where,
        before=other,
        within_budget=True,
    )
