"""The messages of the product: one id a step and a failure, with what to do about it.

A step's message id is made of its code: O55 is FLO0055, C40 is FLC0040, M01 is FLM0001, 999 is FL90999.
Each text has one variable, &1: what the step was about.  Here they are in English; `messages_es` and
`messages_fr` have the same ids in the other languages, each of which is a message file of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flashc.runbook import messages_es, messages_fr


@dataclass(frozen=True, slots=True)
class Message:
    """A message description: first-level text, and what caused it and what to do."""

    id: str
    text: str
    help: str
    severity: int


def step_message_id(code: str) -> str:
    """The message id of a step code."""
    return "FL90999" if code == "999" else f"FL{code[0]}00{code[1:]}"


def _step(code: str, text: str, help: str) -> Message:
    return Message(step_message_id(code), text, help, 0)


def _instead(code: str, text: str, help: str) -> Message:
    """What a step says where it had nothing to do: FLO0122 beside FLO0022."""
    return replace(_step(code, text, help), id=f"FL{code[0]}01{code[1:]}")


STEPS: tuple[Message, ...] = (
    _step("O02", "Run &1 begins: locks taken, both guards stand by", "Nothing has been changed yet."),
    _step("O05", "Environment &1", "What this run is to do."),
    _step(
        "O06", "All checks passed: &1", "Console, array, disk units, PTFs and network are as they must be."
    ),
    _step("O07", "Command before the run: &1", "It has no undo; the run has changed nothing yet."),
    _step("O10", "Looking up the state of clone partition &1", "The console is asked; nothing is changed."),
    _step("O15", "&1", "The state that the console reports. Only Not Activated means off."),
    _step("O17", "Clone of the last run is ended, &1", "The copy that it ran on is given up."),
    _step("O18", "VIOS unmapped: &1", "The clone's disks, so that no VIOS meets the copy. Undone by O67."),
    _step("O20", "Job queue held: &1", "It is released right after the flash by O78."),
    _step("O21", "Schedule entry held: &1", "It is released right after the flash by O79."),
    _step("O22", "Job held: &1", "It is released right after the flash by O77."),
    _step("O24", "Checking the state of group &1", "A further group that the spec wants idle_or_copied."),
    _step("O30", "Group is as required: &1", "The run goes on."),
    _step("O35", "Domino server ended: &1", "It is started right after the flash by O75."),
    _step("O36", "Subsystem ended: &1", "It is started right after the flash by O74."),
    _step("O37", "TCP/IP server ended: &1", "It is started right after the flash by O73."),
    _step("O38", "Command run: &1", "It is undone right after the flash by O76."),
    _step("O39", "Device varied off: &1", "It is varied on right after the flash by O72."),
    _step("O40", "Ticket written for clone &1", "What the clone may do, for this clone and this night only."),
    _step("O41", "Ticket closed: &1", "No start of a copy acts on it any more."),
    _step("O48", "Consistency group stopped: &1", "The copy of the last run is given up."),
    _step("O49", "Consistency group prepared: &1", "Production writes through to disk until the flash."),
    _step("O50", "*SYSBAS suspended, reached in seconds: &1", "Main storage is on disk; production waits."),
    _step("O51", "Consistency group stopped again: &1", "The flash was not taken, or is not proven."),
    _step("O52", "Sidecar armed at array &1", "Connected and waiting for the one request."),
    _step("O55", "Flash taken: &1", "The one request to the array in the window."),
    _step("O60", "*SYSBAS resumed, suspended for seconds: &1", "Production goes on."),
    _step("O61", "Flash proven: &1", "Every map has a new start time."),
    _step("O62", "Command after the flash: &1", "It has no undo. Where it fails the run counts as failed."),
    _step(
        "O65", "BRMS in state &1: no BRMS on this system until the end", "The clone writes BRMS's history."
    ),
    _step("O67", "VIOS mapped: &1", "Undo of O18, proven by volume; the clone is not started without."),
    _step("O68", "Private link up: &1", "It is ended by O95."),
    _step("O70", "Clone powered on: &1", "By its profile, in normal mode."),
    _step("O72", "Device varied on: &1", "Undo of O39."),
    _step("O73", "TCP/IP server started: &1", "Undo of O37."),
    _step("O74", "Subsystem started: &1", "Undo of O36."),
    _step("O75", "Domino server started: &1", "Undo of O35."),
    _step("O76", "Undone: &1", "Undo of O38."),
    _step("O77", "Job released: &1", "Undo of O22."),
    _step("O78", "Job queue released: &1", "Undo of O20."),
    _step("O79", "Schedule entry released: &1", "Undo of O21. What it missed is not run late: see FLE0083."),
    _step("O80", "Clone &1 works; waiting for what it delivers", "State and reference code are watched."),
    _step("O82", "&1", "Reference code of the clone partition."),
    _step("O83", "Clone is in restricted state: &1", "A9003C70 is expected while it saves."),
    _step("O84", "The work runs on clone &1", "The next sign is the delivery."),
    _step("O85", "Clone &1 has delivered", "Steps, logs and history are here."),
    _step("O86", "Delivery verified: &1", "Every file of the manifest, with its hash."),
    _step("O87", "QUSRBRM received: &1", "As a save file; it is kept."),
    _step("O88", "QUSRBRM restored; production's own kept in &1", "BRMS knows the clone's tapes now."),
    _step("O89", "BRMS state ended by *ENDPRC. &1", "BRMS may be used again."),
    _step("O90", "What clone &1 does from now on is unknown here", "Nobody watches it any more."),
    _step(
        "O91",
        "The clone lives on as &1",
        "It starts again by itself, with its own name and addresses. Nobody watches it any more.",
    ),
    _step(
        "O92",
        "Clone handed over: &1",
        "No run ends it before its time is over. FLRCVENV OPTION(*GIVENBACK) gives it back.",
    ),
    _step("O93", "Command at the end of the run: &1", "The run went well so far."),
    _step("O94", "Command on failure: &1", "Everything that could be undone is undone."),
    _step("O95", "Private link down: &1", "Undo of O68."),
    _step("O96", "BRMS maintenance, movement of media: &1", "Runs in a job of its own."),
    _step("O97", "Recovery: &1", "FLRCVENV looked at the run."),
    _step("O99", "Result: &1", "The verdict of the run."),
    _step("M01", "BRMS maintenance ended, movement of media: &1", "See the BRMS log."),
    _step("999", "End of run: &1", "See the steps above."),
    _step("C00", "Steps Cxx are those of clone &1, on its own clock", "The source's log has both."),
    _step("C04", "Job schedule entries held on the clone: &1", "None starts a job there."),
    _step("C05", "System value changed on the clone: &1", "Named in the spec; it is on the tape."),
    _step("C10", "Device ready at the clone: &1", "It is given back by C46."),
    _step("C15", "BRMS on the clone in state &1", "It acts for production from here on."),
    _step("C18", "Save job submitted: &1", "Only a job of the controlling subsystem may end all others."),
    _step("C20", "Control group &1 submitted", "In restricted state BRMS ends every other job."),
    _step("C21", "Saved: &1", "Licensed Internal Code, QSYS, security and configuration."),
    _step("C22", "Saved: &1", "All libraries but QSYS."),
    _step("C23", "Saved: &1", "Documents and folders."),
    _step("C24", "Saved: &1", "Directories."),
    _step("C25", "Save began &1", "Noted by its job; in restricted state by the *EXIT of the control group."),
    _step("C26", "Command on the clone: &1", "It runs in a job of its own."),
    _step("C27", "Stage ended: &1", "All its commands have ended; the next stage follows."),
    _step("C28", "File for the way home: &1", "It lies in the inbox of the run when all has arrived."),
    _step("C30", "Save ended &1", "What BRMS says of it is C36."),
    _step("C35", "Going on after the save; ticket stage &1", "Subsystems and TCP/IP come up again."),
    _step("C36", "Verdict of the work: &1", "From the BRMS log, or from how each command ended."),
    _step("C40", "BRMS on the clone in state &1", "Its history is complete."),
    _step("C45", "&1 saved for the way home", "Without journals and receivers."),
    _step("C46", "Device given back at the clone: &1", "No drive stays reserved."),
    _step("C47", "Private link of the clone up: &1", "TCP/IP without servers, this address only."),
    _step("C50", "Telling the source: verdict &1", "The delivery follows."),
    _step("C51", "Schedules of production held on the clone: &1", "Proven: no entry is left that would run."),
    _step(
        "C52", "Scheduler held on the clone: &1", "By the command of the spec, and proven by the other one."
    ),
    _step("C53", "Job queues of production on the clone: &1", "What waited in the copy never starts."),
    _step("C54", "Never starts on the clone: &1", "Looked after again at each start of the clone."),
    _step("C55", "System name of the clone: &1", "Pending until its IPL."),
    _step("C56", "Host and domain of the clone: &1", "For TCP/IP."),
    _step("C57", "Removed on the clone: &1", "No address and no route of production is left."),
    _step("C58", "Added on the clone: &1", "They come up with its IPL."),
    _step("C59", "End of the clone entered: &1", "The one schedule entry that is not held."),
    _step("C60", "Sending the log of clone &1", "Steps, history log, job log."),
    _step("C66", "Clone &1 stays on", "The next run ends it."),
    _step("C67", "The clone starts again as &1", "Announced before the last delivery."),
    _step("C68", "Clone &1 is handed over", "Its users may go to work when it is up."),
    _step("C70", "Last note from clone &1", "What follows on it is not known here."),
    _instead("O20", "Job queue was held before and stays so: &1", "Nothing was changed, nothing is undone."),
    _instead("O21", "Schedule entry would not start anything: &1", "Nothing was changed, nothing is undone."),
    _instead("O22", "Job not active, nothing held: &1", "Nothing was changed, nothing is undone."),
    _instead("O36", "Subsystem not active, nothing ended: &1", "Nothing was changed, nothing is undone."),
    _instead("O37", "Server not active, nothing ended: &1", "Nothing was changed, nothing is undone."),
    _instead("O39", "Device was varied off before: &1", "Nothing was changed, nothing is undone."),
)


def _error(number: int, text: str, help: str, severity: int = 40) -> Message:
    return Message(f"FLE{number:04d}", text, help, severity)


ERRORS: tuple[Message, ...] = (
    _error(
        1,
        "This is not production (serial, partition &1): nothing was done",
        "Programs of the source act on "
        "the partitions that the spec names in IDENTITY only. After a move (LPM, DR) add the new pair to the "
        "spec, build and deploy. Where the partition is blank it could not be read: see QSYS/QPMLPMGT.",
    ),
    _error(
        2,
        "Undo could not be noted, so nothing was changed: &1",
        "The journal FLJRN cannot be written. Look at the messages before, then start the run again.",
    ),
    _error(3, "Not undone: &1", "Do it by hand or call FLRCVENV OPTION(*UNDO) when its cause is gone."),
    _error(
        4,
        "Another run holds what this run of &1 needs",
        "Clone, suspend window and BRMS state are used by "
        "one run at a time. See WRKOBJLCK of the FLK data areas; start again later.",
    ),
    _error(5, "An older run left &1 locked", "It died. Call FLRCVENV for its environment, then start again."),
    _error(
        6,
        "The guards do not answer: &1",
        "See that subsystems FLGUARD and QUSRWRK are active and the job "
        "queues are not held, then start again. Nothing was changed.",
    ),
    _error(7, "Check failed: &1", "Nothing was changed. Mend it, see FLCHKENV, then start again."),
    _error(8, "Console: &1", "See the console's state and the sidecar's exit status in the manual."),
    _error(
        9,
        "The clone partition is not off: &1",
        "The disks of a partition that runs are never overwritten. End it, or find out why it does not end.",
    ),
    _error(
        10,
        "Production was resumed by &1",
        "The driver did not do it in time. No copy of this night counts; "
        "the run is undone. See the driver's job log.",
    ),
    _error(
        11,
        "MAY BE SUSPENDED: resume was refused: &1",
        "Use CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) from any session at once, then call FLRCVENV.",
        80,
    ),
    _error(12, "A required group is not in its state: &1", "Wait for its owner to finish, then start again."),
    _error(13, "BRMS refused *STRPRC: &1", "A BRMS job or maintenance may be active. The run is undone."),
    _error(
        14, "The group could not be stopped: &1", "See lsfcmap for maps that still clean; start again later."
    ),
    _error(15, "The group could not be prepared: &1", "The old copy is lost; production is not affected."),
    _error(
        16,
        "More than one job has this name: &1",
        "Give the job a name of its own; nobody knows which is meant.",
    ),
    _error(17, "The job could not be held: &1", "The run is undone."),
    _error(
        18,
        "Not done within its limit, or refused: &1",
        "The state is not known where the limit passed. The run is undone.",
    ),
    _error(19, "The armed sidecar is not ready: &1", "Nothing was suspended. See job FLARM and the keys."),
    _error(
        20,
        "BRMS stays in *STRPRC: the clone may still write tapes (&1)",
        "End the clone, see its tapes, then call FLRCVENV OPTION(*UNDO). Use no BRMS here until then.",
        80,
    ),
    _error(21, "Volumes that the clone may have written: &1", "Compare the library's volumes with BRMS."),
    _error(
        22,
        "A guard cannot write main storage out: &1",
        "Without both guards nothing is suspended. The guard's job needs *JOBCTL; see its job log.",
    ),
    _error(
        23,
        "*SYSBAS could not be suspended; tried for seconds: &1",
        "Long transactions keep it from a commit boundary. See WRKCMTDFN; allow more time or another hour.",
    ),
    _error(
        24,
        "No good answer to the flash request: &1",
        "Whether it was taken is not known, so it does not count. "
        "The group is stopped and the clone is not started.",
    ),
    _error(25, "The flash is not proven: &1", "The clone is not started. See the group's maps on the array."),
    _error(26, "The private link cannot be started: &1", "See the line and the interface."),
    _error(27, "The clone could not be started: &1", "See the console."),
    _error(28, "The clone's start failed: &1", "See the reference code on the console."),
    _error(
        29,
        "The clone is off and has delivered nothing: &1",
        "BRMS is looked after; the volumes it may have written are named or must be looked up.",
    ),
    _error(30, "The clone did not come up within its limit: &1", "See its reference code on the console."),
    _error(31, "The save is not finished within its limit: &1", "The clone may still write. See it first."),
    _error(32, "The delivery is not valid: &1", "Nothing of it was used."),
    _error(
        33,
        "The clone's work is not complete: &1",
        "What it brought is here. See C36 and the notes before it.",
    ),
    _error(34, "QUSRBRM could not be received: &1", "Production stays in *STRPRC."),
    _error(35, "Production's own QUSRBRM could not be saved: &1", "Nothing was restored."),
    _error(
        36, "QUSRBRM could not be restored: &1", "Production's own was put back; it stays in *STRPRC.", 80
    ),
    _error(37, "*ENDPRC failed: &1", "Production stays in *STRPRC."),
    _error(38, "Ended by FLENDENV: &1", "Everything is undone."),
    _error(39, "Mail not sent: &1", "It decides nothing."),
    _error(40, "Unexpected: &1", "An error that no step expects. The run is undone."),
    _error(41, "Written late: &1", "The journal could not be written at its time."),
    _error(
        42,
        "Begun, and not known whether it was done: &1",
        "The run died there. What it changed is undone; look at the system that the step speaks of.",
    ),
    _error(
        43,
        "*SYSBAS is resumed; by whom and when exactly is not known (&1)",
        "The run died in or right behind the window. No copy of this night counts.",
    ),
    _error(
        45,
        "BRMS stays in *STRPRC: the clone's QUSRBRM could not be restored (&1)",
        "Call FLRCVENV OPTION(*CONTINUE) when its cause is gone; *UNDO gives it up, and the tapes it knows.",
        80,
    ),
    _error(
        46,
        "Not asked of the array, since nothing was held: &1",
        "No copy was taken. See the message about O50.",
    ),
    _error(49, "There is no environment &1", "See the spec, or prompt the command."),
    _error(
        50,
        "QSTRUPPGM is not the start-up guard: &1",
        "The security officer enters the CHGSYSVAL that deploy "
        "prints. Without the guard a clone could come up as production.",
    ),
    _error(51, "A run is still open: &1", "Call FLRCVENV; it says what is open and closes it."),
    _error(
        52,
        "The guard was not yet seen to work as QPGMR: &1",
        "Submit CALL FLBOOT PARM('*REPORT') under QPGMR as deploy prints it.",
    ),
    _error(53, "Run submitted: &1", "See WRKACTJOB SBS(FLASHC).", 0),
    _error(54, "No run of &1 is open", "Nothing to end."),
    _error(55, "Asked to end: &1", "It undoes everything first.", 0),
    _error(56, "Nothing is open for &1", "The next run may start.", 0),
    _error(57, "Open: &1", "OPTION(*UNDO) resumes, undoes and closes.", 0),
    _error(58, "The driver of &1 is alive", "Use FLENDENV."),
    _error(59, "Something could not be undone in run &1", "See the notes with FLE0003 and FLE0020.", 80),
    _error(60, "Device: &1", "See its status on the clone."),
    _error(61, "BRMS refused *STRBKU on the clone: &1", "Nothing was saved."),
    _error(
        62,
        "Control group not saved: &1",
        "Groups behind it were not started. See the BRMS log and the log of its job in the inbox of the run.",
    ),
    _error(63, "BRMS's log could not be read: &1", "The save counts as failed until it is looked at."),
    _error(64, "BRMS refused *ENDBKU on the clone: &1", "Its history may not be complete."),
    _error(
        66,
        "System value not changed on the clone: &1",
        "The save goes on. The profile may lack the authority for it; see docs/first-night.md.",
    ),
    _error(
        70,
        "The clone's disks could not be taken off its VIOS: &1",
        "No copy was taken. Look at each VIOS, its RMC connection and its mapping. What was unmapped is put "
        "back.",
    ),
    _error(
        71,
        "The clone's disks are not back on its VIOS: &1",
        "The clone was not started. Mend it, then map them: flashrt.pyz vios map, or mkvdev on each VIOS as "
        "runs/vios.CLONE.json says.",
    ),
    _error(
        80,
        "A command before the run failed: &1",
        "The run is refused. It has changed nothing itself, but the site's commands up to this one have run, "
        "and they have no undo.",
    ),
    _error(
        81,
        "A command of the site failed: &1",
        "It has no undo. Where its limit passed it is not known what it did.",
    ),
    _error(
        82,
        "More than one schedule entry has this name: &1",
        "Give the entry a name of its own; nobody knows which is meant.",
    ),
    _error(
        83,
        "Not run while its schedule entry was held: &1",
        "The entry was due meanwhile; a released entry is not run late. Submit it by hand if it is needed.",
    ),
    _error(
        84,
        "Not in a state in which it can be held, ended or varied off: &1",
        "It is not there, is ending, or its state cannot be read. The run is undone.",
    ),
    _error(
        110, "The save job did not begin: &1", "See the job queue of the controlling subsystem on the clone."
    ),
    _error(
        111, "Saved with exceptions: &1", "What was left out stands in the listing and the save's job log."
    ),
    _error(112, "Not saved: &1", "Saves behind it were not tried. See the save's job log."),
    _error(113, "Job schedule entries not held on the clone: &1", "No command was run."),
    _error(114, "Command on the clone failed: &1", "See the log of its job in the inbox of the run."),
    _error(115, "File not brought: &1", "The work counts as failed; the other files come all the same."),
    _error(65, "QUSRBRM could not be saved on the clone: &1", "The tapes it wrote must be named by hand."),
    _error(
        90,
        "The clone is handed over: &1",
        "No run ends it before its time is over. Its owner gives it back by FLRCVENV OPTION(*GIVENBACK). "
        "Nothing was changed.",
    ),
    _error(91, "Schedules are not held on the clone: &1", "It is not opened and stays in safe mode."),
    _error(92, "A scheduler is not held on the clone: &1", "It is not opened and stays in safe mode."),
    _error(93, "Job queues are not at rest on the clone: &1", "It is not opened and stays in safe mode."),
    _error(94, "What must never start is not prevented: &1", "It is not opened and stays in safe mode."),
    _error(95, "The system name is not changed: &1", "It is not opened and stays in safe mode."),
    _error(96, "Host and domain are not changed: &1", "It is not opened and stays in safe mode."),
    _error(97, "Something of production's network is left: &1", "It is not opened and stays in safe mode."),
    _error(98, "The clone's own network is not there: &1", "It is not opened and stays in safe mode."),
    _error(99, "The end of the clone is not entered: &1", "It is not opened and stays in safe mode."),
    _error(
        100,
        "The clone does not live on as &1",
        "What it could not make of itself stands at C51 to C59. It is in safe mode and the next run ends it.",
    ),
    _error(101, "It stopped while it became another system: &1", "It is not opened and stays in safe mode."),
    _error(
        102,
        "The product's profile may not use CHGNETA: &1",
        "The copy would not get its own name. The security officer enters what flashc plan shows.",
    ),
    _error(103, "Clone given back: &1", "The next run may end it.", 0),
    _error(120, "The recovery of &1 failed", "Call FLRCVENV for it. The job log of FLGRDA says why.", 80),
    _error(121, "No BRMS on this system until the end of run &1", "The clone writes BRMS's history.", 0),
    _error(
        122, "Run not completed: &1", "See its notes in the journal; where it says NEEDSYOU call FLRCVENV."
    ),
    _error(
        123, "The delivery failed, run &1 waits", "All of it lies on the clone; see when-it-failed.md.", 80
    ),
    _error(124, "This clone lives on as &1; nothing forbidden was active", "It is its own system now.", 0),
    _error(125, "Ended on this clone: &1", "The spec says that it never starts here."),
    _error(
        126, "The time of this clone is over, it is powered down: &1", "As the spec says by expires after."
    ),
    _error(127, "This clone may not live on: &1", "It is not proven to be another system: safe mode.", 80),
    _error(
        128,
        "Safe mode. If this is production: CALL &1",
        "The start-up guard found neither production nor a clone with a valid ticket. TCP/IP is kept down.",
        80,
    ),
    _error(
        130,
        "Open, and production may be suspended: &1",
        "OPTION(*UNDO) resumes production first, then undoes and closes.",
        80,
    ),
    _error(129, "The time of this clone is over, safe mode: &1", "The next run ends it.", 80),
)

MESSAGES: tuple[Message, ...] = STEPS + ERRORS


@dataclass(frozen=True, slots=True)
class Language:
    """A language of `language`: its message file, and the CCSID of its texts (None: 7-bit, the same in all).

    The CCSID is that of the national version, not 37: a job with CCSID 65535, which is as IBM i is shipped,
    is given the bytes as they are, and a display of that country shows them by its own code page.
    docs/platform-facts.md#message-files
    """

    name: str
    message_file: str
    ccsid: int | None
    texts: Mapping[str, tuple[str, str]]
    """Text and help by step code or message id; empty for English, of which this module has them."""

    def messages(self) -> tuple[Message, ...]:
        """All messages in this language.  KeyError: one is not translated."""
        if not self.texts:
            return MESSAGES
        found = {(key if key.startswith("FL") else step_message_id(key)): v for key, v in self.texts.items()}
        return tuple(replace(m, text=found[m.id][0], help=found[m.id][1]) for m in MESSAGES)

    def plain(self, msgid: str) -> str:
        """A text up to its variable, without accents: for the guard, which may reach no message file."""
        text = next(m.text for m in self.messages() if m.id == msgid).partition("&1")[0].rstrip()
        return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


LANGUAGES = {
    one.name: one
    for one in (
        Language("english", "FLMSGEN", None, {}),
        Language("spanish", "FLMSGES", 284, messages_es.TEXTS),
        Language("french", "FLMSGFR", 297, messages_fr.TEXTS),
    )
}


def text_of(code: str) -> str:
    """The first-level text of a step code, or an empty string."""
    wanted = step_message_id(code)
    return next((m.text for m in STEPS if m.id == wanted), "")
