"""Classes of constants that compiled code reads."""

from __future__ import annotations

from types import ModuleType
from typing import TypeVar, cast

T = TypeVar("T")


def looked_up_often(constants: type[T]) -> type[T]:
    """Turn a class of constants into a module: Numba compiles those of a module to constants, not those of a class."""
    module = ModuleType(constants.__name__, constants.__doc__)
    vars(module).update({name: value for name, value in vars(constants).items() if not name.startswith("_")})
    return cast("type[T]", module)
