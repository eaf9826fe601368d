"""Arrays that a record points at.

Compiled functions are given one pointer, to a record of everything. A tuple of eighteen arrays in its place would be
copied, some 130 words, at each call of one function by another, which costs more than most of these functions do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from demandsim.compiling import COMPILING, compiled
from demandsim.record import Record, by_name

#: Without a compiler, arrays by their address.
_KNOWN: dict[int, NDArray[Any]] = {}


class Rows(Record):
    """Where an array lies in memory, and how many rows it has."""

    address: int
    length: int


def point_at(rows: Any, array: NDArray[Any]) -> None:
    """Let rows of a record be those of an array, which somebody else must keep."""
    rows.address, rows.length = array.ctypes.data, len(array)
    if not COMPILING:
        _KNOWN[array.ctypes.data] = by_name(array) if array.dtype.names else array


def forget(array: NDArray[Any]) -> None:
    """Let go of an array that nothing points at any more."""
    _KNOWN.pop(array.ctypes.data, None)


@intrinsic
def _to_pointer(context: Any, address: Any) -> Any:
    """Turn an address into a pointer."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), code


_pointer: Any = _to_pointer
#: Numba's view of an array at a pointer.
_array_at: Any = vars(numba)["carray"]


def viewer(layout: np.dtype[Any]) -> Callable[[Any], Any]:
    """Return a function that gives the array which rows point at, of records of a layout or of plain numbers."""
    if not COMPILING:
        return lambda rows: _KNOWN[int(rows.address)]

    @compiled
    def view(rows: Any) -> Any:
        return _array_at(_pointer(rows.address), rows.length, layout)

    return view
