"""SSH by the OpenSSH client, for partitions without a usable paramiko.

One master connection is made and proven; each command and file transfer is a client of it, so that the
other side sees one log-in.  The session channel cannot be opened before its command is known, so the armed
trigger is refused here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time

from flashrt.edges import (
    LOG_IN_S,
    OUTPUT_LIMIT,
    SETTLE_S,
    Clock,
    Credentials,
    Endpoint,
    OpenCommand,
    RemoteFiles,
    Reply,
    Session,
)
from flashrt.keyfiles import host_label
from flashrt.ssh_errors import auth_refused, lost, no_answer, too_much
from flashrt.status import CONFIG, HOSTKEY, SYSTEM, UNREACHABLE, SidecarError

FOLDERS = ("/QOpenSys/pkgs/bin", "/QOpenSys/usr/bin", "/usr/bin", "/usr/local/bin")
"""Where the client may be: the RPM, the licensed program 5733-SC1, other systems."""


def find_program(name: str) -> str:
    """The full path of `ssh` or `sftp`.  CONFIG if there is none."""
    for folder in FOLDERS:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    found = shutil.which(name)
    if found is None:
        raise SidecarError(
            CONFIG,
            "Neither a usable paramiko nor the OpenSSH client is on this partition. Install the RPM "
            "python39-paramiko (with an Ed25519 or ECDSA key) or openssh.",
        )
    return found


def options(
    endpoint: Endpoint, credentials: Credentials, known_hosts: str, control: str, limit_s: float
) -> list[str]:
    """The -o options of every call: nothing asked, nothing learned, one key."""
    pairs = {
        # First, since it counts from here on: clients of before 7.3 end at an option that they do not know.
        "IgnoreUnknown": "IdentityAgent,UpdateHostKeys",
        "BatchMode": "yes",
        "CheckHostIP": "no",
        "ConnectTimeout": str(max(1, int(limit_s))),
        "ControlPath": control,
        "ForwardAgent": "no",
        "GlobalKnownHostsFile": "/dev/null",
        "HostKeyAlias": host_label(endpoint.host, endpoint.port),
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "IdentityFile": credentials.key_file,
        "NumberOfPasswordPrompts": "0",
        "PasswordAuthentication": "no",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "UserKnownHostsFile": known_hosts,
    }
    words = ["-F", "/dev/null"]
    for name, value in pairs.items():
        words += ["-o", f"{name}={value}"]
    return words


def connect(
    clock: Clock,
    endpoint: Endpoint,
    place: Endpoint,
    credentials: Credentials,
    known_hosts: str,
    deadline: float,
) -> Session:
    """Start the master connection and wait until it is there."""
    limit_s = max(0.1, deadline - clock.now())
    program = find_program("ssh")
    folder = tempfile.mkdtemp(prefix="flashrt")
    control = os.path.join(folder, "c")
    base = options(endpoint, credentials, known_hosts, control, limit_s)
    target = ["-p", str(place.port), "-l", credentials.user, place.host]
    master = subprocess.Popen(
        [program, *base, "-M", "-N", "-T", *target],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    session = OpensshSession(clock, program, base, target, endpoint, master, folder)
    try:
        # The program itself ends at the limit where nobody greets.
        session.await_master(limit_s + LOG_IN_S, credentials)
    except SidecarError:
        session.close()
        raise
    return session


def connect_error(endpoint: Endpoint, credentials: Credentials, text: str) -> SidecarError:
    """What the client's own words about a failed connection mean."""
    short = " ".join(text.split())[:160] or "no reason given"
    if "Permission denied" in text or "Too many authentication failures" in text:
        return auth_refused(endpoint, credentials)
    if "Host key verification failed" in text or "HOST IDENTIFICATION HAS CHANGED" in text:
        return SidecarError(
            HOSTKEY,
            f"{endpoint} shows a host key that is not pinned. If it was changed on purpose, run flashc "
            "trust; if not, somebody may be in between.",
        )
    return SidecarError(
        UNREACHABLE, f"{endpoint} cannot be reached: {short}. Check the address, the network and the system."
    )


class OpensshSession:
    """A master connection and the clients that use it."""

    def __init__(
        self,
        clock: Clock,
        program: str,
        base: list[str],
        target: list[str],
        endpoint: Endpoint,
        master: subprocess.Popen[bytes],
        folder: str,
    ) -> None:
        self._clock = clock
        self._program = program
        self._base = base
        self._target = target
        self._endpoint = endpoint
        self._master = master
        self.folder = folder

    def await_master(self, limit_s: float, credentials: Credentials) -> None:
        """Wait until the control socket is there; the master's own words otherwise."""
        end = time.monotonic() + limit_s
        control = os.path.join(self.folder, "c")
        while not os.path.exists(control):
            try:
                self._master.wait(0.05)
            except subprocess.TimeoutExpired:
                if time.monotonic() < end:
                    continue
                raise SidecarError(
                    UNREACHABLE,
                    f"{self._endpoint} did not let us in within the limit. Check the system itself.",
                ) from None
            raise connect_error(self._endpoint, credentials, self._master_words())

    def run(self, command: str, deadline: float) -> Reply:
        """Run one command over the master connection."""
        limit_s = max(0.1, deadline - self._clock.now())
        client = [self._program, *self._base, "-o", "ControlMaster=no", "-T", *self._target, "--", command]
        done = self._call(client, limit_s, command)
        if done.returncode == 255:
            # The client's own failure: whether the command had been sent cannot be told.
            raise lost(self._endpoint, command)
        if max(len(done.stdout), len(done.stderr)) > OUTPUT_LIMIT:
            raise too_much(self._endpoint)
        return Reply(
            done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        )

    def open_command(self, deadline: float) -> OpenCommand:  # noqa: ARG002 - not possible, whatever the limit
        """Not possible with this client."""
        raise SidecarError(
            CONFIG,
            f"The armed trigger needs a paramiko that fits {self._endpoint}: with the OpenSSH client nothing "
            "can be made ready before the suspend. Install python39-paramiko; before 2.9 it needs an Ed25519 "
            "or ECDSA key of ours, and such a host key pinned.",
        )

    def files(self, deadline: float) -> RemoteFiles:
        """SFTP over the master connection."""
        limit_s = max(0.1, deadline - self._clock.now())
        base = [find_program("sftp"), *self._base, "-o", "ControlMaster=no", "-b", "-"]
        host = self._target[4]
        place = f"{self._target[3]}@{f'[{host}]' if ':' in host else host}"
        return OpensshFiles(self, [*base, "-P", self._target[1], place], self._endpoint, limit_s)

    def close(self) -> None:
        """End master and socket."""
        end = time.monotonic() + SETTLE_S
        while self._master.poll() is None and time.monotonic() < end:
            # Again and again: a signal that comes just before the client waits for its server is not seen.
            self._master.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._master.wait(0.2)
        self._master.kill()
        self._master.wait()
        if self._master.stderr is not None:
            self._master.stderr.close()
        with contextlib.suppress(OSError):
            shutil.rmtree(self.folder)

    def batch(self, client: list[str], lines: str, limit_s: float) -> subprocess.CompletedProcess[bytes]:
        """Run the sftp client with a batch of lines."""
        return self._call(client, limit_s, lines.splitlines()[0], lines.encode("utf-8"))

    def _call(
        self, client: list[str], limit_s: float, what: str, text: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(client, input=text, capture_output=True, timeout=limit_s, check=False)
        except subprocess.TimeoutExpired as error:
            raise no_answer(self._endpoint, what) from error

    def _master_words(self) -> str:
        stream = self._master.stderr
        return stream.read(65536).decode("utf-8", "replace") if stream is not None else ""


class OpensshFiles:
    """SFTP by batches of the sftp client; see `flashrt.edges.RemoteFiles`."""

    def __init__(
        self, session: OpensshSession, client: list[str], endpoint: Endpoint, limit_s: float
    ) -> None:
        self._session = session
        self._client = client
        self._endpoint = endpoint
        self._limit_s = limit_s

    def size(self, path: str) -> int | None:
        """Size in bytes, from the listing `ls -ln`."""
        done = self._session.batch(self._client, f"ls -ln {quoted(path)}\n", self._limit_s)
        if done.returncode != 0:
            return None
        for line in done.stdout.decode("utf-8", "replace").splitlines():
            words = line.split(None, 8)
            if len(words) == 9 and words[0][:1] in "-dl" and words[4].isdecimal():
                return int(words[4])
        return 0  # a folder that is empty lists nothing

    def modified(self, path: str) -> int:
        """When a file was last written: a listing has no seconds, a copy that keeps its time has."""
        copy = os.path.join(self._session.folder, "time")
        self._do(f"get -p {quoted(path)} {quoted(copy)}\n")
        return int(os.stat(copy).st_mtime)

    def read(self, path: str, limit: int) -> bytes | None:
        """The first bytes of a file; None if there is no such file."""
        if self.size(path) is None:
            return None
        with tempfile.TemporaryDirectory(prefix="flashrt-") as folder:
            local = os.path.join(folder, "read")
            self._do(f"get {quoted(path)} {quoted(local)}\n")
            with open(local, "rb") as file:
                return file.read(limit)

    def make_folder(self, path: str) -> None:
        """Make a folder; the leading dash lets an existing one pass."""
        self._do(f"-mkdir {quoted(path)}\nchmod 700 {quoted(path)}\n")

    def write(self, local: str, remote: str, start: int) -> None:
        """Send, or go on sending: the client itself compares the sizes."""
        self._do(f"{'reput' if start else 'put'} {quoted(local)} {quoted(remote)}\n")

    def rename(self, old: str, new: str) -> None:
        """Rename, replacing: the client uses posix-rename where the server has it."""
        self._do(f"rename {quoted(old)} {quoted(new)}\n")

    def close(self) -> None:
        """Nothing is open between batches."""

    def _do(self, lines: str) -> None:
        done = self._session.batch(self._client, lines, self._limit_s)
        if done.returncode != 0:
            words = " ".join(done.stderr.decode("utf-8", "replace").split())[:160]
            raise SidecarError(
                SYSTEM,
                f"{self._endpoint} refused '{lines.split(chr(10))[0][:60]}': {words}. Call again to go on.",
            )


def quoted(path: str) -> str:
    """A path for the sftp client's command line."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
