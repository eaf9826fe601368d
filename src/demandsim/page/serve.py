"""Serve a page on this machine alone, and simulate what its levers are set to when it asks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

import numpy as np

from demandsim.page.levers import moved
from demandsim.page.make import OF_A_WHAT_IF, Made
from demandsim.page.numbers import answer_numbers
from demandsim.page.outputs import taken
from demandsim.page.runs import Run, Runs
from demandsim.page.what_ifs import paid_back, simulated_answer
from demandsim.problems import Problem, UserError
from demandsim.scenario.grid import check_point, check_values

#: The one address that is listened to, and the most that a question may hold.
ADDRESS, _MOST_BYTES = "127.0.0.1", 100_000


@dataclass
class Simulator:
    """Simulates settings of a page's levers.

    Attributes:
        made: the page.
        runs: where simulations are kept.
    """

    made: Made
    runs: Runs
    _one_at_a_time: Lock = field(default_factory=Lock)

    def simulate(self, question: Any) -> dict[str, Any]:
        """Return what a setting comes to, in the form the page's script reads.

        Raises:
            UserError: the question is none, or asks for what the model can't take.
        """
        values, start = self._checked(question)
        scenario, levers = self.made.asked.scenario, self.made.asked.levers
        reference = self.made.answers.reference.values
        numbers = range(min(OF_A_WHAT_IF, len(reference)))
        runs = [Run(moved(scenario, levers, values, start), number) for number in numbers]
        with self._one_at_a_time:
            self.runs.bring(runs, lambda done, of: None)
            found = taken(self.runs.values(runs)) * self.made.scale
        measures, same = self.made.answers.measures, reference[list(numbers)]
        answer = simulated_answer(measures, found, same, reference)
        return {**answer_numbers(answer, paid_back(measures, found, same), len(runs)), "replications": len(runs)}

    def _checked(self, question: Any) -> tuple[list[float], int]:
        levers, scenario = self.made.asked.levers, self.made.asked.scenario
        values = question.get("values") if isinstance(question, dict) else None
        start = question.get("start") if isinstance(question, dict) else None
        if not (isinstance(values, list) and len(values) == len(levers) and all(map(_is_number, values))):
            raise UserError(Problem("the page", "values", "no numbers", f"{len(levers)} of them"))
        if not (isinstance(start, int) and not isinstance(start, bool) and 0 <= start < scenario.years):
            raise UserError(Problem("the page", "start", repr(start), f"a year from 0 to {scenario.years - 1}"))
        named = {lever.name: float(value) for lever, value in zip(levers, values, strict=True)}
        problems = [
            problem for name, value in named.items() for problem in check_values(name, [value], "the page", name)
        ]
        problems = problems or check_point(scenario, named, "the page")
        if problems:
            raise UserError(problems)
        return list(named.values()), start


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))


class Server(ThreadingHTTPServer):
    """Listens on this machine alone, and answers nobody who lacks the token.

    Args:
        simulator: that answers.
        page: returns the HTML, given the token.
        port: 0 for any that is free.

    Raises:
        UserError: nobody can listen there.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, simulator: Simulator, page: Callable[[str], str], port: int = 0) -> None:
        self.token = secrets.token_urlsafe(24)
        self.simulator = simulator
        self.page = page(self.token).encode()
        try:
            super().__init__((ADDRESS, port), _Handler)
        except OSError as error:
            found = f"a port that can't be listened on ({error.strerror or error})"
            raise UserError(
                Problem("--port", str(port), found, "one that is free", "the same without --port")
            ) from None

    @property
    def host(self) -> str:
        return f"{ADDRESS}:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "demandsim"
    sys_version = ""

    def do_GET(self) -> None:
        if self._allowed(""):
            self._reply(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Simulate: only for the page itself, whose script knows the token."""
        if not self._allowed("simulate"):
            return
        given = self.headers.get("X-Token", "")
        origin = self.headers.get("Origin", f"http://{self.server.host}")
        if (
            not secrets.compare_digest(given.encode(), self.server.token.encode())
            or origin != f"http://{self.server.host}"
        ):
            self._refuse()
            return
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 < length <= _MOST_BYTES:
                raise ValueError
            found = self.server.simulator.simulate(json.loads(self.rfile.read(length)))
            self._reply(HTTPStatus.OK, json.dumps(found).encode(), "application/json")
        except (ValueError, RecursionError):
            self._say(HTTPStatus.BAD_REQUEST, "no question that can be read")
        except UserError as error:
            self._say(HTTPStatus.BAD_REQUEST, "; ".join(error.told()))

    def _allowed(self, path: str) -> bool:
        """Return whether a request is of this address and has the token; say that nothing is there if not."""
        wanted = f"/{self.server.token}/{path}".encode()
        host = self.headers.get("Host", "")
        if host == self.server.host and secrets.compare_digest(self.path.encode(), wanted):
            return True
        self._refuse()
        return False

    def _refuse(self) -> None:
        self._say(HTTPStatus.NOT_FOUND, "nothing here")

    def _say(self, status: HTTPStatus, text: str) -> None:
        self._reply(status, json.dumps({"error": text}).encode(), "application/json")

    def _reply(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: only the command prints."""
