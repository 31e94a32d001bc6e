"""Mail to an SMTP server that is a process of its own, with and without TLS."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from flashrt import status
from flashrt.edges import SystemClock, real_edges

from .fakes import RUN, World

SERVER = Path(__file__).with_name("smtp_process.py")


@pytest.fixture(name="certificate", scope="module")
def fixture_certificate(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A certificate that its own server has signed, as relays inside a site have, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048, backend=default_backend())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example.net")])
    begin = dt.datetime(2020, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=36500))
        .sign(key, hashes.SHA256(), default_backend())
    )
    text = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(text))
    (folder / "key.pem").write_bytes(
        key.private_bytes(text, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return [str(folder / "cert.pem"), str(folder / "key.pem")]


def told(world: World, files: list[str]) -> list[str]:
    """What the server was sent by one mail about a failure."""
    with subprocess.Popen([sys.executable, str(SERVER), *files], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            world.data["mail"]["server"] = f"127.0.0.1:{port}"
            world.save()
            real = real_edges()
            world.edges = world.edges._replace(clock=SystemClock(), network=real.network)
            words = ("--environment", "DAILY", "--phase", "failure", "--run", RUN, "--text", "why it failed")
            called = world.call("mail", *words)
            assert (called.status, called.word) == (status.OK, "SENT"), called.text
            lines, _ = server.communicate(timeout=60)
        finally:
            server.kill()
    return lines.splitlines()


def test_what_the_server_offers_is_taken_and_the_mail_goes_by_tls(
    world: World, certificate: list[str]
) -> None:
    lines = told(world, certificate)
    assert lines[1] == "STARTTLS"
    assert all(line.startswith("TLS ") for line in lines[2:])
    assert any(line.upper().startswith("TLS MAIL FROM:") for line in lines), lines
    assert any("why it failed" in line for line in lines)


def test_without_the_offer_it_goes_as_it_is(world: World) -> None:
    lines = told(world, [])
    assert "STARTTLS" not in lines
    assert any("why it failed" in line for line in lines)
