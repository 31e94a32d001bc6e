"""A PostgreSQL server for the systems tests, with ODBC data sources.

It listens in its own folder only, so no port is taken.  Driver manager and driver are real ones; the server
is another than Db2, which the sidecar's plain SELECTs may be asked of (flashrt/queries.py).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from ctypes.util import find_library
from pathlib import Path

DSN = "*LOCAL"

SILENT = "*SILENT"
"""A data source whose server takes connections and says nothing."""

LIMIT_S = 120
PROGRAMS = ("initdb", "pg_ctl", "psql")

DRIVERS = sorted(Path("/usr/lib").glob("**/odbc/psqlodbcw.so"))


def find_programs() -> Path:
    """The folder of the server's programs, which Debian has off the path; an error names the packages."""
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    whole = [place for place in debian + on_path if all((place / name).exists() for name in PROGRAMS)]
    assert whole, "install postgresql"
    assert DRIVERS, "install odbc-postgresql"
    assert find_library("odbc"), "install unixodbc"
    return whole[0]


class PostgresServer:
    """One server with an empty database; `environment` is what an ODBC program needs to find it."""

    def __init__(self) -> None:
        self._programs = find_programs()
        # PostgreSQL refuses to be root's, and pytest's folders are for their owner alone.
        self.folder = Path(tempfile.mkdtemp(prefix="flashc-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else ""
        if self._user:
            shutil.chown(self.folder, self._user)
            self.folder.chmod(0o755)
        self._data = self.folder / "data"
        # It answers nobody: connections wait in its queue.
        self._silent = socket.create_server(("127.0.0.1", 0))
        places = {DSN: (str(self.folder), 5432), SILENT: ("127.0.0.1", self._silent.getsockname()[1])}
        (self.folder / "odbcinst.ini").write_text(f"[PostgreSQL]\nDriver={DRIVERS[0]}\n")
        (self.folder / "odbc.ini").write_text(
            "".join(
                f"[{name}]\nDriver=PostgreSQL\nServername={host}\nPort={port}\nDatabase=postgres\n"
                "Username=flashc\nSSLmode=disable\n"
                for name, (host, port) in places.items()
            )
        )
        self.environment = {"ODBCSYSINI": str(self.folder), "ODBCINI": str(self.folder / "odbc.ini")}

    def __enter__(self) -> PostgresServer:
        self._run(
            "initdb",
            "-D",
            str(self._data),
            "-U",
            "flashc",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if (self._data / "postmaster.pid").exists():
            self.stop()
        self._silent.close()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start it and see that it answers."""
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-l", str(self.folder / "log"), "-o", options, "-w", "start"
        )

    def stop(self) -> None:
        """End it at once, and so every connection."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def sql(self, text: str) -> None:
        """Run statements as the owner of the database, without ODBC."""
        words = ["-h", str(self.folder), "-U", "flashc", "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
        self._run("psql", *words, given=text)

    def _run(self, program: str, *words: str, given: str = "") -> None:
        done = subprocess.run(
            [*(["runuser", "-u", self._user, "--"] if self._user else []), self._programs / program, *words],
            input=given,
            cwd=self.folder,
            stdout=subprocess.PIPE
            if program != "pg_ctl"
            else subprocess.DEVNULL,  # the server would keep it open
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stdout}"
