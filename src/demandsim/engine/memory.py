"""Arrays that a record points at.

Compiled functions are given one pointer, to a record of everything. A tuple of eighteen arrays in its place would be
copied, some 130 words, at each call of one function by another, which costs more than most of these functions do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from demandsim.engine.compiling import COMPILING, compiled
from demandsim.engine.record import Record, as_records, by_name, layout_of

#: Bytes of a line of the processor's cache.
_LINE = 64
#: Without a compiler, arrays by their address.
_KNOWN: dict[int, NDArray[Any]] = {}


class Rows(Record):
    """Where an array lies in memory, and how many rows it has."""

    address: int
    length: int


@intrinsic
def _to_pointer(context: Any, address: Any) -> Any:
    """Turn an address into a pointer."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), code


_pointer: Any = _to_pointer
#: Numba's view of an array at a pointer.
_array_at: Any = vars(numba)["carray"]


def zeros(number: int, layout: np.dtype[Any]) -> NDArray[Any]:
    """Return an array of so many rows of zeros, which begins where a line of the processor's cache does.

    A record that begins anywhere else lies on one line more, and each line is fetched on its own.
    """
    memory = np.zeros(number * layout.itemsize + _LINE, np.uint8)
    first = -memory.ctypes.data % _LINE
    return memory[first : first + number * layout.itemsize].view(layout)


def rows(name: str, layout: np.dtype[Any]) -> Callable[[Any], Any]:
    """Return a function that gives a world's array of a name, of records of a layout or of plain numbers."""
    if not COMPILING:
        return lambda world: _KNOWN[int(getattr(world, name).address)]

    @compiled
    def view(world: Any) -> Any:
        where = getattr(world, name)
        return _array_at(_pointer(where.address), where.length, layout)

    return view


class Arrays:
    """A world, and the arrays it points at, as Python holds them.

    Args:
        world: its record.

    Attributes:
        world: the array of one that compiled functions are given.
        here: what is in it, by name.
    """

    def __init__(self, world: type[Record]) -> None:
        self.world = as_records(np.zeros(1, layout_of(world)))
        self.here = by_name(self.world)[0]

    def copy(self) -> Self:
        """Return the same with arrays of its own, from which it can go another way."""
        other = object.__new__(type(self))
        other.world = as_records(self.world.copy())
        other.here = by_name(other.world)[0]
        for name, array in vars(self).items():
            if name not in ("world", "here"):
                other.keep(name, _longer(array, 0))
        return other

    def keep(self, name: str, array: NDArray[Any]) -> None:
        """Keep an array by a name, and let the world know where it is."""
        if name in vars(self):
            _KNOWN.pop(vars(self)[name].ctypes.data, None)
        setattr(self, name, array)
        rows = getattr(self.here, name)
        rows.address, rows.length = array.ctypes.data, len(array)
        if not COMPILING:
            _KNOWN[array.ctypes.data] = by_name(array) if array.dtype.names else array

    def lengthen(self, name: str, added: int) -> None:
        """Add so many rows, of zeros, to an array."""
        self.keep(name, _longer(vars(self)[name], added))


def _longer(array: NDArray[Any], added: int) -> NDArray[Any]:
    """Return a copy of an array with so many rows of zeros added."""
    longer = zeros(len(array) + added, array.dtype)
    # As plain bytes: records would be copied field by field, which takes five times as long.
    longer.view(np.uint8)[: array.nbytes] = np.ascontiguousarray(array).view(np.uint8)
    return longer
