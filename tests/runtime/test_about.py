"""What the sidecar finds of its surroundings."""

from __future__ import annotations

import json
import platform

import pytest
from flashrt.status import UNREACHABLE, SidecarError

from .fakes import World


def test_versions_and_sql(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    called = world.call("about", "--json")
    assert (called.status, called.word) == (0, "OK")
    details = json.loads(capsys.readouterr().out)["details"]
    assert details["python"] == platform.python_version()
    assert details["paramiko"][0].isdigit()
    assert details["sql"] == "answers"


def test_what_is_lacking_is_said_and_is_no_failure(world: World) -> None:
    world.database.rows["SYSTEM_STATUS_INFO"] = SidecarError(UNREACHABLE, "SQL did not answer.")
    called = world.call("about")
    assert (called.status, called.word) == (0, "LACKING")
    assert "SQL did not answer" in called.text
