"""A real nginx on loopback for the systems tests: TLS, and HTTP/1.1 as another has read its RFC.

It takes the socket that the listener here has got, so no port is guessed and nothing is waited for.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from flashrt.edges import Endpoint, SshNetwork, SystemClock
from flashrt.https import RestSession

from .https_server import der, make_certificate, pin

PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx")
LIMIT_S = 60


def find_nginx() -> str:
    """The server's program; an error names the package."""
    found = shutil.which("nginx") or next((place for place in PLACES if os.access(place, os.X_OK)), None)
    assert found, "install nginx-light"
    return found


class NginxServer:
    """One server; `locations` are the directives of its `server` block, `folder` the root of its files."""

    def __init__(self, locations: str = "") -> None:
        self._program = find_nginx()
        self.folder = Path(tempfile.mkdtemp(prefix="flashc-nginx-"))
        self.folder.chmod(0o755)  # its workers are another user's
        self.certificate = der(make_certificate(self.folder, "server")[1])
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        self._conf = self.folder / "nginx.conf"
        self._locations = locations

    def __enter__(self) -> NginxServer:
        self.configure(self._locations)
        fd = self._listener.fileno()
        # NGINX names the sockets that a server takes over from the one before it.
        self._running = subprocess.Popen(
            [self._program, "-p", str(self.folder), "-c", str(self._conf), "-g", "daemon off;"],
            env={**os.environ, "NGINX": f"{fd};"},
            pass_fds=(fd,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._listener.close()
        return self

    def __exit__(self, *_error: object) -> None:
        self._running.terminate()
        self._running.wait(LIMIT_S)
        shutil.rmtree(self.folder)

    def configure(self, locations: str) -> None:
        """Write what it serves."""
        self._conf.write_text(
            f"pid {self.folder}/pid;\nerror_log {self.folder}/error.log;\nevents {{}}\nhttp {{\n"
            f"access_log {self.folder}/access.log;\nlimit_req_zone $server_port zone=one:1m rate=1r/m;\n"
            + "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in TEMPORARY)
            + f"server {{\nlisten 127.0.0.1:{self.port} ssl;\nroot {self.folder};\n"
            f"ssl_certificate {self.folder}/server.pem;\nssl_certificate_key {self.folder}/server.pem;\n"
            f"{locations}\n}}\n}}\n"
        )

    def connect(self, limit_s: float = 10.0) -> RestSession:
        """A session of the sidecar with it."""
        clock = SystemClock()
        known_hosts = self.folder / "known_hosts"
        known_hosts.write_text(pin(self.port, self.certificate))
        endpoint = Endpoint("127.0.0.1", self.port)
        return SshNetwork(clock).https(endpoint, str(known_hosts), clock.now() + limit_s)

    @property
    def asked(self) -> list[str]:
        """The lines of its access log: one for each request that it has answered.

        A line is written when its answer has gone, before this one worker takes up the next request.
        """
        last = self.connect()
        last.call("GET", "/", SystemClock().now() + LIMIT_S)
        last.close()
        return (self.folder / "access.log").read_text().splitlines()


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
