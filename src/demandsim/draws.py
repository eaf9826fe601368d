"""Randomness that belongs to a child and a decision, not to the order in which things happen.

One draw exists for each (replication, child, stage, occurrence, decision). Two runs that differ in a policy give a
child the same draws wherever both ask the same question, so the difference between them is the policy's. The price: a
decision's place may never be reused or moved. The classes of decisions are append-only, and a test holds their order.

A child is keyed by where it stands in a fixed grid of candidate arrivals (see `model.arrivals`), so more demand adds
children and changes none. Queues still couple children: the draws are the same, the wait may not be.

A draw is a number strictly between 0 and 1, one of 2**32 equally likely ones, made by a counter-based generator
(`philox`).
"""

from __future__ import annotations

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray
from scipy.special import ndtri

from demandsim.lookup import looked_up_often

#: Means of the standard normal in 4,096 slices of equal probability: its quantiles, finely enough for a worker's
#: judgement or a time in care, at a tenth of the cost of computing one. The last slice reaches past 3.6.
SLICES = 4096
_EDGES = ndtri(np.arange(SLICES + 1) / SLICES)
NORMALS: NDArray[np.float64] = -np.diff(np.exp(-(_EDGES**2) / 2) / np.sqrt(2 * np.pi)) * SLICES


@looked_up_often
class Stage:
    """What draws belong to: a stage of the pathway, or of the world beside it. Append only."""

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
    FIRST = 12
    MONTH = 13
    FAMILY_MONTH = 14
    SEEN = 15
    HARM = 16
    AWAY = 17
    EXPLOITATION = 18
    HOME = 19
    HOME_CLOSES = 20
    LEAVING = 21
    NEGLECT = 22
    INSPECTION = 23
    YEAR_TO_YEAR = 24
    COURT = 25
    ALLOWANCES = 26


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
class First:
    """A child's circumstances at its first contact. Append only."""

    PERMANENT = 0
    SLOW = 1
    FAST = 2
    PLANNED = 3
    TAKEN = 4


@looked_up_often
class Month:
    """What happens to a child in a month of the calendar, wherever it stands. Append only."""

    SLOW = 0
    FAST = 1
    HARM = 2
    CARE = 3
    MOMENT = 4


@looked_up_often
class Seen:
    """What a worker sees of a child in a month, by what it is looked at for. Append only."""

    CONTACT = 0
    REFERRAL = 1
    ASSESSMENT = 2


@looked_up_often
class Harm:
    """What follows when a child is harmed in a month. Append only."""

    DETECTED = 0
    SEVERE = 1


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
    ORDER = 13
    STAYS_PUT = 14
    SUITABLE = 15
    REUNITED = 16
    ALLOWANCE = 17
    BREAKS_DOWN = 18


@looked_up_often
class Place:
    """Decisions of one placement. Append only."""

    TYPE = 0
    TIME = 1
    AREA = 2
    HOME = 3


@looked_up_often
class Seed:
    """Decisions about a child that enters the run without a first contact. Append only."""

    GAP = 0
    MOMENT = 1
    BAND = 2
    WITHIN = 3
    SEVERITY = 4
    SLOW = 5
    KNOWN = 6
    FAST = 7
    NEED = 8


@looked_up_often
class Staff:
    """Decisions about a post and its worker in a month; those of month 0 fill the posts at first. Append only."""

    LEAVES = 0
    JOINS = 1
    NEWLY_QUALIFIED = 2


@looked_up_often
class Missing:
    """Decisions of one missing episode. Append only."""

    TIME = 0
    INTERVIEW = 1
    EXPLOITED = 2
    FOUND = 3


@looked_up_often
class Away:
    """Decisions about going missing from home in a month. Append only."""

    GOES = 0
    INTERVIEW = 1
    EXPLOITED = 2
    FOUND = 3


@looked_up_often
class Exploitation:
    """What becomes of a child's exploitation in a month. Append only."""

    ENDS = 0
    FOUND = 1


@looked_up_often
class Home:
    """Decisions about a children's home in a month; those of month 0 say how it is at first. Append only."""

    GAP = 0
    FILLED = 1
    JUDGED = 2
    CLOSES = 3


@looked_up_often
class Inspection:
    """What happens to an authority's practice in a month, and at an inspection held in it. Append only."""

    SHAKEN = 0
    JUDGED = 1
    NEXT = 2
    TENURE = 3


@looked_up_often
class Court:
    """What is so of a family in care proceedings, or before them. Append only."""

    MISUSE = 0
    AGREES = 1
    AGREEMENT = 4
    BY_AGREEMENT = 5


def replication_key(seed: int, replication: int, authority: int = 0) -> int:
    """Return the 64-bit key of a replication. Hashed, so that seed 1 replication 2 is not seed 2 replication 1.

    Args:
        seed: master seed.
        replication: its number.
        authority: its number where a replication is of many authorities, each with random draws of its own; else 0.
    """
    within = (authority,) if authority else ()
    return int(SeedSequence((seed, replication), spawn_key=within).generate_state(1, np.uint64)[0])


#: Replications that have the values of one member of an ensemble, and random draws of their own.
REPLICATIONS_A_DRAW = 2


def member_of(replication: int, members: int) -> int:
    """Return the member of an ensemble, from 0, whose values a replication has; members come round again."""
    return replication // REPLICATIONS_A_DRAW % members
