"""Records: what reads as an object and lies in memory as a row of numbers.

A class that says what each field is gives the layout of an array (`layout_of`); compiled functions read and write the
fields of its rows by name, and a type checker knows them.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, get_type_hints

import numpy as np
from numpy.typing import NDArray

from demandsim.engine.compiling import COMPILING

#: Whole numbers of one byte and of four: records are read from memory more often than they are computed with.
Tiny: TypeAlias = Annotated[int, np.int8]
Short: TypeAlias = Annotated[int, np.int32]
#: A row or table of numbers inside a record: Annotated[Floats, (5, 19)].
Floats: TypeAlias = NDArray[np.float64]
Wholes: TypeAlias = NDArray[np.int64]
Singles: TypeAlias = NDArray[np.float32]
#: The 64 bits of a key.
Bits: TypeAlias = Annotated[int, np.uint64]

_KINDS: dict[Any, Any] = {
    int: np.int64,
    float: np.float64,
    bool: np.bool_,
    Tiny: np.int8,
    Short: np.int32,
    Bits: np.uint64,
    Floats: np.float64,
    Wholes: np.int64,
    Singles: np.float32,
}


class Record:
    """Base of classes that only say what the fields of a record are."""


def layout_of(record: type[Record]) -> np.dtype[Any]:
    """Return the layout in memory of a record, fields in the order in which the class names them."""
    if record not in _layouts:
        _layouts[record] = np.dtype(_fields_of(record), align=True)
    return _layouts[record]


#: Layouts that were asked for; to read what a class says takes longer than a quiet month.
_layouts: dict[type[Record], np.dtype[Any]] = {}


def _fields_of(record: type[Record]) -> list[tuple[Any, ...]]:
    fields: list[tuple[Any, ...]] = []
    for name, hint in get_type_hints(record, include_extras=True).items():
        if isinstance(hint, type) and issubclass(hint, Record):
            fields.append((name, layout_of(hint)))
        elif hint in _KINDS:
            fields.append((name, _KINDS[hint]))
        elif isinstance(hint.__metadata__[0], np.dtype):
            fields.append((name, hint.__metadata__[0]))
        else:
            fields.append((name, _KINDS[hint.__origin__], *hint.__metadata__))
    return fields


def rows_of(record: type[Record], number: int) -> Any:
    """Return an array of so many records, every field zero."""
    return as_records(np.zeros(number, layout_of(record)))


def as_records(array: NDArray[Any]) -> Any:
    """Return an array as compiled functions take it; where nothing is compiled, one with fields that can be named."""
    return array if COMPILING else by_name(array)


def by_name(array: NDArray[Any]) -> Any:
    """Return a view of an array of records whose fields can be read and written by name in Python."""
    return array.view(np.recarray)
