# ruff: noqa: ARG002 - the fakes keep the interfaces' forms
"""In-memory edges: a clock that jumps, devices that answer command lines, a database of rows.

The devices are written from docs/platform-facts.md (HMC and Storage Virtualize command lines), small and
scriptable: `say` overrides the answer to a command.
"""

from __future__ import annotations

import datetime
import io
import json
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flashrt.config import Config, read_config
from flashrt.consoles.hmc import PARTITION_COLUMNS
from flashrt.edges import Credentials, Edges, Endpoint, Reply, SshNetwork
from flashrt.https import RestSession
from flashrt.programs import SitePrograms
from flashrt.status import TIMEOUT, UNKNOWN, UNREACHABLE, SidecarError

from .rest_server import FakeRest

RUN = "20261121203500"
LOST_BEFORE = "lost before the command was done"
LOST_AFTER = "lost after the command was done"
HANG = "hang"
HANG_AFTER = "hang after the command was done"


def ok(out: str = "") -> Reply:
    return Reply(0, out, "")


class FakeClock:
    """Time passes by `sleep` and by a wait that ends at its deadline."""

    def __init__(self, now: float = 1_795_291_200.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def wait(self, pollable: Any, deadline: float) -> bool:
        if pollable.poll(0.0):
            return True
        self.time = max(self.time, deadline)
        return False

    def wait_any(self, pollables: Any, deadline: float) -> int | None:
        for place, pollable in enumerate(pollables):
            if pollable.poll(0.0):
                return place
        self.time = max(self.time, deadline)
        return None


class FakeDevice:
    """Something that answers command lines; `log` is what it was asked."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.says: dict[str, list[Reply | str]] = {}
        self.connect_error: SidecarError | None = None
        self.alive = True

    def say(self, beginning: str, *answers: Reply | str) -> None:
        """The next answers to commands that begin so; then the device answers itself again."""
        self.says.setdefault(beginning, []).extend(answers)

    def answer(self, command: str) -> Reply | str:
        self.log.append(command)
        for beginning, answers in self.says.items():
            if command.startswith(beginning) and answers:
                given = answers.pop(0)
                if given in (LOST_AFTER, HANG_AFTER):
                    self.handle(command)
                return given
        return self.handle(command)

    def handle(self, command: str) -> Reply:
        raise NotImplementedError


class FakeSession:
    def __init__(self, device: FakeDevice, clock: FakeClock, closed: list[str]) -> None:
        self.device = device
        self.clock = clock
        self._closed = closed

    def run(self, command: str, deadline: float) -> Reply:
        given = self.device.answer(command)
        if isinstance(given, Reply):
            return given
        if given in (HANG, HANG_AFTER):
            self.clock.time = deadline
            raise SidecarError(TIMEOUT, f"no answer to {command}")
        raise SidecarError(UNKNOWN, f"connection lost after {command}")

    def open_command(self, deadline: float) -> FakeCommand:
        if not self.device.alive:
            raise SidecarError(UNREACHABLE, "The connection has ended.")
        return FakeCommand(self.device)

    def files(self, deadline: float) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        self._closed.append("closed")


class FakeCommand:
    local_port = 50000
    peer_port = 22

    def __init__(self, device: FakeDevice) -> None:
        self.device = device
        self.given: Reply | str | None = None

    def send(self, command: str) -> None:
        if not self.device.alive:
            raise SidecarError(UNREACHABLE, "The connection has ended; nothing was sent.")
        self.given = self.device.answer(command)

    def poll(self, seconds: float) -> bool:
        return self.given is not None and self.given != HANG

    def reply(self) -> Reply:
        return self.given if isinstance(self.given, Reply) else Reply(None, "", "")

    def close(self) -> None:
        pass


class FakeNetwork:
    """Devices by address; `connects` is who was tried."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.devices: dict[str, FakeDevice] = {}
        self.connects: list[str] = []
        self.users: list[Credentials] = []
        self.closed: list[str] = []
        self.sockets: dict[str, socket.socket] = {}
        self.rests: dict[str, FakeRest] = {}

    def connect(self, endpoint: Endpoint, credentials: Credentials, known_hosts: str, deadline: float) -> Any:
        self.connects.append(str(endpoint))
        self.users.append(credentials)
        device = self.devices.get(str(endpoint))
        if device is None:
            raise SidecarError(UNREACHABLE, f"{endpoint} cannot be reached: Connection refused.")
        if device.connect_error is not None:
            raise device.connect_error
        return FakeSession(device, self.clock, self.closed)

    def https(self, endpoint: Endpoint, known_hosts: str, deadline: float) -> RestSession:
        self.connects.append(str(endpoint))
        server = self.rests.get(str(endpoint))
        if server is None:
            raise SidecarError(UNREACHABLE, f"{endpoint} cannot be reached: Connection refused.")
        return server.session(self.clock, endpoint, deadline)

    def dial(self, endpoint: Endpoint, deadline: float) -> socket.socket:
        found = self.sockets.get(str(endpoint))
        if found is None:
            raise SidecarError(UNREACHABLE, f"{endpoint} cannot be reached: Connection refused.")
        return found

    def limited(self, limit_s: float, cut: Callable[[], None]) -> AbstractContextManager[None]:
        return SshNetwork(self.clock).limited(limit_s, cut)

    def listen(self) -> Any:
        return io.BytesIO()  # nobody connects; it is only closed


class FakeDatabase:
    """Rows by a word of the statement; an error instead of rows is raised."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {
            "SYSTEM_STATUS_INFO": [("78ABC12 ", 24)],
            "SYSDISKSTAT": [
                (unit, 1, "2145", "050", f"DMP00{unit}", f"Y{unit}")
                for unit in (1, 2, 3)
                for _path in range(2)
            ]
            + [(0, 0, "2145", "050", "DMP009", "Y9")],
            "ASP_INFO": [(1, "NONE", "SYSTEM", None, 3_000_000, 900_000)],
            "PTF_INFO": [],
            "'QIPLTYPE'": [("0",)],
            "'QIPLDATTIM'": [("*NONE",)],
            "'QCTLSBSD'": [("QCTL      QSYS",)],
            "'QUTCOFFSET'": [("+0100",)],
            "NETSTAT_INTERFACE_INFO": [("192.168.99.15", "ETHCLONE", "INACTIVE", "NO")],
            "AUTOSTART_JOB_INFO": [("QSYS", "QSYSWRK", "QSYSWRKJOB")],
            ".FLLCK": [],
            "'*DTAARA'": [],
            "OBJECT_LOCK_INFO": [("100007/QBRMS/QBRMNET", "QA1AHS", "*FILE", "*SHRUPD")],
            "BRMS_LOG_INFO": [("SAV21",), ("APPS",), (None,)],
            "JOB_QUEUE_INFO": [
                ("QGPL", "QBATCH", "QBATCH", 0, "RELEASED"),
                ("QSYS", "QCTL", "QCTL", 0, "RELEASED"),
            ],
            "MEDIA_LIBRARY_INFO": [("TAPMLB01", None, None), ("TAPMLB02", "TAP09", "ALLOCATED")],
            "DB_TRANSACTION_INFO": [("100010/PAY/POST", "YES"), ("141601/QUSRSSH/CPY", "NO")],
            "SCHEDULED_JOB_INFO": [
                ("FLDAILY", "20:35:00", "*ALL", "SCHEDULED", "BCKFLASHP/FLSTRENV ENV(DAILY)")
            ],
        }
        self.asked: list[str] = []

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit_s: float) -> list[Any]:
        self.asked.append(sql)
        for word, rows in self.rows.items():
            if word in sql:
                if isinstance(rows, SidecarError):
                    raise rows
                return list(rows)
        raise AssertionError(f"unexpected statement {sql}")


UIDS = {
    f"{who}_{n}": f"600507680C80800200000000000{at}00{n}"
    for at, who in enumerate(("PROD", "CLONE"), 1)
    for n in (1, 2, 3)
}
"""The UIDs of the volumes of `FakeSvc`."""


class FakeVios:
    """A VIOS: disks with their volumes, adapters with location and client, devices [name, disk, LUN]."""

    def __init__(self, lpar_id: int) -> None:
        self.lpar_id = lpar_id
        self.state, self.rmc = "Running", "active"
        self.disks = {"hdisk0": "LOCAL", "hdisk1": "CLONE_1", "hdisk2": "CLONE_2", "hdisk3": "CLONE_3"}
        self.hidden: dict[str, str] = {}
        self.clients = {"vhost0": 56, "vhost1": 7}
        self.slots = {"vhost0": 10, "vhost1": 11}
        self.devices: dict[str, list[list[str]]] = {
            "vhost0": [[f"clone_d{n}", f"hdisk{n}", f"0x8{n}00000000000000"] for n in (1, 2, 3)],
            "vhost1": [["other", "otherlv", "0x8100000000000000"]],
        }
        self.status = "Available"

    def physloc(self, adapter: str) -> str:
        return f"U9009.42A.78ABC12-V{self.lpar_id}-C{self.slots[adapter]}"

    def run(self, command: str) -> Reply:
        words = command.split()
        if command == "lsmap -all -fmt :":
            return ok("".join(self._line(adapter) for adapter in self.devices))
        if words[:2] == ["lsdev", "-dev"] and words[3:] == ["-attr", "unique_id"]:
            uid = UIDS.get(self.disks[words[2]], "2711A0000000000000000000000000")
            return ok(f"value\n\n33213{uid}04214503IBMfcp\n")
        if command == "lsdev -type disk -field name status -fmt :":
            return ok("".join(f"{name}:Available\n" for name in self.disks))
        if command == "cfgdev":
            self.disks.update(self.hidden)
            return ok()
        if words[0] == "rmvdev":
            for devices in self.devices.values():
                for device in devices:
                    if device[0] == words[2]:
                        devices.remove(device)
                        return ok(f"{words[2]} deleted\n")
            return Reply(1, f'HSCL2970 The VIOS command failed: "{words[2]}" was not found.\n', "")
        assert words[0] == "mkvdev", command
        disk, adapter, name = words[2], words[4], words[6]
        if any(device[1] == disk for devices in self.devices.values() for device in devices):
            return Reply(1, f'HSCL2970 "{disk}" is already being used as a backing device.\n', "")
        lun = f"0x8{len(self.devices[adapter]) + 1}00000000000000"
        self.devices[adapter].append([name, disk, lun])
        return ok(f"{name} Available\n")

    def _line(self, adapter: str) -> str:
        groups = [f"{vtd}:{self.status}:{lun}:{disk}: :false" for vtd, disk, lun in self.devices[adapter]]
        client = f"0x{self.clients[adapter]:08x}"
        return ":".join([adapter, self.physloc(adapter), client, *(groups or [" : : : : : "])]) + "\n"


class FakeHmc(FakeDevice):
    """An HMC with one managed system, its source partition 24, the clone 56, and two VIOS."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = "Server-9009-42A-SN78ABC12,9009-42A,78ABC12,Operating"
        self.partitions: dict[int, list[str]] = {
            24: ["SISTPROD", "24", "os400", "Running", "prod", "prod", "1"],
            56: ["SISTPROD_24", "56", "os400", "Running", "clone", "clone", "0"],
        }
        self.more = {"description": "", "virtual_serial_num": "none"}
        self.refcodes = {56: "A9003C70 LP=00056"}
        self.profile = (
            "name=clone,lpar_name=SISTPROD_24,lpar_id=56,lpar_env=os400,auto_start=0,io_slots=none,"
            "virtual_eth_adapters=4/0/99//0/0/ETHERNET0//all/none,vnic_adapters=none,surprise=1"
        )
        self.servers = {"VIOS1": FakeVios(1), "VIOS2": FakeVios(2)}
        self.wwpns = {24: '24,"c05076000001,c05076000002"', 56: '56,"c05076000011,c05076000012"'}

    def handle(self, command: str) -> Reply:
        assert command.startswith("LANG=C "), command
        command = command[len("LANG=C ") :]
        if command.startswith("viosvrcmd "):
            return self._on_server(command)
        if "lpar_names=" in command:
            return self._server(command)
        lpar = next((number for number in self.partitions if f"lpar_ids={number}" in command), None)
        if command.startswith("lssyscfg -r sys "):
            return ok(self.machine + "\n") if self.machine else ok("No results were found.\n")
        if command.startswith("lssyscfg -r lpar "):
            if lpar is None:
                return Reply(1, "HSCL8012 The partition named was not found.\n", "")
            shown = zip(PARTITION_COLUMNS, self.partitions[lpar])  # noqa: B905 - Python 3.9
            more = "".join(f",{name}={value}" for name, value in self.more.items())
            return ok(",".join(f"{name}={value}" for name, value in shown) + f"{more}\n")
        if command.startswith("lsrefcode "):
            return ok(f"{lpar},11/21/2026 21:16:42,{self.refcodes.get(lpar or 0, '')}\r\n")
        if command.startswith("lssyscfg -r prof "):
            return ok(self.profile + "\n") if self.profile else ok("No results were found.\n")
        if "--rsubtype scsi" in command:
            return ok("1,10,server,56\n1,11,server,any\n2,10,server,56\n2,11,server,any\n")
        if command.startswith("lshwres -r virtualio "):
            return ok(self.wwpns[lpar or 0] + "\n")
        if command.startswith("chsysstate "):
            return self._change(command)
        return Reply(1, "HSCL0000 unknown command\n", "")

    def _server(self, command: str) -> Reply:
        name = command.split("lpar_names=")[1].split()[0].strip("'")
        vios = self.servers.get(name)
        if vios is None:
            return Reply(1, f"HSCL8012 The partition named {name} was not found.\n", "")
        return ok(f"{name},{vios.lpar_id},vioserver,{vios.state},{vios.rmc}\n")

    def _on_server(self, command: str) -> Reply:
        words, _, text = command.partition(' -c "')
        assert words.startswith("viosvrcmd -m Server-9009-42A-SN78ABC12 --id ")
        assert text.endswith('"')
        (vios,) = [one for one in self.servers.values() if one.lpar_id == int(words.split()[-1])]
        if vios.rmc != "active":
            return Reply(1, "HSCL2957 There is no RMC connection.\n", "")
        return vios.run(text[:-1])

    def _change(self, command: str) -> Reply:
        partition = self.partitions[int(command.split("--id ")[1].split()[0])]
        if "-o on" in command:
            if partition[3] != "Not Activated":
                text = (
                    f"HSCL3681 Partition {partition[1]} cannot be activated since it is not Not Activated.\n"
                )
                return Reply(1, text, "")
            partition[3] = "Starting"
        elif "shutdown" in command:
            partition[3] = "Shutting Down"
        return ok()


class FakeSvc(FakeDevice):
    """A Storage Virtualize system with the clone's group and one more."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: dict[str, str] = {"SISTPROD_1": "idle_or_copied"}
        self.maps: list[dict[str, str]] = []
        self.add("SISTPROD_24", "CLONE")
        self.hosts: dict[str, list[str]] = {
            "SISTPROD": ["PROD_1", "PROD_2", "PROD_3"],
            "CLONEHOST": ["CLONE_1", "CLONE_2", "CLONE_3"],
        }
        self.ports = {"SISTPROD": ["C05076000001"], "CLONEHOST": ["C05076000011"]}
        self.pool_free = "400.00GB"
        self.pool_physical: dict[str, str] = {}
        self.flush_ends = "prepared"
        self.hidden_columns: tuple[str, ...] = ()
        self.now = "261121203712"

    def add(
        self, group: str, targets: str, *, status: str = "copying", start_time: str = "261120204027"
    ) -> None:
        """A group that copies the volumes PROD_1 to PROD_3 to volumes of that prefix."""
        self.groups[group] = status
        for n in (1, 2, 3):
            number = str(len(self.maps) + 1)
            self.maps.append(
                {
                    "id": number,
                    "name": f"fcmap{number}",
                    "source_vdisk_id": str(n),
                    "source_vdisk_name": f"PROD_{n}",
                    "target_vdisk_name": f"{targets}_{n}",
                    "group_name": group,
                    "status": status,
                    "progress": "3",
                    "restoring": "no",
                    "start_time": start_time,
                    "rc_controlled": "no",
                }
            )

    def set(self, status: str, group: str = "SISTPROD_24") -> None:
        self.groups[group] = status
        for entry in self._of(group):
            entry["status"] = status

    def handle(self, command: str) -> Reply:
        words = [word for word in command.split() if word not in ("svcinfo", "svctask")]
        name = words[-1]
        asked = getattr(self, f"_{words[0]}", None)
        if asked is None:
            return Reply(1, "", f"CMMVC7205E The command {words[0]} is not supported.\n")
        given: Reply = asked(name)
        return given

    @staticmethod
    def _table(rows: list[dict[str, str]]) -> Reply:
        if not rows:
            return ok()
        return ok("\n".join(["!".join(rows[0])] + ["!".join(row.values()) for row in rows]) + "\n")

    def _lsfcconsistgrp(self, name: str) -> Reply:
        if name not in self.groups:
            return Reply(1, "", "CMMVC5804E The action failed because an object does not exist.\n")
        lines = [f"id!1\nname!{name}\nstatus!{self.groups[name]}\nautodelete!off\nstart_time!261120204027\n"]
        for entry in self._of(name):
            lines.append(f"FC_mapping_id!{entry['id']}\nFC_mapping_name!{entry['name']}\n")
        return ok("".join(lines))

    def _of(self, group: str) -> list[dict[str, str]]:
        return [entry for entry in self.maps if entry["group_name"] == group]

    def _lsfcmap(self, name: str) -> Reply:
        if "=" not in name:
            (entry,) = [entry for entry in self.maps if entry["name"] == name]
            return ok("".join(f"{key}!{value}\n" for key, value in entry.items()))
        hidden = self.hidden_columns
        return self._table(
            [{k: v for k, v in entry.items() if k not in hidden} for entry in self._of(name.split("=")[1])]
        )

    def _lshostvdiskmap(self, name: str) -> Reply:
        """Of a host, or of all."""
        return self._table(
            [
                {"id": "1", "name": host, "SCSI_id": "0", "vdisk_name": volume}
                for host, volumes in self.hosts.items()
                if name in ("!", host)
                for volume in volumes
            ]
        )

    def _lsvdisk(self, name: str) -> Reply:
        return self._table(
            [
                {"id": "0", "name": volume, "mdisk_grp_name": "POOL0", "vdisk_UID": uid}
                for volume, uid in {**{one["target_vdisk_name"]: "" for one in self.maps}, **UIDS}.items()
            ]
        )

    def _lshost(self, name: str) -> Reply:
        lines = [f"id!1\nname!{name}\nport_count!1\n"]
        return ok("".join(lines + [f"WWPN!{port}\nstate!active\n" for port in self.ports[name]]))

    def _lssevdiskcopy(self, name: str) -> Reply:
        return self._table(
            [
                {
                    "vdisk_name": entry["target_vdisk_name"],
                    "mdisk_grp_name": "POOL0",
                    "capacity": "100.00GB",
                    "used_capacity": "12.00GB",
                    "real_capacity": "15.00GB",
                }
                for entry in self.maps
            ]
        )

    def _lsmdiskgrp(self, name: str) -> Reply:
        pool = {"id": "0", "name": "POOL0", "capacity": "1.00TB", "free_capacity": self.pool_free}
        if not name.isdigit():
            return self._table([pool])
        pool |= {"parent_mdisk_grp_id": "0", "parent_mdisk_grp_name": "POOL0"}
        return ok("".join(f"{key}!{value}\n" for key, value in (pool | self.pool_physical).items()))

    def _prestartfcconsistgrp(self, name: str) -> Reply:
        if self.groups[name] not in ("idle_or_copied", "stopped"):
            return Reply(1, "", "CMMVC5903E The group was not prepared.\n")
        self.set("preparing" if self.flush_ends == "later" else self.flush_ends, name)
        return ok()

    def _startfcconsistgrp(self, name: str) -> Reply:
        if self.groups[name] != "prepared":
            return Reply(1, "", "CMMVC5905E The group was not started.\n")
        self.set("copying", name)
        for entry in self._of(name):
            entry["start_time"] = self.now
        return ok()

    def _stopfcconsistgrp(self, name: str) -> Reply:
        if self.groups[name] in ("idle_or_copied", "stopped"):
            return Reply(1, "", "CMMVC5912E The group was not stopped because it is stopped.\n")
        self.set("stopped", name)
        return ok()

    def _svqueryclock(self, name: str) -> Reply:
        when = datetime.datetime.strptime(self.now, "%y%m%d%H%M%S")
        return ok(when.strftime("%a %b %e %H:%M:%S CET %Y\n"))


def configuration() -> dict[str, Any]:
    """The configuration of the example."""
    return {
        "version": 1,
        "future": {"more": True},
        "system": {
            "name": "SISTPROD",
            "library": "BCKFLASHP",
            "identities": [{"serial": "78ABC12", "lpar": 24}],
        },
        "clones": {
            "SISTPROD_24": {
                "partition": "SISTPROD_24",
                "lpar_id": 56,
                "managed_system": "Server-9009-42A-SN78ABC12",
                "console": "HMC1",
                "profile": "clone",
                "disks": [{"group": "SISTPROD_24", "array": "V7000"}],
                "network_isolated": True,
                "link": {"source": "192.168.99.15", "clone": "192.168.99.16", "vlan": 99},
            }
        },
        "consoles": {
            "HMC1": {
                "family": "hmc",
                "addresses": ["10.1.0.10:22", "10.1.0.11:22"],
                "user": "flashc",
                "key": "hmc1_ed25519",
            }
        },
        "arrays": {
            "V7000": {
                "family": "svc",
                "addresses": ["10.1.0.20:22"],
                "user": "flashc",
                "key": "v7000_ed25519",
            }
        },
        "mail": {
            "server": "10.1.0.25:25",
            "from": "flashc@sistprod.example.net",
            "to": {"DAILY": {"end": ["ops@example.net", "dba@example.net"], "failure": ["ops@example.net"]}},
        },
        "delivery": {
            "port": 22,
            "user": "flashc",
            "key": "deliver_ed25519",
            "inbox": "/flashc/BCKFLASHP/inbox",
        },
        "limits": {"connect_s": 15, "request_s": 20, "trigger_s": 3},
        "checks": {
            "release": "7.4",
            "min_free_percent": 10,
            "window_s": 36000,
            "control_groups": ["SAV21"],
        },
    }


DELIVERY_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDelivery"
DELIVERY_LINE = (
    'from="192.168.99.16",command="/QOpenSys/pkgs/bin/python3.9 /flashc/BCKFLASHP/bin/flashrt.pyz inbox '
    f'--config /flashc/BCKFLASHP/conf",no-pty {DELIVERY_KEY} delivery'
)


class World:
    """A product folder with a configuration, the fake devices, and a way to run a verb."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = configuration()
        self.clock = FakeClock()
        self.network = FakeNetwork(self.clock)
        self.hmc = FakeHmc()
        self.svc = FakeSvc()
        self.network.devices = {"10.1.0.10:22": self.hmc, "10.1.0.20:22": self.svc}
        self.database = FakeDatabase()
        self.edges = Edges(*(self.clock, self.network, self.database, SitePrograms()), own_process=False)
        for name in ("conf", "runs", "inbox", "keys"):
            (folder / name).mkdir()
        self.home = folder / "home"
        self.lets_in(DELIVERY_LINE)
        self.save()

    def save(self) -> None:
        (self.folder / "conf" / "sidecar.json").write_text(json.dumps(self.data), encoding="utf-8")

    def lets_in(self, *lines: str) -> None:
        """What authorized_keys of the product's profile has; the public key of deliveries is in its place."""
        file = self.home / ".ssh" / "authorized_keys"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for path, mode in ((self.home, 0o755), (file.parent, 0o700), (file, 0o600)):
            path.chmod(mode)
        keys = self.folder / "keys"
        keys.chmod(0o700)
        (keys / "deliver_ed25519").write_text("-----BEGIN RSA PRIVATE KEY-----\n")
        (keys / "deliver_ed25519").chmod(0o600)
        (keys / "deliver_ed25519.pub").write_text(f"{DELIVERY_KEY} delivery\n")
        self.database.rows["USER_INFO"] = [(str(self.home),)]

    @property
    def config(self) -> Config:
        return read_config(str(self.folder / "conf"))

    def call(self, *words: str) -> Called:
        from flashrt.main import main

        result = self.folder / "answer"
        if result.exists():
            result.unlink()
        status = main([*words, "--config", str(self.folder / "conf"), "--result", str(result)], self.edges)
        return Called(status, result.read_bytes() if result.exists() else b"")

    def through_vios(self) -> None:
        """Let the clone's disks come through both VIOS."""
        self.data["clones"]["SISTPROD_24"]["vios"] = ["VIOS1", "VIOS2"]
        self.svc.hosts = {
            "SISTPROD": ["PROD_1", "PROD_2", "PROD_3"],
            "VIOS1": ["CLONE_1", "CLONE_2", "CLONE_3", "ELSE"],
            "VIOS2": ["CLONE_1", "CLONE_2", "CLONE_3", "ELSE"],
        }
        self.svc.ports = {"SISTPROD": ["C05076000001"], "VIOS1": ["1000000000000001"], "VIOS2": []}
        self.hmc.partitions[56][3] = "Not Activated"
        self.save()

    def vios(self, *words: str, run: str = RUN) -> Called:
        return self.call("vios", *words, "--clone", "SISTPROD_24", "--run", run)

    def second_array(self) -> FakeSvc:
        """An array V5000 with a part of the source's volumes, in a group of the same name."""
        other = FakeSvc()
        self.network.devices["10.1.0.30:22"] = other
        self.data["arrays"]["V5000"] = dict(self.data["arrays"]["V7000"], addresses=["10.1.0.30:22"])
        self.data["clones"]["SISTPROD_24"]["disks"].append({"group": "SISTPROD_24", "array": "V5000"})
        self.database.rows["SYSDISKSTAT"] = [
            (unit, 1, "2145", "050", f"DMP00{unit}", f"Y{unit}") for unit in range(1, 7)
        ]
        self.save()
        return other

    def generations(self, *started: str) -> None:
        """Groups SNAP_1, SNAP_2 ... on the array, with copies of these start times ("": never started)."""
        groups = [f"SNAP_{number}" for number, _ in enumerate(started, 1)]
        for number, time in enumerate(started):
            group = groups[number]
            self.svc.add(
                group, f"T{group[-1]}", status="copying" if time else "idle_or_copied", start_time=time
            )
        self.data["clones"]["SISTPROD_24"]["disks"] = [{"groups": groups, "array": "V7000"}]
        self.save()

    def array(self, *words: str) -> Called:
        return self.call("array", "V7000", *words, "--clone", "SISTPROD_24", "--run", RUN)


class Called:
    """The exit status and the record of a call, taken apart by columns."""

    def __init__(self, status: int, record: bytes) -> None:
        self.status = status
        self.record = record
        text = record.decode("ascii")
        self.word = text[2:12].strip()
        self.refcode = text[12:20].strip()
        self.extra1 = text[20:30].strip()
        self.extra2 = text[30:40].strip()
        self.text = text[40:].strip()
        if record:
            assert len(record) == 513
            assert text[:2] == f"{status:02d}"
