"""The pre-checks that need console, array or SQL: every one is made, nothing is changed.

What SQL tells of production: `flashrt.check_partition`.

A finding says what was looked at, what was found and what to do.  One that cannot be made is a finding that
is not good: what is not known is not safe.
"""

from __future__ import annotations

from collections.abc import Callable

from flashrt.arrays.base import HostPorts
from flashrt.check_delivery import ID as LINE
from flashrt.check_delivery import delivery_line
from flashrt.check_partition import NOBODY, UNSEEN, Asks, PartitionChecks
from flashrt.config import BY_HAND, CloneConf, Config, device_identity
from flashrt.consoles.base import ConsoleDriver, Finding, open_console
from flashrt.disks import CloneDisks
from flashrt.edges import Edges
from flashrt.localtime import GOOD, UNUSED
from flashrt.result import Result, plain, write_file
from flashrt.status import MISMATCH, OK, SYSTEM, TIMEOUT, SidecarError
from flashrt.vios import presentation


def check(config: Config, clone: CloneConf, report: str, asks: Asks, edges: Edges) -> Result:
    """All findings; the first that is not good gives status and text.

    `report` is a file for the whole list, a line each: OK, AT (attention) or NO, the id, what was found.
    """
    findings = survey(config, clone, edges, asks)
    if report:
        lines = [f"{_mark(finding)} {finding.id}: {plain(finding.text)}\n" for finding in findings]
        write_file(report, "".join(lines).encode("ascii"), 0o660)
    remark = "".join(f" {finding.text}" for finding in findings if finding.ok and finding.id == UNSEEN)
    return summary(clone, findings, remark)


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "NO"
    return "AT" if finding.attention else "OK"


def survey(config: Config, clone: CloneConf, edges: Edges, asks: Asks = NOBODY) -> list[Finding]:
    """The findings of every check."""
    edges = _within(config, edges)
    with CloneDisks(config, clone, BY_HAND, edges) as disks:
        return Survey(config, clone, disks, edges, asks).run()


def check_arrays(config: Config, clone: CloneConf, names: tuple[str, ...], edges: Edges) -> Result:
    """The arrays' part alone.  Where SQL cannot be used, the disk units are not compared, and it says so."""
    edges = _within(config, edges)
    with CloneDisks(config, clone, BY_HAND, edges) as disks:
        look = Survey(config, clone, disks, edges)
        remark = ""
        try:
            look.partition.count_units()
        except SidecarError as error:
            remark = f" The disk units were not counted: {error.text}"
        return summary(clone, look.members(names), remark)


def summary(clone: CloneConf, findings: list[Finding], remark: str = "") -> Result:
    """The result of some findings."""
    bad = [finding for finding in findings if not finding.ok]
    details = {"findings": [finding._asdict() for finding in findings]}
    counts = (str(len(findings)), str(len(bad)))
    if not bad:
        text = f"All {len(findings)} checks of clone {clone.name} are good.{remark}"
        return Result(text, "OK", OK, "", *counts, details)
    more = f" ({len(bad) - 1} more)" if len(bad) > 1 else ""
    return Result(f"{bad[0].text}{more}", "FINDINGS", bad[0].status, "", *counts, details)


def _within(config: Config, edges: Edges) -> Edges:
    """The same, with the time that one round of checks may take."""
    return edges._replace(until=edges.clock.now() + config.limits.check_s)


class Survey:
    """One round of checks: the connections it needs, and the time it may take."""

    def __init__(
        self, config: Config, clone: CloneConf, disks: CloneDisks, edges: Edges, asks: Asks = NOBODY
    ) -> None:
        self._asks = asks
        self._config = config
        self._clone = clone
        self._disks = disks
        self._edges = edges
        self.partition = PartitionChecks(config, clone, edges, asks)
        self._source_by_vios = False
        self._sources: dict[str, int | None] = {}

    def run(self) -> list[Finding]:
        """Console, disk units by SQL, arrays, the rest of SQL."""
        found: list[Finding] = []
        wwpns: dict[int, list[str] | None] = {}
        found += self._part("console", lambda: self._console(wwpns))
        found += self._part("sql.units", self.partition.disk_units)
        if self._clone.vios:
            found += self._part("vios", lambda: self._vios(wwpns))
        for name in self._clone.arrays:
            found += self._part("array", lambda name=name: self._array(name, wwpns))  # type: ignore[misc]
        found += self._part("array.units", self._compare_units)
        if self._seen_all:
            found += self._part("array.space", self._space)
            found += self._part("array.oldest", lambda: self._oldest(self._asks.keep_s))
            found += self._part("array.trigger", self._trigger)
            found += self._part("array.clock", self._clocks)
        for part, look in self.partition.parts():
            found += self._part(part, look)
        found += self._part(LINE, lambda: delivery_line(self._config, self._clone, self._edges))
        return found

    def _part(self, name: str, look: Callable[[], list[Finding]]) -> list[Finding]:
        """The findings of a part; an error is its finding, and does not hide the next part."""
        if self._edges.clock.now() >= self._edges.until:
            limit = self._config.limits.check_s
            return [
                Finding(
                    name, False, f"The checks took longer than {limit:g} s; {name} was not made.", TIMEOUT
                )
            ]
        try:
            return look()
        except SidecarError as error:
            return [Finding(name, False, error.text, error.status)]

    # console and arrays

    def _console(self, wwpns: dict[int, list[str] | None]) -> list[Finding]:
        driver: ConsoleDriver = open_console(self._config, self._clone, self._edges)
        try:
            found = driver.check(self._clone)
            state = driver.state(self._clone)
            for lpar in [self._clone.lpar_id, *self._source_ids(state.machine or state.serial)]:
                wwpns[lpar] = driver.worldwide_names(self._clone, lpar)
        finally:
            driver.close()
        return found

    def _source_ids(self, serial: str) -> list[int]:
        """The source's partition ids on the clone's machine, the only one this console was asked about."""
        return [
            identity.lpar
            for identity in self._config.system.identities
            if device_identity(identity.serial) == device_identity(serial)
        ]

    def _vios(self, wwpns: dict[int, list[str] | None]) -> list[Finding]:
        """What each VIOS presents, by UID; the console has told which ids the source has on that machine."""
        seen = presentation(
            self._config,
            self._clone,
            [lpar for lpar in wwpns if lpar != self._clone.lpar_id],
            self._edges,
        )
        self._source_by_vios = seen.source
        return seen.findings

    def _array(self, name: str, wwpns: dict[int, list[str] | None]) -> list[Finding]:
        found, ports = self._members(name)
        if ports is None or any(not finding.ok and finding.id == "array.group" for finding in found):
            return found
        if not self._source_by_vios:
            found += self._ports(
                "source", ports.source, [wwpns.get(lpar) for lpar in wwpns if lpar != self._clone.lpar_id]
            )
        # The hosts of a VIOS have its own ports.
        if not self._clone.vios:
            found += self._ports("clone", ports.clone, [wwpns.get(self._clone.lpar_id)])
        return found

    def members(self, names: tuple[str, ...]) -> list[Finding]:
        """Groups, members and hosts on these arrays, and the count of all if they are all."""
        return [finding for name in names for finding in self._members(name)[0]] + self._compare_units()

    def _members(self, name: str) -> tuple[list[Finding], HostPorts | None]:
        driver = self._disks.driver(name)
        findings, self._sources[name], ports = driver.check(self._clone, self._source_by_vios)
        return findings, ports

    @property
    def _seen_all(self) -> bool:
        """Whether the members of every group on every array could be read."""
        return set(self._sources) == set(self._clone.arrays) and None not in self._sources.values()

    def _space(self) -> list[Finding]:
        """Free capacity for the targets, on every array."""
        return [Finding("array.space", True, self._disks.usage().text)]

    def _oldest(self, keep_s: float) -> list[Finding]:
        """Whether there is a copy that may be given up, where there is a choice or something to keep."""
        if not keep_s and all(len(disks.groups) == 1 for disks in self._clone.disks):
            return []
        return [Finding("array.oldest", True, self._disks.oldest(keep_s).text)]

    def _trigger(self) -> list[Finding]:
        """The trigger's channels open and answer, and its port can be listened on; nothing is sent."""
        volley = self._disks.volley(test=True)
        volley.probe()
        if not volley.judges():
            raise SidecarError(SYSTEM, "The array's answers cannot be judged. Deploy again.")
        self._edges.network.listen().close()
        text = f"Armed for a test and disarmed; the request would be: {volley.request}"
        return [Finding("array.trigger", True, text)]

    def _clocks(self) -> list[Finding]:
        """The clocks that copies are told apart by: said, not refused, for no flash fails by them."""
        found = []
        for name in self._clone.arrays:
            try:
                one = self._disks.driver(name).clock()
                text, good = f"{one.seen} {one.todo}".strip(), one.word in (GOOD, UNUSED)
            except SidecarError as error:
                text, good = f"The clock of {name} was not looked at: {error.text}", False
            found.append(Finding("array.clock", True, text, attention=not good))
        return found

    def _compare_units(self) -> list[Finding]:
        """The groups of all arrays together copy as many volumes as the partition has disk units."""
        units, where = self.partition.units, " and ".join(self._clone.arrays)
        if units is None or not self._seen_all:
            why = (
                "the count was not read"
                if self.partition.units is None
                else f"not all groups on {where} were read"
            )
            text = f"Not compared with the partition's own disk units: {why}."
            return [Finding("array.units", True, text, attention=True)]
        copied = sum(count or 0 for count in self._sources.values())
        if units != copied:
            text = (
                f"The partition has {units} disk units, its consistency groups on {where} copy {copied} "
                "volumes. Find the volume that is not mapped as the others are."
            )
            return [Finding("array.units", False, text, MISMATCH)]
        text = f"The partition has {units} disk units, as many as the groups on {where} copy."
        return [Finding("array.units", True, text)]

    def _ports(self, side: str, hosts: dict[str, list[str]], known: list[list[str] | None]) -> list[Finding]:
        """Each port of the host objects must be one of the partition's own, where both can be read."""
        own = {port for ports in known if ports for port in ports}
        if not own or not any(hosts.values()):
            text = (
                f"The ports of the {side}'s host objects were not compared: the HMC or the array shows none."
            )
            return [Finding(f"array.ports.{side}", True, text, attention=True)]
        for host, ports in hosts.items():
            strange = [port for port in ports if port not in own]
            if strange:
                text = (
                    f"Host {host} on the array has port {strange[0]}, which the {side} partition does not "
                    "have. Its volumes are not (only) those of that partition. Correct the host object."
                )
                return [Finding(f"array.ports.{side}", False, text, MISMATCH)]
        return [
            Finding(f"array.ports.{side}", True, f"The ports of {', '.join(hosts)} are the {side}'s own.")
        ]
