"""Scenario files made at random: values at their bounds, alone and together, and files that are no scenario at all.

Every file follows from a seed and its number, so a fault that is found once is found again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from demandsim.scenario.parameters import PARAMETERS, Parameter
from demandsim.scenario.read import read_scenario
from demandsim.scenario.schema import Role

#: Sizes of the authorities; the hard bounds of these two are not what is tried here.
_SMALLEST, _LARGEST = 100, 20_000
_SIZES = ("population.children", "population.england")
#: Parameters moved at once; the rest of the files move them all.
_FEW = (1, 2, 2, 2, 3, 4, 6, 10, 20, 40)
_YEARS = 2
#: Stands for the number of children until the end.
_SIZE = "1234567"
_PAID = ("workforce.posts", "prevention.targeted")
_BASELINE = read_scenario("baseline").settings
_ORDERS = (
    "[]",
    '["cut_prevention"]',
    '["ring_fence_prevention"]',
    '["freeze_recruitment", "use_reserves"]',
    "[3, 2, 1]",
)
#: What a value may be by mistake.
_WRONG = (
    "true",
    '"3"',
    "nan",
    "inf",
    "-1",
    "[]",
    "[[1]]",
    '["a"]',
    "{}",
    "2013-04-01",
    "1e400",
    "9" * 5000,
    '"\\u001b[2J"',
    "1979-05-27T07:32:00Z",
    "07:32:00",
    "[1, true]",
    '""',
    "0x10",
    "-0.0",
    "1e-320",
    "[1, 2, 3, 4, 5, 6, 7, 8, 9]",
)
_HEADERS = (
    "years = true", 'years = "3"', "years = 0", "years = 2.5", "years = 99", "start = 1364774400", "start = 2016-02-29",
    "start = 9999-04-01", "start = 2014-04-01", 'start = "2013-04-01"', "start = 2013-04-01T00:00:00Z",
    'why = "\\u001b"',
    'extends = ""', 'extends = "\\u0000"', 'extends = "' + "x" * 300 + '"', 'extends = "/"', "title = 3",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252", "utf-8 with CRLF")


class Case(NamedTuple):
    """One generated file.

    Attributes:
        number: of the case.
        kind: how it was made.
        content: bytes of the file.
    """

    number: int
    kind: str
    content: bytes


def case(seed: int, number: int, largest: int = _LARGEST) -> Case:
    """Return the file of that number; two in ten are damaged on purpose.

    Args:
        seed: of all files.
        number: of this one.
        largest: children in its authority at most.
    """
    random = Random(f"{seed}-{number}")
    kind = random.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    content = KINDS[kind][1](random)
    size = str(_size(random, largest)).encode()
    return Case(number, kind, content.replace(_SIZE.encode(), size))


def _size(random: Random, largest: int) -> int:
    """Return a number of children, small ones as often as large ones."""
    return round(math.exp(random.uniform(math.log(_SMALLEST), math.log(largest))))


def _file(random: Random, changes: dict[str, str], header: str = "") -> str:
    """Return a scenario of two years with those changes, each in the TOML of its form."""
    lines = ["[scenario]", 'title = "Generated"', 'extends = "baseline"']
    lines += [header] if header else [f"years = {_YEARS}"]
    lines += ['[set."population.children"]', f"value = {_SIZE}", 'because = "size"']
    for name, change in changes.items():
        lines += [f'[set."{name}"]', change, 'because = "generated"']
    return "\n".join(lines) + "\n"


def _names(random: Random, few: int) -> list[str]:
    names = [name for name in PARAMETERS if name not in _SIZES]
    return names if few > 40 else random.sample(names, few)


def _corner(random: Random) -> bytes:
    """Two to all parameters at their bounds; lists at one bound, or each number at one of them."""
    names = _names(random, random.choice((*_FEW, 1000)))
    return _file(random, {name: f"value = {_at_bound(random, PARAMETERS[name])}" for name in names}).encode()


def _pair(random: Random) -> bytes:
    """Two parameters of one group at their bounds: these most often act on one another."""
    group = random.choice([name.partition(".")[0] for name in PARAMETERS])
    names = [name for name in PARAMETERS if name.startswith(group + ".") and name not in _SIZES]
    names += random.sample([*PARAMETERS], 3)
    chosen = random.sample([name for name in dict.fromkeys(names) if name not in _SIZES], 2)
    return _file(random, {name: f"value = {_at_bound(random, PARAMETERS[name])}" for name in chosen}).encode()


def _inside(random: Random) -> bytes:
    """Values between their bounds, most of them within what is plausible."""
    names = _names(random, random.choice((*_FEW, 1000)))
    return _file(random, {name: f"value = {_between(random, name)}" for name in names}).encode()


def _path(random: Random) -> bytes:
    """Levers that move from one bound to another, within the two years."""
    levers = [name for name, setting in _BASELINE.items() if setting.role != Role.UNCERTAINTY and name not in _SIZES]
    levers = [name for name in levers if not PARAMETERS[name].columns]
    changes = {}
    for name in random.sample(levers, random.randint(1, 6)):
        days = sorted(random.sample(["2013-04-01", "2013-04-02", "2014-02-28", "2014-10-01", "2015-04-01"], 2))
        points = ", ".join(f"[{day}, {_at_bound(random, PARAMETERS[name])}]" for day in days)
        payer = random.choice(["", '\npaid_by = "budget"']) if name in _PAID else ""
        changes[name] = f"path = [{points}]{payer}"
    return _file(random, changes).encode()


def _types(random: Random) -> bytes:
    """A value or a header of the wrong type."""
    changes = {
        name: f"{random.choice(('value', 'times', 'path', 'paid_by', 'because', 'x' * 300))} = {random.choice(_WRONG)}"
        for name in _names(random, random.choice((0, 1, 2)))
    }
    text = _file(random, changes, random.choice(("", *_HEADERS)))
    return text.encode("utf-8", "replace")


def _encoded(random: Random) -> bytes:
    """A good file in some encoding, with letters that ASCII does not have."""
    encoding = random.choice(_ENCODINGS)
    text = _file(random, {"demand.level": "value = 1.1"}).replace("Generated", "Générated – £")
    if "CRLF" in encoding:
        return text.replace("\n", "\r\n").encode()
    return text.encode(encoding, "replace")


def _damaged(random: Random) -> bytes:
    """A good file with bytes cut, doubled or changed; or no text, deep or long."""
    content = bytearray(_corner(random))
    for _ in range(random.randint(1, 5)):
        place = random.randrange(len(content))
        how = random.randrange(3)
        if how == 0:
            content[place] = random.randrange(256)
        elif how == 1:
            del content[place : place + random.randint(1, 40)]
        else:
            content[place:place] = content[place : place + 30]
    if random.random() < 0.1:
        content += b"deep = " + b"[" * random.choice((50, 500, 5000)) + b"\n"
    if random.random() < 0.1:
        content += b'"' + json.dumps("k" * random.choice((300, 30_000))).encode()[1:] + b" = 1\n"
    if random.random() < 0.05:
        content += "".join(f"k{number} = 1\n" for number in range(20_000)).encode()
    return bytes(content)


def _at_bound(random: Random, parameter: Parameter) -> str:
    many = len(parameter.columns)
    if parameter.unit == "order":
        return random.choice(_ORDERS)
    if parameter.sums_to_one:
        shares = [0.0] * many
        whole = random.sample(range(many), random.choice((1, 1, 2)))
        for place in whole:
            shares[place] = 1 / len(whole)
        return str(shares)
    if not many:
        return repr(random.choice((parameter.low, parameter.high)))
    if random.random() < 0.5:
        return str([random.choice((parameter.low, parameter.high))] * many)
    return str([random.choice((parameter.low, parameter.high)) for _ in range(many)])


def _between(random: Random, name: str) -> str:
    parameter, setting = PARAMETERS[name], _BASELINE[name]
    low, high = (parameter.low, parameter.high) if random.random() < 0.2 else setting.range or (None, None)
    if parameter.unit == "order":
        return random.choice(_ORDERS)
    if parameter.sums_to_one:
        weights = [random.expovariate(1) for _ in parameter.columns]
        return str([weight / sum(weights) for weight in weights])
    if low is None or high is None:
        return str(list(setting.value) if isinstance(setting.value, tuple) else setting.value)
    numbers = [random.uniform(low, high) for _ in parameter.columns or (1,)]
    return str(numbers) if parameter.columns else repr(numbers[0])


KINDS: dict[str, tuple[float, Callable[[Random], bytes]]] = {
    "corner": (34, _corner),
    "pair": (18, _pair),
    "inside": (18, _inside),
    "path": (10, _path),
    "types": (10, _types),
    "encoded": (3, _encoded),
    "damaged": (7, _damaged),
}
