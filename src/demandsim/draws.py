"""Randomness that belongs to a child and a decision, not to the order in which things happen.

One draw exists for each (replication, child, stage, occurrence, decision). Two runs that differ in a policy give a
child the same luck wherever both ask the same question, so the difference between them is the policy's. The price: a
decision's column may never be reused or moved. The classes of decisions are append-only, and a test holds their order.

A child is keyed by where it stands in a fixed grid of candidate arrivals (see `model.demand`), so more demand adds
children and changes none. Queues still couple children: the luck is the same, the wait may not be.

Luck is a whole number from 0 to 2**32 - 1, all equally likely. A probability p is compared with it as `chance(p)`, in
the same units, so that no draw is ever converted: conversion cost as much as the hash that makes a row.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import TypeAlias

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import NDArray
from scipy.special import ndtri

from demandsim.lookup import looked_up_often

LUCKS = 2**32
UNIT = 1.0 / LUCKS

_pack = Struct("<QQII").pack
#: Draws side by side in memory. As a list of numbers each would be an object of its own, fetched from anywhere: that
#: cost more than the hash.
Row: TypeAlias = "array[int]"
NO_DRAWS: Row = array("I")


def chance(probability: float) -> float:
    """Return a probability in units of luck."""
    return probability * LUCKS


def fraction(luck: float) -> float:
    """Return luck as a number strictly between 0 and 1."""
    return (luck + 0.5) * UNIT


#: Means of the standard normal in 4,096 slices of equal probability: its quantiles, finely enough for a worker's
#: judgement or a time in care, at a tenth of the cost of computing one. The last slice reaches past 3.6.
_SLICES = 4096
_EDGES = ndtri(np.arange(_SLICES + 1) / _SLICES)
NORMALS: NDArray[np.float64] = -np.diff(np.exp(-(_EDGES**2) / 2) / np.sqrt(2 * np.pi)) * _SLICES
NORMAL_QUANTILES = array("d", NORMALS.tolist())
SLICE_BITS = 20  # of the 32 bits of luck, those below a slice


@lru_cache(maxsize=16)
def normals_times(factor: float) -> array[float]:
    """Return the normal quantile of each slice times a factor; kept, as parameters seldom change in a run.

    As an array, like `NORMAL_QUANTILES`: a list of as many numbers takes a fifth of the processor's own memory.
    """
    return array("d", [factor * quantile for quantile in NORMAL_QUANTILES])


def lucks(generator: Generator, rows: int, columns: int) -> NDArray[np.uint32]:
    """Return a table of draws from a generator."""
    size = rows * columns
    raw: NDArray[np.uint64] = generator.bit_generator.random_raw((size + 1) // 2)
    return raw.view(np.uint32)[:size].reshape(rows, columns)


def separate(table: NDArray[np.uint32]) -> list[Row]:
    """Return the rows of a table of draws, for a child each."""
    width = table.shape[1]
    every = array("I", table.tobytes())
    return [every[first : first + width] for first in range(0, len(every), width)]


@looked_up_often
class Stage:
    """A block of draws. A child's n-th passage through a stage reads the block's n-th row."""

    FAMILY = 0
    EPISODE = 1
    NEED_PLAN = 2
    ENQUIRY = 3
    CARE = 4
    PLACEMENT = 5
    MISSING = 6
    WORLD = 7
    SEED = 8
    REVIEW = 9
    STAFF = 10
    PRACTICE = 11


@looked_up_often
class Family:
    """Decisions taken once for a family arriving. Append only."""

    MOMENT = 0
    ACCEPTED = 1
    SIZE = 2
    SEVERITY = 3
    SOURCE = 4
    YOUNGEST = 5


@looked_up_often
class Episode:
    """Decisions of one passage from contact to closure. Append only.

    Those of a child who only asks for help come first, so that such a child carries a short row.
    """

    RETURN = 0
    PATIENCE = 1
    HELP_WORKS = 2
    CONTACT_SCORE = 3
    REFERRAL_SCORE = 4
    ASSESSMENT_FORMAT = 5
    ASSESSMENT_TIME = 6
    DEADLINE = 7
    ASSESSMENT_SCORE = 8
    TO_CARE = 9
    PLAN_LENGTH = 10
    PLAN_TIME = 11
    CONCERN = 12
    NEED_TO_CARE = 13
    SEVERITY = 14
    AGE = 15
    NEED = 16


@looked_up_often
class NeedPlan:
    """Decisions of a child in need plan after the first of an episode. Append only."""

    LENGTH = 0
    TIME = 1
    CONCERN = 2
    TO_CARE = 3


@looked_up_often
class Enquiry:
    """Decisions from a strategy discussion to a plan, but for its reviews. Append only."""

    SUBSTANTIATED = 0
    TO_CARE = 1
    BOOKED = 2
    SLIPS = 3
    SLIP = 4
    PLAN = 5
    PLAN_TO_CARE = 6
    CLOSED_OUTRIGHT = 7


@looked_up_often
class Review:
    """Decisions of one review of a child protection plan. Append only."""

    TIME = 0
    LATE = 1
    FORWARD = 2
    ENDS = 3


@looked_up_often
class Care:
    """Decisions of one period of being looked after. Append only."""

    ROUTE = 0
    LEGAL = 1
    SHORT = 2
    STAY = 3
    COURT = 4
    FINAL_PHASE = 5
    WITH_PARENTS = 6
    BREAKDOWN = 7
    FRAILTY = 8
    MATCHING = 9
    ACTIVITY = 10
    IN_TOUCH = 11
    JOINS = 12


@looked_up_often
class Place:
    """Decisions of one placement. Append only."""

    TYPE = 0
    TIME = 1
    AREA = 2


@looked_up_often
class Missing:
    """Decisions of one missing episode. Append only."""

    TIME = 0
    INTERVIEW = 1


#: Draws in a row. Stages with few decisions put several occurrences in one row.
ROW = 16
#: How many reviews, later child in need plans, placements and missing episodes share one row.
REVIEWS_A_ROW, NEED_PLANS_A_ROW, PLACEMENTS_A_ROW, MISSING_A_ROW = 4, 4, 5, 8
#: Columns of a family; of an episode; of those that a referral can still use; and a request for early help.
FAMILY_WIDTH, EPISODE_WIDTH, REFERRED_WIDTH, HELP_WIDTH = 6, 17, 14, 3


def replication_key(seed: int, replication: int, authority: int = 0) -> int:
    """Return the 64-bit key of a replication. Hashed, so that seed 1 replication 2 is not seed 2 replication 1.

    Args:
        seed: master seed.
        replication: its number.
        authority: its number where a replication is of many authorities, each with luck of its own; else 0.
    """
    within = (authority,) if authority else ()
    return int(SeedSequence((seed, replication), spawn_key=within).generate_state(1, np.uint64)[0])


#: Replications that have the values of one member of an ensemble, and luck of their own.
FUTURES_A_MEMBER = 2


def member_of(replication: int, members: int) -> int:
    """Return the member of an ensemble, from 0, whose values a replication has; members come round again."""
    return replication // FUTURES_A_MEMBER % members


class Draws:
    """All the luck of one replication.

    A row is a hash of its key: nothing is kept, so memory does not grow with the number of children, and any row can be
    asked for in any order. BLAKE2b is slower to write about than to run: 0.8 microseconds for 16 draws, a third of a
    re-keyed NumPy generator, and no pattern in its keys can show in its output.

    Args:
        key: the replication's key, from `replication_key`.
    """

    __slots__ = ("key",)

    def __init__(self, key: int) -> None:
        self.key = key

    def row(self, child: int, stage: int, occurrence: int) -> Row:
        """Return the `ROW` draws of a child's n-th passage through a stage."""
        return array("I", blake2b(_pack(self.key, child, stage, occurrence)).digest())

    def stream(self, stage: int, number: int) -> Generator:
        """Return a generator of its own for the world's draws: a month of arrivals, a month of staff."""
        return Generator(SFC64(SeedSequence((self.key, stage, number))))
