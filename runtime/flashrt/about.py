"""What the sidecar finds around it: Python, paramiko, OpenSSH, SQL, the site's programs.  Changes nothing."""

from __future__ import annotations

import platform
from typing import Any

from flashrt import __version__
from flashrt.config import SCRIPT, Config
from flashrt.edges import Edges
from flashrt.queries import IDENTITY
from flashrt.result import Result
from flashrt.ssh import load_paramiko
from flashrt.ssh_openssh import find_program
from flashrt.status import SidecarError


def about(config: Config, edges: Edges) -> Result:
    """OK: SSH and SQL can be used from here; LACKING: what of it cannot, the text says why."""
    paramiko = load_paramiko()
    openssh, lacking = "", []
    try:
        openssh = find_program("ssh")
    except SidecarError as error:
        if paramiko is None:
            lacking.append(error.text)
    sql = ""
    try:
        edges.database.query(IDENTITY, limit_s=config.limits.sql_s)
    except SidecarError as error:
        sql = error.text
        lacking.append(error.text)
    # by another way the program lies on another host
    by_script = [one.facts for one in config.arrays.values() if one.way == SCRIPT]
    paths = dict.fromkeys(facts["program"] for facts in by_script if "program" in facts)
    unfit = [f"{path}: {problem}" for path in paths if (problem := edges.programs.look(path))]
    lacking += unfit
    details: dict[str, Any] = {
        "flashrt": __version__,
        "python": platform.python_version(),
        "paramiko": str(getattr(paramiko, "__version__", "?")) if paramiko is not None else None,
        "openssh": openssh or None,
        "sql": sql or "answers",
        "programs": "; ".join(unfit) or ("well" if paths else "none"),
    }
    parts = ("flashrt", "python", "paramiko", "openssh")
    told = ", ".join(f"{name} {details[name] or 'none'}" for name in parts)
    text = f"{told}; SQL answers." if not sql else f"{told}; SQL does not answer: {sql}"
    text += "".join(f" {one}." for one in unfit)
    return Result(text, "LACKING" if lacking else "OK", details=details)
