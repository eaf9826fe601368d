"""The emulator: a sparse quadratic and a few small networks, whose average says how far each answer moves.

What it learns is the difference that a setting makes, year by year since it began, against the reference in the same
replication. With every lever as now it says exactly nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import RidgeCV
from sklearn.neural_network import MLPRegressor

Array = NDArray[np.float64]

#: Networks in the average, their two layers, and how strongly large weights are held back.
NETWORKS, LAYERS, PENALTY = 3, (64, 64), 1.0
#: Most rounds of learning, and settings that a network looks at before each step.
_ROUNDS, _BATCH = 250, 64
#: Products of two levers that the quadratic keeps, and the penalties it chooses from.
_PAIRS, _PENALTIES = 60, tuple(10.0 ** np.arange(-1, 4))
#: Share of the quadratic in the average, as of one network more.
QUADRATIC = 1.0 / (NETWORKS + 1)

#: A layer: weights and what is added.
Layer = tuple[Array, Array]


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator.

    Attributes:
        pairs: places of the levers whose products the quadratic has.
        quadratic: for each lever, its square, and each pair, a number for each answer.
        networks: layers of each.
        scale: by which each answer is multiplied in the end.
    """

    pairs: tuple[tuple[int, int], ...]
    quadratic: Array
    networks: tuple[tuple[Layer, ...], ...]
    scale: Array

    def moves(self, scaled: Array) -> Array:
        """Return how far answers move: (setting, answer).

        Args:
            scaled: settings, as `Lever.scaled` has them: (setting, lever).
        """
        nothing = np.zeros((1, scaled.shape[1]))
        found = QUADRATIC * _terms(scaled, self.pairs) @ self.quadratic
        for network in self.networks:
            found += (1 - QUADRATIC) / NETWORKS * (_forward(network, scaled) - _forward(network, nothing))
        return found * self.scale


def fit(scaled: Array, moves: Array, seed: int) -> Emulator:
    """Return an emulator of what was simulated.

    Args:
        scaled: settings: (setting, lever).
        moves: how far each answer moved in one replication of each: (setting, answer).
        seed: of the networks.
    """
    scale = moves.std(axis=0)
    wanted = moves / np.where(scale > 0, scale, 1.0)
    pairs = _pairs_that_matter(scaled, wanted)
    quadratic = _ridge(_terms(scaled, pairs), wanted)
    networks = tuple(_network(scaled, wanted, seed + number) for number in range(NETWORKS))
    return Emulator(pairs, quadratic, networks, scale)


def _terms(scaled: Array, pairs: Sequence[tuple[int, int]]) -> Array:
    products = [scaled[:, [one]] * scaled[:, [other]] for one, other in pairs]
    return np.concatenate([scaled, scaled**2, *products], axis=1)


def _ridge(terms: Array, wanted: Array) -> Array:
    model = RidgeCV(_PENALTIES, fit_intercept=False, alpha_per_target=True).fit(terms, wanted)
    return np.asarray(model.coef_, dtype=np.float64).reshape(wanted.shape[1], -1).T


def _pairs_that_matter(scaled: Array, wanted: Array) -> tuple[tuple[int, int], ...]:
    """Return the pairs of levers whose products move answers most, together."""
    every = tuple(combinations(range(scaled.shape[1]), 2))
    if len(every) <= _PAIRS:
        return every
    found = _ridge(_terms(scaled, every), wanted)[2 * scaled.shape[1] :]
    strength = (found**2).sum(axis=1)
    return tuple(every[place] for place in sorted(np.argsort(-strength)[:_PAIRS]))


def _network(scaled: Array, wanted: Array, seed: int) -> tuple[Layer, ...]:
    model = MLPRegressor(
        hidden_layer_sizes=LAYERS,
        activation="tanh",
        alpha=PENALTY,
        batch_size=min(_BATCH, len(scaled) // 2),
        learning_rate_init=2e-3,
        max_iter=_ROUNDS,
        tol=1e-5,
        early_stopping=True,
        validation_fraction=0.1,
        n_iter_no_change=15,
        random_state=seed,
    )
    with catch_warnings():  # that rounds ran out says nothing: the checks say how good it is
        simplefilter("ignore", ConvergenceWarning)
        model.fit(scaled, wanted)
    return tuple(zip(model.coefs_, model.intercepts_, strict=True))


def _forward(network: Sequence[Layer], scaled: Array) -> Array:
    last = len(network) - 1
    for number, (weights, added) in enumerate(network):
        scaled = scaled @ weights + added
        if number < last:
            scaled = np.tanh(scaled)
    return scaled
