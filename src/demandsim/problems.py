"""What can be wrong with what a user gave, said so that they can mend it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

#: So many problems are told; the rest are counted.
MOST_TOLD = 50
#: So many characters of one part of a problem are shown.
_LONGEST = 300
#: Words longer than this are no misspelling of a name.
_LONGEST_WORD = 80
#: A word of a command that no shell changes.
_PLAIN = re.compile(r"[\w@%+=:,./\\~-]+")
#: How alike two words are, of 1: a misspelling, and one that may be meant.
_MISSPELT, _NEAR = 0.85, 0.6


def typed(*words: object) -> str:
    """Return a command as it can be typed, in any shell: what holds spaces and the like stands in double quotes.

    Backslashes are left alone: Windows has them in every path, and takes single quotes for part of a name.
    """
    return " ".join(word if _PLAIN.fullmatch(word) else _quoted(word) for word in map(str, words))


def _quoted(word: str) -> str:
    # What double quotes do not hold is in no name on Windows, so that a POSIX shell alone has to take it.
    return shlex.quote(word) if any(one in word for one in '"$`') else f'"{word}"'


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
        where, key, found = map(_shown, (self.where, self.key, self.found))
        text = f"{where}{f': {key}' if key else ''}: found {found}; expected {printable(self.expected)}"
        return f"{text}\n    try: {_shown(self.next)}" if self.next else text


class UserError(Exception):
    """Something the user gave can't be used; every problem found, not the first one only.

    Attributes:
        problems: at least one.
    """

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(self.told()))

    def told(self) -> list[str]:
        """Return the first problems as text, and how many more there are."""
        more = len(self.problems) - MOST_TOLD
        lines = [str(problem) for problem in islice(self.problems, MOST_TOLD)]
        return [*lines, f"and {more:,} more like these"] if more > 0 else lines

    def __reduce__(self) -> tuple[type[UserError], tuple[list[Problem]]]:
        return UserError, (self.problems,)  # so that a worker's problem arrives as it was


def one_line(text: str) -> str:
    """Return text on one line, without what no terminal should obey and no XML can hold."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def did_you_mean(word: str, known: Iterable[str], labels: Mapping[str, str] | None = None, most: int = 1) -> str:
    """Return ' (did you mean ...?)' for the known words nearest to this one, or nothing.

    Args:
        word: as given.
        known: names that could have been meant.
        labels: what some of them are called in words; whoever gives the label means the name.
        most: words to tell.
    """
    if len(word) > _LONGEST_WORD:
        return ""
    labels = labels or {}
    known = list(known)
    names = get_close_matches(word, known, n=most, cutoff=_MISSPELT) or _labelled(word, labels)
    names = names or get_close_matches(word, known, n=most, cutoff=_NEAR)
    if not names:
        plain = {label.lower(): name for name, label in labels.items()}
        names = [plain[label] for label in get_close_matches(_plain(word), plain, n=1, cutoff=_NEAR)]
    if not names:
        return ""
    told = " or ".join(map(repr, names)) + (_called(labels.get(names[0], "")) if len(names) == 1 else "")
    return f" (did you mean {told}?)"


def _labelled(word: str, labels: Mapping[str, str]) -> list[str]:
    """Return the name whose label has all the words given, the shortest label first; nothing for a single word."""
    wanted = _plain(word).split()
    found = [name for name, label in labels.items() if all(one in _plain(label) for one in wanted)]
    return sorted(found, key=lambda name: len(labels[name]))[:1] if len(wanted) > 1 else []


def _plain(text: str) -> str:
    return text.lower().replace("_", " ").replace(".", " ")


def _called(label: str) -> str:
    return f", {label}" if label else ""


def printable(text: str) -> str:
    """Return text that a terminal only shows: what would move its cursor, colour it or reorder it is written out."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter in "\n\t" else _written_out(letter) for letter in text)


def _written_out(letter: str) -> str:
    # Spaces of other kinds do nothing to a terminal.
    if letter.isspace() and ord(letter) >= 0xA0:
        return letter
    return letter.encode("unicode_escape").decode("ascii")


def _shown(text: str) -> str:
    """Return one part of a problem, short enough to be read, on one line."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 40]}... ({len(text):,} characters)"
    return printable(short).replace("\n", "\\n")
