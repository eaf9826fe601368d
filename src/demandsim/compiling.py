"""What is compiled, and where that is kept: the one place that knows Numba.

`compiled` turns a plain function over arrays and records into machine code when it is first called. With
`NUMBA_DISABLE_JIT=1` it leaves it as it is: slow, and good for debuggers and coverage.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function when it is first called."""
    made: F = numba.njit(cache=True)(function)
    return made
