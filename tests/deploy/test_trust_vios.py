"""A VIOS that is asked by SSH: its host key is pinned, and its user is told how to let the key in."""

from __future__ import annotations

from pathlib import Path

from flashc.bundle import build
from flashc.check import load
from flashc.deploy.plan import by_https, endpoints
from flashc.deploy.trust import authorisations

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "twosite.flash"
NAME = "VIOSWEST1 on Server-9105-42A-SN78C0A11"


def test_its_address_is_surveyed_and_its_key_is_let_in() -> None:
    spec, problems = load(str(EXAMPLE))
    assert spec is not None, problems
    bundle = build(spec)[0]
    assert endpoints(bundle)["10.5.0.31:22"] == f"VIOS {NAME}"
    assert "10.5.0.31:22" not in by_https(bundle)
    assert "vioswest1_ed25519" in bundle.manifest["keys"]
    (step,) = [one for one in authorisations(bundle) if one.where.startswith("VIOS")]
    assert step.where == f"VIOS {NAME} (10.5.0.31:22), file ~padmin/.ssh/authorized_keys2"
    assert step.who == "user padmin"
    assert step.commands[0].startswith("no-pty,no-port-forwarding,")
    assert step.commands[0].endswith("/keys/vioswest1_ed25519.pub>")
