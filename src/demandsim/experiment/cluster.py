"""Workers of Dask: a cluster begun on this machine, or one that is running anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from typing import Any

from demandsim.experiment.execute import TRIES, not_there
from demandsim.experiment.workers import Workers
from demandsim.problems import Problem, UserError

#: Seconds to wait for a scheduler to answer, and for its first worker.
_PATIENCE = 30
#: Run by each worker of this machine as it begins: Ctrl-C is for the command.
_LEAVE_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
#: Of a cluster on this machine. As it comes, Dask looks a hundred times a second at what its workers are doing, which
#: takes a tenth of their time (`benchmarks/README.md`).
_LEAVE_WORKERS_ALONE = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "5s",
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.gil.enabled": False,
}


class Cluster:
    """Workers of Dask, used through the executor that `concurrent.futures` describes.

    As many calls are under way as there are threads, so little is lost with a worker or with the scheduler. A running
    scheduler gives a lost worker's call to others by itself, as often as its `allowed-failures` says. So when it gives
    up, that counts for all tries but the last.

    Args:
        workers: as many processes on this machine, or all that a running scheduler has.

    Raises:
        UserError: Dask is not installed, or there is no scheduler or worker there.
    """

    def __init__(self, workers: Workers) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise UserError(
                Problem(
                    "--executor dask",
                    "",
                    "a Python without the library distributed",
                    "one that has it",
                    'pip install "demandsim[dask]"',
                )
            ) from None
        self.lost: tuple[type[BaseException], ...] = (distributed.KilledWorker,)
        self._workers = workers
        self.tries = TRIES - 1 if workers.scheduler else 1
        for log in ("distributed", "distributed.client", "tornado.application"):
            # Every lost worker and scheduler, with tracebacks; the run tells what has come of it.
            logging.getLogger(log).setLevel(logging.CRITICAL)
        settings: Any = import_module("dask.config")
        with settings.set({} if workers.scheduler else _LEAVE_WORKERS_ALONE):
            self._cluster: Any = None if workers.scheduler else _local(distributed, workers.jobs)
            try:
                self._client: Any = distributed.Client(
                    self._cluster or workers.scheduler, timeout=_PATIENCE, set_as_default=False
                )
                self._client.wait_for_workers(1, timeout=_PATIENCE)
            except (OSError, TimeoutError, ValueError) as error:
                raise not_there(workers, str(error) or "no answer") from None
        self._executor: Any = self._client.get_executor(pure=False)

    def width(self) -> int:
        """Return how many calls the workers can carry out at once; more may have joined."""
        try:
            return max(1, int(sum(self._client.nthreads().values())))
        except (OSError, TimeoutError):
            raise not_there(self._workers, "a scheduler that went away") from None

    def submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        future: Future[Any] = self._executor.submit(function, *arguments)
        return future

    def close(self, finished: bool) -> None:
        self._executor.shutdown(wait=finished)
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _local(distributed: Any, jobs: int) -> Any:
    return distributed.LocalCluster(
        n_workers=jobs,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        worker_dashboard_address=None,
        memory_limit=None,
        silence_logs=logging.CRITICAL,
        scheduler_kwargs={"allowed_failures": 0},
        preload=[_LEAVE_CTRL_C],
    )
