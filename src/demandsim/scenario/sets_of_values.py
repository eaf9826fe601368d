"""Sets of values of what is uncertain, all of which agree with the published figures."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_KEY = re.compile(r"([a-z_0-9.]+?)(?:\[(\d+)\])?")
#: How a file says which scenario it was made for.
_MADE_FOR = re.compile(r"\bfor (\w+) and what extends it")


@dataclass(frozen=True)
class Ensemble:
    """Sets of values.

    Attributes:
        about: how it was made, in a line.
        names: of the numbers; `care.home[2]` is the third of a list.
        members: a value of each, for each member.
        file: name of the file it was read from; empty if from none.
    """

    about: str
    names: tuple[str, ...]
    members: tuple[tuple[float, ...], ...]
    file: str = ""

    @cached_property
    def digest(self) -> str:
        """Return eight characters that change whenever a value does."""
        return hashlib.sha256(repr((self.names, self.members)).encode()).hexdigest()[:8]

    @property
    def made_for(self) -> tuple[str, ...]:
        """Return the names of the scenarios it says it was made for; it serves what extends them too."""
        return tuple(_MADE_FOR.findall(self.about))

    def of(self, key: str) -> tuple[float, ...]:
        """Return every member's value of a number; empty if the members have none."""
        if key not in self.names:
            return ()
        place = self.names.index(key)
        return tuple(member[place] for member in self.members)

    def values(self, member: int) -> dict[str, dict[int | None, float]]:
        """Return the numbers of a member by parameter, and by place where it is a list."""
        found: dict[str, dict[int | None, float]] = {}
        for key, value in zip(self.names, self.members[member], strict=True):
            name, place = name_and_place(key)
            found.setdefault(name, {})[place] = value
        return found


@lru_cache(maxsize=4096)
def name_and_place(key: str) -> tuple[str, int | None]:
    """Return the parameter that a number of an ensemble is of, and its place if that is a list."""
    match = _KEY.fullmatch(key)
    name, place = match.groups() if match else (key, None)
    return name, None if place is None else int(place)
