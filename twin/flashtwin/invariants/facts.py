"""What a checker must know besides the world: the plain facts of one run, filled in by whoever rehearses.

The world says what happened (`flashtwin.events`, the transcript of the gate, the systems' disks).  It cannot
say what had been declared: limits, the jobs that a spec names, which profiles are the product's.  Those are
here, as plain values; so is what the product *said* (result, journal), which the invariants compare with
what happened.  This package knows neither the compiler nor the sidecar.

Events that the checkers read, with the facts that they need (`system` is the partition unless another is
named).  A job is always ``number/user/name``.  `by` is the job that caused the event; where an event does not
say it, the last command of one of the product's jobs that names the thing counts as the cause
(`history.asked_at`).

==============================  ====================================================================
suspend_requested               asp ("*SYSBAS" where it is not said), job
suspended                       asp, result ("full" or "partial")
suspend_failed                  asp; the suspend was given up, nothing of it is held any more
resumed, resume_refused         asp, job
flush                           asp
flash                           system: the array; group, sources, targets (UIDs in the same order)
presented                       system: the array; group; its last target shows the instant now, where
                                that is an act of its own
group_state                     system: the array; group, state, word (what it means, in families beside svc)
writes_held, writes_released    system: the array; lss; volumes (UIDs); how ("thaw" or "timer")
thaw_asked                      system: the array; lss (a request to let held writes go, whatever its answer)
partition_power                 partition, state (as the console shows it)
starts_by_itself                the start at this instant follows an end with RESTART(*YES), or QIPLDATTIM
ipl_done                        -
program_started                 program ("LIB/PGM"), job
job_submitted                   job, queue, command
job_started                     job, subsystem
job_ended, job_held,            job, by
job_released
jobq_held, jobq_released        queue ("LIB/NAME"), by
schedule_held, _released        entry, number, by
subsystem_started, _ended       subsystem, by
interface_started, _ended       address, vlan (None: no adapter), by
server_started, server_ended    server, by
tcp_started, tcp_ended          by
restricted_entered              job
system_name                     name, when an IPL puts it in force
device_varied                   device, status ("on" or "off"; else as shown), by
domino_ended, domino_started    server, by
brms_state                      state, job
brms_save                       group, volumes, result ("completed", "exceptions", "failed", "ended"),
                                save_files (saved to save files: no volume)
tape_written                    volume
tape_save                       what ("SAVSYS" …), volumes, result (as of brms_save)
executed                        text, job, escape (id; "" where it ended well); what QCMDEXC has run
qusrbrm_saved                   -
qusrbrm_restored                not_restored (objects), saved_at (clock of the system that saved)
maintenance_run                 movement (bool); when it has ended well
mail                            system: the relay, or the system that sends by itself; subject, text, phase
message                         queue, id, text
command                         text (values in place of variables), command, job; before it runs
scheduled_submit                entry, command
file                            system: the receiver; act ("write", "rename" ...), path (or "old new")
==============================  ====================================================================

Requests to consoles and arrays are read from the gate's transcript (`flashtwin.sims.server.Exchange`), with
`origin`, the partition that asked, where it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flashtwin.events import Event

# The step codes of the night, by what happened (`s09_journal.name_of`); a runbook may give its own.
STEP_CODES: Mapping[str, tuple[str, ...]] = {
    "S clone off": ("O17",),
    "S vios_unmapped": ("O18",),
    "S jobq_held": ("O20",),
    "S schedule_held": ("O21",),
    "S job_held": ("O22",),
    "S domino_ended": ("O35",),
    "S subsystem_ended": ("O36",),
    "S server_ended": ("O37",),
    "S device off": ("O39",),
    "S suspended": ("O50",),
    "S flash": ("O55",),
    "S resumed": ("O60",),
    "S presented": ("O63",),
    "S *STRPRC": ("O65",),
    "S vios_mapped": ("O67",),
    "S interface_started": ("O68",),
    "S clone on": ("O70",),
    "S device on": ("O72",),
    "S server_started": ("O73",),
    "S subsystem_started": ("O74",),
    "S domino_started": ("O75",),
    "S job_released": ("O77",),
    "S jobq_released": ("O78",),
    "S schedule_released": ("O79",),
    "S qusrbrm_restored": ("O88",),
    "S *ENDPRC": ("O89",),
    "S interface_ended": ("O95",),
    "S maintenance_run": ("O96", "M01"),
    "C *STRBKU": ("C15",),
    "C brms_save": ("C30",),
    "C *ENDBKU": ("C40",),
    "C qusrbrm_saved": ("C45",),
    "C interface_started": ("C47",),
    "C clone restarted": ("C67",),
    "C schedule_held": ("C04", "C51"),
    "C SAVSYS": ("C21", "C26"),
    "C SAVLIB": ("C22", "C26"),
    "C SAVDLO": ("C23", "C26"),
    "C SAV": ("C24", "C26"),
    "C executed": ("C21", "C22", "C23", "C24", "C26", "C52"),
}


UNKNOWN_STRETCH = frozenset({"O90"})
"""Step codes that say since when nothing is known of the clone; a text decides nothing, in any language."""

NOT_KNOWN = frozenset({"FLE0042", "FLE0043"})
"""Message ids by which a recovery says that something was begun and is not known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an invariant held in one run, and why one may say so."""

    id: str
    held: bool
    detail: str


@lru_cache(maxsize=4096)
def row_of(values: tuple[object, ...], utc_offset_s: float) -> Row:
    """A row of table FLJRN (RUN, SIDE, SEQ, TS, KIND, CODE, MSGID, TXT).

    TS is local time of the row's own clock, YYYY-MM-DD-HH.MM.SS.ffffff; ValueError when it is not.  A row is
    read again with each run of its history, and is the same `Row` then.
    """
    _, side, seq, stamp, kind, code, msgid, text = (str(value).rstrip() for value in values)
    local = datetime.strptime(stamp, "%Y-%m-%d-%H.%M.%S.%f").replace(tzinfo=UTC)
    time = local.timestamp() - utc_offset_s
    return Row(side=side, seq=int(seq), time=time, kind=kind, code=code, msgid=msgid, text=text)


def verdict(id: str, problems: list[str], good: str) -> Verdict:
    """Broken with all its problems, or held with one sentence of what was seen."""
    return Verdict(id, not problems, "; ".join(problems) if problems else good)


@dataclass(frozen=True, slots=True)
class Identity:
    """Serial number of the managed system and partition id."""

    serial: str
    lpar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Declared limits, seconds.

    `guard_margin_s` is how much later than quiesce and resume together the last guard has resumed
    production; `proof_age_s` how old the proof "clone is off" may be when the trigger is sent;
    `record_s` how far the time of a journal row may lie from what it tells of.
    """

    quiesce_s: float
    resume_s: float
    guard_margin_s: float
    proof_age_s: float = 900.0
    ticket_s: float = 86400.0
    record_s: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the product's journal; `time` is epoch seconds of the clock of its own side."""

    side: str
    seq: int
    time: float
    kind: str
    code: str
    msgid: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the product says of the run when it is asked (result record, status, FLRCVENV).

    `result` is "" while it says that the run is open.  `not_undone` are its rows "could not be undone",
    `needs_you` its reason why somebody must act, `volumes` the tapes that it names as written,
    `of_the_clone` what it says of as lying, maybe, on the clone's own disks: devices, control groups, *ALL.
    """

    result: str = ""
    at: float | None = None
    needs_you: str = ""
    may_be_suspended: bool = False
    not_undone: tuple[Row, ...] = ()
    volumes: tuple[str, ...] = ()
    of_the_clone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or private key that the site has placed; only its name is ever shown."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRun:
    """Another run of the same history: its jobs, clone, what it uses (as `RunFacts.resources`), its end."""

    run: str
    jobs: tuple[str, ...]
    resources: frozenset[str]
    end: float | None = None
    begin: float = 0.0
    clone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where the clone lays out what it sends and where production receives it, as IFS paths.

    `manifests` are the files that arrive last and make a delivery whole.
    """

    sent: str
    received: str
    manifests: tuple[str, ...] = ("manifest.json", "early.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What a clone that lives on is declared to be once it has its own name.

    `addresses` are its own, that of the link aside; `startup_program` the one that starts it; `never` names
    subsystems, Domino servers and TCP/IP servers that must not be active on it; `expiry_program` is what the
    one schedule entry calls that may start on it, "" for none.
    """

    name: str
    addresses: tuple[str, ...] = ()
    startup_program: str = "QSYS/QSTRUP"
    never: tuple[str, ...] = ()
    expiry_program: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCommand:
    """A command of the site for the clone: escapes that are no failure, messages that must come."""

    text: str
    accept: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One run: its stretch of the history, what was declared, what was said.

    production, clone      partition names; `identities` are the pairs that count as production
    users, libraries       profiles that the product's jobs run under; libraries of its programs
    subsystems             subsystems of the product
    by_hand                a request for the clone by an operator's command, on a copy of an earlier run
    groups                 (array, group) that copy production to the clone
    generations            array and groups of which a run uses one, that with the oldest copy; `keep_s` is
                           how old a copy must be, seconds, before it is given up
    independent_asps       those that are suspended beside *SYSBAS
    named_jobs             "USER/JOB" that the spec holds; `named_queues` "LIB/NAME" of the job queues and
                           `named_entries` the schedule entries that it holds; `named_subsystems`,
                           `named_domino`, `named_servers` what it ends; `named_devices` what it varies off;
                           `named_commands` its pairs of command and undo, `named_runs` its commands without
    production_vlans       VLANs on which production is at home, that of the link excepted
    commands, brings       of operation user: what the clone is to run, and the paths of the files to bring
    control_groups         what BRMS was to save on the clone
    from_flash             whether the next incremental save is to count from the flash
    harmless_subsystems    those that IPL itself starts on a clone, and those that the spec accepts
    lives                  of a clone that becomes another system; None for one that does not
    resources              names of what the run has for itself: "clone X", "group X", "target X", "tape X",
                           "link X", "window SYSTEM", "brms SYSTEM"
    documents              texts that leave the compiler: spec, files of the bundle, plan
    ipl_before, ipl_after  the events of a normal IPL of production without and with the product, as
                           `s11_ipl.ipls` cuts them out of a history
    """

    run: str
    begin: float
    end: float | None = None
    closed: bool = True
    by_hand: bool = False
    utc_offset_s: float = 0.0
    operation: str = "brms"
    control_groups: tuple[str, ...] = ()
    from_flash: bool = False
    production: str
    clone: str
    identities: tuple[Identity, ...]
    users: tuple[str, ...]
    libraries: tuple[str, ...]
    subsystems: tuple[str, ...] = ()
    guard_programs: tuple[str, ...] = ("FLGRDA", "FLGRDB")
    jobs: tuple[str, ...] = ()
    limits: Limits
    quiesce_otherwise: str = "abort"
    groups: tuple[tuple[str, str], ...]
    generations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    keep_s: float = 0.0
    independent_asps: tuple[str, ...] = ()
    named_jobs: tuple[str, ...] = ()
    named_queues: tuple[str, ...] = ()
    named_entries: tuple[str, ...] = ()
    named_subsystems: tuple[str, ...] = ()
    named_domino: tuple[str, ...] = ()
    named_servers: tuple[str, ...] = ()
    named_devices: tuple[str, ...] = ()
    named_commands: tuple[tuple[str, str], ...] = ()
    named_runs: tuple[str, ...] = ()
    commands: tuple[SiteCommand, ...] = ()
    brings: tuple[str, ...] = ()
    isolated: bool = True
    production_vlans: tuple[int, ...] = ()
    link_source: str = ""
    link_clone: str = ""
    link_vlan: int | None = None
    startup_program: str = "QSYS/QSTRUP"
    harmless_subsystems: tuple[str, ...] = ("QCTL", "QBASE", "QSYSWRK", "Q1ABRMNET")
    lives: Lives | None = None
    maintenance: str = "none"
    leave_clone: str = "running"
    delivery: Delivery | None = None
    said: Said = Said()
    journal: tuple[Row, ...] = ()
    step_codes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: STEP_CODES)
    secrets: tuple[Secret, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)
    resources: frozenset[str] = frozenset()
    others: tuple[OtherRun, ...] = ()
    ipl_before: tuple[Event, ...] = ()
    ipl_after: tuple[Event, ...] = ()

    def clock(self, time: float) -> str:
        """A time of the world as the clock of production shows it."""
        return (datetime.fromtimestamp(time, UTC) + timedelta(seconds=self.utc_offset_s)).strftime("%H:%M:%S")

    def is_ours(self, job: str) -> bool:
        """Whether a job (number/user/name) runs under a profile of the product."""
        parts = job.split("/")
        return len(parts) == 3 and parts[1] in self.users

    def of_another(self, event: Event) -> bool:
        """Whether an event belongs to another run of the history, which is judged by itself."""
        job = str(event.get("by") or event.get("job") or "")
        for other in self.others:  # not any(...): this is asked of each event
            if job in other.jobs or (event.system == other.clone != self.clone and event.time >= other.begin):
                return True
        return False

    def is_product(self, command: str) -> bool:
        """Whether a command is one of the product's own."""
        return any(f"{library}/" in command for library in self.libraries)

    def open_verdict(self, id: str) -> Verdict | None:
        """The verdict while the run is not closed: nothing is judged, but it must be shown as open.

        A run that says "needs you" stays open, and is judged by what it says.
        """
        if self.closed or self.said.needs_you:
            return None
        if self.said.result:
            return Verdict(id, False, f"the run is not closed, but is shown as {self.said.result}")
        return Verdict(id, True, "the run is still open and shown so: judged when it is closed")
