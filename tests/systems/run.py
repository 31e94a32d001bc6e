"""What needs programs of the system: Pythons of a partition, servers, an editor, VS Code's engine.

The sidecar's tests run on 3.9 with paramiko 2.7.2 and on the newest Python with 5.x, some of them at a real
OpenSSH server, nginx, or through ODBC at PostgreSQL; a deployment's session at OpenSSH as well; the grammar
of the editors in Node.js, the language server with Neovim.

An interpreter is found by running it: a name on the path may belong to a version that is not there.
Missing interpreters and failing tests end with a status above 0; nothing is skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEWEST = (3, 20)
OLDEST_NEW = (3, 11)

SETS = {
    "39": [
        *("paramiko==2.7.2", "six", "cryptography<42", "bcrypt<5", "pynacl", "pyodbc<5"),
        *("pytest<9", "hypothesis<6.142"),
    ],
    "new": ["paramiko>=5,<6", "pyodbc", "pytest", "hypothesis"],
}
"""Requirements of the two environments; 2.7.2 is the RPM of Python 3.9 on IBM i."""


def _version(command: str) -> tuple[int, int] | None:
    """The version that the command really runs; None where it does not run."""
    program = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [command, "-c", program], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def _candidates(name: str) -> list[str]:
    """The name on the path, and the interpreters that pyenv or uv have installed."""
    homes = [Path.home() / ".pyenv" / "versions", Path.home() / ".local" / "share" / "uv" / "python"]
    return [name, *(str(p) for home in homes if home.is_dir() for p in sorted(home.glob(f"*/bin/{name}")))]


def _find(major: int, minor: int) -> str | None:
    for candidate in _candidates(f"python{major}.{minor}"):
        if _version(candidate) == (major, minor):
            return candidate
    return None


def _newest() -> str | None:
    for minor in range(NEWEST[1], OLDEST_NEW[1] - 1, -1):
        found = _find(3, minor)
        if found:
            return found
    return None


def _run(name: str, python: str) -> tuple[int, str]:
    """Set up the environment of this interpreter and run the sidecar's tests in it; status and output."""
    folder = ROOT / f".venv-{name}"
    if not folder.exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True, timeout=300)
    binary = folder / "bin" / "python"
    pip = [str(binary), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *SETS[name]]
    subprocess.run(pip, check=True, timeout=1200)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "runtime"), "PYTHONDONTWRITEBYTECODE": "1"}
    title = f"== the sidecar on {python}, {', '.join(SETS[name])}\n"
    mark = "markers=systems: needs what README names for make test-systems"
    folder_of_tests = str(ROOT / "tests" / "runtime")
    tests = [
        str(binary),
        "-m",
        "pytest",
        "-c",
        "/dev/null",
        "-o",
        mark,
        "--rootdir",
        str(ROOT),
        "-q",
        folder_of_tests,
    ]
    done = subprocess.run(
        tests,
        env=environment,
        cwd=ROOT,
        timeout=1800,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, title + done.stdout


def _sidecar(pythons: dict[str, str]) -> int:
    """The sidecar's tests on each of these interpreters, side by side; the worst status."""
    worst = 0
    with ThreadPoolExecutor(len(pythons)) as side_by_side:
        for status, said in side_by_side.map(_run, *zip(*pythons.items(), strict=True)):
            print(said, end="", flush=True)
            worst = max(worst, status)
    return worst


def _deployment() -> int:
    """What a deployment does over SSH, at a real server."""
    print("== a deployment's session at an OpenSSH server", flush=True)
    tests = [sys.executable, "-m", "pytest", "-m", "systems", str(ROOT / "tests" / "deploy")]
    return subprocess.run(tests, cwd=ROOT, timeout=1200, check=False).returncode


def _peers() -> int:
    """The language server with a real editor, and pages in a browser."""
    print("== the language server with Neovim, pages in Chromium", flush=True)
    tests = [sys.executable, "-m", "pytest", "-m", "systems", str(ROOT / "tests" / "systems")]
    return subprocess.run(tests, cwd=ROOT, timeout=1200, check=False).returncode


def _colours() -> int:
    """Run the TextMate grammar in the real engine; it says itself what is missing."""
    print("== the grammar of the editors in VS Code's engine", flush=True)
    script = ROOT / "tests" / "systems" / "textmate" / "colours.py"
    return subprocess.run([sys.executable, str(script)], cwd=ROOT, timeout=1200, check=False).returncode


def main() -> int:
    """Run all; the worst status counts."""
    old = _find(3, 9)
    if old is None:
        print(
            "test-systems needs a Python 3.9 that runs (pyenv install 3.9, or uv python install 3.9)",
            file=sys.stderr,
        )
        return 1
    new = _newest()
    if new is None:
        print("test-systems needs a Python 3.11 or later on the path", file=sys.stderr)
        return 1
    return max(_sidecar({"39": old, "new": new}), _deployment(), _peers(), _colours())


if __name__ == "__main__":
    sys.exit(main())
