"""Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw (SC11), compiled.

A counter of 128 bits and a key of 64 give four numbers of 32 bits. Nothing is kept between calls, so any draw can be
had in any order. Whatever holds 32 bits here is an unsigned integer of 64, so that products have room.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from demandsim.engine.compiling import compiled, inlined
from demandsim.engine.record import Floats, Singles, Wholes

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_MULTIPLY_0, _MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_ROUNDS = 10
_BLOCK_BITS = np.uint64(16)
_UNIT = 1.0 / 2**32


@inlined
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Return four numbers of 32 bits from a counter of four and a key of two."""
    for _ in range(_ROUNDS):
        first, second = _MULTIPLY_0 * c0, _MULTIPLY_1 * c2
        c0, c1, c2, c3 = (second >> _HALF) ^ c1 ^ k0, second & _LOW, (first >> _HALF) ^ c3 ^ k1, first & _LOW
        k0, k1 = (k0 + _WEYL_0) & _LOW, (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@inlined
def _uniforms(key: int, child: int, stage: int, occurrence: int, block: int) -> tuple[float, float, float, float]:
    whole, who = np.uint64(key), np.uint64(child)
    c0, c1, c2, c3 = philox(
        who & _LOW,
        who >> _HALF,
        np.uint64(occurrence),
        (np.uint64(stage) << _BLOCK_BITS) | np.uint64(block),
        whole & _LOW,
        whole >> _HALF,
    )
    return (c0 + 0.5) * _UNIT, (c1 + 0.5) * _UNIT, (c2 + 0.5) * _UNIT, (c3 + 0.5) * _UNIT


@compiled
def uniforms(key: int, child: int, stage: int, occurrence: int, block: int) -> tuple[float, float, float, float]:
    """Return the four draws of a block, each strictly between 0 and 1.

    Args:
        key: of the replication, 64 bits.
        child: its id, or the number of whatever else the draws belong to.
        stage: one of `draws.Stage`.
        occurrence: how often the child has passed through the stage before.
        block: 0 holds decisions 0 to 3 of the stage, 1 decisions 4 to 7, and so on.
    """
    return _uniforms(key, child, stage, occurrence, block)


@compiled
def uniforms_of(key: int, children: Wholes, stage: int, occurrence: int, block: int, draws: Floats | Singles) -> None:
    """Write the draws of many children, a column of each; see `uniforms`.

    The processor makes those of several at once, which takes a fraction of the time of one after the other.
    """
    for place in range(len(children)):
        draws[0, place], draws[1, place], draws[2, place], draws[3, place] = _uniforms(
            key, children[place], stage, occurrence, block
        )


@compiled
def draw(key: int, child: int, stage: int, occurrence: int, decision: int) -> float:
    """Return the draw of one decision; see `uniforms`."""
    return uniforms(key, child, stage, occurrence, decision >> 2)[decision & 3]
