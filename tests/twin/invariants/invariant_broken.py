"""Broken nights: for each invariant, edits of the good night that its checker must catch, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flashtwin.gate import gate_of
from flashtwin.image import HistoryEntry, JobRecord, SpooledFile
from flashtwin.invariants.facts import OtherRun, Said
from flashtwin.objects import DataArea, Library
from flashtwin.world import Profile, World
from invariant_night import (
    BEGIN,
    CLONE,
    DRIVER,
    GUARD_A,
    HELD,
    KEY,
    KEY_LINE,
    OTHER,
    PROD,
    RUN,
    Night,
    ipl,
    not_undone,
)

Edit = Callable[[Night], None]


@dataclass(frozen=True)
class Broken:
    """One broken night: what is wrong, the edit, and a part of the verdict's detail (regular expression)."""

    id: str
    wrong: str
    edit: Edit
    says: str


BROKEN: list[Broken] = []


def broken(id: str, says: str) -> Callable[[Edit], Edit]:
    """Register an edit; its docstring is what is wrong."""

    def register(edit: Edit) -> Edit:
        BROKEN.append(Broken(id, (edit.__doc__ or "").strip(), edit, says))
        return edit

    return register


# -- S1


@broken("S1", r"production was held 100\.5 s from the suspend request at 20:43:00; the limit is 90 s")
def _driver_late(night: Night) -> None:
    """the driver resumes late"""
    night.one("resumed").time = 580.5


@broken("S1", r"held 120\.0 s .* the limit is 115 s")
def _guard_late(night: Night) -> None:
    """the guard resumes later than its margin"""
    night.one("resumed").time = 600
    night.one("resumed").facts["job"] = GUARD_A


@broken("S1", r"suspended at 20:43:00 and never resumed, and nothing says")
def _never_resumed(night: Night) -> None:
    """nobody resumes, nobody tells"""
    night.drop("resumed")


@broken("S1", r"never resumed")
def _guard_alive(night: Night) -> None:
    """driver and guard A die, guard B lives and does nothing: no excuse, even if it is told"""
    night.drop("resumed")
    night.facts["said"] = Said(result="failed", may_be_suspended=True)
    night.drop("job_ended", job=DRIVER)
    for job in (DRIVER, GUARD_A):
        night.add(482, "job_ended", job=job, code=50)


# -- S2


@broken("S2", r"sent at 20:43:03 while SISTPROD_24 was Running")
def _clone_runs(night: Night) -> None:
    """the old clone runs when the trigger is sent"""
    night.add(475, "partition_power", CLONE, partition=CLONE, state="Running")


@broken("S2", r"nobody had asked whether SISTPROD_24 is off before the trigger of 20:43:03")
def _off_not_read(night: Night) -> None:
    """the clone is off by chance, nobody has asked the console"""
    night.drop_request("lssyscfg", after=30)


@broken("S2", r"group SISTPROD_24 was preparing, not prepared")
def _not_prepared(night: Night) -> None:
    """the trigger comes while the group still prepares"""
    night.drop("group_state", state="prepared")


@broken("S2", r"nobody had asked V7000 whether group SISTPROD_24 is prepared")
def _prepared_not_read(night: Night) -> None:
    """nobody has asked the array whether the group is prepared"""
    night.drop_request("lsfcconsistgrp")


@broken("S2", r"disk unit SISTPROD-2 of SISTPROD is no source .* disk unit SISTPROD_24-2 .* no target")
def _unit_missing(night: Night) -> None:
    """the group lacks a disk unit"""
    flash = night.one("flash")
    flash.facts.update(sources=(f"{PROD}-1",), targets=(f"{CLONE}-1",))


@broken("S2", r"source X-9 of the flash is no disk unit of SISTPROD")
def _unit_extra(night: Night) -> None:
    """the group has somebody else's disk unit"""
    night.one("flash").facts["sources"] += ("X-9",)


@broken("S2", r"while production was suspended, partial only")
def _partial(night: Night) -> None:
    """a partial quiesce where the spec says abort"""
    night.one("suspended").facts["result"] = "partial"


@broken("S2", r"while production was not suspended")
def _not_suspended(night: Night) -> None:
    """the trigger is sent after the suspend was given up"""
    night.one("suspended").kind = "suspend_failed"


# -- S3


@broken("S3", r"started at 20:43:41 without a flash of group SISTPROD_24")
def _old_flash(night: Night) -> None:
    """the clone is started on the copy of yesterday"""
    night.drop("flash")


@broken("S3", r"a flash of SISTPROD_24 whose trigger had no good answer")
def _no_answer(night: Night) -> None:
    """the reply to the trigger is lost, the clone is started all the same"""
    (trigger,) = [r for r in night.requests if r.request.startswith("startfcconsistgrp")]
    trigger.answered_at, trigger.status, trigger.ending = None, None, "lost after"


@broken("S3", r"answered at 20:43:04, after the resume at 20:43:03")
def _guard_first(night: Night) -> None:
    """a guard resumes before the answer is there"""
    night.one("resumed").time = 483.5
    night.one("resumed").facts["job"] = GUARD_A


@broken("S3", r"triggered after the resume")
def _late_trigger(night: Night) -> None:
    """the trigger itself is sent after the resume"""
    night.one("resumed").time = 483.05


@broken("S3", r"V7000 had not been asked for the start times of SISTPROD_24 after the flash")
def _not_proven(night: Night) -> None:
    """nobody looks at the mappings before the clone is started"""
    night.drop_request("lsfcmap")


# -- S4


@broken("S4", r"address 10\.1\.0\.24 answers on production's VLAN 1 on SISTPROD_24")
def _production_address(night: Night) -> None:
    """a production address comes up on a production network"""
    night.one("interface_started", system=CLONE, address="10.1.0.24").facts["vlan"] = 1


@broken("S4", r"profile open, which is on production's VLAN 1")
def _open_profile(night: Night) -> None:
    """the clone is activated with a profile that has a production VLAN"""

    def change(world: World) -> None:
        partition = world.partition(CLONE)
        partition.profiles["open"] = Profile("open", (1, 99))
        partition.curr_profile = "open"

    night.prepare.append(change)


@broken("S4", r"job 190002/ANNA/NIGHTRUN of schedule entry NIGHTRUN started on SISTPROD_24 at 01:56:40")
def _schedule(night: Night) -> None:
    """the scheduler of the clone runs after restricted state"""
    night.scheduled(19300, CLONE, "NIGHTRUN", "CALL APPLIB/NIGHT", "190002/ANNA/NIGHTRUN")


@broken("S4", r"job 190001/APP/INVOICE started from a job queue of production")
def _queued_job(night: Night) -> None:
    """a job that waited on production when the copy was taken runs on the clone"""
    night.add(
        400, "job_submitted", job="190001/APP/INVOICE", queue="QGPL/QBATCH", command="CALL APPLIB/INVOICE"
    )
    night.add(2050, "job_started", CLONE, job="190001/APP/INVOICE", subsystem="QCTL")


@broken(
    "S4",
    r"subsystem QBATCH started on SISTPROD_24 .*; Domino server DOMINO02 started .*mail 'Invoices' was sent",
)
def _production_starts(night: Night) -> None:
    """the production start-up runs on the clone"""
    night.add(2020, "subsystem_started", CLONE, subsystem="QBATCH")
    night.add(2021, "domino_started", CLONE, server="DOMINO02")
    night.add(2022, "mail", CLONE, to="all@example.net", subject="Invoices", phase="")


@broken("S4", r"server \*SMTP started on SISTPROD_24")
def _mail_server(night: Night) -> None:
    """a clone program starts the mail server"""
    night.add(
        19140,
        "command",
        CLONE,
        text="STRTCPSVR SERVER(*SMTP)",
        command="STRTCPSVR",
        job="200010/FLASHC/FLSAVE",
    )
    night.add(19141, "server_started", CLONE, server="*SMTP")


# -- S5


@broken("S5", r"job 141601/QUSRSSH/CPY is held since 20:40:30, not undone and not reported")
def _still_held(night: Night) -> None:
    """the held job is never released"""
    night.drop("job_released")


@broken("S5", r"job 141601/QUSRSSH/CPY was undone at 20:43:20, before Domino server DOMINO02")
def _wrong_order(night: Night) -> None:
    """the first change is undone first"""
    night.one("command", command="STRDOMSVR").time = 515
    night.one("command", command="RLSJOB").time = 500


@broken("S5", r"interface 192\.168\.99\.15 is started since .*, not undone")
def _link_up(night: Night) -> None:
    """the link interface of production stays up"""
    night.drop("interface_ended")


@broken("S5", r"job 141601/QUSRSSH/CPY was undone at .*, before Domino server DOMINO02")
def _reported_too_late(night: Night) -> None:
    """the job is released first, and only then somebody says that Domino could not be started"""
    night.one("domino_started").time = 19300
    night.drop("command", command="STRDOMSVR")
    night.add(19290, "command", text="STRDOMSVR SERVER(DOMINO02)", command="STRDOMSVR", job=DRIVER)
    night.facts["said"] = Said(result="failed", not_undone=(not_undone("STRDOMSVR SERVER(DOMINO02)", 600),))


@broken("S5", r"setting CHGSYSVAL SYSVAL\(QINACTITV\) .* is changed since")
def _system_value(night: Night) -> None:
    """a system value of production is changed to influence the clone"""
    night.add(
        400, "command", text="CHGSYSVAL SYSVAL(QINACTITV) VALUE('*NONE')", command="CHGSYSVAL", job=DRIVER
    )


@broken("S5", r"command CALL APPLIB/QUIET is run since .*, not undone and not reported")
def _user_command(night: Night) -> None:
    """the undo of a user's command is not run"""
    night.add(400, "program_started", program="APPLIB/QUIET", job=DRIVER)
    night.facts["said"] = Said(result="failed", not_undone=(not_undone("job 1/A/B could not be released"),))


@broken("S5", r"setting CHGTCPIFC INTNETADR\('10\.1\.0\.24'\) AUTOSTART\(\*NO\) is changed")
def _setting(night: Night) -> None:
    """production is set up differently before the flash"""
    night.add(
        400,
        "command",
        text="CHGTCPIFC INTNETADR('10.1.0.24') AUTOSTART(*NO)",
        command="CHGTCPIFC",
        job=DRIVER,
    )


@broken("S5", r"VIOS device of volume VIOS2 6005B is unmapped since .*, not undone and not reported")
def _not_mapped(night: Night) -> None:
    """one VIOS does not get its device back"""
    for vios in ("VIOS1", "VIOS2"):
        night.add(300, "vios_unmapped", system=vios, device="d1", client=CLONE, volume="6005B")
    night.add(700, "vios_mapped", system="VIOS1", device="d1", client=CLONE, volume="6005B")


@broken("S5", r"VIOS device of volume VIOS1 6005A was undone at .*, before job 141601/QUSRSSH/CPY")
def _mapped_too_early(night: Night) -> None:
    """the device is back while what was done after its removal still stands"""
    night.add(1, "vios_unmapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")
    night.add(490, "vios_mapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")


@broken("S5", r"the run is not closed, but is shown as completed")
def _not_closed(night: Night) -> None:
    """an open run is shown as finished"""
    night.facts["closed"] = False


# -- S6


@broken("S6", r"in \*STRPRC since 20:39:38, and nobody is told")
def _no_endprc(night: Night) -> None:
    """*ENDPRC is forgotten"""
    night.drop("brms_state", state="*ENDPRC")


@broken(
    "S6",
    r"tape V00002 was written by SISTPROD_24 after the \*ENDPRC; \*ENDPRC at 23:55:00 while .* Running",
)
def _early_endprc(night: Night) -> None:
    """*ENDPRC while the clone writes"""
    night.one("brms_state", state="*ENDPRC").time = 12000


@broken("S6", r"\*ENDPRC at 01:56:50 while SISTPROD_24 was Running")
def _no_restore(night: Night) -> None:
    """the restore of QUSRBRM fails, *ENDPRC is given while the clone runs"""
    night.one("qusrbrm_restored").facts["not_restored"] = 3


@broken("S6", r"\*ENDPRC at 01:56:50 while SISTPROD_24 was Running")
def _rolled_back(night: Night) -> None:
    """production only gets its own QUSRBRM back, *ENDPRC is given while the clone runs"""
    night.one("qusrbrm_restored").facts["saved_at"] = BEGIN + 19250


@broken("S6", r"the QUSRBRM restored at .* was not saved after the \*ENDBKU")
def _wrong_qusrbrm(night: Night) -> None:
    """QUSRBRM is saved before *ENDBKU"""
    night.one("qusrbrm_saved", system=CLONE).time = 19090


@broken("S6", r"left its state at 01:56:50 upon a QUSRBRM of which a part was restored")
def _torn(night: Night) -> None:
    """*ENDPRC upon half of the one and half of the other"""
    night.one("brms_state", state="*ENDPRC").facts["torn"] = True


@broken("S6", r"000009/FLASHC/FLCMD began to restore QUSRBRM at .* while 000008/FLASHC/FLCMD restored it")
def _two_restores(night: Night) -> None:
    """two jobs restore QUSRBRM at once"""
    facts = {"job": "000009/FLASHC/FLCMD", "beside": ("000008/FLASHC/FLCMD",)}
    night.add(19290, "qusrbrm_restore_began", PROD, **facts)


@broken("S6", r"tape V00009 was written and is neither known to BRMS nor named")
def _unknown_tape(night: Night) -> None:
    """a tape is written that nobody knows"""
    night.add(18500, "tape_written", CLONE, volume="V00009")


# -- S7


@broken("S7", r"completed was said and the save of SAV21 ended with 'exceptions'")
def _exceptions(night: Night) -> None:
    """the save had exceptions"""
    night.one("brms_save").facts["result"] = "exceptions"


@broken("S7", r"SISTPROD_24 has saved nothing")
def _no_save(night: Night) -> None:
    """the clone was switched off before it saved"""
    night.drop("brms_save")


@broken("S7", r"control group APPS was not saved")
def _group_left_out(night: Night) -> None:
    """one of the control groups was never saved"""
    night.facts["control_groups"] = ("APPS", "SAV21")


@broken("S7", r"nobody is told that SAV21 is on the clone's disks")
def _on_its_disks(night: Night) -> None:
    """BRMS has saved into save files, which the clone's next copy overwrites"""
    night.one("brms_save").facts |= {"save_files": True, "volumes": ()}


@broken("S7", r"the save has no tape that was written")
def _no_tape(night: Night) -> None:
    """the save wrote no tape"""
    night.drop("tape_written", volume="V00002")


@broken(
    "S7", r"file joblog\.txt of the delivery is damaged; .* file new\.txt of the delivery is not on SISTPROD"
)
def _damaged(night: Night) -> None:
    """the delivery is damaged and lacks a file"""

    def change(world: World) -> None:
        for name, path in ((PROD, f"inbox/{RUN}/joblog.txt"), (CLONE, f"runs/{RUN}/out/new.txt")):
            image = world.partition(name).boot_image()
            assert image is not None
            (image.ifs / "flashc/BCKFLASHP" / path).write_text("changed")

    night.prepare.append(change)


@broken("S7", r"maintenance without movement had not run")
def _no_maintenance(night: Night) -> None:
    """the mail says completed before the maintenance has run"""
    night.one("maintenance_run").time = 19345


@broken("S7", r"SISTPROD_24 was not off")
def _left_on(night: Night) -> None:
    """the clone should have been left off"""
    night.facts["leave_clone"] = "off"


# -- S8


@broken("S8", r"from 20:40:00 on this run and run R2 both used clone SISTPROD_24")
def _two_runs(night: Night) -> None:
    """two runs use one clone at the same time"""
    other = "200050/FLASHC/FLHOURLY"
    night.add(300, "command", text="QSYS/HLDJOB JOB(1/A/B)", command="HLDJOB", job=other)
    used = frozenset({f"clone {CLONE}", f"window {PROD}"})
    night.facts["others"] = (OtherRun(run="R2", jobs=(other,), resources=used, end=BEGIN + 900),)


@broken(
    "S8", r"200050/FLASHC/FLHOURLY asked for a suspend at 20:43:02 in the window of 200001/FLASHC/FLDAILY"
)
def _two_windows(night: Night) -> None:
    """a second suspend inside the window"""
    night.add(482, "suspend_requested", job="200050/FLASHC/FLHOURLY", limit=60)


@broken("S8", r"\*STRPRC at .* while BRMS was in \*STRPRC already")
def _two_processes(night: Night) -> None:
    """a second *STRPRC"""
    night.add(9000, "brms_state", state="*STRPRC", job="200050/FLASHC/FLHOURLY")


# -- S9


@broken("S9", r"'flash' at 20:43:04 is not in the journal")
def _flash_not_told(night: Night) -> None:
    """the flash is not in the journal"""
    night.drop_row("O55")


@broken("S9", r"is not in the journal")
def _row_of_later(night: Night) -> None:
    """the row of a step is written ten minutes late, behind those of other steps"""
    night.drop_row("O35")
    night.row(932, "O35")


@broken("S9", r"'job_released' at 20:43:21 is not in the journal")
def _undo_not_told(night: Night) -> None:
    """an undo is not in the journal"""
    night.drop_row("O77")


@broken("S9", r"the journal tells O70 '', which did not happen")
def _invented(night: Night) -> None:
    """the journal tells of a start of the clone that never was"""
    night.script = [s for s in night.script if not (s.facts.get("state") == "Starting" and s.time > 0)]


@broken("S9", r"'brms_save' at .* is not in the journal")
def _clone_step_lost(night: Night) -> None:
    """a delivered clone step is not in the journal"""
    night.drop_row("C30")


@broken("S9", r"'brms_save' at .* is not in the journal")
def _other_group(night: Night) -> None:
    """two control groups end at once and only one of them has a row"""
    night.add(19000, "brms_save", CLONE, group="APPS", volumes=("V00001",), result="completed")


@broken("S9", r"'flash' at 20:43:04 is not in the journal")
def _wrong_time(night: Night) -> None:
    """a row carries a wrong time"""
    night.drop_row("O55")
    night.row(900, "O55")


@broken("S9", r"went on after its last delivery and the journal shows no unknown stretch")
def _nothing_delivered(night: Night) -> None:
    """the clone delivers nothing and the journal is silent about it"""
    night.drop("file")
    night.journal = [row for row in night.journal if row.side == "S"]


@broken("S9", r"'vios_mapped' at .* is not in the journal")
def _map_not_noted(night: Night) -> None:
    """disks come back on a VIOS and no row tells"""
    night.add(300, "vios_unmapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")
    night.row(300, "O18")
    night.add(700, "vios_mapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")


# -- S10

TOKEN_FIELD = "field x-auth-token for ARRAY"


def _on_disk(change: Callable[[Any], None], partition: str = PROD) -> Callable[[World], None]:
    def apply(world: World) -> None:
        image = world.partition(partition).boot_image()
        assert image is not None
        change(image)

    return apply


@broken("S10", r"key hmc1_ed25519 appears in the event command of SISTPROD at 20:41:40")
def _in_command(night: Night) -> None:
    """a key stands in the command that starts a process"""
    night.add(
        400,
        "command",
        text=f"QSYS/QSH CMD('python3 flashrt.pyz --key {KEY_LINE}')",
        command="QSH",
        job=DRIVER,
    )


@broken("S10", r"appears in a request to HMC1")
def _in_request(night: Night) -> None:
    """a key is sent to a console"""
    night.request(11, "HMC1", f"mkauthkeys -a '{KEY_LINE}'")


@broken("S10", r"appears in nightly_brms\.flash")
def _in_spec(night: Night) -> None:
    """a key stands in the spec"""
    night.facts["documents"] = {"nightly_brms.flash": f"key {KEY_LINE}"}


@broken("S10", r"in SQL table FLJRN of SISTPROD; .* in file /flashc/BCKFLASHP/runs/x\.json of SISTPROD")
def _in_files(night: Night) -> None:
    """a key is in a table and in a file outside keys/"""

    def change(image: Any) -> None:
        image.database.connection.execute("INSERT INTO FLJRN VALUES (?, ?)", (RUN, KEY))
        file = image.ifs / "flashc/BCKFLASHP/runs/x.json"
        file.parent.mkdir(parents=True)
        file.write_text(f'{{"k": "{KEY_LINE}"}}')

    night.prepare.append(_on_disk(change))


@broken(
    "S10",
    r"history of .*_24; .* job records of .*_24; .* object QGPL/X \*DTAARA .*; .* spooled of SISTPROD_24",
)
def _on_the_clone(night: Night) -> None:
    """a key is in a data area (EBCDIC), a job log, the history and a spooled file of the clone"""

    def change(image: Any) -> None:
        image.libraries["QGPL"] = Library("QSYS", "QGPL", "*LIB")
        image.add(DataArea("QGPL", "X", "*DTAARA", value=KEY_LINE.encode("cp037")))
        image.job_records.append(JobRecord("A", "B", "000001", 0.0, 0, (f"read {KEY_LINE}",)))
        image.history.append(HistoryEntry(0.0, "CPF0000", KEY_LINE, "1/A/B"))
        image.spooled.append(SpooledFile("QPRINT", 1, "1/A/B", "B", 0.0, ["", KEY_LINE]))

    night.prepare.append(_on_disk(change, CLONE))


@broken("S10", r"field x-auth-token for ARRAY appears in the event message of SISTPROD at 20:41:40")
def _token_told(night: Night) -> None:
    """the token of a session, which no site has placed, is sent to the operator"""
    token = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    night.prepare.append(lambda world: gate_of(world.scheduler).credentials.update({token: TOKEN_FIELD}))
    night.add(400, "message", queue="QSYSOPR", id="FLE0019", text=f"the array said: {token} has expired")


@broken("S10", r"no secret: nothing could be found, nothing is proven")
def _no_secret(night: Night) -> None:
    """a site without secrets proves nothing"""
    night.facts["secrets"] = ()


# -- S11


@broken("S11", r"subsystem FLSBS started, which did not before")
def _more_starts(night: Night) -> None:
    """an IPL starts more than before"""
    night.facts["ipl_after"] = ipl((("subsystem_started", {"subsystem": "FLSBS"}),))


@broken("S11", r"interface 10\.1\.0\.24 did not start; .* subsystem QBATCH did not start")
def _less_starts(night: Night) -> None:
    """an IPL starts less than before"""
    night.facts["ipl_after"] = tuple(
        e for e in ipl() if e.kind != "interface_started" and e.get("subsystem") != "QBATCH"
    )


@broken("S11", r"IPL of 21:08:20: job QPGMR/QSTRUPPGM did not start")
def _ipl_in_the_night(night: Night) -> None:
    """production crashes, and its IPL in the night misses the start-up job"""
    night.add(1990, "partition_power", partition=PROD, state="Not Activated")
    for n, event in enumerate(ipl()):
        if event.kind != "job_started":
            night.add(2000 + n, event.kind, **event.facts)


# -- S12


@broken("S12", r"CHGASPACT \(suspend requested\) on SISTPROD_24")
def _suspends_clone(night: Night) -> None:
    """the driver runs on the clone and suspends it"""
    night.add(2100, "suspend_requested", CLONE, job=DRIVER, limit=60)


@broken("S12", r"'QSYS/CHGASPACT ASPDEV\(\*SYSBAS\) OPTION\(\*RESUME\)' on SISTPROD_24")
def _guard_on_clone(night: Night) -> None:
    """a guard runs on the clone, as it lay in the image"""
    text = "QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)"
    night.add(2100, "command", CLONE, text=text, command="CHGASPACT", job=GUARD_A)


@broken("S12", r"BRMS \*ENDPRC on SISTPROD_24")
def _endprc_on_clone(night: Night) -> None:
    """*ENDPRC on the clone"""
    night.add(2100, "brms_state", CLONE, state="*ENDPRC", job=DRIVER)


@broken("S12", r"schedule entry FLDAILY started job 190002/FLASHC/FLDAILY on SISTPROD_24")
def _our_schedule(night: Night) -> None:
    """our own schedule entry starts on the clone"""
    night.scheduled(19000, CLONE, "FLDAILY", "BCKFLASHP/FLSTRENV ENV(DAILY)", "190002/FLASHC/FLDAILY")


@broken("S12", r"brms state \*STRBKU, which is no clone of this run, on TESTPART")
def _elsewhere(night: Night) -> None:
    """the copy was started on another partition and saves there"""
    night.add(2500, "brms_state", OTHER, state="*STRBKU", job="200010/FLASHC/FLSAVE")


@broken("S12", r"brms state \*STRBKU without a flash of this run")
def _no_ticket(night: Night) -> None:
    """the clone works without a flash of this run"""
    night.drop("flash")


@broken("S12", r"HMC1 was asked 'lssyscfg -r lpar' from SISTPROD_24")
def _asks_console(night: Night) -> None:
    """a sidecar on the clone asks the console"""
    exchange = night.request(2100, "HMC1", "lssyscfg -r lpar")
    night.requests.remove(exchange)
    night.prepare.append(lambda world: world.scheduler.external.transcript.append(_from_clone(exchange)))  # type: ignore[union-attr]


def _from_clone(exchange: Any) -> Any:
    @dataclass
    class Known:
        origin: str

        def __getattr__(self, name: str) -> Any:
            return getattr(exchange, name)

    return Known(CLONE)


# -- S13


@broken("S13", r"HLDJOB 150000/APP/OTHER at .*, which the spec does not name")
def _holds_other(night: Night) -> None:
    """another job than the named one is held"""
    night.add(329, "command", text="QSYS/HLDJOB JOB(150000/APP/OTHER)", command="HLDJOB", job=DRIVER)


@broken("S13", r"ENDJOB 141601/QUSRSSH/CPY")
def _ends_named(night: Night) -> None:
    """the job to be held is ended"""
    night.add(329, "command", text=f"QSYS/ENDJOB JOB({HELD}) OPTION(*IMMED)", command="ENDJOB", job=DRIVER)


@broken("S13", r"ENDSBS QINTER at")
def _positional(night: Night) -> None:
    """a subsystem is ended by a command without keywords"""
    night.add(329, "command", text="ENDSBS QINTER *IMMED", command="ENDSBS", job=DRIVER)


@broken("S13", r"ENDSBS QINTER .*; restricted state at")
def _ends_subsystem(night: Night) -> None:
    """a subsystem of production is ended, then all"""
    night.add(329, "command", text="ENDSBS SBS(QINTER) OPTION(*IMMED)", command="ENDSBS", job=DRIVER)
    night.add(400, "restricted_entered", job=DRIVER)


@broken("S13", r"Q1ABRMNET has ended at 20:38:32 and is not active again")
def _network_down(night: Night) -> None:
    """the BRMS network subsystem stays down"""
    night.drop("subsystem_started", subsystem="Q1ABRMNET")


@broken(
    "S13",
    r"HMC1 was asked 'chsysstate -m Server -r lpar -o shutdown --immed -n SISTPROD'.*not for SISTPROD_24",
)
def _wrong_partition(night: Night) -> None:
    """the console is asked to end production"""
    night.request(21, "HMC1", "chsysstate -m Server -r lpar -o shutdown --immed -n SISTPROD")
