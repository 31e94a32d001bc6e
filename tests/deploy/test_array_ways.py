"""DSCLI and SYMCLI: what lets the product in, and what doctor asks for."""

from __future__ import annotations

import json
from pathlib import Path

from flashc.check import load
from flashc.cli.bundles import bundle_of
from flashc.deploy.doctor import facts_of
from flashc.deploy.hostkeys import HostKey, label, text_of
from flashc.deploy.plan import endpoints, write_secret
from flashc.deploy.trust import authorisations
from flashrt.config import parse_config
from flashrt.edges import Endpoint
from flashrt.keyfiles import pinned_keys

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_the_password_stands_in_no_argument_and_nothing_is_pinned() -> None:
    spec, problems = load(str(EXAMPLES / "nightly_dscli.flash"))
    assert spec is not None, problems
    bundle = bundle_of(spec, "SISTPROD")
    told = write_secret(bundle, "ds8900.pw")
    assert "start /ibm/dscli/dscli, enter managepwfile -action add -mc1 10.1.0.30 -mc2 10.1.0.31" in told
    assert "-pwfile /flashc/BCKFLASHP/keys/ds8900.pw -name flashc -pw PASSWORD" in told
    (by_program,) = [one for one in authorisations(bundle) if "dscli" in one.where]
    assert told in by_program.commands
    assert not [address for address in endpoints(bundle) if address.startswith("10.1.0.3")]
    (fact,) = [one for one in facts_of(spec, spec.systems[0]) if one.about == "dscli"]
    assert "in /ibm/dscli/dscli; do" in fact.shell


def test_an_address_of_ipv6_reaches_the_sidecar_the_pins_and_the_commands_whole(tmp_path: Path) -> None:
    for name in ("nightly_brms.flash", "nightly_brms.site.toml"):
        text = (EXAMPLES / name).read_text("utf-8").replace('address "10.1.0.20"', 'address "2001:db8::20"')
        (tmp_path / name).write_text(text, "utf-8")
    spec, problems = load(str(tmp_path / "nightly_brms.flash"))
    assert spec is not None, problems
    bundle = bundle_of(spec, "SISTPROD")
    assert "2001:db8::20:22" in endpoints(bundle)
    (array,) = [one for one in authorisations(bundle) if one.where.startswith("array ")]
    assert array.where == "array V7000 (2001:db8::20)"
    assert array.commands[0].endswith(" superuser@[2001:db8::20]:/tmp/v7000_ed25519.pub")
    config = parse_config(str(tmp_path), json.loads(bundle.files["conf/sidecar.json"]))
    (place,) = config.array("V7000").addresses
    assert place == Endpoint("2001:db8::20", 22)
    pins = tmp_path / "known_hosts"
    pins.write_text(text_of({label("2001:db8::20", 22): (HostKey("ssh-ed25519", b"key"),)}))
    assert [key.blob for key in pinned_keys(str(pins), place.host, place.port)] == [b"key"]


def test_a_host_with_symcli_lets_a_key_in_that_may_do_nothing_else() -> None:
    spec, problems = load(str(EXAMPLES / "nightly_symcli.flash"))
    assert spec is not None, problems
    bundle = bundle_of(spec, "SISTPROD")
    (host,) = [
        one for one in authorisations(bundle, {"symcli_ed25519": "ssh-ed25519 AAAA"}) if "PMAX" in one.where
    ]
    assert host.where == "array PMAX: host 10.1.0.41, file ~flashc/.ssh/authorized_keys"
    assert host.commands == ("restrict ssh-ed25519 AAAA",)
    assert "10.1.0.41:22" in endpoints(bundle)
    assert not [one for one in facts_of(spec, spec.systems[0]) if one.about == "dscli"]
