"""A page that is served: on this machine alone, to whoever has the token, and what it simulates is the model's."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from browser_page import ARGUMENTS, Written, chromium, written
from playwright.sync_api import Browser, expect


@pytest.fixture(scope="module")
def url(written: Written) -> Iterator[str]:
    """Return where the command serves the page, whose simulations are there already."""
    command = [sys.executable, "-u", "-m", "demandsim", *ARGUMENTS, "--serve", "--no-browser"]
    flags = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {}
    serving = subprocess.Popen(command, cwd=written.folder, stdout=subprocess.PIPE, text=True, **flags)
    assert serving.stdout
    lines = []
    for line in serving.stdout:
        lines.append(line)
        if line.startswith("Page:"):
            break
    else:
        pytest.fail("".join(lines))
    yield line.split()[1]
    serving.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
    said, _ = serving.communicate(timeout=30)
    assert "Ended." in said
    assert serving.returncode == 0


def test_simulate_this_lays_the_models_answer_over_the_emulators(chromium: Browser, url: str) -> None:
    page = chromium.new_page()
    page.goto(f"{url}#from=2013-14&contact.referral_threshold=1.4")
    page.get_by_role("button", name="Simulate this").click()
    expect(page.locator("#said")).to_contain_text("Simulated 20 replications", timeout=120_000)
    assert page.locator("figure .simulated").count() > 0
    page.locator("#slider-0").press("ArrowRight")
    expect(page.locator("figure .simulated")).to_have_count(0)
    page.close()


def test_nobody_else_is_answered(url: str) -> None:
    """Without the token, under a name that only resolves to this machine, or from another page."""
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1"
    token = parts.path.strip("/")
    question = json.dumps({"values": [1.4, 59.2, 22.21], "start": 0})

    def status(method: str, path: str, **headers: str) -> int:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request(
            method, path, question if method == "POST" else None, {k.replace("_", "-"): v for k, v in headers.items()}
        )
        return connection.getresponse().status

    assert status("GET", parts.path) == 200
    assert status("GET", "/") == 404
    assert status("GET", parts.path, Host="example.org") == 404
    assert status("POST", f"{parts.path}simulate") == 404
    assert status("POST", f"{parts.path}simulate", X_Token=token, Origin="https://example.org") == 404
    assert status("POST", f"/{token[:-1]}/simulate", X_Token=token) == 404


def test_a_question_that_is_none_is_refused(url: str) -> None:
    parts = urlsplit(url)
    for question in (
        "[",
        "[]",
        '{"values": [1], "start": 0}',
        '{"values": [1, 2, 3], "start": 99}',
        '{"values": [99, 2, 3], "start": 0}',
    ):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("POST", f"{parts.path}simulate", question, {"X-Token": parts.path.strip("/")})
        reply = connection.getresponse()
        assert reply.status == 400
        assert json.loads(reply.read())["error"]
