"""Who carries out the calls of an experiment; options and commands name it without the model."""

from __future__ import annotations

from dataclasses import dataclass

EXECUTORS = ("processes", "serial", "dask")


@dataclass(frozen=True, slots=True)
class Workers:
    """Who carries out the calls.

    Attributes:
        jobs: processes on this machine.
        executor: one of `EXECUTORS`.
        scheduler: address of a running Dask scheduler, whose workers are used instead of this machine's.
        wait: whether to wait for another command that is at the same work.
    """

    jobs: int = 1
    executor: str = "processes"
    scheduler: str | None = None
    wait: bool = True

    @property
    def here(self) -> bool:
        """Return whether everything runs in this very process."""
        return self.executor == "serial" or (self.executor == "processes" and self.jobs <= 1)
