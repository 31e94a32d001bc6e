"""Nights that went wrong and in which the invariants hold all the same, because of what was done or said."""

from __future__ import annotations

from flashtwin.invariants.facts import OtherRun, Said
from invariant_broken import Broken, Edit
from invariant_night import BEGIN, CLONE, DRIVER, GUARD_A, GUARD_B, HELD, PROD, Night, ipl, not_undone

EXCUSED: list[Broken] = []


def excused(id: str, says: str):  # type: ignore[no-untyped-def]
    """Register an edit; its docstring is what went wrong."""

    def register(edit: Edit) -> Edit:
        EXCUSED.append(Broken(id, (edit.__doc__ or "").strip(), edit, says))
        return edit

    return register


@excused("S1", r"held 105\.0 s from 20:43:00, resumed by 200002/FLASHC/FLGRDA")
def _guard_acts(night: Night) -> None:
    """a guard resumes within its margin"""
    night.one("resumed").time = 585
    night.one("resumed").facts["job"] = GUARD_A


@excused("S1", r"may be suspended since 20:43:00, and this is said")
def _all_dead(night: Night) -> None:
    """driver and both guards are gone, and status says that production may be suspended"""
    night.drop("resumed")
    night.drop("job_ended", job=DRIVER)
    for job in (DRIVER, GUARD_A, GUARD_B):
        night.add(482, "job_ended", job=job, code=50)
    night.facts["said"] = Said(result="failed", may_be_suspended=True)


@excused("S1", r"powered off")
def _crash(night: Night) -> None:
    """production crashes while it is suspended"""
    night.drop("resumed")
    night.add(484, "partition_power", partition=PROD, state="Error")


@excused("S1", r"given up")
def _given_up(night: Night) -> None:
    """the suspend is not reached in time and given up"""
    night.drop("resumed")
    night.one("suspended").time = 540
    night.one("suspended").kind = "suspend_failed"


@excused("S2", r"as declared")
def _partial(night: Night) -> None:
    """a partial quiesce where the spec allows it"""
    night.one("suspended").facts["result"] = "partial"
    night.facts["quiesce_otherwise"] = "continue partial"


@excused("S2", r"as declared")
def _late(night: Night) -> None:
    """the trigger was sent in time and takes effect after the resume"""
    night.one("resumed").time = 483.5


@excused("S2", r"no flash was taken")
def _nothing_taken(night: Night) -> None:
    """the run ends before the flash"""
    night.drop("flash")


@excused("S4", r"nothing of production")
def _never_starts(night: Night) -> None:
    """a schedule entry submits its job on the clone, where no subsystem takes it from its queue"""
    night.scheduled(19015, CLONE, "INVOICES", "CALL APPLIB/INVOICES", "190002/ANNA/INVOICES")
    night.drop("job_started", job="190002/ANNA/INVOICES")


@excused("S5", r"1 reported as not undone")
def _reported(night: Night) -> None:
    """the job cannot be released, and this is reported"""
    night.drop("job_released")
    night.facts["said"] = Said(result="failed", not_undone=(not_undone(f"RLSJOB JOB({HELD}) CPF1321"),))


@excused("S5", r"3 changes on SISTPROD undone in reverse order")
def _undone_afterwards(night: Night) -> None:
    """Domino cannot be started, which is reported; the job is released, and a person has it undone again"""
    night.one("domino_started").time = 19300
    night.drop("command", command="STRDOMSVR")
    night.add(19290, "command", text="STRDOMSVR SERVER(DOMINO02)", command="STRDOMSVR", job=DRIVER)
    night.facts["said"] = Said(result="failed", not_undone=(not_undone("STRDOMSVR SERVER(DOMINO02)", 500),))


@excused("S5", r"1 change ")
def _held_job_ends(night: Night) -> None:
    """the held job ends while it is held"""
    night.drop("job_released")
    night.add(400, "job_ended", job=HELD, code=0)
    night.drop("interface_started", system=PROD)
    night.drop("interface_ended")


@excused("S5", r"0 changes on SISTPROD undone in reverse order")
def _ended_by_power(night: Night) -> None:
    """production loses its power before Domino has ended, and the undo starts what the IPL leaves down"""
    night.drop("domino_ended")
    night.drop("job_held")
    night.drop("job_released")
    night.drop("interface_started", system=PROD)
    night.drop("interface_ended")
    night.add(440, "partition_power", partition=PROD, state="Error")


@excused("S5", r"changes on SISTPROD undone in reverse order")
def _goes_with_the_power(night: Night) -> None:
    """Domino ends because production loses its power, and not by the run that started it again before"""
    night.add(1, "vios_unmapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")
    night.add(540, "vios_mapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")
    night.drop("interface_started", system=PROD)
    night.drop("interface_ended")
    night.add(600, "domino_ended", server="DOMINO02", by="")
    night.add(600, "partition_power", partition=PROD, state="Error")


@excused("S5", r"the run is still open and shown so")
def _open(night: Night) -> None:
    """the run is not closed, and shown as open"""
    night.drop("job_released")
    night.facts.update(closed=False, said=Said())


@excused("S5", r"1 reported as not undone")
def _not_mapped(night: Night) -> None:
    """a VIOS is away when its device is to come back, and this is said; another client is no matter"""
    night.add(300, "vios_unmapped", system="VIOS1", device="d1", client=CLONE, volume="6005A")
    night.add(300, "vios_unmapped", system="VIOS1", device="d7", client="ELSE", volume="6005E")
    night.facts["said"] = Said(
        result="", needs_you="x", not_undone=(not_undone("VIOS VIOS1 is Not Activated."),)
    )


@excused("S6", r"\*STRPRC at .*, needs you: the clone may still be writing")
def _needs_you(night: Night) -> None:
    """production stays in *STRPRC and the run says why"""
    night.drop("brms_state", state="*ENDPRC")
    night.facts["said"] = Said(result="failed", needs_you="the clone may still be writing")


@excused("S6", r"\*ENDPRC at")
def _clone_off(night: Night) -> None:
    """QUSRBRM is lost, the clone is proven off, the tape is named"""
    night.drop("qusrbrm_restored")
    night.add(18500, "tape_written", CLONE, volume="V00009")
    night.add(19250, "partition_power", CLONE, partition=CLONE, state="Not Activated")
    night.facts["said"] = Said(result="failed", volumes=("V00009",))


@excused("S7", r"does not say completed, but failed")
def _failed(night: Night) -> None:
    """the save had exceptions, and the run says failed"""
    night.one("brms_save").facts["result"] = "failed"
    night.one("mail").facts["text"] = "not completed: the save failed"
    night.facts["said"] = Said(result="failed")


@excused("S8", r"1 others")
def _other_clone(night: Night) -> None:
    """another run at the same time shares nothing"""
    other = "200050/FLASHC/FLHOURLY"
    night.add(300, "command", text="QSYS/HLDJOB JOB(1/A/B)", command="HLDJOB", job=other)
    night.facts["others"] = (
        OtherRun(run="R2", jobs=(other,), resources=frozenset({"clone X"}), end=BEGIN + 900),
    )


@excused("S9", r"things happened")
def _unknown_stretch(night: Night) -> None:
    """the clone delivers nothing, and the journal says since when nothing is known"""
    night.drop("file")
    night.journal = [row for row in night.journal if row.side == "S"]
    night.row(19000, "O90", "What clone SISTPROD_24 does from now on is unknown here")


@excused("S9", r"20 things happened")
def _intent_only(night: Night) -> None:
    """the driver died before it could tell the result, its intent is there"""
    night.drop_row("O35")
    night.row(332, "O35", kind="I")


@excused("S9", r"20 things happened")
def _stood_still(night: Night) -> None:
    """the job stood still for ten minutes behind its last act, and nothing else was written then"""
    night.drop_row("C47")
    night.row(19732, "C47", side="C")


@excused("S11", r"2 IPLs")
def _same_ipl(night: Night) -> None:
    """production crashes, and its IPL in the night starts what it always did"""
    night.add(1990, "partition_power", partition=PROD, state="Not Activated")
    for n, event in enumerate(ipl()):
        night.add(2000 + n, event.kind, **event.facts)


@excused("S11", r"2 IPLs")
def _made_up_for(night: Night) -> None:
    """an entry of the site came due while production was off, and its IPL submits the job"""
    _same_ipl(night)
    night.scheduled(2003, PROD, "INVOICES", "CALL APPLIB/INVOICES", "150077/ANNA/INVOICES")


@excused("S9", r"20 things happened")
def _power_lost(night: Night) -> None:
    """the clone of the last run loses its power before this run has ended it"""
    night.add(150, "power_lost", CLONE)
    night.add(150, "partition_power", CLONE, partition=CLONE, state="Not Activated")


@excused("S13", r"only what the spec names")
def _natural_end(night: Night) -> None:
    """jobs of production end by themselves, and an operator holds one"""
    night.add(400, "job_ended", job="150000/APP/OTHER", code=0)
    night.add(401, "command", text="HLDJOB JOB(1/A/B)", command="HLDJOB", job="150001/QSYSOPR/DSP01")


def _site_program(night: Night) -> None:
    """a program that the spec calls ends a TCP/IP server, and its undo starts it"""
    night.add(410, "program_started", program="APPLIB/QUIET", job=DRIVER)
    night.add(411, "command", text="ENDTCPSVR SERVER(*FTP)", command="ENDTCPSVR", job=DRIVER)
    night.add(411, "server_ended", server="*FTP", by=DRIVER)
    night.add(412, "executed", text="CALL APPLIB/QUIET", job=DRIVER, escape="")
    night.add(500, "program_started", program="APPLIB/UNQUIET", job=DRIVER)
    night.add(501, "command", text="STRTCPSVR SERVER(*FTP)", command="STRTCPSVR", job=DRIVER)
    night.add(501, "server_started", server="*FTP", by=DRIVER)
    night.add(502, "executed", text="CALL APPLIB/UNQUIET", job=DRIVER, escape="")


def _site_command(night: Night) -> None:
    """a command that the spec names ends a TCP/IP server, and its undo starts it"""
    end, start = "ENDTCPSVR SERVER(*FTP)", "STRTCPSVR SERVER(*FTP)"
    night.facts["named_commands"] = ((end, start),)
    for at, text, kind in ((410, end, "server_ended"), (500, start, "server_started")):
        night.add(at, "command", text=text, command=text.split()[0], job=DRIVER)
        night.add(at, kind, server="*FTP", by=DRIVER)
        night.add(at, "executed", text=text, job=DRIVER, escape="")
        # The journal names the server as well, at the same time.
        night.add(at, "command", text=f"RUNSQL SQL('... {text}')", command="RUNSQL", job=DRIVER)


for _id in ("S5", "S9", "S13"):
    for _edit in (_site_program, _site_command):
        excused(_id, r"4 changes|things happened|only what the spec names")(_edit)


@excused("S7", r"completed was said")
def _told_where_it_is(night: Night) -> None:
    """it was saved into save files, and the run says so"""
    night.one("brms_save").facts |= {"save_files": True, "volumes": ()}
    night.facts["said"] = Said(result="completed", at=BEGIN + 19340.0, of_the_clone=("SAV21",))
