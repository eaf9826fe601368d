"""What can be wrong with what a user gave, said so that they can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong.

    Attributes:
        where: the file, folder or option.
        key: the entry in it; empty when the whole is meant.
        found: what stands there.
        expected: what should.
        next: the command or step to try.
    """

    where: str
    key: str
    found: str
    expected: str
    next: str = ""

    def __str__(self) -> str:
        key = f": {self.key}" if self.key else ""
        text = f"{self.where}{key}: found {self.found}; expected {self.expected}"
        return f"{text}\n    try: {self.next}" if self.next else text


class UserError(Exception):
    """Something the user gave can't be used; every problem found, not the first one only.

    Attributes:
        problems: at least one.
    """

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[UserError], tuple[list[Problem]]]:
        return UserError, (self.problems,)  # so that a worker's problem arrives as it was


def one_line(text: str) -> str:
    """Return text on one line, without what no terminal should obey and no XML can hold."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ' (did you mean ...?)' for the known word nearest to this one, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
