"""Whole specs at random: machine rooms of every family, several systems, clones and environments.

What is made is right, and means what can be done: `flashc check` takes it, and each run of a rehearsal on the
site derived from it completes, every invariant held.  Names, quantities and the number of everything go up to
the limits of the language.  The same chance gives the same spec.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

LETTERS = "ABCDEFGHIJKLMNOPRSTUVWXYZ"
"""First letters of names: not Q, which is IBM's."""
DIGITS = "0123456789"
DAY = 86400
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SERVERS = ("*DDM", "*FTP", "*HTTP", "*TELNET", "*LPD", "*SNMP", "*NTP", "*SMTP")
PHASES = ("start", "flash", "boot", "save", "end", "completed", "failure", "refused", "attention")
LONGEST_COMMAND = 400
SAVE_MOST_S = 9999 * 60
WORKSPACE = "crn:v1:bluemix:public:power-iaas:us-east:a/0123456789abcdef:{}::"


class Chance:
    """Random choices, of which the ends of a range are as likely as all between them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._taken: set[str] = set()

    def maybe(self, percent: int = 50) -> bool:
        return self.random.randrange(100) < percent

    def one(self, *things: str) -> str:
        return self.random.choice(things)

    def number(self, least: int, most: int) -> int:
        """Between two bounds, each of them included and likely; of large ranges mostly small ones."""
        kind = self.random.randrange(6)
        if kind < 2:
            return (least, most)[kind]
        span = most - least
        return least + int(span ** self.random.random()) if span > 100 else self.random.randint(least, most)

    def some(self, most: int, least: int = 0) -> int:
        """How many of something: few, mostly."""
        return min(self.random.randint(least, most), self.random.randint(least, most))

    def several(self, things: tuple[str, ...], most: int, least: int = 1) -> list[str]:
        return self.random.sample(things, self.some(most, least))

    def limit(self, least: int, most: int) -> str:
        """A quantity of time in a unit in which it is whole."""
        seconds = self.number(least, most)
        units = [u for u, size in (("s", 1), ("m", 60), ("h", 3600), ("d", DAY)) if seconds % size == 0]
        return self._unit(seconds, self.random.choice(units))

    def _unit(self, seconds: int, unit: str) -> str:
        return f"{seconds // {'s': 1, 'm': 60, 'h': 3600, 'd': DAY}[unit]}{unit}"

    def another(self, make: Callable[[], str]) -> str:
        """What `make` makes and was not there before."""
        while (made := make()) in self._taken:
            pass
        self._taken.add(made)
        return made

    def own(self, longest: int = 10) -> str:
        """A name that the spec gives: no $, @ or #; another one each time."""
        return self.another(lambda: self._name(LETTERS, LETTERS + DIGITS + "_", longest))

    def volume(self) -> str:
        """The identifier of a tape volume; another one each time."""
        return self.another(lambda: self._name(LETTERS, LETTERS + DIGITS, 6))

    def object(self, longest: int = 10) -> str:
        """The name of an object of the site; another one each time."""
        return self.another(lambda: self._name(LETTERS + "$@", LETTERS + DIGITS + "_$@#", longest))

    def _name(self, first: str, rest: str, longest: int) -> str:
        length = self.random.choice((1, 2, longest, self.random.randint(1, longest)))
        return self.one(*first) + "".join(self.one(*rest) for _ in range(length - 1))

    def foreign(self, longest: int, more: str = "") -> str:
        """A name that somebody else gives: letters, digits and these characters inside; another each time."""

        def make() -> str:
            length = self.random.choice((3, longest, self.random.randint(3, longest)))
            kept = "".join(self.one(*(LETTERS + LETTERS.lower() + DIGITS + more)) for _ in range(length - 2))
            return self.one(*LETTERS) + kept + self.one(*(LETTERS + DIGITS))

        return self.another(make)


@dataclass(slots=True)
class Array:
    """A storage system: its family, and what it calls the sources of each system."""

    name: str
    family: str
    text: str
    phrase: str = ""
    sources: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    targets: int = 0
    single: bool = False
    """It holds one copy of a volume only."""
    scripted: bool = False
    """It is driven by DSCLI."""


@dataclass(slots=True)
class System:
    name: str
    machine: Machine
    asps: list[str]
    user: str
    host: str
    clones: int = 0
    arrays: list[Array] = field(default_factory=list)
    cloud: bool = False


@dataclass(slots=True)
class Machine:
    """A managed system: how consoles call it, and its serial number."""

    name: str
    serial: str
    ids: int = 1


@dataclass(slots=True)
class Clone:
    name: str
    system: System
    generations: int
    link: bool
    network: int
    apart: bool = False
    """Its console cannot see which networks are production's."""


class Spec:
    """One spec; `files` are its texts by their paths, the main one as `any.flash`."""

    def __init__(self, random: Random) -> None:
        self.chance = Chance(random)
        self.site: list[str] = []
        self.rest: list[str] = []
        self.files: dict[str, str] = {}
        self._slot = 0
        self._networks = 0
        self._mailed = False
        self._commands: list[str] = []
        self._arrays: list[Array] = []
        self._make()

    # -- the whole

    def _make(self) -> None:
        c = self.chance
        self._slots = c.random.sample([(day, hour) for day in DAYS for hour in (5, 12, 20)], 21)
        for _ in range(c.some(2)):
            self._commands.append(self._command())
        for _ in range(c.some(2, 1)):
            system = self._system()
            system.cloud = not any(one.family == "powervs" for one in self._arrays) and c.maybe(15)
            system.arrays = self._arrays_of(system)
            for _ in range(1 if self._one_copy(system) else c.some(2, 1)):
                clone = self._clone(system)
                several = 1 if clone.generations > 1 else c.some(2, 1)
                for _ in range(several):
                    self._environment(clone, alone=several == 1)
        if self._mailed:
            port = c.one("", ":25", ":2525")
            self.site.append(f'mail server "10.9.9.9{port}" from "flashc@sender.example"')
        c.random.shuffle(self.site)
        body = [*self.site, *self.rest]
        if c.maybe(30):
            self.files["parts/site.flash"] = "\n".join(self.site) + "\n"
            body = ['include "parts/site.flash"', *self.rest]
        self.files["any.flash"] = "\n".join(body) + "\n"

    def _one_copy(self, system: System) -> bool:
        """Whether its volumes have one copy at most."""
        return system.cloud or any(array.single for array in system.arrays)

    def _block(self, head: str, statements: list[str]) -> str:
        self.chance.random.shuffle(statements)
        return f"{head} {{\n" + "".join(f"    {one}\n" for one in statements if one) + "}"

    # -- the site

    def _command(self) -> str:
        name = self.chance.object()
        if self.chance.maybe():
            file = f"commands/{name.lower().replace('$', '').replace('@', '').replace('#', '')}x.cmd"
            self.files[file] = (
                "CMD PROMPT('Of the site')\nPARM KWD(STATE) TYPE(*CHAR) LEN(4) PROMPT('State')\n"
            )
            self.rest.append(f'command {name} from "{file}"')
        else:
            self.site.append(f"command {name}")
        return name

    def _system(self) -> System:
        c = self.chance
        serial = c.another(lambda: "78" + "".join(c.one(*(LETTERS + DIGITS)) for _ in range(5)))
        form = c.one("*", "SN", "free")
        name = f"9009-42A*{serial}" if form == "*" else f"Server-9009-42A-SN{serial}"
        machine = Machine(name if form != "free" else c.foreign(31, "_-. "), serial)
        asps = [c.object() for _ in range(c.some(3))]
        system = System(c.own(), machine, asps, c.object(), "")
        library = c.another(lambda: c._name(LETTERS, LETTERS + DIGITS + "_", 10))
        while library[:9] + "G" == library:
            library = c.own()
        port = c.one("", ":2222", ":65535")
        system.host = f"{system.name.lower().replace('_', '-').strip('-')}x.example.net"
        ids = c.number(1, 9998)
        machine.ids = ids
        release = c.random.randint(3, 6)
        if release == 3:
            # Its sshd lets in no longer name (FL3115).
            system.user = system.user[:8]
        statements = [
            f'host "{system.host}{port}" user {system.user}',
            f"identity serial {serial} lpar {ids}",
            f"library {library}",
            f"release 7.{release}",
            *(f"independent asp {asp}" for asp in asps),
        ]
        if c.maybe(70):
            statements.append(f"language {c.one('english', 'spanish', 'french')}")
        self.site.append(self._block(f"system {system.name}", statements))
        if c.maybe(30):
            self.site[-1] = (
                self.site[-1][:-1] + f"    identity serial 06ZZZ{c.random.randint(10, 99)} lpar {ids}\n}}"
            )
        return system

    def _addresses(self, most: int = 3) -> str:
        c = self.chance

        def one() -> str:
            kind = c.random.randrange(3)
            host = f"10.{c.random.randint(1, 200)}.{c.random.randint(0, 255)}.{c.random.randint(1, 254)}"
            if kind:
                return host
            return f"h{c.random.randint(0, 10**6)}.example.net"

        return " or ".join(f'"{c.another(one)}"' for _ in range(c.some(most, 1)))

    def _access(self, credential: str, most: int = 3) -> list[str]:
        c = self.chance
        # The names of the files differ, so that none opens another door.
        file = c.foreign(c.random.choice((8, 64)), "_-")
        if credential == "token":
            return [f"address {self._addresses(most)}", f'token file "{file}"']
        user = c.foreign(20, "_.-")
        said = f'key "{file}"' if credential == "key" else f'password file "{file}"'
        return [f"address {self._addresses(most)}", f'user "{user}"', said]

    def _console(self, cloud: bool) -> tuple[str, str, str]:
        """Name, family and way of a new console."""
        c = self.chance
        family = "powervs" if cloud else c.one("hmc", "hmc", "hmc", "fsm", "novalink")
        way = c.one("ssh", "rest") if family == "hmc" else "rest" if family == "powervs" else "ssh"
        name = c.own(31)
        statements = self._told(family, way)
        if family == "hmc" and c.maybe(30):
            other = c.own(31)
            self.site.append(self._block(f"console {other} is hmc", self._told(family, way)))
            statements.append(f"standby {other}")
        self.site.append(self._block(f"console {name} is {family}", statements))
        return name, family, way

    def _told(self, family: str, way: str) -> list[str]:
        c = self.chance
        if family == "powervs":
            return [*self._access("token", 1), f'workspace "{self._workspace()}"']
        explicit = [f"through {way}"] if way == "rest" or c.maybe(30) else []
        return [*self._access("password" if way == "rest" else "key"), *explicit]

    def _workspace(self) -> str:
        return WORKSPACE.format(self.chance.foreign(30, "-"))

    def _array(self, cloud: bool) -> Array:
        c = self.chance
        families = ("svc", "svc", "svc", "ds8000", "powermax", "pure", "hitachi", "custom")
        family = "powervs" if cloud else c.one(*families)
        made = Array(c.own(31), family, "")
        statements: list[str] = []
        if family == "svc":
            way = c.one("ssh", "rest")
            statements = [*self._access("key" if way == "ssh" else "password"), f"through {way}"]
            made.phrase = c.one("group", "group", "volume group")
        elif family == "ds8000":
            way = c.one("rest", "script")
            # The twin has one program dscli for one storage system.
            way = "rest" if any(one.scripted for one in self._arrays) else way
            made.scripted = way == "script"
            statements = [*self._access("password"), f"through {way}"]
            statements.append(f'image "IBM.2107-75{c.one(*DIGITS)}AB1{c.one(*DIGITS)}"')
            if way == "script":
                statements += ['program "/opt/ibm/dscli/dscli"'] if c.maybe() else []
                statements += ['release "space"'] if c.maybe() else []
                if c.maybe(30):
                    statements.append('refresh "incremental"')
                    made.single = True
        elif family == "powermax":
            way = c.one("rest", "ssh")
            statements = [*self._access("password" if way == "rest" else "key"), f"through {way}"]
            statements.append(f'serial "0001979{c.random.randint(10000, 99999)}"')
            statements += ['program "/opt/emc/SYMCLI/bin"'] if way == "ssh" and c.maybe() else []
        elif family == "pure":
            statements = self._access("token")
        elif family == "hitachi":
            statements = [*self._access("password"), f'serial "8860001{c.random.randint(10000, 99999)}"']
        elif family == "powervs":
            statements = [*self._access("token", 1), f'workspace "{self._workspace()}"']
            statements += ['release "volumes"'] if c.maybe() else []
        else:
            statements = [f'program "/usr/local/bin/copy{c.foreign(100, "_.-")}"']
        made.text = self._block(f"array {made.name} is {family}", statements)
        self.site.append(made.text)
        return made

    # -- clones

    def _clone(self, system: System) -> Clone:
        c = self.chance
        console, family, way = self._console(system.cloud)
        system.clones += 1
        generations = c.random.randint(2, 4) if c.maybe(25) and not self._one_copy(system) else 1
        self._networks += 1
        name = c.own(31)
        link = generations == 1 or c.maybe()
        clone = Clone(name, system, generations, link, self._networks)
        number = system.machine.ids + system.clones * (1 if system.machine.ids < 9990 else -1)
        partition = c.foreign(31, "_-" if system.cloud else "_-. ")
        machine = system.machine.name
        if family == "novalink":
            # One machine has one name there, and another one tells nothing of production's network.
            machine = f"9009-42A*{system.machine.serial}"
            if system.machine.name != machine:
                machine = f"8286-42A*06{c.random.randint(10000, 99999)}"
                clone.apart = True
        elif c.maybe(20):
            machine = f"8286-42A*06{c.random.randint(10000, 99999)}"
        profile = "" if family in ("novalink", "powervs") else f' profile "{c.foreign(31, "_-. ")}"'
        statements = [f'partition {number} "{partition}" on "{machine}" through {console}{profile}']
        statements += self._disks(clone)
        if not system.cloud and generations == 1 and c.maybe(35):
            statements.append(f"volumes vios {self._vios(family, way)}")
        elif c.maybe(30):
            statements.append("volumes npiv")
        if c.maybe(30):
            statements.append(f"free capacity {c.number(1, 90)}%")
        isolated = c.maybe(70)
        statements.append(
            "network isolated"
            if isolated
            else 'network not isolated because "its ports are shut, ñandú ""x"""'
        )
        if link:
            vlan = f" vlan {c.number(2, 4094)}" if isolated or c.maybe() else ""
            ends = (f"192.168.{self._networks}.{c.random.randint(1, 120)}", f"192.168.{self._networks}.200")
            statements.append(f'link source "{ends[0]}" clone "{ends[1]}" line {c.object()}{vlan}')
        if family == "novalink":
            statements.append("previous immediately")
        elif c.maybe(60):
            ended = f"previous ended within {c.limit(30, 4 * 3600)}"
            statements.append(c.one(ended, f"{ended} then immediately", "previous immediately"))
        self.rest.append(self._block(f"clone {name} of {system.name}", statements))
        return clone

    def _vios(self, family: str, way: str) -> str:
        """One to three VIOS, asked through the console where it hands commands on."""
        c = self.chance
        made = []
        for _ in range(c.some(3, 1)):
            text = f'"{c.foreign(31, "_-. ")}"'
            if family == "novalink" or way == "rest" or c.maybe(40):
                file = c.foreign(20, "_-")
                text += f' address {self._addresses(1)} user "padmin" key "{file}"'
            made.append(text)
        return " and ".join(made)

    def _disks(self, clone: Clone) -> list[str]:
        """Copies of all volumes of the system, which lie on the same storage systems for every clone."""
        arrays = clone.system.arrays
        return [f"disks {self._copies(one, clone)} on {one.name}" for one in arrays]

    def _arrays_of(self, system: System) -> list[Array]:
        c = self.chance
        made: list[Array] = []
        for _ in range(1 if system.cloud else c.some(3, 1)):
            old = [
                one for one in self._arrays if one not in made and one.family != "powervs" and not one.single
            ]
            shared = bool(old) and not system.cloud and c.maybe(40)
            array = c.random.choice(old) if shared else self._array(system.cloud)
            self._arrays += [] if array in self._arrays else [array]
            made.append(array)
        return made

    def _copies(self, array: Array, clone: Clone) -> str:
        c = self.chance
        system = clone.system.name
        names = [c.foreign(c.random.choice((6, 31)), "_") for _ in range(clone.generations)]
        if array.family == "svc" and array.phrase == "group":
            return "group " + " or ".join(f'"{one}"' for one in names)
        if array.family == "svc":
            source = array.groups.setdefault(system, c.foreign(63, "_.-"))
            return f'volume group "{source}" onto ' + " or ".join(f'"{one}"' for one in names)
        if array.family == "powermax":
            source = array.groups.setdefault(system, c.foreign(64, "_-"))
            snapshot = c.foreign(32, "_-")
            linked = " or ".join(f'"{one}"' for one in names)
            return f'storage group "{source}" snapshot "{snapshot}" linked to {linked}'
        if array.family == "powervs":
            return f'volumes of "{system}" as "{c.foreign(20, "_-")}"'
        if array.family == "custom":
            return "named " + " or ".join(f'"{one}"' for one in names)
        if array.family == "pure":
            source = array.groups.setdefault(system, c.foreign(31, "-"))
            return f'protection group "{source}" ' + " or ".join(self._pairs(array, clone) for _ in names)
        if array.family == "hitachi":
            made = [f'"{c.foreign(32, "_.@-")}" {self._pairs(array, clone)}' for _ in names]
            return "snapshot group " + " or ".join(made)
        return " or ".join(self._pairs(array, clone) for _ in names)

    def _pairs(self, array: Array, clone: Clone) -> str:
        c = self.chance
        system = clone.system.name
        count = len(array.sources.get(system, ())) or c.some(6, 1)
        array.targets += 1
        block = array.targets * 16
        if array.family == "pure":
            sources = array.sources.setdefault(system, [c.foreign(31, "_-") for _ in range(count)])
            targets = [f"{c.foreign(31, '_-')}" for _ in range(count)]
        elif array.family == "hitachi":
            begin = 1024 + 64 * len(array.sources)
            sources = array.sources.setdefault(system, [str(begin + n) for n in range(count)])
            # A VIOS of the twin knows volumes by their names, so those of two arrays differ.
            block += 512 * self._arrays.index(array)
            targets = [str(4096 + block + n) for n in range(count)]
            if c.maybe(30):
                targets = [
                    f"{int(one) >> 16:02X}:{int(one) >> 8 & 255:02X}:{int(one) & 255:02X}" for one in targets
                ]
        else:
            begin = 0x1000 + 0x100 * len(array.sources)
            sources = array.sources.setdefault(system, [f"{begin + n:04X}" for n in range(count)])
            first = 0x8000 + block + 0x800 * self._arrays.index(array)
            targets = [f"{first + n:04X}" for n in range(count)]
            if count > 1 and c.maybe():
                return f'pairs "{sources[0]}-{sources[-1]}" to "{targets[0]}-{targets[-1]}"'
        return "pairs " + " and ".join(f'"{a}" to "{b}"' for a, b in zip(sources, targets, strict=True))

    # -- environments

    def _environment(self, clone: Clone, alone: bool) -> None:
        c = self.chance
        kind = c.one("none", "brms", "brms", "brms" if clone.system.asps else "save21", "user")  # FL3117
        if clone.generations > 1 or not clone.link:
            kind = "none"
        start = self._starts()
        statements = [start, self._window(clone.system)]
        lives = kind in ("brms", "user") and c.maybe(40)
        leave = ""
        if kind == "none":
            statements.append("on clone none")
            if c.maybe(50):
                # A start of each week comes back after seven days.
                most = 7 * DAY * clone.generations if start.startswith("every") else 366 * DAY
                statements.append(f"keep snapshot {c.limit(60, most if alone else 60)}")
        else:
            operation = {"brms": self._brms, "save21": self._save21, "user": self._user}[kind]
            statements.append(operation())
            leave = c.one("", "off", "running", "handed over" if alone else "running")
            if lives and leave not in ("running", "handed over"):
                leave = "running"
            statements.append(f"leave clone {leave}" if leave else "")
            if lives:
                statements.append(self._reconfigure(clone))
            if c.maybe(60):
                statements.append(f"boot within {c.limit(300, DAY)}")
        statements += self._around()
        for when in ("before", "after flash", "afterwards", "on failure"):
            if c.maybe(30):
                body = " ".join(self._run(4 * 3600) for _ in range(c.some(3, 1)))
                statements.append(f"{when} {{ {body} }}")
        if (kind == "brms" and c.maybe() and not any(s.startswith("afterwards") for s in statements)) or (
            kind == "brms" and c.maybe(20)
        ):
            statements.append(f"afterwards maintenance brms {c.one('with', 'without')} movement")
        if c.maybe(40):
            statements.append(f"keep runs {c.limit(DAY, 3660 * DAY)}")
        for _ in range(c.some(3)):
            self._mailed = True
            phases = c.several(PHASES, len(PHASES))
            statements.append(f'mail "{c.foreign(20, ".+-")}@b.example" on {", ".join(phases)}')
        for _ in range(c.some(3)):
            within = f" within {c.limit(1, 4 * 3600)}" if c.maybe(80) else ""
            phases = c.several(PHASES, len(PHASES))
            statements.append(f'run "{self._text()}" on {", ".join(phases)}{within}')
        statements += [
            f"expect {what} under {under}"
            for what, under in (("suspended", "20m"), ("run", "30d"))
            if c.maybe(30)
        ]
        if kind != "none" and c.maybe(30):
            statements.append("expect boot under 1d")
        self.rest.append(
            self._block(f"environment {c.another(self._environment_name)} on {clone.name}", statements)
        )

    def _environment_name(self) -> str:
        c = self.chance
        name = c._name(LETTERS, LETTERS + DIGITS + "_", 10)
        short = "".join(one for one in name if one.isalnum())[:7]
        if f"program {short}" in c._taken:
            return self._environment_name()
        c._taken.add(f"program {short}")
        return name

    def _starts(self) -> str:
        c = self.chance
        if c.maybe(20):
            return c.one("started by hand", 'started by scheduler "IWS ""x"" é"')
        day, hour = self._slots[self._slot % 21]
        self._slot += 1
        at = f"at {hour}:{c.random.randint(0, 59):02}" + c.one("", ":00", ":59")
        kind = c.random.randrange(5)
        if kind == 0:
            return f"every {c.one('first', 'second', 'third', 'fourth', 'last')} {day} of month {at}"
        if kind == 1:
            return f"on 2026-12-{c.random.randint(1, 28):02} {at}"
        left = " except on 2027-01-01 and 2026-12-25" if c.maybe(20) else ""
        return f"every {day} {at}{left}"

    def _window(self, system: System) -> str:
        c = self.chance
        least = 5 * (1 + len(system.asps)) if system.asps else 1
        quiesce = c.number(least, 585)
        resume = c.number(15, 600 - quiesce)
        retries = c.one("", "retries 0 ", "retries 5 ", "retries 2 ")
        otherwise = c.one("abort", "continue partial", "flush only")
        return f"quiesce within {quiesce}s {retries}otherwise {otherwise} resume within {resume}s"

    def _around(self) -> list[str]:
        c = self.chance
        made: list[str] = []
        for _ in range(c.some(9)):
            kind = c.random.randrange(8)
            if kind == 0:
                made.append(f"hold job {c.object()}/{c.object()}")
            elif kind == 1:
                made.append(f"hold job queue {c.object()}/{c.object()}")
            elif kind == 2:
                made.append(f"hold schedule entry {c.object()}")
            elif kind == 3:
                made.append(f"end domino {c.object()} within {c.limit(10, 3600)}")
            elif kind == 4:
                made.append(f"vary off device {c.object()}")
            elif kind == 5:
                made.append(f"end tcp server {c.one(*SERVERS)}")
            elif kind == 6:
                made.append(f"end subsystem {c.object()}/{c.object()} within {c.limit(10, 3600)}")
            else:
                within = f" within {c.limit(1, 3600)}" if c.maybe(70) else ""
                made.append(f'run "{self._text()}" undo "{self._text()}"{within}')
        made = list(dict.fromkeys(made))
        return [f"around flash {{ {' '.join(made)} }}"] if made else []

    def _run(self, most: int) -> str:
        c = self.chance
        within = f" within {c.limit(1, most)}" if c.maybe(80) else ""
        return f'run "{self._text()}"{within}'

    def _text(self) -> str:
        """A CL command of the site, as it stands between quotes; each with a program of its own."""
        c = self.chance
        if self._commands and c.maybe(30):
            return f"{c.object()}/{c.one(*self._commands)} STATE(*ON)"
        call = f"CALL PGM({c.object()}/{c.object()})" if c.maybe() else f"CALL {c.object()}/{c.object()}"
        kind = c.random.randrange(6)
        if kind == 0:
            return (
                f"{call} PARM('it''s' x 12 '&A')".replace('"x"', '\'""x""\'') if call.endswith(")") else call
            )
        if kind == 1 and call.endswith(")"):
            return f"{call} PARM('{'X' * (LONGEST_COMMAND - len(call) - 9)}')"
        if kind == 2 and call.endswith(")"):
            return f"{call} PARM('$HOME' '*' '%1;|<>' X'C1C2' -1.5)"
        return call

    # -- what the clone does

    def _device(self, brms: bool) -> str:
        c = self.chance
        kind = c.one("library", "drive", "virtual tape", "optical")
        if kind in ("virtual tape", "optical"):
            return f"{kind} {c.object()} catalog {c.object()}"
        name = f"{kind} {c.object()}"
        if brms:
            return name
        some = " and ".join(
            f'"{c.another(lambda: c._name(LETTERS, LETTERS + DIGITS, 6))}"' for _ in range(c.some(5, 1))
        )
        if kind == "drive":
            return f"{name} volumes {some}" if c.maybe() else name
        return f"{name} " + c.one(
            "sequential", f"volumes {some}", f"category {c.object()}", "category *SHARE400"
        )

    def _group(self, device: str, restricted: bool = False) -> str:
        c = self.chance
        word = "restricted " if restricted else ""
        return f"group {c.object()} {device} {word}within {c.limit(300, SAVE_MOST_S)}"

    def _brms(self) -> str:
        c = self.chance
        stages = []
        library = f"library {c.object()}"
        for _ in range(c.some(3)):
            if c.maybe():
                stages.append(self._group(c.one("", library, self._device(brms=True))))
            else:
                # At one time, each on a drive of its own.
                devices = [c.one("", library, self._device(brms=True)) for _ in range(c.some(4, 2))]
                stages.append(f"together {{ {' '.join(self._group(one) for one in devices)} }}")
        if not stages or c.maybe(60):
            stages.append(self._group(c.one(library, self._device(brms=True)), restricted=c.maybe(80)))
        inactive = " set QINACTITV *NONE" if c.maybe() else ""
        from_flash = " incremental from flash" if c.maybe() else ""
        return f"on clone brms {{ {' '.join(stages)}{inactive}{from_flash} }}"

    def _save21(self) -> str:
        within = self.chance.limit(300, SAVE_MOST_S)
        return f"on clone save21 {{ save to {self._device(brms=False)} within {within} }}"

    def _user(self) -> str:
        c = self.chance
        parts = [f"use {self._device(brms=False)}" for _ in range(c.some(3))]
        if c.maybe(20):
            parts.append(f"use save file {c.object()}/{c.object()}")
        for _ in range(c.some(3, 1)):
            if c.maybe(60):
                parts.append(self._clone_run())
            else:
                parts.append(f"together {{ {' '.join(self._clone_run() for _ in range(c.some(4, 1)))} }}")
        for number in range(c.some(3)):
            long = f"/{'d' * 60}/{'e' * 60}/{'f' * 75}{number}"
            path = c.one(f"/x/a{number}.csv", f"/x/A@b$c-_.{number}", long)
            parts.append(f'bring "{path}"')
        return f"on clone user {{ {' '.join(parts)} }}"

    def _clone_run(self) -> str:
        c = self.chance
        ids = ("CPF3777", "CPF9801", "APP00FF", "CPF0001")
        accept = f" accept {', '.join(c.several(ids, 4))}" if c.maybe(30) else ""
        expect = f" expect {', '.join(c.several(('CPC3701', 'CPF9802'), 2))}" if c.maybe(20) else ""
        call = f"CALL {c.object()}/{c.object()}"
        text = call if expect else self._text()
        return f'run "{text}" within {c.limit(1, SAVE_MOST_S)}{accept}{expect}'

    def _reconfigure(self, clone: Clone) -> str:
        c = self.chance
        net = f"10.{clone.network + 100}"
        label = c.foreign(63, "").lower()
        parts = [
            f"system name {c.object(8)}",
            "hold schedules",
            "never start tcp server *SMTP",
            f'host "{label}" domain "{".".join([label[:60]] * c.some(4, 1))}.example"' if c.maybe() else "",
            f"startup program {c.object()}/{c.object()}" if c.maybe() else "",
            f"expires after {c.limit(3600, 366 * DAY)}" if c.maybe() else "",
            *(
                f'hold scheduler "Robot {n}" by "CALL {c.object()}/{c.object()}" '
                f'proven by "CALL {c.object()}/{c.object()}"'
                for n in range(c.some(2))
            ),
            *(f"hold job queue {c.object()}/{c.object()}" for _ in range(c.some(3))),
            *(f"never start tcp server {one}" for one in c.several(SERVERS[:-1], 3, 0)),
            *(f"never start subsystem {c.object()}/{c.object()}" for _ in range(c.some(2))),
            *(f"never start domino {c.object()}" for _ in range(c.some(2))),
        ]
        lines = [c.object() for _ in range(c.some(2, 1))]
        addresses = 0 if clone.apart else c.some(3)
        parts += [
            f'address "{net}.{n}.5" mask "255.255.255.0" line {c.one(*lines)}'
            for n in range(1, addresses + 1)
        ]
        if addresses:
            parts.append(f'route default via "{net}.1.1"' if c.maybe() else "")
            parts += [f'route "10.250.{n}.0" mask "255.255.255.0" via "{net}.1.2"' for n in range(c.some(3))]
        c.random.shuffle(parts)
        return f"reconfigure {{ {' '.join(part for part in parts if part)} }}"


def random_spec(random: Random) -> dict[str, str]:
    """The files of a spec by their paths; the main one is any.flash."""
    return Spec(random).files
