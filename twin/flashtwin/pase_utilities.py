"""The utilities of PASE that deployments use: `system`, files and folders, hashes, keys, Python's zipapps.

Each takes (session, words with its own name first) and is a generator that returns a `Text`.  What changes
the IFS waits while the system is suspended.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flashtwin.errors import Escape
from flashtwin.ifs import host_path, is_library_path, tag
from flashtwin.keys import fingerprint, private_key, public_key, public_of_file
from flashtwin.pase_services import printed
from flashtwin.scheduler import Signal, Wait

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

Steps = Generator[Wait, Signal | None, Any]

FOLDERS = ("/QOpenSys/usr/bin", "/QOpenSys/pkgs/bin", "/QOpenSys/bin", "/usr/bin", "/bin")
PYTHONS = re.compile(r"python3(\.9|\.13)?\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """What a utility wrote, and its exit status."""

    status: int
    out: str = ""
    err: str = ""


class Usage(Exception):
    """The utility was called in a way that it does not know."""


class Session:
    """One shell: who runs it, where, with which variables.  `left` is the status of `exit`."""

    def __init__(self, system: OperatingSystem, user: str, environment: dict[str, str], home: str) -> None:
        self.system = system
        self.user = user
        self.environment = environment
        self.home = home
        self.folder = home
        self.left: int | None = None

    def pay(self) -> Steps:
        """The cost of starting one program."""
        yield Wait((), self.system.world.now + self.system.world.costs.command)

    def absolute(self, path: str) -> str:
        """The absolute path in the IFS."""
        return os.path.normpath(path if path.startswith("/") else f"{self.folder}/{path}")

    def place(self, path: str) -> Path:
        """Where a path lies on this machine; OSError for a path that is none."""
        try:
            return host_path(self.system.image, self.absolute(path))
        except Escape as escape:
            raise OSError(22, escape.text) from escape

    def changes(self, what: str) -> Steps:
        """Wait until the IFS may be changed."""
        yield from self.system.change(None, what)

    def write(self, path: str, text: str, append: bool) -> Steps:
        """Write output to a file; an error text when it cannot be."""
        yield from self.changes(f"write {path}")
        try:
            with self.place(path).open("a" if append else "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            return f"sh: {path}: {error.strerror}\n"
        return ""


Utility = Callable[[Session, list[str]], Steps]
UTILITIES: dict[str, Utility] = {}


def utility_of(program: str) -> Utility | None:
    """The utility that a program name or full path means."""
    folder, _, name = program.rpartition("/")
    if folder and folder not in FOLDERS:
        return None
    return UTILITIES["python3"] if PYTHONS.match(name) and folder else UTILITIES.get(name)


def utility(*names: str) -> Callable[[Utility], Utility]:
    def register(function: Utility) -> Utility:
        for name in names:
            UTILITIES[name] = function
        return function

    return register


def _per_file(
    name: str, act: Callable[[Path, str], str | None], files: Iterable[str], session: Session
) -> Text:
    """Do something to each file; an error is told and the others are done all the same."""
    out, err = "", ""
    for path in files:
        try:
            out += act(session.place(path), path) or ""
        except OSError as error:
            err += f"{name}: {path}: {error.strerror or error}\n"
    return Text(1 if err else 0, out, err)


def _options(words: list[str], known: str) -> tuple[set[str], list[str]]:
    """Leading one-letter options; `Usage` names one that is not known."""
    found: set[str] = set()
    rest = words[1:]
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        for letter in word[1:]:
            if letter not in known:
                raise Usage(f"{words[0]}: illegal option -- {letter}")
            found.add(letter)
    return found, rest


@utility("system")
def _system(session: Session, words: list[str]) -> Steps:
    options, rest = _options(words, "beiknKpqsv")
    if not rest:
        return Text(255, "", "system: no command\n")
    # The shell's bytes are UTF-8 and are taken for CCSID 819, that of PASE under sshd:
    # docs/platform-facts.md#message-files
    command = " ".join(rest).encode("utf-8").decode("latin-1")
    result = yield from session.system.run_command(session.user, command)
    status, out, err = printed(result)
    if "n" in options:
        out, err = (re.sub(r"(?m)^[A-Z][A-Z0-9]{2}[0-9A-F]{4}: ", "", text) for text in (out, err))
    if "s" in options or "q" in options:
        out = ""
    return Text(status, (f"{command}\n" if "v" in options else "") + out, err)


@utility("mkdir")
def _mkdir(session: Session, words: list[str]) -> Steps:
    mode = 0o755
    if "-m" in words:
        place = words.index("-m")
        if not re.fullmatch("[0-7]{3,4}", "".join(words[place + 1 : place + 2])):
            raise Usage("mkdir: -m wants an octal mode")
        mode = int(words[place + 1], 8)
        del words[place : place + 2]
    options, rest = _options(words, "p")
    yield from session.changes("mkdir")

    def make(place: Path, _path: str) -> None:
        if "p" in options:
            os.makedirs(place, 0o755, exist_ok=True)
        else:
            os.mkdir(place)
        os.chmod(place, mode)

    return _per_file("mkdir", make, rest, session)


@utility("chmod")
def _chmod(session: Session, words: list[str]) -> Steps:
    options, rest = _options(words, "R")
    if len(rest) < 2 or not re.fullmatch(r"[0-7]{3,4}|[ugoa]*[-+=][rwx]*", rest[0]):
        return Text(1, "", "chmod: usage: chmod [-R] mode file ...\n")
    yield from session.changes("chmod")

    def change(place: Path, _path: str) -> None:
        for one in [place, *(sorted(place.rglob("*")) if "R" in options else [])]:
            os.chmod(one, _mode(rest[0], one.stat().st_mode & 0o7777))

    return _per_file("chmod", change, rest[1:], session)


def _mode(text: str, now: int) -> int:
    if text.isdigit():
        return int(text, 8)
    who, sign, what = re.fullmatch(r"([ugoa]*)([-+=])([rwx]*)", text).groups()  # type: ignore[union-attr]
    bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in set(what))
    shifts = [{"u": 6, "g": 3, "o": 0}[letter] for letter in set(who.replace("a", "ugo") or "ugo")]
    mask = sum(bits << shift for shift in shifts)
    if sign == "=":
        return (now & ~sum(7 << shift for shift in shifts)) | mask
    return now | mask if sign == "+" else now & ~mask


@utility("setccsid")
def _setccsid(session: Session, words: list[str]) -> Steps:
    _, rest = _options(words, "Rh")
    if len(rest) < 2 or not rest[0].isdigit():
        return Text(2, "", "setccsid: usage: setccsid [-R] CCSID file ...\n")
    return (yield from _tag(session, "setccsid", rest[0], rest[1:]))


@utility("attr")
def _attr(session: Session, words: list[str]) -> Steps:
    found = [word.partition("=")[2] for word in words if word.upper().startswith("CCSID=")]
    if len(words) != 3 or not found:
        return Text(2, "", "attr: the twin knows attr FILE CCSID=number only\n")
    return (yield from _tag(session, "attr", found[0], [words[1]]))


def _tag(session: Session, name: str, ccsid: str, files: list[str]) -> Steps:
    yield from session.changes(name)

    def tag_one(place: Path, path: str) -> None:
        place.stat()
        tag(session.system.image, session.absolute(path), ccsid)

    return _per_file(name, tag_one, files, session)


@utility("sha256sum")
def _sha256sum(session: Session, words: list[str]) -> Steps:
    yield from ()
    return _per_file(
        "sha256sum",
        lambda place, path: f"{hashlib.sha256(place.read_bytes()).hexdigest()}  {path}\n",
        words[1:],
        session,
    )


@utility("cat")
def _cat(session: Session, words: list[str]) -> Steps:
    yield from ()
    return _per_file(
        "cat", lambda place, _: place.read_bytes().decode("utf-8", "replace"), words[1:], session
    )


@utility("grep")
def _grep(session: Session, words: list[str]) -> Steps:
    yield from ()
    if len(words) < 3:
        return Text(2, "", "grep: the twin knows grep PATTERN file ... only\n")
    pattern = re.compile(words[1])

    def look(place: Path, _: str) -> str:
        lines = place.read_bytes().decode("utf-8", "replace").splitlines(keepends=True)
        return "".join(line for line in lines if pattern.search(line))

    found = _per_file("grep", look, words[2:], session)
    return found if found.err or found.out else Text(1, "", "")


@utility("ls")
def _ls(session: Session, words: list[str]) -> Steps:
    yield from ()
    options, rest = _options(words, "1aAd")

    def show(place: Path, path: str) -> str:
        if is_library_path(session.absolute(path)):
            return _objects(session, session.absolute(path))
        place.stat()
        if not place.is_dir() or "d" in options:
            return f"{path}\n"
        names = [n for n in sorted(os.listdir(place)) if not n.startswith(".") or options & {"a", "A"}]
        return "".join(f"{name}\n" for name in names)

    return _per_file("ls", show, rest or ["."], session)


def _objects(session: Session, path: str) -> str:
    """The objects of a library as /QSYS.LIB shows them."""
    found = re.fullmatch(r"/QSYS\.LIB/([^/]+)\.LIB", path, re.IGNORECASE)
    library = session.system.image.libraries.get(found[1].upper()) if found else None
    if library is None:
        raise FileNotFoundError(2, "No such file or directory")
    return "".join(f"{name}\n" for name in sorted(f"{n}.{kind.lstrip('*')}" for n, kind in library.objects))


@utility("rm")
def _rm(session: Session, words: list[str]) -> Steps:
    options, rest = _options(words, "rfR")
    yield from session.changes("rm")

    def remove(place: Path, _path: str) -> None:
        if "f" in options and not os.path.lexists(place):
            return
        if place.is_dir() and not place.is_symlink() and options & {"r", "R"}:
            shutil.rmtree(place)
        else:
            os.remove(place)

    return _per_file("rm", remove, rest, session)


@utility("rmdir")
def _rmdir(session: Session, words: list[str]) -> Steps:
    yield from session.changes("rmdir")
    return _per_file("rmdir", lambda place, _: os.rmdir(place), words[1:], session)


@utility("touch")
def _touch(session: Session, words: list[str]) -> Steps:
    yield from session.changes("touch")
    return _per_file("touch", lambda place, _: place.touch(0o644), words[1:], session)


@utility("mv", "cp")
def _move(session: Session, words: list[str]) -> Steps:
    options, rest = _options(words, "frRp")
    if len(rest) != 2:
        return Text(1, "", f"{words[0]}: usage: {words[0]} from to\n")
    yield from session.changes(words[0])

    def move(place: Path, path: str) -> None:
        target = session.place(rest[1])
        target = target / os.path.basename(path) if target.is_dir() else target
        if words[0].endswith("mv"):
            os.replace(place, target)
        elif place.is_dir() and options & {"r", "R"}:
            shutil.copytree(place, target, dirs_exist_ok=True)
        else:
            shutil.copy2(place, target)

    return _per_file(words[0], move, rest[:1], session)


@utility("test", "[")
def _test(session: Session, words: list[str]) -> Steps:
    yield from ()
    rest = words[1:-1] if words[0].endswith("[") and words[-1] == "]" else words[1:]
    wanted = rest[:1] != ["!"]
    rest = rest if wanted else rest[1:]
    if len(rest) == 3 and rest[1] in ("=", "!="):
        found = (rest[0] == rest[2]) == (rest[1] == "=")
    elif len(rest) == 2 and rest[0] in ("-n", "-z"):
        found = bool(rest[1]) == (rest[0] == "-n")
    elif len(rest) == 2 and rest[0] in ("-e", "-f", "-d", "-s", "-r", "-w", "-x"):
        found = _is(session, rest[0], rest[1])
    elif len(rest) <= 1:
        found = bool(rest and rest[0])
    else:
        return Text(2, "", f"test: {' '.join(rest)}: not understood\n")
    return Text(0 if found == wanted else 1)


def _is(session: Session, question: str, path: str) -> bool:
    if utility_of(path) is not None and path.startswith("/"):
        return question in ("-e", "-f", "-s", "-r", "-x")
    with contextlib.suppress(OSError):
        place = session.place(path)
        mode = place.stat().st_mode
        return {
            "-f": place.is_file(),
            "-d": place.is_dir(),
            "-s": place.is_file() and place.stat().st_size > 0,
            "-x": place.is_dir() or bool(mode & 0o111),
        }.get(question, True)
    return False


@utility("echo")
def _echo(_session: Session, words: list[str]) -> Steps:
    yield from ()
    return Text(0, " ".join(words[1:]) + "\n")


@utility("true", ":", "umask")
def _true(_session: Session, _words: list[str]) -> Steps:
    yield from ()
    return Text(0)


@utility("false")
def _false(_session: Session, _words: list[str]) -> Steps:
    yield from ()
    return Text(1)


@utility("export")
def _export(session: Session, words: list[str]) -> Steps:
    yield from ()
    for name, sign, value in (word.partition("=") for word in words[1:]):
        if sign:
            session.environment[name] = value
    return Text(0)


@utility("cd")
def _cd(session: Session, words: list[str]) -> Steps:
    yield from ()
    target = session.absolute(words[1] if len(words) > 1 else session.home)
    if not _is(session, "-d", target):
        return Text(1, "", f"cd: {target}: No such file or directory\n")
    session.folder = target
    return Text(0)


@utility("pwd")
def _pwd(session: Session, _words: list[str]) -> Steps:
    yield from ()
    return Text(0, f"{session.folder}\n")


@utility("exit")
def _exit(session: Session, words: list[str]) -> Steps:
    yield from ()
    session.left = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return Text(session.left)


@utility("whoami")
def _whoami(session: Session, _words: list[str]) -> Steps:
    yield from ()
    return Text(0, f"{session.user.lower()}\n")


@utility("uname")
def _uname(session: Session, words: list[str]) -> Steps:
    yield from ()
    name = session.system.image.network_attributes.get("SYSNAME", session.system.partition.name)
    return Text(0, "OS400\n" if len(words) == 1 else f"OS400 {name} 5 7\n")


@utility("command", "which")
def _which(_session: Session, words: list[str]) -> Steps:
    yield from ()
    out = ""
    for name in words[1:]:
        paths = [f"{folder}/{name}" for folder in FOLDERS[:2] if utility_of(f"{folder}/{name}")]
        out += f"{paths[0]}\n" if paths and name != "-v" else ""
    return Text(0 if out else 1, out)


@utility("ssh-keygen")
def _ssh_keygen(session: Session, words: list[str]) -> Steps:
    """Make a key (-f FILE; its name is its seed), show its public half (-y) or fingerprint (-l)."""
    if "-f" not in words[:-1]:
        return Text(1, "", "ssh-keygen: name the file by -f\n")
    path = words[words.index("-f") + 1]
    try:
        place = session.place(path)
        if "-y" in words:
            return Text(0, f"ssh-ed25519 {public_of_file(str(place))}\n")
        if "-l" in words or "-lf" in words:
            return Text(0, f"256 {fingerprint(public_of_file(str(place)))} {path} (ED25519)\n")
        yield from session.changes("ssh-keygen")
        if place.exists():
            return Text(1, f"{path} already exists.\n")
        seed = os.path.basename(path)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(private_key(seed))
        Path(f"{place}.pub").write_text(" ".join(public_key(seed)) + "\n")
    except (OSError, ValueError) as error:
        return Text(255, "", f"ssh-keygen: {path}: {getattr(error, 'strerror', None) or error}\n")
    return Text(0)


@utility("python3")
def _python(session: Session, words: list[str]) -> Steps:
    """A zipapp of the IFS, in a job of its own."""
    from flashtwin import pase

    if words[1:] in (["--version"], ["-V"]):
        return Text(0, "Python 3.9.21\n")
    if len(words) < 2 or not words[1].endswith(".pyz"):
        return Text(2, "", f"{words[0]}: the twin runs zipapps only\n")
    system = session.system
    yield from system.change(None, "job start for Python")
    job = system.new_job("QP0ZSPWP", session.user, "BCI")
    job.subsystem = "QUSRWRK"
    job.task = system.world.scheduler.current
    system.work.record_start(job)
    code = 50
    try:
        argv = [words[0], session.absolute(words[1]), *words[2:]]
        done = yield from pase.run_captured(system, job, argv, session.environment, session.folder)
        code = 0
    finally:
        system.work.finish(job, code)
    return Text(done.status, done.out, done.err)
