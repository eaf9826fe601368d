"""Values that hold together: each may lie within its own bounds, and the two or three of them still can't be.

A rule names the parameters that it is about, and says what is wrong with the values that they take, before the start or
after it. It looks at the worst of them: where two levers move, at the highest of one with the highest of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from demandsim.problems import Problem
from demandsim.scenario.parameters import BANDS, INFLATED, NEEDS, PARAMETERS, PLACES
from demandsim.scenario.scenario import Setting
from demandsim.scenario.schema import Role

#: Shares are added up to this: what is more is no rounding.
_ROUNDING = 1e-6
ROUTES = ("care.home", "care.adoption", "care.guardianship", "care.other")
_FIRST_CHOICE = ("placement.under_1", "placement.1_to_4", "placement.5_to_9", "placement.10_to_15", "placement.16_up")
#: Where a list of placement shares has those that are no family.
_RESIDENTIAL = tuple(PLACES.index(place) for place in ("children's home", "other"))
_LEAST_HAZARD = 0.01
#: Missing episodes of a child in a year: each raises the risk of the next, up to twenty times.
_MOST_MISSING = 12
#: New families for 10,000 children in a year: one for every child is the most that can be.
_MOST_FAMILIES = 10_000
#: Contacts are drawn in layers of 200 families for 10,000 children a year; there is room for no more of these.
_LAYER, _MOST_LAYERS = 200, 500
#: Prices and budgets are counted in whole pence: beyond this they are no money any more.
_MOST_TIMES_DEARER = 100

#: What is wrong, what is expected.
Wrong = tuple[str, str]


class Values:
    """The values that parameters take at one time or another.

    Args:
        settings: of every parameter.
        years: simulated.
    """

    def __init__(self, settings: Mapping[str, Setting], years: int) -> None:
        self._settings = settings
        self.years = years

    def lists(self, name: str) -> list[tuple[float, ...]]:
        """Return every list that a parameter is; of a single number, lists of one."""
        setting = self._settings[name]
        given = [setting.value, *(value for _, value in setting.path)]
        if setting.role == Role.LEVER:
            given.append(setting.declared.value)  # until the start
        return [value if isinstance(value, tuple) else (float(value),) for value in given]

    def before(self, name: str) -> float:
        """Return the single number that a parameter is before the start."""
        setting = self._settings[name]
        value = setting.declared.value if setting.role == Role.LEVER else setting.value
        return value[0] if isinstance(value, tuple) else float(value)

    def least(self, name: str) -> float:
        return min(min(numbers) for numbers in self.lists(name))

    def most(self, name: str) -> float:
        return max(max(numbers) for numbers in self.lists(name))


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold.

    Attributes:
        names: of the parameters it is about.
        broken: yields what is wrong with values of them.
    """

    names: tuple[str, ...]
    broken: Callable[[Values], Iterator[Wrong]]


def _routes(values: Values) -> Iterator[Wrong]:
    for shares in zip(*(values.lists(name)[0] for name in ROUTES), strict=True):
        if sum(shares) > 1 + _ROUNDING:
            totals = ", ".join(f"{sum(ages):.6g}" for ages in zip(*(values.lists(n)[0] for n in ROUTES), strict=True))
            yield f"totals by age of {totals}", "at most 1 at each age; the rest stay until 18"
            return


def _first_choice(age: str, name: str) -> Rule:
    def broken(values: Values) -> Iterator[Wrong]:
        weights = values.lists("placement.residential_by_need")[0]
        shares = values.lists(name)[0]
        homes = sum(shares[place] for place in _RESIDENTIAL)
        for need, weight in zip(NEEDS, weights, strict=True):
            if sum(shares) - homes + weight * homes < _ROUNDING:
                found = f"no placement for a child aged {age} whose need is {need}"
                yield found, "a share for foster care, or a weight above 0 for homes"
                return

    return Rule(("placement.residential_by_need", name), broken)


def _spill_moves(values: Values) -> Iterator[Wrong]:
    strength, moves = values.most("loop.sufficiency"), values.least("placement.spill_moves")
    hazard = 1 + (moves - 1) * strength
    if hazard < _LEAST_HAZARD:
        most = (1 - _LEAST_HAZARD) / (1 - moves)
        found = f"a hazard of moving on of {hazard:.3g} times the usual, where the first choice was full"
        yield found, f"a loop.sufficiency of at most {most:.3g}, or a placement.spill_moves nearer to 1"


def _spill_away(values: Values) -> Iterator[Wrong]:
    added = values.most("loop.sufficiency") * values.most("placement.spill_away")
    if added > 1:
        yield f"a chance of {added:.3g} times one added", "at most 1 for the two multiplied"


def _missing(values: Values) -> Iterator[Wrong]:
    rate = values.most("missing.episodes") * values.most("missing.raises_risk")
    if rate > _MOST_MISSING:
        found = f"{rate:,.3g} missing episodes a year after the first, and more after each"
        yield found, f"at most {_MOST_MISSING} for the two multiplied"


def _england(values: Values) -> Iterator[Wrong]:
    own, whole = values.most("population.children"), values.least("population.england")
    if own > whole:
        yield f"{own:,.0f} children in an England of {whole:,.0f}", "an authority no larger than England"


def peak_of_families(values: Values) -> float:
    """Return the most new families for 10,000 children that a year may have."""
    after = values.most("demand.after")
    if values.years > 2:
        after *= max(1.0, (1 + values.most("demand.growth") / 100) ** (values.years - 1.5))
    before = values.before("demand.level") * values.most("demand.before")
    level = values.most("demand.level")
    return values.most("demand.new_families") * max(before, level, level * after)


def _families(values: Values) -> Iterator[Wrong]:
    peak = peak_of_families(values)
    if peak > _MOST_FAMILIES:
        yield f"{peak:,.0f} new families for 10,000 children in a year", f"at most {_MOST_FAMILIES:,}"


def _season(values: Values) -> Iterator[Wrong]:
    month = 12 * values.most("demand.monthly_shape") * max(1.0, values.most("demand.police_teenage"))
    layers = peak_of_families(values) * month / _LAYER
    if layers > _MOST_LAYERS:
        found = f"a month with {layers * _LAYER:,.0f} new families for 10,000 children, as a rate for a year"
        yield found, f"at most {_MOST_LAYERS * _LAYER:,}"


def _dearer(line: str) -> Rule:
    name = f"inflation.{line}"

    def broken(values: Values) -> Iterator[Wrong]:
        times = (1 + values.most(name) / 100) ** values.years
        if times > _MOST_TIMES_DEARER:
            found = f"costs {times:,.0f} times as high after {values.years} years"
            yield found, f"at most {_MOST_TIMES_DEARER} times"

    return Rule((name, "scenario.years"), broken)


def _budget(values: Values) -> Iterator[Wrong]:
    times = (1 + values.most("budget.growth") / 100) ** values.years
    if times > _MOST_TIMES_DEARER:
        found = f"a budget {times:,.0f} times as high after {values.years} years"
        yield found, f"at most {_MOST_TIMES_DEARER} times"


def _controls(values: Values) -> Iterator[Wrong]:
    orders = [order for order in values.lists("budget.spending_controls")[0] if order]
    if len(orders) != len(set(orders)) or any(order != int(order) for order in orders):
        columns = ", ".join(PARAMETERS["budget.spending_controls"].columns)
        found = str([f"{order:g}" for order in values.lists("budget.spending_controls")[0]])
        yield found, f"for each of {columns} its place in the order, each place once; 0 is never"


RULES = (
    Rule(ROUTES, _routes),
    *(_first_choice(age, name) for age, name in zip(BANDS, _FIRST_CHOICE, strict=True)),
    Rule(("loop.sufficiency", "placement.spill_moves"), _spill_moves),
    Rule(("loop.sufficiency", "placement.spill_away"), _spill_away),
    Rule(("missing.episodes", "missing.raises_risk"), _missing),
    Rule(("population.children", "population.england"), _england),
    Rule(("demand.new_families", "demand.level", "demand.before", "demand.after", "demand.growth"), _families),
    Rule(("demand.new_families", "demand.level", "demand.monthly_shape", "demand.police_teenage"), _season),
    *(_dearer(line) for line in INFLATED),
    Rule(("budget.growth", "scenario.years"), _budget),
    Rule(("budget.spending_controls",), _controls),
)
#: Parameters that some rule is about.
RULED = frozenset(name for rule in RULES for name in rule.names)


def check_together(
    where: str, settings: Mapping[str, Setting], years: int, told: Sequence[Problem] = (), only: Iterable[str] = ()
) -> list[Problem]:
    """Return what is wrong with values taken together.

    Args:
        where: file or option that gave the last of them.
        settings: of every parameter.
        years: simulated.
        told: problems there are already; a parameter with one of its own is not told of again.
        only: look at rules about one of these parameters; at all rules unless given.
    """
    wrong = " ".join(problem.key for problem in told)
    chosen, values, problems = frozenset(only), Values(settings, years), []
    for rule in RULES:
        if (chosen and not chosen.intersection(rule.names)) or any(f'"{name}"' in wrong for name in rule.names):
            continue
        try:
            found = list(rule.broken(values))
        except OverflowError:
            found = [("numbers too large to count with", "smaller values")]
        hint = f"demandsim explain baseline {rule.names[0]}"
        problems += [Problem(where, ", ".join(rule.names), *one, hint) for one in found]
    return problems
