"""Certificates of devices that are asked by HTTPS: shown, pinned, and never taken for another."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from deploybench import empty_facts, pins_for
from flashc.bundle import Bundle, build
from flashc.check import load
from flashc.deploy import DeployError
from flashc.deploy.hostkeys import CERTIFICATE, HostKey, text_of
from flashc.deploy.plan import by_authority, by_https, endpoints, plan
from flashc.deploy.ssh import Target
from flashc.deploy.tls import about, is_vouched_for, read_authorities, shown_certificate, which_answers
from flashc.deploy.trust import _ask_by_https, authorisations, changed, pin, read_pins, survey
from flashtwin.certificates import certificate, server_context
from runtime.https_server import make_certificate

ADDRESS = "10.1.0.20:7443"
TARGET = Target("10.1.0.20", 7443)
SHOWN = HostKey(CERTIFICATE, certificate("V7000"))


class Device:
    """Shakes hands with everybody who comes."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.places = {ADDRESS: f"127.0.0.1:{self._listener.getsockname()[1]}"}
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            # A client that refuses what it is shown goes away.
            with contextlib.suppress(OSError), server_context(self.seed).wrap_socket(sock, True) as talk:
                talk.recv(1)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@pytest.fixture
def device() -> Iterator[Device]:
    made = Device("V7000")
    yield made
    made.close()


@pytest.fixture
def by_rest(bundle: Bundle) -> Bundle:
    """The example with its array asked by REST."""
    conf = json.loads(bundle.files["conf/sidecar.json"])
    conf["arrays"]["V7000"].update(way="rest", addresses=[ADDRESS], key="v7000_password")
    manifest = {**bundle.manifest, "keys": ["hmc1_ed25519", "v7000_password"]}
    files = {**bundle.files, "conf/sidecar.json": json.dumps(conf).encode()}
    return replace(bundle, files=files, manifest=manifest)


def test_a_certificate_is_shown_and_pinned_and_a_change_is_refused(
    device: Device, by_rest: Bundle, tmp_path: Path
) -> None:
    places = {**device.places, "sistprod.example.net:22": "127.0.0.1:1", "10.1.0.10:22": "127.0.0.1:1"}
    places["10.1.0.11:22"] = "127.0.0.1:1"
    path = tmp_path / "x.known_hosts"
    array = next(host for host in survey(by_rest, {}, places) if host.target == TARGET)
    assert (array.state, array.key, array.what) == ("new", SHOWN, "array V7000")
    assert array.about == "management system, valid until 9999-12-31"
    digits = array.as_json()["fingerprint"]
    assert (len(digits), digits.count(":"), digits) == (95, 31, digits.upper())
    pin(path, [array])
    known = read_pins(path)
    assert known == {"[10.1.0.20]:7443": (SHOWN,)}
    again = next(host for host in survey(by_rest, known, places) if host.target == TARGET)
    assert again.state == "pinned"
    device.seed = "V7000 changed"
    other = next(host for host in survey(by_rest, known, places) if host.target == TARGET)
    error = changed(path, [other])
    assert error is not None
    assert (error.status, SHOWN.fingerprint in error.text) == (4, True)


def test_an_authority_vouches_for_its_own_only(device: Device) -> None:
    """The certificate here has no name at all, so none can answer for it by its name."""
    assert not is_vouched_for(TARGET, device.places, [HostKey(CERTIFICATE, SHOWN.blob)])
    assert not is_vouched_for(TARGET, device.places, [replace(SHOWN, mark="@cert-authority")])


def test_the_authority_of_the_site_is_pinned_for_the_servers_it_answers_for(tmp_path: Path) -> None:
    other, _ = signed_server(tmp_path, "127.0.0.1")
    authority, name = signed_server(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(name)
    with served(context) as port:
        target, places = Target("127.0.0.1", port), dict[str, str]()
        shown = shown_certificate(target, places)
        file = tmp_path / "site.pem"
        file.write_bytes(other.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))
        read = read_authorities(file.read_bytes())
        found = _ask_by_https(target, "array", {}, places, False, read)
        der = authority.public_bytes(Encoding.DER)
        assert (found.state, found.replaces) == ("new", False)
        assert found.key == HostKey(CERTIFICATE, der, "@cert-authority")
        # In the place of a certificate that is pinned, and only where it answers.
        known = {target.label: (shown,)}
        assert _ask_by_https(target, "array", known, places, False, read).replaces
        stranger = [other.public_bytes(Encoding.DER)]
        assert _ask_by_https(target, "array", known, places, False, stranger).state == "pinned"
        path = tmp_path / "x.known_hosts"
        path.write_text(text_of(known))
        pin(path, [_ask_by_https(target, "array", known, places, False, read)])
        assert read_pins(path) == {target.label: (found.key,)}
        again = _ask_by_https(target, "array", read_pins(path), places, False, read)
        assert (again.state, again.vouched) == ("pinned", True)
    with pytest.raises(ValueError, match="is a server's own, not an authority's"):
        read_authorities(Path(name).read_bytes())
    with pytest.raises(ValueError, match="no certificate in PEM form"):
        read_authorities(b"-----BEGIN NOTHING")


def test_an_authority_that_a_root_has_signed_is_pinned_without_the_root(tmp_path: Path) -> None:
    root = make_certificate(tmp_path, "root")
    company = make_certificate(tmp_path, "company", root, authority=True)
    make_certificate(tmp_path, "server", company)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    read = read_authorities(company[1].public_bytes(Encoding.PEM))
    with served(context) as port:
        found = _ask_by_https(Target("127.0.0.1", port), "array", {}, {}, False, read)
    assert found.key == HostKey(CERTIFICATE, company[1].public_bytes(Encoding.DER), "@cert-authority")


def signed_server(folder: Path, address: str) -> tuple[x509.Certificate, str]:
    """An authority, and a file with key and certificate of a server that it has signed."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("site", "server")]
    made = []
    for key, name, authority in ((keys[0], names[0], True), (keys[1], names[1], False)):
        builder = (
            x509.CertificateBuilder(names[0], name, key.public_key(), x509.random_serial_number())
            .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
            .not_valid_after(dt.datetime(9999, 1, 1, tzinfo=dt.UTC))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
            )
        )
        made.append(builder.sign(keys[0], hashes.SHA256()))
    file = folder / "server.pem"
    secret = keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made[1].public_bytes(Encoding.PEM))
    return made[0], str(file)


@contextlib.contextmanager
def served(context: ssl.SSLContext) -> Iterator[int]:
    """A server that shakes hands with everybody; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                with contextlib.suppress(OSError), sock, context.wrap_socket(sock, True) as talk:
                    talk.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def test_a_plan_wants_the_right_kind_of_pin(by_rest: Bundle) -> None:
    assert by_https(by_rest) == {ADDRESS}
    found = plan(by_rest, empty_facts(by_rest), pins_for(by_rest))
    told = [finding.text for finding in found.findings if finding.severity == "refused"]
    assert told == [f"No certificate is pinned for array V7000 ({ADDRESS}). Run flashc trust."]


def test_a_password_is_written_into_a_file_and_never_into_a_command(by_rest: Bundle) -> None:
    found = plan(by_rest, empty_facts(by_rest), pins_for(by_rest))
    told = [finding.text for finding in found.findings if "v7000_password" in finding.text]
    assert len(told) == 1
    assert "The password file /flashc/BCKFLASHP/keys/v7000_password is missing." in told[0]
    assert "ssh-keygen" not in told[0]
    steps = [step for step in authorisations(by_rest) if "V7000" in step.where]
    assert [command for step in steps for command in step.commands if "mkuser" in command] == []
    assert "umask 077; cat > /flashc/BCKFLASHP/keys/v7000_password" in steps[0].commands[1]


@pytest.mark.parametrize("place", ["127.0.0.1:1", "127.0.0.1:none"])
def test_an_address_where_nobody_is(place: str) -> None:
    with pytest.raises(DeployError, match=r"10\.1\.0\.20:7443 cannot be reached"):
        shown_certificate(TARGET, {ADDRESS: place})


def test_a_server_without_tls_and_one_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = {ADDRESS: f"127.0.0.1:{silent.getsockname()[1]}"}
        with pytest.raises(DeployError, match="no TLS connection came about"):
            shown_certificate(TARGET, where, limit_s=0.05)


def test_a_server_that_dribbles_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def dribble() -> None:
            sock, _ = listener.accept()
            with contextlib.suppress(OSError), sock:
                # A handshake record that is announced, and then comes byte by byte.
                sock.sendall(b"\x16\x03\x03\x3f\xff\x02")
                while sock.recv(1):
                    sock.sendall(b"\x00")

        thread = threading.Thread(target=dribble)
        thread.start()
        where = {ADDRESS: f"127.0.0.1:{listener.getsockname()[1]}"}
        with pytest.raises(DeployError, match="no TLS connection came about"):
            shown_certificate(TARGET, where, limit_s=0.2)
        thread.join(10)


def test_what_is_no_certificate_says_nothing_of_itself() -> None:
    assert about(HostKey(CERTIFICATE, b"nonsense")) == ""


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_the_authority_that_answers_is_found_among_many(count: int) -> None:
    known = [f"authority {number}".encode() for number in range(count)]
    for wanted in known:
        asked: list[int] = []

        def answer(some: Sequence[bytes], wanted: bytes = wanted, asked: list[int] = asked) -> bool:
            asked.append(len(some))
            return wanted in some

        assert which_answers(known, answer) == wanted
        assert len(asked) <= 2 + count.bit_length()
    assert which_answers(known, lambda _: False) is None
    assert which_answers([], lambda _: True) is None


def test_of_a_cloud_who_signs_is_pinned_and_its_token_service_too(root: Path) -> None:
    spec, _ = load(str(root / "examples/nightly_powervs.flash"))
    assert spec is not None
    bundle = build(spec)[0]
    api, iam = "us-east.power-iaas.cloud.ibm.com:443", "iam.cloud.ibm.com:443"
    assert by_authority(bundle) == {api, iam}
    assert {api, iam} <= by_https(bundle)
    assert endpoints(bundle)[iam].startswith("token service of ")
    steps = {step.where.split(" (")[0]: step.commands for step in authorisations(bundle)}
    assert "ibmcloud iam service-id-create flashc-pvc" in steps["console PVC"]
    assert any("--service-instance 5d0f7d20-" in line for line in steps["array PVS"])
    assert "cat > /flashc/BCKFLASHP/keys/powervs_volumes_key" in steps["array PVS"][-1]
