"""The mail relay takes mails in virtual time and tells the world of each."""

from __future__ import annotations

import pytest
from flashtwin.sims.server import Mode
from flashtwin.sims.smtp import Mail, MailRelay
from netbench import MODES, START, Bench

local = pytest.mark.parametrize("mode", ["thread", "memory"])


@pytest.fixture
def told() -> list[Mail]:
    """What the world was told."""
    return []


@pytest.fixture
def relay(bench: Bench, told: list[Mail]) -> MailRelay:
    """A relay at 10.1.0.25."""
    relay = MailRelay(bench.gate, "relay", 0.25, told.append)
    bench.gate.publish("10.1.0.25:25", relay.server)
    return relay


@pytest.mark.parametrize("mode", MODES)
def test_a_mail_is_taken_and_told(bench: Bench, relay: MailRelay, told: list[Mail], mode: str) -> None:
    end = bench.run(mode, "mail", "flashc@example.net", "ops@example.net", "two@example.net")
    assert end["out"] == "220 []\n"
    assert end["at"] == 4.25
    assert relay.mails == told
    mail = told[0]
    assert (mail.at, mail.sender) == (START + 4.25, "flashc@example.net")
    assert mail.recipients == ("ops@example.net", "two@example.net")
    assert (mail.subject, mail.text.strip()) == ("FLASHC end", ".done")


@local
def test_an_unknown_recipient_is_refused(bench: Bench, relay: MailRelay, mode: str) -> None:
    relay.unknown.add("gone@example.net")
    end = bench.run(mode, "mail", "a@example.net", "ops@example.net", "gone@example.net")
    assert end["out"] == "220 ['gone@example.net']\n"
    assert relay.mails[0].recipients == ("ops@example.net",)


@local
def test_a_full_relay_takes_nothing(bench: Bench, relay: MailRelay, mode: str) -> None:
    relay.full = True
    end = bench.run(mode, "mail", "a@example.net", "ops@example.net")
    assert end["status"] == 1
    assert "452" in end["err"]
    assert relay.mails == []


@local
@pytest.mark.parametrize(("server_mode", "after"), [("silent", 30.0), ("refused", 0.0), ("dropped", 0.25)])
def test_a_relay_that_does_not_greet(
    bench: Bench, relay: MailRelay, server_mode: Mode, after: float, mode: str
) -> None:
    relay.server.mode = server_mode
    end = bench.run(mode, "mail", "a@example.net", "ops@example.net")
    assert end["at"] == 4.0 + after
    assert end["status"] != 0
    assert relay.mails == []
