from __future__ import annotations

import itertools

import numpy as np
import pytest

from demandsim.distributions import Exponential, Lognormal, Weibull

LAWS = [
    Exponential(40.0),
    Weibull.with_median(25.0, 1.1),
    Weibull(300.0, 0.6),
    Lognormal(130.0, 0.5),
    Lognormal.with_mean(252.0, 0.4),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{type(law).__name__}-{law.mean:.0f}")
def test_samples_have_the_mean_and_variance_promised(law: Exponential | Weibull | Lognormal) -> None:
    count = 200_000
    draws = np.random.default_rng(5).random(count).tolist()
    times = np.array([law.of(draw) for draw in draws])
    error = (law.variance / count) ** 0.5
    assert times.mean() == pytest.approx(law.mean, abs=4 * error)
    kurtosis = ((times - times.mean()) ** 4).mean() / times.var() ** 2
    assert times.var() == pytest.approx(law.variance, rel=5 * (kurtosis / count) ** 0.5 + 0.005)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{type(law).__name__}-{law.mean:.0f}")
def test_a_larger_draw_is_never_a_shorter_time(law: Exponential | Weibull | Lognormal) -> None:
    draws = ((np.linspace(0, 2**32 - 1, 5000).astype(int) + 0.5) / 2**32).tolist()
    times = [law.of(draw) for draw in draws]
    assert all(low <= high for low, high in itertools.pairwise(times))
    assert times[0] >= 0
    assert np.isfinite(times[-1])


def test_half_of_all_have_passed_by_the_median() -> None:
    assert Weibull.with_median(25.0, 1.1).of(0.5) == pytest.approx(25.0)
    assert Lognormal(130.0, 0.5).of(0.5) == pytest.approx(130.0, rel=1e-3)
