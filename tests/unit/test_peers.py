"""Peers are installed from an environment without pip, as `try.py` makes it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
_INSTALL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import environments
environments.HERE, environments.CACHE = Path(sys.argv[2]), Path(sys.argv[2]) / "peers"
print(environments.python_with(["tinypeer==1.0"]))
"""


def _wheel(folder: Path) -> None:
    about = "tinypeer-1.0.dist-info"
    with ZipFile(folder / "tinypeer-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinypeer.py", "ANSWER = 42\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tinypeer\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", f"tinypeer.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")


def test_a_peer_is_installed_from_an_environment_that_has_no_pip(tmp_path: Path) -> None:
    venv.create(tmp_path / "mine", with_pip=False)
    _wheel(tmp_path)
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PYTHONPATH": ""}
    mine = tmp_path / "mine" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    without = subprocess.run([mine, "-m", "pip", "--version"], capture_output=True, check=False, env=environment)
    assert without.returncode
    command = [mine, "-c", _INSTALL, BENCHMARKS, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    peer = done.stdout.splitlines()[-1]
    answer = subprocess.run([peer, "-c", "import tinypeer; print(tinypeer.ANSWER)"], capture_output=True, check=True)
    assert answer.stdout.split() == [b"42"]
    assert Path(peer).is_relative_to(tmp_path)
    assert Path(sys.prefix) not in Path(peer).parents
