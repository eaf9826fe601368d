"""The small pathway in Ciw: three nodes in a row, the first and last with servers for everybody."""

from __future__ import annotations

from collections.abc import Callable

import ciw
from small import A_DAY, AFTER, BEFORE, WORK, WORKERS, Tally, run


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(A_DAY), None, None],
        service_distributions=[ciw.dists.Exponential(1 / mean) for mean in (BEFORE, WORK, AFTER)],
        number_of_servers=[float("inf"), WORKERS, float("inf")],
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days)

    def answer() -> Tally:
        tally = Tally()
        tally.closed = len(simulation.nodes[-1].all_individuals)
        waits = [record.waiting_time for record in simulation.get_all_records() if record.node == 2]
        tally.begun, tally.waited = len(waits), sum(waits)
        return tally

    return answer


if __name__ == "__main__":
    run("ciw", simulate)
