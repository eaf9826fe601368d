"""Set demandsim up in a virtual environment of its own and use it. Needs Python 3.11 or newer and pip, nothing else.

    python try.py             install, and run the baseline
    python try.py tests       install what tests need too, and run them

Anything after the first word goes to demandsim, or to pytest. The environment is made in `.venv-demandsim` in this
folder (or where DEMANDSIM_VENV says) and used again the next time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
MINIMUM = (3, 11)


def main() -> int:
    if sys.version_info < MINIMUM:
        print(f"demandsim needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    testing = sys.argv[1:2] == ["tests"]
    folder = Path(os.environ.get("DEMANDSIM_VENV", HERE / ".venv-demandsim"))
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / ("python.exe" if os.name == "nt" else "python")
    if not python.exists():
        print(f"Making a virtual environment in {folder}", flush=True)
        # Without pip of its own: some systems leave out what venv needs for that. Ours installs into it.
        venv.create(folder)
    print("Installing demandsim and what it needs (some seconds; a minute or two the first time) ...", flush=True)
    what = f"{HERE}[dev]" if testing else str(HERE)
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    install += ["--constraint", str(HERE / "constraints.txt"), *(["--editable"] if testing else []), what]
    installed = subprocess.run(install, cwd=HERE, check=False).returncode
    if installed:
        return installed
    if testing:
        # A file's tests in one process each, so that what they share is simulated once.
        command = [str(python), "-m", "pytest", "-n", "auto", "--dist", "loadfile", *sys.argv[2:]]
    else:
        command = [str(python), "-m", "demandsim", *(sys.argv[1:] or ["run", "baseline"])]
    running = subprocess.Popen(command, cwd=HERE)
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            pass  # it was told as well, and says itself how to go on


if __name__ == "__main__":
    raise SystemExit(main())
