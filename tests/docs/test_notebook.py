"""The notebook page works as it stands: its code is run in an empty folder, only with fewer replications and years."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "how-to" / "python.md").read_text(encoding="utf-8")


def test_the_code_of_the_notebook_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))
    assert code.count("replications=20") == 4
    code = re.sub(r"^(\w+ = (?:compare|sweep|solve)\(.*)\)$", r"\1, years=2)", code, flags=re.MULTILINE)
    code = code.replace("replications=20", "replications=2").replace('read("baseline")', 'read("baseline", years=2)')
    found: dict[str, object] = {}
    exec(code.replace("jobs=2", "jobs=1"), found)
    from demandsim.notebook import _pictures, _tables

    for name in ("results", "comparison", "swept", "solved"):
        known = {*_tables(found[name]), *(set() if name == "swept" else _pictures(found[name]))}
        assert [one for one in known if one not in PAGE and one != "spells"] == []
