"""Progress where nobody watches: nothing of what is soon done, a line now and then of what takes long."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from demandsim.cli import output


def test_what_is_soon_done_says_nothing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with output.stages() as tell:
        tell("Simulating", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_long_run_shows_in_a_log_that_it_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([0.0, 12.0, 31.0, 45.0, 62.0])
    monkeypatch.setattr(output, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    with output.progress("Simulating") as tell:
        for done in (100, 1000, 1200, 1500):
            tell(done, 2000)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["Simulating: 1,000 of 2,000, 31 s so far", "Simulating: 1,500 of 2,000, 62 s so far"]
