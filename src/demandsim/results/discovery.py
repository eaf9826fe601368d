"""When a what-if does what is asked of it: boxes of uncertain numbers where it mostly does, and a tree beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom
from sklearn.tree import DecisionTreeClassifier

from demandsim.results.manifest import Manifest
from demandsim.results.points import EXTRA_SPEND, Asked, amount
from demandsim.results.prim import Limits, chance_of, found_box
from demandsim.results.words import listed, number

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Every so many points one is held out: boxes are found without it, and tested on it.
HELD_BACK = 4
#: The most boxes, and leaves of the tree; cases, and others, below which nothing can be said.
MOST_BOXES, MOST_LEAVES, FEWEST = 3, 4, 5
#: How seldom chance makes so many cases among a box's points held out, for it to be a finding.
SELDOM = 0.1


@dataclass(frozen=True, slots=True)
class Tried:
    """How a box does on some points.

    Attributes:
        points: how many lie in it.
        cases: how many of them are cases.
        every: cases in all.
    """

    points: int
    cases: int
    every: int

    @property
    def density(self) -> float:
        """Return the share of the box's points that are cases; not a number where it has none."""
        return self.cases / self.points if self.points else np.nan

    @property
    def coverage(self) -> float:
        """Return the share of all cases that lie in the box; not a number where there are none."""
        return self.cases / self.every if self.every else np.nan


@dataclass(frozen=True, slots=True)
class Box:
    """A box of uncertain numbers.

    Attributes:
        limits: of every number.
        chances: of each number that has a limit: how likely as many cases are if it meant nothing.
        found, held: how it does on the points it was found by, and on those held out.
    """

    limits: Limits
    chances: tuple[float, ...]
    found: Tried
    held: Tried

    def stands(self, usual: float) -> bool:
        """Return whether more of its points held out are cases than chance would often make, at the usual share."""
        if self.held.points < FEWEST:
            return False
        return float(binom.sf(self.held.cases - 1, self.held.points, usual)) <= SELDOM


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the tree: the way to it in words, its points, and the cases among them."""

    way: str
    points: int
    cases: int


@dataclass(frozen=True)
class Discovery:
    """Where cases crowd.

    Attributes:
        manifest: of the reference, named by the digest of all that was simulated.
        what_if: its title.
        question: what was asked about, as a difference from the reference.
        year: its label.
        below: whether a case is a difference at or below the limit; else at or above.
        limit: of the difference.
        names, units, ranges: of the numbers: how far they reach among the points.
        values: (point, number).
        differences: of each point, the mean over its replications.
        replications: of each point.
    """

    manifest: Manifest
    what_if: str
    question: Asked
    year: str
    below: bool
    limit: float
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: Array
    differences: Array
    replications: int

    @property
    def cases(self) -> Mask:
        """Return which points are cases."""
        found: Mask = self.differences <= self.limit if self.below else self.differences >= self.limit
        return found

    @property
    def held(self) -> Mask:
        """Return which points are held out."""
        back: Mask = np.arange(len(self.values)) % HELD_BACK == HELD_BACK - 1
        return back

    @property
    def usual(self) -> float:
        """Return the share of the points held out that are cases."""
        return float(self.cases[self.held].mean()) if self.held.any() else np.nan

    @property
    def tellable(self) -> bool:
        """Return whether there are cases and others enough to find boxes by."""
        found = int(self.cases[~self.held].sum())
        return FEWEST <= found <= int((~self.held).sum()) - FEWEST

    def range_of(self, column: int) -> tuple[float, float]:
        """Return how far a number reaches among the points."""
        return float(self.values[:, column].min()), float(self.values[:, column].max())

    def ranked(self, box: Box | None) -> list[int]:
        """Return two numbers to draw points on: those whose limits are least likely to be chance."""
        if box is None:
            return [0, min(1, len(self.names) - 1)]
        order = np.argsort(box.chances, kind="stable")
        columns = [box.limits.columns[place] for place in order]
        others = [place for place in range(len(self.names)) if place not in columns]
        return [*columns, *others, columns[0]][:2]

    def boxes(self) -> list[Box]:
        """Return the boxes, the first one first: each next one among the points outside those before it."""
        if not self.tellable:
            return []
        values, cases, held = self.values, self.cases, self.held
        left, boxes = ~held, list[Box]()
        while len(boxes) < MOST_BOXES and cases[left].sum() >= FEWEST:
            limits = found_box(values[left], cases[left])
            inside = limits.holds(values)
            found = Tried(int((inside & left).sum()), int((inside & left & cases).sum()), int(cases[~held].sum()))
            if not limits.columns or found.density <= cases[~held].mean():
                break
            chances = tuple(chance_of(limits, column, values[left], cases[left]) for column in limits.columns)
            before = (
                np.any([one.limits.holds(values) for one in boxes], axis=0) if boxes else np.zeros(len(values), bool)
            )
            tried = held & inside & ~before
            boxes.append(
                Box(limits, chances, found, Tried(int(tried.sum()), int((tried & cases).sum()), int(cases[held].sum())))
            )
            left = left & ~inside
        return boxes

    def leaves(self) -> list[Leaf]:
        """Return the leaves of a classification tree, those with the largest share of cases first."""
        if not self.tellable:
            return []
        least = max(FEWEST, len(self.values) // 20)
        tree = DecisionTreeClassifier(max_leaf_nodes=MOST_LEAVES, min_samples_leaf=least, random_state=0)
        tree.fit(self.values, self.cases)
        ends = tree.apply(self.values)
        found = [
            Leaf(way, int((ends == end).sum()), int(self.cases[ends == end].sum()))
            for end, way in _ways(tree.tree_, self.names)
        ]
        return sorted(found, key=lambda leaf: -leaf.cases / leaf.points)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield every point with what came of it, the heading first."""
        yield (*self.names, f"difference, {self.question.unit}", "case", "held out")
        for values, difference, case, held in zip(self.values, self.differences, self.cases, self.held, strict=True):
            yield (*(f"{one:.6g}" for one in values), f"{difference:.6g}", _yes(case), _yes(held))

    def box_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield every limit of every box, the heading first."""
        yield (
            *("box", "parameter", "unit", "from", "to", "lowest drawn", "highest drawn", "chance without it"),
            *("points", "coverage", "density", "points held out", "coverage held out", "density held out"),
        )
        for place, box in enumerate(self.boxes(), start=1):
            tried = [
                f"{one:.3g}" if one == one else ""
                for each in (box.found, box.held)
                for one in (each.points, each.coverage, each.density)
            ]
            for column, chance in zip(box.limits.columns, box.chances, strict=True):
                low, high = self.range_of(column)
                ends = (max(low, box.limits.low[column]), min(high, box.limits.high[column]), low, high)
                yield (
                    place,
                    self.names[column],
                    self.units[column],
                    *(f"{one:.6g}" for one in ends),
                    f"{chance:.2g}",
                    *tried,
                )


def _yes(given: object) -> str:
    return "yes" if given else "no"


def _ways(tree: Any, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each leaf of a tree with the way to it in words."""

    def below(node: int, way: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        if tree.children_left[node] < 0:
            yield node, listed(list(way)) or "any"
            return
        name, at = names[tree.feature[node]], number(float(tree.threshold[node]))
        yield from below(int(tree.children_left[node]), (*way, f"{name} at most {at}"))
        yield from below(int(tree.children_right[node]), (*way, f"{name} above {at}"))

    yield from below(0, ())


def what_words(found: Discovery) -> str:
    """Return what is asked of the what-if: `it pays back by the end of 2022-23`."""
    if found.question == EXTRA_SPEND and found.below and found.limit == 0:
        return f"it pays back by the end of {found.year}"
    side = "at most" if found.below else "at least"
    label = f"{found.question.label[0].lower()}{found.question.label[1:]}"
    if found.limit == 0:
        return f"{label} is {'no higher' if found.below else 'no lower'} than in the reference in {found.year}"
    return f"the change in {label} in {found.year} is {side} {amount(found.limit, found.question)}"


def limits_words(found: Discovery, box: Box) -> str:
    """Return the limits of a box in words: `a is above 0.3 and b is from 2 to 4`."""
    parts = []
    for column in box.limits.columns:
        low, high = box.limits.low[column], box.limits.high[column]
        name = found.names[column]
        if np.isfinite(low) and np.isfinite(high):
            parts.append(f"{name} is from {_end(low)} to {_end(high)}")
        else:
            parts.append(f"{name} is {_end(low)} or more" if np.isfinite(low) else f"{name} is {_end(high)} or less")
    return listed(parts)


def _end(value: float) -> str:
    return number(value)


def answer_words(found: Discovery) -> str:
    """Return in words when the what-if does what is asked of it."""
    what, many, count = what_words(found), len(found.cases), int(found.cases.sum())
    first = f"{what[0].upper()}{what[1:]} at {count} of {many} points ({100 * count / many:.0f}%)."
    boxes = found.boxes()
    if not found.tellable:
        return f"{first} That is too {'few' if count < many / 2 else 'many'} to say when."
    if not boxes:
        return f"{first} No parameter says when: no box holds more of them than chance may put there."
    box = boxes[0]
    tried = box.held
    if not box.stands(found.usual):
        back = f"at {tried.cases} of {tried.points}" if tried.points else "none lies in it"
        return (
            f"{first} No parameter says when. Where {limits_words(found, box)} it does at "
            f"{100 * box.found.density:.0f}% of the points that this was found by. Of those held out it does {back} "
            f"there, and at {100 * found.usual:.0f}% of all."
        )
    held = f", {tried.cases} of {tried.points} held out" if tried.points else ", none held out to test it"
    return (
        f"{first} Mostly where {limits_words(found, box)}: there in {100 * box.found.density:.0f}% of points (density"
        f"{held}). That box holds {100 * box.found.coverage:.0f}% of all such points (coverage)."
    )
