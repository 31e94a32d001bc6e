"""What `flashc doctor` asks of FLSOCKET: compiled into QTEMP of its job, and its socket calls work."""

from __future__ import annotations

import re

from flashc.deploy.doctor import facts_of
from nights import Edit, example, staged

SPEC, _ = example()
ASKED = next(fact for fact in facts_of(SPEC, SPEC.systems[0]) if fact.about == "sockets-from-cl" and fact.cl)


def test_the_socket_calls_work_and_nothing_stays() -> None:
    with staged() as stage:
        asked = stage.command("FLASHC", ASKED.cl)
        assert asked.ok, asked.messages
        assert re.search(ASKED.matches, asked.messages[-1][1])
        made = ("FLSOCKET", "*PGM")
        assert [n for n, home in stage.system.image.libraries.items() if made in home.objects] == [
            "BCKFLASHP"
        ]


def test_a_call_that_fails_is_told() -> None:
    refused = Edit(
        "FLSOCKET.clle", "X'000200007F0000010000000000000000'", "X'000200007F0000020000000000000000'"
    )
    with staged([refused]) as stage:
        asked = stage.command("FLASHC", ASKED.cl)
        assert asked.ok, asked.messages
        assert "connect -1" in asked.messages[-1][1]
        assert not re.search(ASKED.matches, asked.messages[-1][1])
