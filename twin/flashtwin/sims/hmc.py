"""A simulated hardware management console: `Hmc.handle(user, line)` answers one SSH command line.

Written from docs/platform-facts.md#hmc: error texts go to stdout with exit status 1, an empty listing is
the sentence of `NO_RESULTS` with exit status 0, changes are accepted at once and happen over virtual time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flashtwin.sims import hmc_listing as listing
from flashtwin.sims import hmc_power, shell
from flashtwin.sims.hmc_options import HmcError, Options, filters, invalid, options, show
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.vios import Vios, ViosError
from flashtwin.site import ConsoleSite, ConsoleUser, PartitionSite

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import ManagedSystem, Partition, World

CHANGING_ROLES = ("hmcsuperadmin", "hmcoperator")
# Commands of a real console that this one does not have.
KNOWN_ELSEWHERE = (
    *("mkvterm", "rmvterm", "chhwres", "mksyscfg", "chsyscfg", "rmsyscfg", "lsaccfg", "mkaccfg"),
    *("mkhmcusr", "lscomgmt", "lslparutil", "lsnportlogin", "chnportlogin", "lshmcencr", "chhmcencr"),
)
MOST_REFCODES = 100
VIOS_S = 1.5
"""What a command on a VIOS takes beside the console's own answer: our own choice."""
_PUBLIC_KEY = re.compile(r"(ssh-[a-z0-9-]+|ecdsa-sha2-nistp[0-9]+) [A-Za-z0-9+/=]{20,2000}( [ -~]{0,200})?")
_TARGET = re.compile(r"\s(?:-n|--id)[ =]+[\"']?([^\"'\s]+)")
_MTMS = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{3})\*([0-9A-Z]{7})")


class Hmc:
    """A console with its users and the keys that they added themselves.

    `keys[user]` are the public key lines that the user may log in with; whoever makes the key files that
    the site names authorises them with `authorise`.
    """

    OFF = "Not Activated"
    """Its word for a partition that is off."""

    PREFIX = ""
    """What a console of this kind wants before the name of each command."""

    def __init__(self, world: World, config: ConsoleSite) -> None:
        self.world = world
        self.config = config
        self.name = config.name
        self.users: dict[str, ConsoleUser] = {user.name: user for user in config.users}
        self.keys: dict[str, list[str]] = {user.name: [] for user in config.users}
        self.audit: list[tuple[float, str, str, int]] = []
        self._commands: dict[str, Callable[[ConsoleUser, Sequence[str], str], Outcome]] = {
            "lssyscfg": self._lssyscfg,
            "lsrefcode": self._lsrefcode,
            "lshwres": self._lshwres,
            "chsysstate": self._chsysstate,
            "viosvrcmd": self._viosvrcmd,
            "lshmc": self._lshmc,
            "mkauthkeys": self._mkauthkeys,
            "lssvcevents": self._lssvcevents,
        }

    def handle(self, user: str, line: str) -> Outcome:
        """What the console does with a command line of this user.  Never raises for any line."""
        if self.config.reach == "hang":
            return Outcome(None, duration_s=self.config.answer, hang=True)
        try:
            parsed = shell.parse(line)
            if not parsed.words:
                return self._logged(user, line, Outcome(0))
            outcome = self._run(user, parsed)
        except shell.ShellError as error:
            outcome = Outcome(error.status, err=error.text)
        except HmcError as error:
            outcome = _refused(error)
        return self._logged(user, line, outcome)

    def accepts(self, user: str, key: str) -> bool:
        """Whether a public key (the base64 field of its line) may log in as this user."""
        account = self.users.get(user)
        if account is None or account.expired:
            return False
        return any(key in line.split() for line in self.keys[user])

    def authorise(self, user: str, line: str) -> None:
        """Accept a public key line for a user, as mkauthkeys -a does; KeyError for an unknown user."""
        if line not in self.keys[user]:
            self.keys[user].append(line)

    def reads(self, request: str) -> bool:
        """Whether a request asks for the state of a partition."""
        return self._command_of(request) == "lssyscfg"

    def changed_by(self, request: str) -> str | None:
        """Name or id of the partition whose state a request changes: None if it changes none, "" unnamed."""
        if self._command_of(request) != "chsysstate":
            return None
        target = _TARGET.search(request)
        return target[1] if target is not None else ""

    def _command_of(self, request: str) -> str:
        match = re.match(rf"\s*(?:\w+=\S+\s+)*{self.PREFIX}(\w+)\s", request)
        return match[1] if match is not None else ""

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses: SSH."""
        del gate
        return Server(self.name, self.handle, self.accepts)

    def _run(self, user: str, line: shell.Line) -> Outcome:
        name, words = line.words[0], line.words[1:]
        command = self._commands.get(name)
        if command is None:
            hint = " (this simulated console does not have it)" if name in KNOWN_ELSEWHERE else ""
            return Outcome(127, err=f"rbash: {name}: command not found{hint}\n")
        account = self.users.get(user)
        if account is None:
            raise _no_authority()
        return command(account, words, self._language(line.environment))

    def _logged(self, user: str, line: str, outcome: Outcome) -> Outcome:
        """The outcome with the console's answering time, and a record of the command when it is answered."""
        inner = outcome.effect

        def effect() -> Outcome | None:
            changed = inner() if inner is not None else None
            final = changed or outcome
            status = 0 if final.status is None else final.status
            self.audit.append((self.world.scheduler.now, user, line, status))
            self.world.events.log("hmc_command", self.name, text=line, rc=status, user=user)
            return changed

        seconds = self.config.answer + (VIOS_S if "viosvrcmd" in line else 0.0)
        return Outcome(outcome.status, outcome.out, outcome.err, seconds, effect)

    def _language(self, environment: dict[str, str]) -> str:
        for name in ("LC_ALL", "LANG"):
            if environment.get(name):
                value = environment[name]
                return "en" if value in ("C", "POSIX") or value.startswith("C.") else value[:2]
        return self.config.locale[:2]

    def _local(self) -> dt.timedelta:
        text = self.config.utc_offset or self.world.site.clock.utc_offset
        hours, minutes = int(text[1:3]), int(text[4:6])
        zone = dt.timedelta(minutes=(hours * 60 + minutes) * (-1 if text[0] == "-" else 1))
        return zone + self.world.shown_late(self.config.name)

    # objects

    def _machines(self) -> list[ManagedSystem]:
        names = self.config.manages or tuple(self.world.managed_systems)
        return [self.world.managed_systems[name] for name in names]

    def _machine(self, name: str) -> ManagedSystem:
        match = _MTMS.fullmatch(name)
        for machine in self._machines():
            if machine.name == name or (match and (machine.type_model, machine.serial) == match.groups()):
                return machine
        raise HmcError(
            f"HSCL8018 The managed system {name} was not found.  "
            "Please check your entry and retry the command."
        )

    def _connected(self, name: str) -> ManagedSystem:
        """A managed system that answers the console; its partitions may still be unavailable."""
        machine = self._machine(name)
        answers = ("Operating", "Standby", *listing.WITHOUT_PARTITION_STATES)
        if self.config.connection or machine.state not in answers:
            raise _not_operating(machine, self.shown(machine))
        return machine

    def _operating(self, name: str) -> ManagedSystem:
        machine = self._machine(name)
        if self.shown(machine) != "Operating":
            raise _not_operating(machine, self.shown(machine))
        return machine

    def shown(self, machine: ManagedSystem) -> str:
        """The state of a machine as this console has it: a lost connection is its own."""
        return self.config.connection or machine.state

    def _visible(self, user: ConsoleUser, machine: ManagedSystem) -> list[Partition]:
        if self.config.connection:
            return []
        partitions = [partition for _, partition in sorted(machine.partitions.items())]
        return [one for one in partitions if not user.partitions or one.name in user.partitions]

    def _selected(
        self, user: ConsoleUser, machine: ManagedSystem, wanted: dict[str, list[str]]
    ) -> list[Partition]:
        """The partitions that lpar_names or lpar_ids name; each name must exist."""
        if "lpar_names" in wanted and "lpar_ids" in wanted:
            raise invalid("--filter")
        partitions = self._visible(user, machine)
        key = next((name for name in ("lpar_names", "lpar_ids") if name in wanted), None)
        if key is None:
            return partitions
        names = {(p.name if key == "lpar_names" else str(p.lpar_id)): p for p in partitions}
        for value in wanted[key]:
            if value not in names:
                raise hmc_power.not_found(value)
        return [partition for name, partition in names.items() if name in wanted[key]]

    def _site(self, partition: Partition) -> PartitionSite | None:
        known: tuple[PartitionSite, ...] = self.world.site.partitions
        return next((one for one in known if one.name == partition.name), None)

    # commands

    def _lssyscfg(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        opts = options(words, ("-r", "-m", "--filter"), ("--header", "--osrefresh", "--lastvalidcfg"), "-F")
        resource = opts.need("-r")
        if resource == "sys":
            name = opts.get("-m")
            filters(opts.get("--filter"), ())
            machines = self._machines() if name is None else [self._machine(name)]
            local = dt.datetime.fromtimestamp(self.world.scheduler.now, dt.UTC) + self._local()
            rows = [listing.system_row(machine, self.shown(machine), local) for machine in machines]
            return Outcome(0, show(rows, opts, listing.SYSTEM_ATTRIBUTES))
        if resource == "lpar":
            machine = self._connected(opts.need("-m"))
            wanted = filters(opts.get("--filter"), ("lpar_names", "lpar_ids", "work_groups"))
            partitions = self._selected(user, machine, wanted)
            rows = [listing.partition_row(one, self._site(one), language) for one in partitions]
            return Outcome(0, show(rows, opts, listing.PARTITION_ATTRIBUTES))
        if resource == "prof":
            return self._profiles(user, opts)
        raise invalid("-r")

    def _profiles(self, user: ConsoleUser, opts: Options) -> Outcome:
        machine = self._connected(opts.need("-m"))
        wanted = filters(opts.get("--filter"), ("lpar_names", "lpar_ids", "profile_names"))
        rows = []
        for partition in self._selected(user, machine, wanted):
            site = self._site(partition)
            automatic = {one.name for one in site.profiles if one.auto_start} if site is not None else set()
            for profile in partition.profiles.values():
                if profile.name in wanted.get("profile_names", [profile.name]):
                    rows.append(listing.profile_row(partition, profile, profile.name in automatic))
        return Outcome(0, show(rows, opts, listing.PROFILE_ATTRIBUTES))

    def _lsrefcode(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del language
        opts = options(words, ("-r", "-m", "-n", "-s", "--filter"), ("--header",), "-F")
        resource, machine = opts.need("-r"), self._connected(opts.need("-m"))
        count = opts.get("-n") or "1"
        if not count.isascii() or not count.isdigit() or not 1 <= int(count[:9]) <= MOST_REFCODES:
            raise invalid("-n")
        if opts.get("-s") not in (None, "p", "s"):
            raise invalid("-s")
        if resource == "sys":
            row = dict.fromkeys(listing.SYSTEM_REFCODE_ATTRIBUTES, "") | {"refcode_num": "0"}
            return Outcome(0, show([row], opts, listing.SYSTEM_REFCODE_ATTRIBUTES))
        if resource != "lpar":
            raise invalid("-r")
        wanted = filters(opts.get("--filter"), ("lpar_names", "lpar_ids"))
        rows = [
            row
            for partition in self._selected(user, machine, wanted)
            for row in listing.refcode_rows(partition, int(count), self._local())
        ]
        return Outcome(0, show(rows, opts, listing.REFCODE_ATTRIBUTES))

    def _lshwres(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del language
        opts = options(words, ("-r", "-m", "--rsubtype", "--level", "--filter"), ("--header",), "-F")
        resource, kind = opts.need("-r"), opts.need("--rsubtype")
        if resource == "io" and kind == "slot":
            # All adapters of these partitions are virtual: the machine assigns no physical slot.
            self._connected(opts.need("-m"))
            return Outcome(0, show([], opts, listing.SLOT_ATTRIBUTES))
        if resource != "virtualio":
            raise invalid("-r")
        if opts.get("--level") not in (None, "lpar"):
            raise invalid("--level")
        machine = self._connected(opts.need("-m"))
        wanted = filters(opts.get("--filter"), ("lpar_names", "lpar_ids"))
        partitions = self._selected(user, machine, wanted)
        if kind == "eth":
            rows = [row for one in partitions for row in listing.ethernet_rows(one)]
            return Outcome(0, show(rows, opts, listing.ETHERNET_ATTRIBUTES))
        if kind == "fc":
            rows = [row for one in partitions for row in listing.fibre_rows(one)]
            return Outcome(0, show(rows, opts, listing.FIBRE_ATTRIBUTES))
        if kind == "scsi":
            rows = [row for one in partitions for row in listing.scsi_rows(one)]
            return Outcome(0, show(rows, opts, listing.SCSI_ATTRIBUTES))
        raise invalid("--rsubtype")

    def _chsysstate(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del language
        if user.role not in CHANGING_ROLES:
            raise _no_authority()
        change = hmc_power.change(words, self._operating)
        if user.partitions and any(one.name not in user.partitions for one in change.partitions):
            raise _no_authority()
        change.check()

        def effect() -> Outcome | None:
            # The partition may have changed by itself while the console worked.
            try:
                change.check()
            except HmcError as error:
                return _refused(error, self.config.answer)
            change.act()
            return None

        return Outcome(0, effect=effect)

    def _viosvrcmd(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del language
        opts = options(words, ("-m", "-p", "--id", "-c", "-t"), ("--admin",))
        machine = self._operating(opts.need("-m"))
        if ("-p" in opts) == ("--id" in opts):
            raise invalid("-p,--id")
        name, command = opts.get("-p") or opts.need("--id"), opts.need("-c")
        key = "lpar_names" if "-p" in opts else "lpar_ids"
        (partition,) = self._selected(user, machine, {key: [name]})
        if user.role not in CHANGING_ROLES:
            raise _no_authority()
        server = partition.vios
        if not isinstance(server, Vios) or server.rmc_state != "active":
            raise HmcError(
                f"HSCL2957 There is no RMC connection between the management console and partition "
                f"{partition.name}, or the partition does not have DLPAR capabilities."
            )
        try:
            act = server.handle(command)
        except ViosError as error:
            return _failed(error)

        def effect() -> Outcome:
            try:
                return Outcome(0, out=act())
            except ViosError as error:
                return _failed(error)

        return Outcome(0, effect=effect)

    def _lshmc(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del user, language
        opts = options(words, (), ("-V", "-l"))
        if len(opts.values) != 1:
            raise invalid("-V,-l")
        if "-l" in opts:
            return Outcome(0, f'"locale={self.config.locale}"\n')
        match = re.fullmatch(r"V(\d+)R(\d+) M(\d+)", self.config.version)
        version, release, pack = match.groups() if match else ("10", "3", "1060")
        return Outcome(
            0,
            f'"version= Version: {version}\n Release: {release}\n Service Pack: {pack}\n'
            f"HMC Build level 2408210051\nMF71689 - HMC V{version}R{release} M{pack}\n"
            f'","base_version=V{version}R{release}\n"\n',
        )

    def _mkauthkeys(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del language
        opts = options(words, ("-a", "-r"), ())
        if len(opts.values) != 1:
            raise invalid("-a")
        adding = "-a" in opts
        key = opts.need("-a" if adding else "-r")
        if adding and not _PUBLIC_KEY.fullmatch(key):
            raise invalid("-a")

        def effect() -> None:
            lines = self.keys[user.name]
            if adding and key not in lines:
                lines.append(key)
            elif not adding:
                self.keys[user.name] = [
                    line for line in lines if line != key and not line.endswith(f" {key}")
                ]

        return Outcome(0, effect=effect)

    def _lssvcevents(self, user: ConsoleUser, words: Sequence[str], language: str) -> Outcome:
        del user, language
        opts = options(words, ("-t", "-m", "-d"), ("--header",), "-F")
        if opts.need("-t") != "console":
            raise invalid("-t")
        days = opts.get("-d") or "7"
        if not days.isascii() or not days.isdigit() or len(days) > 4:
            raise invalid("-d")
        since = self.world.scheduler.now - (int(days) + 1) * 86400.0
        rows = [
            {
                "time": listing.stamp(time, self._local()),
                "userid": name,
                "pid": str(4000 + n),
                "text": f"HSCE2123 User name {name}: command {line} was executed with exit code {status}.",
            }
            for n, (time, name, line, status) in enumerate(self.audit)
            if time >= since and line.split(" ")[0].startswith("chsysstate")
        ]
        return Outcome(0, show(rows, opts, ("time", "userid", "pid", "text")))


def _refused(error: HmcError, duration_s: float = 1.0) -> Outcome:
    return Outcome(1, out=error.text + "\n", duration_s=duration_s)


def _failed(error: ViosError) -> Outcome:
    text = f"HSCL2970 The IOServer command has failed because of the following reason:\n{error.text}\n"
    return Outcome(1, out=text)


def _no_authority() -> HmcError:
    return HmcError("HSCL350B The user does not have the appropriate authority.")


def _not_operating(machine: ManagedSystem, state: str) -> HmcError:
    return HmcError(
        f"HSCL0238 The operation is only allowed while the managed system is in the Operating state; "
        f"{machine.name} is in the state {state}."
    )
