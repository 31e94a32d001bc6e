"""Message descriptions of a bundle and of a partition."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.described import defined, see_messages


def test_every_definition_of_a_bundle_is_read(bundle: Bundle) -> None:
    lines = bundle.files["FLMSGEN.msgf"].decode("utf-8").splitlines()
    found = {key.partition(" ")[2]: one for key, _, one in defined(bundle)}
    assert len(found) == sum(line.startswith("ADDMSGD") for line in lines)
    assert found["FLE0140"].text == "The profile of the run lacks special authorities: &1"
    assert found["FLE0140"].second.startswith("Cause . . . . . : Neither the product's profile")
    assert found["FLE0140"].severity == 40


def test_a_partition_without_the_view_tells_why_nothing_is_known(bundle: Bundle) -> None:
    class Session:
        def run(self, line: str, limit_s: float) -> Any:
            assert "MESSAGE_FILE_DATA" in line
            assert limit_s > 0
            said = "==answer BCKFLASHP/FLMSGEN\n**** CLI ERROR: SQL0204 MESSAGE_FILE_DATA not found.\n"
            return SimpleNamespace(status=0, out=said, err="")

    told = see_messages(bundle.manifest, Session())  # type: ignore[arg-type]
    assert not told.seen
    assert "SQL0204" in told.unread["BCKFLASHP/FLMSGEN"]
