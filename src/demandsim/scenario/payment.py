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
    elif payer in changes and payer != Payer.BUDGET:
        expected = f"a payer that this file does not change itself, as it does {payer}"
        problems.append(Problem(where, key, str(payer), expected))
    elif payer != Payer.BUDGET:
        paid = _paid(where, name, payer, settings)
        problems += _beyond_bounds(where, key, payer, paid)
        settings[payer] = paid


def _paid(where: str, name: str, payer: Payer, settings: dict[str, Setting]) -> Setting:
    """Return the payer's setting with the money taken that a lever needs."""
    rate = COSTS_A_CHILD[name](settings) / COSTS_A_CHILD[payer](settings)
    lever, other = settings[name], settings[payer]
    assert lever.before is not None
    usual, base = numbers_of(lever.before.value)[0], numbers_of(other.value)[0]

    def left(value: float) -> float:
        return base - rate * (value - usual)

    return replace(
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


def _beyond_bounds(where: str, key: str, payer: Payer, paid: Setting) -> list[Problem]:
    """Return what is wrong where a payer would have less, or more, than can be."""
    moved = [*numbers_of(paid.value), *(value for _, value in paid.path)]
    low, high = PARAMETERS[payer].low, PARAMETERS[payer].high
    return [
        Problem(
            where,
            key,
            str(payer),
            f"a payer that can: this would take {payer} to {end:.4g}, outside {low:g} to {high:g}",
        )
        for end in {min(moved), max(moved)}
        if not low <= end <= high
    ]
