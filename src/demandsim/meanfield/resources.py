"""Staff and practice in expected values: what the simulation draws by the post and by the month, as means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from demandsim.meanfield.budget import Budget, Ledgered
from demandsim.meanfield.pressure import Practice, usual_effect
from demandsim.meanfield.rules import Values
from demandsim.meanfield.workforce import FIRST_YEAR, MONTHS_A_YEAR, Team
from demandsim.vocabulary import DAYS_A_YEAR, SpendCause

Array = NDArray[np.float64]


class ExpectedTeam(Team):
    """The social workers one expects: parts of posts are filled, and part of those there leave.

    Args:
        values: parameters in force.
        children: in the authority on the first day.
    """

    def __init__(self, values: Values, children: float) -> None:
        self.values = values
        self.left = self.joined = 0.0
        self.posts = values["workforce.posts"] * children / 1e4
        there = (1.0 - values["workforce.vacancies"]) * self.posts
        new = there * values["workforce.turnover"] * values["workforce.newly_qualified"]
        #: Those in their first year, by months in post, and the others.
        self._fresh: Array = np.full(FIRST_YEAR, new / FIRST_YEAR)
        self._long = there - new
        self._count()

    def set_posts(self, values: Values, children: float) -> None:
        """Open or delete posts; vacant ones are deleted first."""
        self.values = values
        self.posts = values["workforce.posts"] * children / 1e4
        if self.in_post > self.posts:
            self._fresh *= self.posts / self.in_post
            self._long *= self.posts / self.in_post
        self.in_post = self._there()

    def month(self, month: int, turnover: float, freeze: float) -> None:
        """Let a month pass; see `Team.month`. What a freeze does counts for as much as it is likely."""
        values = self.values
        vacant = max(0.0, self.posts - self.in_post)
        # Each post is vacant or not, so luck decides whether more are than a freeze may leave.
        varies = np.sqrt(vacant * self.in_post / max(self.posts, 1e-12))
        fewer = values["budget.most_vacant"] * self.posts - vacant
        held = freeze * float(ndtr(fewer / max(varies, 1e-12)))
        leaves = 1.0 - (1.0 - min(turnover, 0.999)) ** (1 / MONTHS_A_YEAR)
        joins = (1.0 - held) * min(1.0, 1.0 / values["workforce.recruitment_months"])
        self.left, self.joined = leaves * self.in_post, joins * vacant
        new = values["workforce.newly_qualified"]
        self._long = (self._long + self._fresh[-1]) * (1 - leaves) + self.joined * (1 - new)
        self._fresh = np.concatenate([[self.joined * new], self._fresh[:-1] * (1 - leaves)])
        wanted = values["workforce.agency_cover"] * (self.posts - self._there())
        self._count(wanted - held * max(0.0, wanted - self.agency))

    def _there(self) -> float:
        return float(self._fresh.sum() + self._long)

    def _first_year(self) -> float:
        return float(self._fresh.sum())


class ExpectedBudget(Budget):
    """The money one expects, of which luck decides whether it runs short."""

    __slots__ = ()

    def _freezes(self, world: Ledgered, spent: list[int], over: float) -> float:
        """Return the chance of a freeze: a year's spend varies as what is spent on so many children does.

        What one year ends with is what the next begins with, so variances of years add up.
        """
        on_care = sum(spent[SpendCause.FOSTER_IN_HOUSE : SpendCause.CARE_OTHER + 1]) / 100 * MONTHS_A_YEAR
        children = sum(world.placed_days) / DAYS_A_YEAR * MONTHS_A_YEAR
        years = 1 + (world.month - world.first_month) // MONTHS_A_YEAR
        return float(ndtr(over / max(on_care / np.sqrt(max(children, 1.0) / years), 1e-12)))


class ExpectedPractice(Practice):
    """Practice as it is on average over authorities, directors that come and go included."""

    def __init__(self, first_month: int) -> None:
        self._first = first_month

    def month(self, month: int, values: Values) -> None:
        """Directors leave on average: nothing to draw."""

    def effect(self, month: int, values: Values, on: str) -> float:
        """Return the mean effect on something, against that of all authorities of 2013-14."""
        mix, effects = values["practice.mix"], values[f"practice.{on}"]
        stays = 1.0 - min(values["practice.director_changes"] / MONTHS_A_YEAR, 1.0)
        # No director is known to have left before the first day.
        dipping = 1.0 - stays ** min(month - self._first + 1.0, values["practice.director_months"])
        now = sum(
            share * ((1 - dipping) * effects[quality] + dipping * effects[min(2, quality + 1)])
            for quality, share in enumerate(mix)
        )
        return float(now / usual_effect(values, on))
